#!/bin/bash
# SPDX-License-Identifier: MIT
#
# "uvctl attest" from the command line: the way of a request and a response,
# exit statuses, and every input that must be refused.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=userspace/tests/tap.sh
. "$here/tap.sh"
uvctl=${UVCTL:?is set by make check}
fake=${UVCTL_FAKE_UV:?is set by make check}

# bytes HEX...: as binary
bytes()
{
	local hex

	for hex in "$@"; do
		printf '%b' "$(sed 's/../\\x&/g' <<<"$hex")"
	done
}

# fill N HEX: the byte N times
fill()
{
	head -c "$1" /dev/zero | tr '\0' "\\$(printf '%03o' "0x$2")"
}

# A header of the right shape; nobody but a host could tell that it is hollow.
make_header()
{
	printf 'IBMSecEx'
	bytes 00000100 00000280 333333333333333333333333 00000000
	bytes 0000000000000001 0000000000000080 0000000000000001
	fill 168 00
	fill 64 "$1"
	fill 64 02
	fill 64 03
	fill 208 cc
	fill 16 04
}

# flip FILE OFFSET OUT: a copy with the lowest bit at OFFSET inverted
flip()
{
	local byte

	byte=$(od -An -tu1 -j "$2" -N 1 "$1")
	cp "$1" "$3"
	printf '%b' "\\x$(printf '%02x' $((byte ^ 1)))" |
		dd of="$3" bs=1 seek="$2" conv=notrunc status=none
}

mode_of()
{
	stat -c %a "$1"
}

# Nothing may have been written there.
absent()
{
	local file

	for file in "$@"; do
		[ ! -e "$file" ] || { echo "# $file exists"; return 1; }
	done
}

prepare()
{
	local name

	cd "$dir" || exit 1
	for name in host other; do
		openssl ecparam -name secp521r1 -genkey -noout -out $name.key
		openssl req -x509 -new -key $name.key -days 30 \
			-subj "/CN=TEST $name" -out $name.crt
	done
	openssl ecparam -name prime256v1 -genkey -noout -out p256.key
	openssl req -x509 -new -key p256.key -days 30 -subj "/CN=TEST P-256" \
		-out p256.crt
	make_header 01 >guest.hdr
	make_header 09 >other.hdr
	printf 'hello' >user.bin
	fill 256 61 >user256
	fill 257 61 >user257
	export FAKE_UV_KEY=$dir/host.key FAKE_UV_HEADER=$dir/guest.hdr
}

create()
{
	"$uvctl" attest create --no-verify "$@"
}

verify()
{
	"$uvctl" attest verify --hdr guest.hdr -a arpk "$@"
}

test_help()
{
	local words

	for words in "" attest hostkey info "attest create" "attest perform" \
		"attest verify" "attest check" "hostkey verify"; do
		# shellcheck disable=SC2086
		run "$uvctl" $words --help
		ok "help: uvctl $words" ended 0 '^Usage: uvctl'
	done
	run "$uvctl" --version
	ok "version" ended 0 '^uvctl version [0-9]'
	run "$uvctl" attest create --help
	ok "help goes to standard output" [ -z "$err" ]
	run bash -c "'$uvctl' --help >/dev/full"
	ok "help that cannot be written is an error" ended 1 'standard output'
	run "$uvctl"
	ok "no command" ended 1 'command is needed'
	run "$uvctl" nonsense
	ok "unknown command" ended 1 'Unknown command nonsense'
	run "$uvctl" attest verify -v -q
	ok "verbose and quiet" ended 1 'exclude each other'
	run "$uvctl" -v attest --verbose verify -q
	ok "verbose before the command counts as well" ended 1 \
		'exclude each other'
	run "$uvctl" -vv -q
	ok "verbose alone is no command" ended 1 'Unknown command -vv'
	run "$uvctl" -f attest
	ok "no other option stands before the command" ended 1 \
		'Unknown command -f'
	run "$uvctl" attest create --force=yes
	ok "a flag with a value" ended 1 '--force=yes: this option takes no value'
	run "$uvctl" attest create --output
	ok "an option without its value" ended 1 '--output needs a value'
	run "$uvctl" attest create --c host.crt
	ok "an ambiguous option" ended 1 'ambiguous option --c'
}

