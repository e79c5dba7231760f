#!/bin/bash
# SPDX-License-Identifier: MIT
#
# "uvctl hostkey verify" and "attest create" with every case of the test PKI's
# manifest: exit status, message, and nothing written on refusal.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=userspace/tests/tap.sh
. "$here/tap.sh"
uvctl=${UVCTL:?is set by make check}
pki=${PV_TEST_PKI:?is set by make check}

# add_option NAME LIST: one NAME for each file in $arguments
add_option()
{
	local name=$1 file

	[ "$2" != - ] || return 0
	while read -r file; do
		arguments+=("$name" "$file")
	done < <(tr , '\n' <<<"$2")
}

try_case()
{
	local name=$1 outcome=$2 hosts=$3 certs=$4 crls=$5 root=$6 text=$7
	local want=1

	arguments=()
	add_option -k "$hosts"
	add_option -C "$certs"
	add_option --crl "$crls"
	add_option --root-ca "$root"
	[ "$outcome" != ok ] || want=0
	[ "$text" != - ] || text=
	run "$uvctl" hostkey verify "${arguments[@]}"
	ok "hostkey: $name" said "$want" "$text"
	run "$uvctl" attest create "${arguments[@]}" -o "$dir/req" -a "$dir/key"
	ok "create: $name" wrote "$want"
	rm -f "$dir/req" "$dir/key"
}

# said STATUS TEXT: a refusal prints no hash that a script could use
said()
{
	[ "$status" -eq "$1" ] && grep -qF -- "$2" <<<"$err" &&
		{ [ "$1" -eq 0 ] || [ -z "$out" ]; } && return 0
	printf '# status %s: %s\n' "$status" "$err"
	return 1
}

wrote()
{
	[ "$status" -eq "$1" ] || return 1
	if [ "$1" -eq 0 ]; then
		[ -s "$dir/req" ] && [ -s "$dir/key" ]
	else
		[ ! -e "$dir/req" ] && [ ! -e "$dir/key" ]
	fi
}

test_manifest()
{
	local line

	while IFS=$'\t' read -r -a line; do
		[[ ${line[0]} == \#* ]] || try_case "${line[@]}"
	done <"$pki/manifest.tsv"
}

test_forms()
{
	run "$uvctl" hostkey verify --crt signing.crt,ca.crt --offline \
		--crl signing.crl,ca.crl,root.crl --root-ca root.crt \
		host.crt host2.crt
	ok "hostkey: documents as words, lists with commas, --crt" said 0 \
		'2 host key documents verified'
	ok "hostkey: one line for each document" [ "$(wc -l <<<"$out")" = 2 ]
	run "$uvctl" hostkey verify -C signing.crt,ca.crt --root-ca root.crt \
		--crl signing-chained.crt,root.crl host.crt
	ok "hostkey: certificates in a file of CRLs are not used" said 0 \
		'1 host key document verified'
	run "$uvctl" hostkey verify -C ca.crt --root-ca root.crt \
		--crl signing-chained.crt,root.crl host.crt
	ok "hostkey: nor is a signing key there" said 1 'No IBM Z signing key'
	run "$uvctl" hostkey verify --no-verify host.crt
	ok "hostkey: --no-verify warns" said 0 'not verified'
	ok "hostkey: a TEST chain is called so" warned_of_test
}

warned_of_test()
{
	run "$uvctl" hostkey verify -C signing.crt,ca.crt --root-ca root.crt \
		--crl signing.crl,ca.crl,root.crl host.crt
	grep -q 'warning: .*TEST' <<<"$err"
}

tap_scratch
tap_start
if cd "$pki" 2>/dev/null && [ -r manifest.tsv ]; then
	test_manifest
	test_forms
else
	skip "hostkey: the cases of the test PKI" \
		"no test PKI (machine/test-pki/make-test-pki)"
fi
tap_done
