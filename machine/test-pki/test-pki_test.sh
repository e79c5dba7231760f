#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Tries make-test-pki and make-header; TAP.  Argument: the directory that the
# Makefile has filled.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
pki=$(cd "${1:?usage: test-pki_test.sh DIRECTORY}" && pwd)
make_header=$pki/make-header
scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
count=0 failed=0

# check NAME COMMAND... - passes if the command does; shows its words if not
check()
{
	local name=$1 result=ok

	shift
	count=$((count + 1))
	if ! "$@" >"$scratch/log" 2>&1; then
		result='not ok'
		failed=$((failed + 1))
	fi
	echo "$result $count - $name"
	[ "$result" = ok ] || sed 's/^/# | /' "$scratch/log"
}

# status N COMMAND... - the command ends with exit status N
status()
{
	local want=$1 got=0

	shift
	"$@" || got=$?
	echo "exit status $got"
	[ "$got" -eq "$want" ]
}

# says TEXT N COMMAND... - the same, and the text is in its output
says()
{
	local text=$1 output

	shift
	output=$(status "$@" 2>&1) && grep -qF -- "$text" <<<"$output" && return
	echo "$output"
	return 1
}

generate()
{
	"$here/make-test-pki" --quiet "$@"
}

sum_of()
{
	(cd "$1" && find . -type f ! -name '.*' -exec sha256sum {} + | sort)
}

same_sum()
{
	[ "$(sum_of "$scratch/pki")" = "$1" ]
}

# What a path validator makes of the signing key, as real verifiers ask it.
chain_verifies()
{
	cat "$1/ca.crl" "$1/root.crl" >"$scratch/crls"
	openssl verify -x509_strict -crl_check -crl_check_all -check_ss_sig \
		-policy_check -trusted_first -verify_depth 2 -auth_level 2 \
		-purpose any -CAfile "$1/root.crt" -untrusted "$1/ca.crt" \
		-CRLfile "$scratch/crls" "$1/signing.crt"
}

keys_are_private()
{
	local open

	open=$(find "$1" -name '*.key' ! -perm 0600)
	echo "$open"
	[ -z "$open" ] && [ -n "$(find "$1" -name '*.key')" ]
}

every_name_says_test()
{
	local cert

	while read -r cert; do
		openssl x509 -in "$cert" -noout -subject | grep TEST || {
			echo "$cert"
			return 1
		}
	done < <(grep -rlF -- '-----BEGIN CERTIFICATE' "$1" --include='*.crt' |
		grep -vE '/(truncated|not-a-certificate)\.crt$')
}

manifest_files_exist()
{
	local file

	while read -r file; do
		[ -e "$pki/$file" ] || [[ $file == bad/none.* ]] || {
			echo "$file"
			return 1
		}
	done < <(grep -v '^#' "$pki/manifest.tsv" | cut -f 3-6 |
		tr '\t,' '\n\n' | grep -vx -- -)
}

# An openssl that makes no CRL.
generate_without_crls()
{
	mkdir -p "$scratch/bin"
	cat >"$scratch/bin/openssl" <<STUB
#!/bin/bash
case " \$* " in *" -gencrl "*) echo 'no CRL today' >&2; exit 1 ;; esac
exec $(command -v openssl) "\$@"
STUB
	chmod +x "$scratch/bin/openssl"
	PATH=$scratch/bin:$PATH generate --force "$scratch/pki"
}

test_pki()
{
	local before

	check 'make-test-pki: makes a hierarchy' generate "$scratch/pki"
	check 'its signing key validates up to the root' \
		chain_verifies "$scratch/pki"
	check 'private keys have mode 0600' keys_are_private "$scratch/pki"
	check 'every certificate says TEST' every_name_says_test "$scratch/pki"
	check 'every file of the manifest exists' manifest_files_exist
	before=$(sum_of "$scratch/pki")
	generate "$scratch/pki"
	check 'a second run changes nothing' same_sum "$before"
	echo mine >"$scratch/pki/other-file"
	generate --force "$scratch/pki"
	check '--force makes other keys' \
		status 1 cmp "$pki/host.key" "$scratch/pki/host.key"
	check '--force leaves files of others alone' \
		grep -qx mine "$scratch/pki/other-file"
	before=$(sum_of "$scratch/pki")
	echo stale >"$scratch/pki/.complete"
	generate "$scratch/pki"
	check 'what another version made is made anew' status 1 \
		same_sum "$before"
	check 'the new hierarchy validates too' chain_verifies "$scratch/pki"
	before=$(sum_of "$scratch/pki")
	check 'a failure of openssl: its words, exit status 1' \
		says 'no CRL today' 1 generate_without_crls
	check 'and everything is as it was' same_sum "$before"
	check 'nothing is left over' status 1 \
		grep -q . <(find "$scratch/pki" -name '.new.*')
	check 'no directory: usage, exit status 2' says usage: 2 generate
	check 'unknown option: exit status 2' says --help 2 generate --nonsense
	check '--help' says 'signing.crl' 0 generate --help
	check 'a directory that cannot be made: exit status 1' \
		says /dev/null/pki 1 generate /dev/null/pki
}