test_create()
{
	run create -k host.crt -o req -a arpk
	ok "create: a request" ended 0 'Successfully generated'
	ok "create: says that nothing was verified" \
		grep -q 'warning:.*not verified' <<<"$err"
	ok "create: the key is for its owner only" [ "$(mode_of arpk)" = 600 ]
	ok "create: the key has 32 bytes" [ "$(stat -c %s arpk)" = 32 ]
	ok "create: the request has one slot" [ "$(stat -c %s req)" = 464 ]
	run create -k host.crt,other.crt -k host.crt -o req3 -a arpk3 \
		--add-data phkh-img,phkh-att --add-data firmware-state
	ok "create: three slots, additional data" ended 0
	ok "create: it asks for 384 bytes of additional data" \
		[ "$(od -An -tx1 -j 40 -N 4 req3 | tr -d ' ')" = 00000180 ]
	run create -q -k host.crt -o quiet -a quietkey
	ok "create: quiet" [ -z "$err$out" ]
	run create --x-phkh-img --x-phkh-att -k host.crt -o old -a oldkey
	ok "create: old spelling of additional data" \
		[ "$(od -An -tx1 -j 40 -N 4 old | tr -d ' ')" = 00000040 ]
}

test_create_refusals()
{
	run "$uvctl" attest create -k host.crt -o r -a k
	ok "create: neither --cert nor --no-verify" ended 1 'say --no-verify'
	run create -C host.crt -k host.crt -o r -a k
	ok "create: both" ended 1 'exclude each other'
	run create --crl host.crt -k host.crt -o r -a k
	ok "create: --crl without --cert" ended 1 'need --cert'
	run create -o r -a k
	ok "create: no host key document" ended 1 'host key document is needed'
	run create -k host.crt -o r
	ok "create: no key file" ended 1 'needed'
	run create -k host.crt -o r -a ./r
	ok "create: one file for both" ended 1 'same file'
	run create --force -k host.crt -o r -a "$dir/r"
	ok "create: one file for both, by force" ended 1 'same file'
	run create -k host.crt -o r -a k --add-data moon
	ok "create: unknown additional data" ended 1 'moon'
	run create -k host.crt -k missing.crt -o r -a k
	ok "create: missing document" ended 1 'missing.crt'
	run create -k user.bin -o r -a k
	ok "create: no certificate in the document" ended 1 'user.bin'
	run create -k p256.crt -o r -a k
	ok "create: host key on another curve" ended 1 'P-521|secp521r1'
	run create -k host.crt -o r -o s -a k
	ok "create: an option twice" ended 1 'once only'
	run create -k host.crt -o r -a no/such/dir/k
	ok "create: no place for the key" ended 1 'no/such/dir'
	run create -k host.crt -o no/such/dir/r -a k
	ok "create: no place for the request" ended 1 'no/such/dir'
	run create -k host.crt -o r -a /dev/full
	ok "create: full device for the key" ended 1 'No space'
	run create -k host.crt -o /dev/full -a k
	ok "create: full device for the request" ended 1 'No space'
	# One block, so that messages still fit but ten slots do not.
	run bash -c "trap '' XFSZ; ulimit -f 1
		'$uvctl' attest create --no-verify -o r -a k \
			-k $(printf 'host.crt,%.0s' 1 2 3 4 5 6 7 8 9 10)"
	ok "create: full disk" ended 1 'File too large'
	ok "create: none of these wrote anything" absent r s k
	ok "create: nor left anything behind" \
		[ -z "$(find . -name 'r.*' -o -name 'k.*')" ]
}

test_create_existing()
{
	cp req req.before
	cp arpk arpk.before
	run create -k host.crt -o req -a new
	ok "create: existing request" ended 1 'req exists already.*--force'
	run create -k host.crt -o new -a arpk
	ok "create: existing key" ended 1 'arpk exists already.*--force'
	ok "create: both stay as they are" cmp -s req req.before
	ok "create: and no other appears" absent new
	cp req forced
	cp user.bin forcedkey
	chmod 644 forcedkey
	run create --force -k host.crt -o forced -a forcedkey
	ok "create: --force replaces them" ended 0
	ok "create: a replaced key file is for its owner only" \
		[ "$(mode_of forcedkey)" = 600 ]
}

