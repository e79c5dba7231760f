#!/bin/bash
# SPDX-License-Identifier: MIT
#
# "uvctl info" and the advice of "attest perform" on systems of all kinds, made
# up from files.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=userspace/tests/tap.sh
. "$here/tap.sh"
uvctl=${UVCTL:?is set by make check}

# system NAME FILE=TEXT...: a tree of files; the text / makes a directory
system()
{
	local root=$dir/$1 item file

	shift
	for item in "$@"; do
		file=$root/${item%%=*}
		mkdir -p "$(dirname "$file")"
		if [ "${item#*=}" = / ]; then
			mkdir -p "$file"
		else
			printf '%b\n' "${item#*=}" >"$file"
		fi
	done
}

s390x='proc/sys/kernel/arch=s390x'
uv='sys/firmware/uv'

# facilities NUMBERS: /proc/cpuinfo
facilities()
{
	printf 'proc/cpuinfo=vendor_id       : IBM/S390\\nfacilities      : 0 1 %s\\ncache0' "$1"
}

make_systems()
{
	system guest "$s390x" "$(facilities '42 158')" "$uv/prot_virt_guest=1" \
		"$uv/prot_virt_host=0" 'proc/cmdline=root=/dev/vda' \
		"$uv/query/facilities=80c0000800000000\n0\n0\n0" \
		"$uv/query/supp_att_pflags=7c00000000000000" \
		"$uv/query/supp_att_req_hdr_ver=8000000000000000" \
		"$uv/query/max_secrets=64" \
		"$uv/query/supp_se_hdr_pcf=300050e3" \
		"$uv/keys/host_key=$(printf 'ab%.0s' {1..32})"
	system host "$s390x" "$(facilities '158 161')" "$uv/prot_virt_guest=0" \
		"$uv/prot_virt_host=1" 'proc/cmdline=prot_virt=1' \
		"$uv/query/facilities=ff1ffff000000000\n0\n0\n0" \
		"$uv/query/max_cpus=248" "$uv/query/max_guests=16"
	system disabled "$s390x" "$(facilities '158 161')" \
		"$uv/prot_virt_guest=0" "$uv/prot_virt_host=0" \
		'proc/cmdline=root=/dev/dasda1 prot_virt=0'
	system failed "$s390x" "$(facilities 158)" "$uv/prot_virt_guest=0" \
		"$uv/prot_virt_host=0" 'proc/cmdline=quiet prot_virt=on prot_virt=0'
	system plain "$s390x" "$(facilities '1580 2158 42')" \
		'sys/firmware/ipl=/'
	system candidate "$s390x" "$(facilities 161)" 'sys/firmware/ipl=/'
	system masked "$s390x" "$(facilities 158)" 'sys/firmware=/'
	system bare "$s390x"
	system odd "$s390x" "$(facilities 158)" "$uv/prot_virt_guest=0" \
		"$uv/prot_virt_host=0" \
		"$uv/query/facilities=80c0000800000000\n0\n0\n0"
	system x86 'proc/sys/kernel/arch=x86_64' 'proc/cpuinfo=flags : sse'
	system fake "$s390x" "$(facilities 158)" "$uv/prot_virt_guest=1" \
		'dev/uv=just a file'
	system garbage "$s390x" "$(facilities 158)" "$uv/prot_virt_guest=yes" \
		"$uv/prot_virt_host=" "$uv/query/facilities=zzz" \
		"$uv/query/max_cpus=99999999999999999999999" \
		"$uv/keys/host_key=short"
}

info()
{
	run "$uvctl" info --sysroot "$dir/$1" "${@:2}"
}

# verdict SYSTEM STATUS WORDS
verdict()
{
	info "$1"
	ok "info: $1" ended "$2" "$3"
}

test_verdicts()
{
	verdict guest 0 'is a protected guest'
	verdict host 3 'prot_virt_host is 1'
	verdict disabled 4 'not started with prot_virt=1'
	verdict failed 4 'prot_virt=1 was given, but'
	verdict plain 5 'no Ultravisor facility \(158\)\.'
	verdict candidate 5 'could start an SE image'
	verdict masked 1 'not visible \(in a container\?\)'
	verdict bare 1 'cannot be determined'
	verdict odd 1 'prot_virt_guest is 0, but'
	verdict x86 5 'no s390x machine'
	verdict fake 0 'not a device'
	verdict garbage 1 'cannot be determined'
}

test_details()
{
	info guest
	ok "info: calls have names" grep -q ' 28  retrieve attestation' <<<"$out"
	ok "info: attestation flags have names" \
		grep -q '  5  firmware state' <<<"$out"
	ok "info: unknown bits are shown" grep -q ' 49  (unknown)' <<<"$out"
	ok "info: numbers are decimal" grep -q 'max_secrets: 64$' <<<"$out"
	ok "info: the host key hash is shown" \
		grep -q 'Host key hash: abab' <<<"$out"
	ok "info: says that it proves nothing" grep -q 'only an attestation' \
		<<<"$out"
	info garbage
	ok "info: what cannot be read is left out" \
		[ -z "$(grep -E 'facilities:|max_cpus|Host key hash' <<<"$out")" ]
	run bash -c "'$uvctl' info --sysroot '$dir/guest' >/dev/full"
	ok "info: output that cannot be written is an error" \
		ended 1 'standard output'
	run "$uvctl" info surplus
	ok "info: no arguments" ended 1 'Unexpected argument'
}

has_verdict()
{
	jq -e .verdict "$dir/.out" >"$dir/verdict"
}

test_json()
{
	local system

	for system in guest host masked x86 garbage; do
		info "$system" --json
		if command -v jq >/dev/null; then
			ok "json: $system is well-formed" has_verdict
		else
			skip "json: $system is well-formed" \
				"no jq (Debian package: jq)"
		fi
	done
	info guest --json
	ok "json: exit status as without" ended 0
	ok "json: verdict" grep -q '"verdict": "protected-guest"' <<<"$out"
	ok "json: words of bits" grep -q '"hex": "7c00000000000000"' <<<"$out"
	ok "json: their names" grep -q '"secret store hash"' <<<"$out"
	info masked --json
	ok "json: what is unknown is null" \
		grep -q '"prot_virt_guest": null' <<<"$out"
}

# advice SYSTEM WORDS
advice()
{
	run "$uvctl" attest perform --sysroot "$dir/$1" "$dir/req" "$dir/resp"
	ok "perform: on $1" ended 1 "$2"
}

test_advice()
{
	openssl ecparam -name secp521r1 -genkey -noout -out "$dir/host.key"
	openssl req -x509 -new -key "$dir/host.key" -days 30 \
		-subj "/CN=TEST host" -out "$dir/host.crt"
	run "$uvctl" attest create --no-verify -k "$dir/host.crt" \
		-o "$dir/req" -a "$dir/arpk"
	advice x86 'no s390x machine'
	advice plain 'no Ultravisor facility \(158\)'
	advice guest 'modprobe uvdevice'
	advice fake 'is no device'
	ok "perform: nothing was written" [ ! -e "$dir/resp" ]
}

tap_scratch
tap_start
make_systems
test_verdicts
test_details
test_json
test_advice
tap_done