# bytes OFFSET COUNT - of the header, in hex
bytes()
{
	od -An -v -tx1 -j "$1" -N "$2" "$scratch/header" | tr -d ' \n'
}

sha512_of()
{
	sha512sum | cut -d ' ' -f 1
}

# Digest of the kernel's pages, padded.
content_is_digested()
{
	[ "$(bytes 0xe0 64)" = "$(cat "$scratch/kernel" /dev/zero |
		head -c 12288 | sha512_of)" ]
}

addresses_are_digested()
{
	[ "$(bytes 0x120 64)" = "$(printf '%b' \
		'\0\0\0\0\0\0\0\0' '\0\0\0\0\0\0\020\0' \
		'\0\0\0\0\0\0\040\0' | sha512_of)" ]
}

# Coordinates from the certificate: the last 132 bytes of its public key.
host_key_hash()
{
	openssl x509 -in "$1" -noout -pubkey |
		openssl pkey -pubin -outform DER | tail -c 132 >"$scratch/xy"
	{
		head -c 14 /dev/zero
		head -c 66 "$scratch/xy"
		head -c 14 /dev/zero
		tail -c 66 "$scratch/xy"
	} | sha256sum | cut -d ' ' -f 1
}

equals()
{
	echo "$1 should be $2"
	[ "$1" = "$2" ]
}

header_for()
{
	"$make_header" --kernel "$scratch/kernel" -o "$scratch/header" "$@"
}

test_header()
{
	head -c 10000 /dev/urandom >"$scratch/kernel"
	: >"$scratch/empty"
	check 'make-header: makes a header for two hosts' header_for \
		-k "$pki/host.crt" -k "$pki/host2.der" \
		--header-key-out "$scratch/header.key"
	check 'header has 560 bytes and 80 for each host' \
		equals "$(stat -c %s "$scratch/header")" 720
	check 'header key has mode 0600 and 32 bytes' \
		equals "$(stat -c '%a %s' "$scratch/header.key")" '600 32'
	check 'header begins with magic and version' \
		equals "$(bytes 0 12)" 49424d536563457800000100
	check 'components are not encrypted, key functions allowed' \
		equals "$(bytes 0x38 8)" 00000000100000e0
	check 'number of pages' equals "$(bytes 0x30 8)" 0000000000000003
	check 'page list digest is SHA-512 over the padded kernel' \
		content_is_digested
	check 'address list digest begins at 0' addresses_are_digested
	check 'first slot is for the first host' \
		equals "$(bytes 0x1a0 32)" "$(host_key_hash "$pki/host.crt")"
	check 'second slot is for the second host' \
		equals "$(bytes 0x1f0 32)" "$(host_key_hash "$pki/host2.crt")"
	check 'existing header is not overwritten' \
		says "$scratch/header" 1 header_for -k "$pki/host.crt"
	check '--force overwrites it, --pcf sets flags' \
		header_for -k "$pki/host.crt" --force --pcf 20000000
	check 'flag 35 is set in any case' \
		equals "$(bytes 0x38 8)" 0000000030000000
	test_header_refusals
}

test_header_refusals()
{
	rm -f "$scratch/header" "$scratch/header.key"
	check 'host key on P-256: refused' \
		says bad/host-p256.crt 1 header_for -k "$pki/bad/host-p256.crt"
	check 'document that is none: refused' \
		says bad/text.crt 1 header_for -k "$pki/bad/text.crt"
	check 'empty kernel: refused' says "$scratch/empty" 1 header_for \
		-k "$pki/host.crt" --kernel "$scratch/empty"
	check 'missing kernel: refused' says "$scratch/none" 1 header_for \
		-k "$pki/host.crt" --kernel "$scratch/none"
	check 'no host: usage error' says --help 2 header_for
	check '--pcf that is no number: usage error' says --pcf 2 header_for \
		-k "$pki/host.crt" --pcf -1
	check 'full disk: refused' says /dev/full 1 header_for \
		-k "$pki/host.crt" -o /dev/full
	check 'one file for header and key: refused' says 'same file' 1 \
		header_for -k "$pki/host.crt" --force \
		--header-key-out "$scratch/./header"
	check 'nothing was written' \
		status 1 test -e "$scratch/header" -o -e "$scratch/header.key"
	check 'help says what nobody checks' says 'nobody checks' 0 \
		"$make_header" --help
}

echo 'TAP version 13'
test_pki
test_header
echo "1..$count"
[ "$failed" -eq 0 ]