test_perform()
{
	run "$fake" attest perform req resp
	ok "perform: two words" ended 0
	run "$fake" attest perform -i req -o resp2
	ok "perform: two options" ended 0
	run "$fake" attest perform req -o resp3 -u user.bin
	ok "perform: one of each, user data" ended 0
	run "$fake" attest perform -u user256 req3 resp4
	ok "perform: 256 bytes of user data, additional data" ended 0
	run "$fake" attest perform resp again
	ok "perform: a response serves as a request" ended 0
	run "$uvctl" attest perform --sysroot "$dir/none" req r
	ok "perform: not here" ended 1 'Cannot use .*/dev/uv: this is no s390x'
	ok "perform: and nothing is written" absent r
}

test_perform_refusals()
{
	run "$fake" attest perform req r -i req -o r
	ok "perform: too many words" ended 1 'Unexpected argument'
	run "$fake" attest perform req
	ok "perform: no output" ended 1 'are needed'
	run "$fake" attest perform -u user257 req r
	ok "perform: 257 bytes of user data" ended 1 'user257 is too large'
	run "$fake" attest perform missing r
	ok "perform: missing request" ended 1 'missing'
	run "$fake" attest perform guest.hdr r
	ok "perform: no request file" ended 1 'guest.hdr: This is no'
	head -c 463 req >cut.bin
	run "$fake" attest perform cut.bin r
	ok "perform: truncated request" ended 1 'cut.bin: The file says'
	(cat req; printf x) >long
	run "$fake" attest perform long r
	ok "perform: oversized request" ended 1 'long: The file says'
	fill 1200000 70 >huge
	run "$fake" attest perform huge r
	ok "perform: huge file" ended 1 'huge is too large'
	FAKE_UV_RC=0x10c run "$fake" attest perform req r
	ok "perform: the Ultravisor refuses, and why" ended 1 \
		'rc 0x010c.*host key document of the machine'
	FAKE_UV_KEY=other.key run "$fake" attest perform req r
	ok "perform: request for another machine" ended 1 'rc 0x010c'
	FAKE_UV_ERRNO=4 run "$fake" attest perform req r
	ok "perform: the driver fails" ended 1 'Interrupted'
	ok "perform: none of these wrote anything" absent r
	run "$fake" attest perform req resp
	ok "perform: existing response" ended 1 'resp exists already'
	run "$fake" attest perform req /dev/full
	ok "perform: full device" ended 1 'No space'
	run "$fake" attest perform --force req resp
	ok "perform: --force replaces it" ended 0
}

test_verify()
{
	run verify -i resp
	ok "verify: a response" ended 0 'measurement verified'
	ok "verify: shows the configuration UID" \
		grep -q 0x42424242424242424242424242424242 <<<"$err"
	run "$uvctl" attest verify -i resp4 --hdr guest.hdr --arpk arpk3 \
		-o out.yaml --format yaml -u out.user
	ok "verify: with output files" ended 0
	ok "verify: user data comes out" cmp -s user256 out.user
	ok "verify: the configuration UID is quoted in YAML" \
		grep -qx "cuid: '0x42424242424242424242424242424242'" out.yaml
	ok "verify: long values are not" \
		grep -Eqx '  firmware_state: 0x(5a){320}' out.yaml
	ok "verify: the keys stand in pvattest's order" [ \
		"$(cut -d: -f1 out.yaml | tr -d '\n')" = \
		"cuidaddadd_fields  image_phkh  attestation_phkh  firmware_stateuser_data" ]
	run verify -i resp3 -o small.yaml
	ok "verify: short user data is quoted" \
		grep -qx "user_data: '0x68656c6c6f'" small.yaml
	run verify -i resp -u nothing
	ok "verify: no user data to write is a warning" ended 0 \
		'warning: .*nothing is not written'
	ok "verify: and no file" absent nothing
	(fill 81920 00; cat guest.hdr; fill 5000 00) >disk.img
	run "$uvctl" attest verify -i resp --hdr disk.img -a arpk
	ok "verify: the header may stand in an image" ended 0
	run bash -c "cat resp | '$uvctl' attest verify -i /dev/stdin --hdr guest.hdr -a arpk"
	ok "verify: a response from a pipe" ended 0
	run verify -q -i resp
	ok "verify: quiet" [ "$status$err$out" = 0 ]
}

