#!/bin/bash
# SPDX-License-Identifier: MIT
#
# "uvctl secret create": what every option does to the request, which files it
# leaves, and every refusal.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=userspace/tests/tap.sh
. "$here/tap.sh"
# shellcheck source=userspace/tests/image.sh
. "$here/image.sh"
# shellcheck source=userspace/tests/secret.sh
. "$here/secret.sh"

# Where the secret header of a request with one slot stands.
HEADER=0x508

# field OFFSET BYTES HEX: of req
field()
{
	is "$(hex req "$1" "$2")" "$3"
}

# zeros N: hexadecimal digits of N zero bytes
zeros()
{
	printf '%0*d' $((2 * $1)) 0
}

no_yaml()
{
	is "$(echo ./*.yaml)" './*.yaml'
}

differ()
{
	! cmp -s "$1" "$2"
}

# refused TEXT [OPTIONS]: an error with this text, and no file
refused()
{
	local text=$1

	shift
	rm -f req ./*.yaml
	create "$@"
	said 1 "$text" && absent req && no_yaml
}

# accepted NAME [OPTIONS]: the guest adds what create makes
accepted()
{
	local name=$1

	shift
	rm -f store
	create "$@"
	[ "$status" -eq 0 ] || echo "# $err"
	add req
	ok "$name" said 0 'added the secret'
}

test_kinds()
{
	local kind type size

	create meta
	ok "meta: is sealed" said 0 'Successfully generated the request'
	ok "meta: has no id" is "$(wc -c <req)" 1352
	ok "meta: no NAME.yaml" no_yaml
	accepted "meta: is added" meta
	create association 'my key' --output-secret drawn
	ok "association: type, size and id" field "$HEADER" 48 \
		"0000000200000020$(zeros 8)$(id_of 'my key')"
	ok "association: the drawn secret has 32 bytes" is "$(wc -c <drawn)" 32
	ok "association: nobody else can read it" is "$(mode_of drawn)" 600
	ok "association: NAME.yaml" is "$(cat my_key.yaml)" \
		"!Association
name: my key
id: 0x$(id_of 'my key')"
	cp drawn first
	create association 'my key' --output-secret drawn
	ok "association: it is drawn anew each time" differ drawn first
	accepted "association: is added" association x --input-secret r32
	create -v association x
	ok "association: without a file nobody knows it" said 0 'known to nobody'
	create retrievable n1 --type aes --secret r16
	ok "retrievable: NAME.yaml" is "$(cat n1.yaml)" \
		"!Retrievable
kind: 4 (AES-128-KEY)
name: n1
id: 0x$(id_of n1)"
	ok "NAME.yaml is for everybody" is "$(mode_of n1.yaml)" 644
	create cck --secret r32
	ok "update-cck: type, size, and no id" field "$HEADER" 48 \
		"0000001600000020$(zeros 40)"
	ok "update-cck: no NAME.yaml" absent cck.yaml
	for kind in 'aes 16 04' 'aes 24 05' 'aes 32 06' 'aes-xts 32 07' \
		'aes-xts 64 08' 'hmac-sha 64 09' 'hmac-sha 128 0a'; do
		read -r type size kind <<<"$kind"
		create retr n --type "$type" --secret "r$size"
		ok "type $type, $size bytes" field "$HEADER" 8 \
			"000000$kind$(printf '%08x' "$size")"
	done
	accepted "a key is added" retr n --type aes --secret r32
}

test_plaintext()
{
	create retr n --type plain --secret hello
	ok "plain: padded to 16 bytes" field "$HEADER" 8 0000000300000010
	create retr n --type plain --secret r0
	ok "plain: can be empty" field "$HEADER" 8 0000000300000010
	create retr n --type plain --secret r8190
	ok "plain: at most 8190 bytes" field "$HEADER" 8 0000000300002000
	ok "plain: not 8191" refused r8191 retr n --type plain --secret r8191
	run bash -c "cat hello | '$uvctl' secret create --no-verify \
		-k $pki/host.crt --hdr guest.hdr -o req --force retr n \
		--type plain --secret /dev/stdin"
	ok "a secret can come through a pipe" said 0 'Successfully'
}

test_ec()
{
	local kind curve number size

	for kind in 'P-256 11 20' 'P-384 12 30' 'P-521 13 50' 'ED25519 14 20' \
		'ED448 15 40'; do
		read -r curve number size <<<"$kind"
		case $curve in
		P-*) openssl genpkey -algorithm EC -out key.pem \
			-pkeyopt "ec_paramgen_curve:$curve" ;;
		*) openssl genpkey -algorithm "$curve" -out key.pem ;;
		esac
		create retr n --type ec --secret key.pem
		ok "ec: $curve" field "$HEADER" 8 "000000${number}000000$size"
	done
	openssl pkey -in key.pem -outform DER -out key.der
	create retr n --type ec --secret key.der
	ok "ec: DER" field "$HEADER" 8 0000001500000040
	openssl pkey -in key.pem -aes256 -passout pass:x -out locked.pem
	ok "ec: never asks for a passphrase" refused 'without a passphrase' \
		retr n --type ec --secret locked.pem </dev/null
	openssl genpkey -algorithm RSA -out rsa.pem 2>/dev/null
	ok "ec: no RSA" refused rsa.pem retr n --type ec --secret rsa.pem
	ok "ec: no random bytes" refused 'r32 is not a private key' \
		retr n --type ec --secret r32
}

test_guest()
{
	create meta
	ok "hdr: the boot tags" is "$(hex req 0x38 192)" "$(hex guest.hdr 0xe0 192)"
	ok "hdr: the tag of the header" is "$(hex req 0xf8 16)" \
		"$(tail -c 16 guest.hdr | hex -)"
	ok "cuid: zeros by default" field 0x108 16 "$(zeros 16)"
	create --cuid r16 meta
	ok "cuid: 16 bytes" field 0x108 16 "$(hex r16)"
	create --cuid-hex 000102030405060708090a0B0C0D0E0F meta
	ok "cuid-hex" field 0x108 16 000102030405060708090a0b0c0d0e0f
	create --cuid-hex 0x000102030405060708090a0b0c0d0e0f meta
	ok "cuid-hex with 0x" field 0x108 16 000102030405060708090a0b0c0d0e0f
	printf "cuid: '0x%032d'\nadd: 0x01\n" 7 >c.yaml
	create --cuid c.yaml meta
	ok "cuid: as attest verify writes it" field 0x108 16 \
		00000000000000000000000000000007
	printf '# me\na:\n  b:\n    cuid: 0x%032d # x\n' 8 >c.yaml
	create --cuid c.yaml meta
	ok "cuid: nested" field 0x108 16 00000000000000000000000000000008
	printf -- '---\n"0x%032d"\n' 9 >c.yaml
	create --cuid c.yaml meta
	ok "cuid: nothing but a string" field 0x108 16 \
		00000000000000000000000000000009
	create --cuid <(printf 'cuid: 0x%032d\n' 6) meta
	ok "cuid: YAML through a pipe" field 0x108 16 \
		00000000000000000000000000000006
	create --cuid <(cat r16) meta
	ok "cuid: 16 bytes through a pipe" field 0x108 16 "$(hex r16)"
	printf 'cuid: 0x%032d\nb:\n  cuid: 0x%032d\n' 8 7 >c.txt
	ok "cuid: two that differ" refused 'holds no configuration UID' \
		--cuid c.txt meta
	ok "cuid: 15 bytes" refused 'r15 holds no' --cuid r15 meta
	printf 'fourteen\0bytes' >c.txt
	ok "cuid: bytes that are no text" refused 'c.txt holds no' \
		--cuid c.txt meta
	head -c 16 /dev/zero >z16
	ok "cuid: zeros would bind to nothing" refused 'binds to no instance' \
		--cuid z16 meta
	ok "cuid-hex: 31 digits" refused '32 hexadecimal digits' \
		--cuid-hex "$(printf '%031d' 1)" meta
	ok "cuid and cuid-hex" refused 'exclude each other' --cuid r16 \
		--cuid-hex "$(printf '%032d' 1)" meta
	accepted "cuid: of the guest is accepted" --cuid-hex "$(zeros 16 | tr 0 4 |
		sed 's/44/42/g')" meta
	create --cuid r16 meta
	add req
	ok "cuid: of another instance is not" said 1 '0x010c'
	create --hdr other.hdr meta
	ok "hdr: once only" said 1 '--hdr can be given once'
}

test_extension()
{
	accepted "extension-secret: the first fixes it" --extension-secret r32 meta
	create --extension-secret r32 meta
	add req
	ok "extension-secret: the same is accepted" said 0 added
	create meta
	add req
	ok "extension-secret: none is not" said 1 '0x010c'
	ok "extension-secret: 31 bytes" refused r31 --extension-secret r31 meta
	head -c 32 /dev/urandom >cck
	export FAKE_UV_CCK=$dir/cck
	accepted "cck: the derived secret is accepted" --cck cck meta
	create --cck r32 meta
	add req
	ok "cck: that of another CCK is not" said 1 '0x010c'
	accepted "update-cck: is added" --cck cck update-cck --secret r32
	unset FAKE_UV_CCK
	ok "cck: 31 bytes" refused r31 --cck r31 meta
	ok "cck and extension-secret" refused 'exclude each other' --cck r32 \
		--extension-secret r32 meta
}

test_flags()
{
	create meta
	ok "flags: none by default" field 0x30 8 "$(zeros 8)"
	create --flags disable-dump meta
	ok "flags: disable-dump" field 0x30 8 8000000000000000
	create --pcf 0x1 meta
	ok "pcf: any" field 0x30 8 0000000000000001
	ok "pcf: digits" refused '--pcf takes 1 to 16' --pcf x meta
	ok "pcf and flags" refused 'exclude each other' --pcf 1 \
		--flags disable-dump meta
	ok "flags: unknown" refused 'Unknown flag x' --flags x meta
}

test_user_data()
{
	create meta
	ok "user-data: kind 0" is "$(hex req 6 2)" 0000
	create --user-data r512 meta
	ok "user-data: kind 1" is "$(hex req 6 2)" 0001
	ok "user-data: 512 bytes" is "$(hex req 0x218 512)" "$(hex r512)"
	create --user-data r0 meta
	ok "user-data: an empty file is not none" is "$(hex req 6 2)" 0001
	ok "user-data: not 513" refused r513 --user-data r513 meta
	printf 'policy' >policy.txt
	create --policy policy.txt meta
	ok "policy: hash and path" is "$(hex req 0x218 42)" \
		"$(sha256sum <policy.txt | cut -d ' ' -f 1)$(hex <(printf policy.txt))"
	ok "policy: shows the hash" said 0 "$(sha256sum <policy.txt |
		cut -d ' ' -f 1)"
	ok "policy and user-data" refused 'exclude each other' \
		--policy policy.txt --user-data r16 meta
	ok "policy and user-sign-key" refused 'exclude each other' \
		--policy policy.txt --user-sign-key "$pki/host.key" meta
	ok "policy: a path that does not fit" refused 'path of the policy' \
		--policy "$(printf './%.0s' {1..240})policy.txt" meta
	rm -f toc
	create --toc-policy toc meta
	tail -c 16 req | hex - >tag
	create --toc-policy toc meta
	ok "toc-policy: two lines" is "$(cat toc)" "$(cat tag)
$(tail -c 16 req | hex -)"
	printf 'no newline' >toc
	create --toc-policy toc meta
	ok "toc-policy: a last line without an end gets one" is "$(cat toc)" \
		"no newline
$(tail -c 16 req | hex -)"
	ok "toc-policy: everybody can read it still" is "$(mode_of toc)" 644
	chmod 640 toc
	create --toc-policy toc meta
	ok "toc-policy: a private one stays private" is "$(mode_of toc)" 600
	rm -f toc
	ok "toc-policy: nothing without the request" refused 'r31' \
		--toc-policy toc cck --secret r31
	ok "toc-policy: and no file" absent toc
}

test_sign()
{
	create --user-sign-key "$pki/host.key" --user-data r256 meta
	ok "user-sign-key: P-521" is "$(hex req 6 2)" 0002
	create --user-sign-key "$pki/host.key" meta
	ok "user-sign-key: without data" is "$(hex req 6 2)" 0002
	ok "user-sign-key: 257 bytes are too many" refused 257 \
		--user-sign-key "$pki/host.key" --user-data r257 meta
	openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:4096 \
		-out rsa4096.pem 2>/dev/null
	ok "user-sign-key: not RSA-4096" refused 4096 \
		--user-sign-key rsa4096.pem meta
	ok "user-sign-key: no key" refused 'r32 is not a private key' \
		--user-sign-key r32 meta
}

test_names()
{
	local long=a23456789012345678901234567890123

	create association abc --use-name
	ok "use-name" field 0x518 32 "$(hex <(printf abc))$(zeros 29)"
	create association "$long" --use-name
	ok "use-name: cut" field 0x518 32 "$(hex <(printf %s "${long:0:31}"))00"
	ok "use-name: which is said" said 0 'first 31 bytes'
	create association '../a b/c.d.e'
	ok "a name is no path" [ -e .._a_b_c.d.yaml ]
	create association '..'
	ok "nor is it two dots" [ -e ..yaml ]
	mkdir -p deep
	run "$uvctl" secret create --no-verify -k "$pki/host.crt" \
		--hdr guest.hdr -o deep/req association n5
	ok "NAME.yaml stands beside the request" is "$(echo deep/*)" \
		'deep/n5.yaml deep/req'
	create association "it's: so"
	ok "a name with quotes" grep -qx "name: 'it''s: so'" "it's:_so.yaml"
	rm -f ./*.yaml
	create association n6 --stdout
	ok "stdout: name and id" is "$out" "!Association
name: n6
id: 0x$(id_of n6)"
	ok "stdout: no NAME.yaml" absent n6.yaml
	ok "an empty name" refused 'needs a name' association ''
}

# What says who may open the request is no output, either.
test_inputs_kept()
{
	local output

	cp "$pki"/{host,signing,ca,root}.crt "$pki"/{signing,ca,root}.crl .
	for output in host.crt signing.crt ca.crt ca.crl root.crt; do
		run "$uvctl" secret create -k host.crt -C signing.crt,ca.crt \
			--crl signing.crl,ca.crl,root.crl --root-ca root.crt \
			--hdr guest.hdr --force -o "./$output" meta
		ok "$output is not written" said 1 'cannot be an output'
		ok "$output is still there" same "$output" "$pki/$output"
	done
	run "$uvctl" secret create --no-verify -k "$pki/host.crt" \
		--hdr guest.hdr -o - association n12 --output-secret exists
	ok "output -: is out before the files, as --help says" is \
		"$status $(head -c 6 "$dir/.out")" '1 asrcbM'
	ok "output -: but no file is" absent n12.yaml
}

test_outputs()
{
	rm -f req
	run "$uvctl" secret create --no-verify -k "$pki/host.crt" \
		--hdr guest.hdr -o - association n7
	ok "output -: standard output" is "$(head -c 6 "$dir/.out")" asrcbM
	ok "output -: NAME.yaml in this folder" [ -e n7.yaml ]
	rm -f n7.yaml
	run bash -c "'$uvctl' secret create --no-verify -k $pki/host.crt \
		--hdr guest.hdr -o - association n7 >/dev/full"
	ok "output -: full" said 1 'standard output'
	ok "output -: then no other file" absent n7.yaml
	run "$uvctl" secret create --no-verify -k "$pki/host.crt" \
		--hdr guest.hdr -o - association n --stdout
	ok "output - and stdout" said 1 'exclude each other'
	touch exists
	run "$uvctl" secret create --no-verify -k "$pki/host.crt" \
		--hdr guest.hdr -o new association n8 --output-secret exists
	ok "an existing file is not replaced" said 1 exists
	ok "and nothing else is written" absent new n8.yaml
	ok "one file for two outputs" refused 'req' association n9 \
		--output-secret req
	run "$uvctl" secret create --no-verify -k "$pki/host.crt" --force \
		--hdr guest.hdr -o n9.yaml association n9
	ok "NAME.yaml is not the request" said 1 n9.yaml
	cp r32 kept
	create association n10 --input-secret kept -v
	create cck --secret kept --toc-policy ./kept
	ok "what is read is not written" said 1 'cannot be an output'
	ok "and is still there" same kept r32
	test_inputs_kept
	rm -f n11
	create retr n11 --type aes --secret r31
	ok "no request with a wrong secret" said 1 '16 or 24 or 32'
	ok "no NAME.yaml then" absent n11.yaml
}

test_refusals()
{
	run "$uvctl" secret create --no-verify -k "$pki/host.crt" -o req meta
	ok "hdr is needed" said 1 --hdr
	run "$uvctl" secret create --no-verify -k "$pki/host.crt" \
		--hdr guest.hdr meta
	ok "output is needed" said 1 --output
	ok "kind is needed" refused 'which kind'
	ok "kind: unknown" refused 'Unknown kind of secret x' x
	ok "kind: two names" refused 'Unexpected argument b' association a b
	ok "meta has no name" refused 'has no name' meta x
	ok "association needs a name" refused 'needs a name' association
	ok "secret is not for association" refused '--secret is not for' \
		association x --secret r32
	ok "type is not for update-cck" refused '--type is not for' cck \
		--secret r32 --type aes
	ok "input-secret is not for retrievable" refused 'input-secret is not' \
		retr n --type aes --secret r32 --input-secret r32
	ok "output-secret is not for retrievable" refused \
		'output-secret is not' retr n --type aes --secret r32 \
		--output-secret x
	ok "use-name is not for meta" refused 'use-name is not' meta --use-name
	ok "stdout is not for meta" refused 'stdout is not' meta --stdout
	ok "secret is needed" refused '--secret is needed' retr n --type aes
	ok "type is needed" refused '--type is needed' retr n --secret r32
	ok "type: unknown" refused 'Unknown type x' retr n --secret r32 --type x
	ok "input and output secret" refused 'exclude each other' association n \
		--input-secret r32 --output-secret x
	ok "input-secret: 31 bytes" refused r31 association n --input-secret r31
	run "$uvctl" secret create --no-verify --hdr guest.hdr -o new meta
	ok "a host key is needed" said 1 'host key document is needed'
	run "$uvctl" secret create --no-verify -k "$pki/host.crt" \
		--hdr r512 -o new meta
	ok "hdr: no SE header" said 1 r512
	run "$uvctl" secret create -k "$pki/host.crt" --hdr guest.hdr -o new meta
	ok "host keys are verified by default" said 1 'Give the certificates'
	run "$uvctl" secret create -k "$pki/host.crt" --hdr guest.hdr -o new \
		-C "$pki/signing.crt,$pki/ca.crt" --root-ca "$pki/root.crt" \
		--crl "$pki/signing.crl,$pki/ca.crl,$pki/root.crl" --offline meta
	ok "with certificates, CRLs and root" said 0 'Successfully'
	create -k "$pki/host2.crt" meta
	ok "two host keys" is "$(hex req 0x27 1) $(wc -c <req)" '02 1432'
}

test_guest_refused()
{
	local root=$dir/root

	mkdir -p "$root/sys/firmware/uv" "$root/proc/sys/kernel"
	echo s390x >"$root/proc/sys/kernel/arch"
	echo 1 >"$root/sys/firmware/uv/prot_virt_guest"
	echo 0 >"$root/sys/firmware/uv/prot_virt_host"
	ok "not in a protected guest" refused 'say --allow-guest' \
		--sysroot "$root" meta
	create --sysroot "$root" --allow-guest meta
	ok "allow-guest" said 0 'Successfully'
}

tap_scratch
prepare
tap_start
test_kinds
test_plaintext
test_ec
test_guest
test_extension
test_flags
test_user_data
test_sign
test_names
test_outputs
test_refusals
test_guest_refused
tap_done