test_verify_refusals()
{
	run "$uvctl" attest verify -i resp --hdr other.hdr -a arpk -o r
	ok "verify: another image is exit 2" ended 2 'not equal'
	flip resp 500 flipped
	run verify -i flipped -o r
	ok "verify: altered measurement is exit 2" ended 2 'not equal'
	flip resp 200 flipped
	run verify -i flipped -o r
	ok "verify: altered request is exit 1" ended 1 'flipped: .*tag'
	run "$uvctl" attest verify -i resp --hdr guest.hdr -a arpk3 -o r
	ok "verify: key of another request is exit 1" ended 1 'could not be opened'
	run "$uvctl" attest verify -i resp --hdr guest.hdr -a user.bin -o r
	ok "verify: no key" ended 1 'exactly 32 bytes'
	run "$uvctl" attest verify -i guest.hdr --hdr resp -a arpk -o r
	ok "verify: response and header exchanged" ended 1 'guest.hdr: This is no'
	run "$uvctl" attest verify -i resp --hdr resp -a arpk -o r
	ok "verify: no header in the header file" ended 1 'resp: There is no SE header'
	head -c 639 guest.hdr >cut.bin
	run "$uvctl" attest verify -i resp --hdr cut.bin -a arpk -o r
	ok "verify: truncated header" ended 1 'cut.bin: .*cut off'
	run verify -i req -o r
	ok "verify: a request is no response" ended 1 'is it a request'
	head -c 500 resp >cut.bin
	run verify -i cut.bin -o r
	ok "verify: truncated response" ended 1 'cut.bin: '
	run verify -i missing -o r
	ok "verify: missing response" ended 1 'missing'
	run verify -i . -o r
	ok "verify: a directory" ended 1 'directory'
	run verify -i resp --format json -o r
	ok "verify: unknown format" ended 1 'json'
	run bash -c "cat guest.hdr | '$uvctl' attest verify -i resp --hdr /dev/stdin -a arpk -o r"
	ok "verify: a header from a pipe" ended 1 'save it to a file'
	run "$uvctl" attest verify -i resp4 --hdr . -a arpk3 -o r
	ok "verify: a directory as header" ended 1 'directory'
	run "$uvctl" attest verify -i resp4 --hdr guest.hdr -a arpk3 -o r -u ./r
	ok "verify: one file for both outputs" ended 1 'same file'
	ok "verify: none of these wrote anything" absent r
	run verify -i resp -o out.yaml
	ok "verify: existing output" ended 1 'out.yaml exists already'
	run verify -i resp -o /dev/full
	ok "verify: full device" ended 1 'No space'
	test_unreadable
}

# Root reads everything, unless it gives up the right to.
test_unreadable()
{
	local drop=(setpriv --inh-caps=-all
		"--bounding-set=-dac_override,-dac_read_search")

	[ "$(id -u)" -eq 0 ] || drop=()
	if ! "${drop[@]}" true 2>/dev/null; then
		skip "verify: unreadable response" "root cannot give up rights"
		return
	fi
	chmod 000 cut.bin
	run "${drop[@]}" "$uvctl" attest verify --hdr guest.hdr \
		-a arpk -i cut.bin
	ok "verify: unreadable response" ended 1 'Permission'
}

# The unit tests try every bit; here the exit status counts.  Of the header, only
# the places of two absent entries are free.
test_altered_bytes()
{
	local size free=0 bad=0 i

	size=$(stat -c %s resp)
	for ((i = 0; i < size; i += i < 64 ? 1 : 9)); do
		flip resp "$i" flipped
		run verify -q -i flipped
		case $status in
		0) free=$((free + 1)) ;;
		1|2) ;;
		*) bad=$((bad + 1)) ;;
		esac
	done
	ok "verify: 8 bytes of absent entries do not matter" [ "$free" -eq 8 ]
	ok "verify: any other altered byte is exit 1 or 2" [ "$bad" -eq 0 ]
}

check()
{
	rm -f result.yaml
	run "$uvctl" attest check "$@"
}

# An add-secret request of 64 bytes with this tag; only its frame is read.
make_secret()
{
	printf 'asrcbM\0\0'
	bytes 00000100 00000040
	fill 32 00
	fill 16 "$1"
}

test_check()
{
	check resp4 result.yaml -k host.crt,other.crt
	ok "check: host keys of the response" ended 0 'fulfils'
	ok "check: result of host keys" [ "$(tr '\n' ';' <result.yaml)" = \
		"successful: true;image_host_key:;  check_enforced: false;  hash: host.crt;attest_host_key:;  check_enforced: false;  hash: host.crt;" ]
	check -i resp4 -o result.yaml -k host.crt \
		--host-key-check att-key-hash,boot-key-hash -u user256
	ok "check: enforced host keys and user data" ended 0
	cp host.crt 'häost 2.crt'
	check resp4 result.yaml -k 'häost 2.crt'
	ok "check: a document whose name needs quotes" \
		grep -qx "  hash: 'häost 2.crt'" result.yaml
	check resp4 result.yaml -k other.crt
	ok "check: host key of another machine is exit 2" ended 2 'belongs to none'
	ok "check: a failure is written as well" \
		grep -qx 'successful: false' result.yaml
	check resp4 result.yaml -k host.crt -k host.crt
	ok "check: the same document twice is exit 2" ended 2 'belongs to 2'
	check resp result.yaml -k host.crt
	ok "check: no hash, not enforced" ended 0
	check resp result.yaml -k host.crt --host-key-check att-key-hash
	ok "check: no hash, but enforced, is exit 2" ended 2 'enforced'
	check resp3 result.yaml -u user.bin
	ok "check: equal user data" ended 0
	check resp4 result.yaml -u user.bin
	ok "check: other user data is exit 2" ended 2 'user data'
	check resp4 result.yaml -u user257
	ok "check: a file too large for user data is exit 2" ended 2 'user data'
	check resp result.yaml -u user.bin
	ok "check: no user data is exit 2" ended 2 'user data'
	check resp result.yaml -u /dev/null
	ok "check: no user data does not equal an empty file" ended 2 'user data'
	check resp4 result.yaml --firmware-state-out state
	ok "check: the firmware state comes out" \
		[ "$(stat -c %s state)" = 320 ]
}

test_check_secrets()
{
	make_secret 11 >one
	make_secret 22 >two
	(fill 16 11; fill 16 22; bytes 01) | openssl dgst -sha512 -binary >store.bin
	run create -k host.crt -o sreq -a skey --add-data secret-store-hash
	FAKE_UV_STORE=store.bin run "$fake" attest perform sreq sresp
	check sresp result.yaml --secret one,two --secret-store-locked true
	ok "check: secret store" ended 0
	ok "check: result of the secret store" [ "$(tr '\n' ';' <result.yaml)" = \
		"successful: true;secret_store:;  add_secret_requests:;  - one;  - two;  locked: true;" ]
	check sresp result.yaml --secret two,one --secret-store-locked true
	ok "check: other order is exit 2" ended 2 'secret store'
	check sresp result.yaml --secret one,two --secret-store-locked false
	ok "check: not locked is exit 2" ended 2 'secret store'
	check resp result.yaml --secret-store-locked false
	ok "check: no hash of the secret store is exit 2" ended 2 'no hash'
	check sresp result.yaml --secret one
	ok "check: --secret alone" ended 1 'needs --secret-store-locked'
	check sresp result.yaml --secret user.bin --secret-store-locked true
	ok "check: no add-secret request" ended 1 'user.bin is no add-secret'
	check sresp result.yaml --secret-store-locked maybe
	ok "check: neither true nor false" ended 1 'maybe'
}

test_check_refusals()
{
	check resp result.yaml --firmware
	ok "check: --firmware is not there, and says so" ended 1 'not implemented'
	check resp result.yaml --fw-ver 1
	ok "check: --fw-ver needs --firmware" ended 1 'need --firmware'
	check resp result.yaml --host-key-check att-key-hash
	ok "check: --host-key-check needs documents" ended 1 'needs'
	check resp result.yaml -k host.crt --host-key-check moon
	ok "check: unknown host key check" ended 1 'moon'
	check resp result.yaml --firmware-state-out r
	ok "check: no firmware state to write" ended 1 'no firmware state'
	check resp4 result.yaml --firmware-state-out ./result.yaml
	ok "check: one file for both outputs" ended 1 'same file'
	check resp4 result.yaml -u /dev/zero
	ok "check: endless user data" ended 1 'too large'
	check missing result.yaml
	ok "check: missing response" ended 1 'missing'
	check req result.yaml
	ok "check: a request is no response" ended 1 'is it a request'
	ok "check: none of these wrote anything" absent r result.yaml
	check resp user.bin
	ok "check: existing output" ended 1 'user.bin exists already'
}

tap_scratch
tap_start
prepare 2>"$dir/openssl.log" || { cat "$dir/openssl.log"; exit 1; }
test_help
test_create
test_create_refusals
test_create_existing
test_perform
test_perform_refusals
test_verify
test_verify_refusals
test_altered_bytes
test_check
test_check_secrets
test_check_refusals
tap_done
