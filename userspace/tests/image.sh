# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# What the tests of "uvctl image" have in common; to be sourced after tap.sh.

# put FILE OFFSET TEXT: overwrite a part of a file
put()
{
	printf '%b' "$3" | dd of="$1" bs=1 seek="$(($2))" conv=notrunc status=none
}

# make_kernel FILE BYTES: what looks like a raw s390x kernel
make_kernel()
{
	head -c "$2" /dev/urandom >"$1"
	put "$1" 0 '\0\0\0\0'
	put "$1" 0x10008 S390EP
	put "$1" 0x10430 '\0\0\0\0\0\0\0\0'
}

# make_host NAME: a host key document that nobody certified
make_host()
{
	openssl ecparam -name secp521r1 -genkey -noout -out "$1.key"
	openssl req -x509 -new -key "$1.key" -days 30 -subj "/CN=TEST $1" \
		-out "$1.crt"
}

# hex FILE [OFFSET BYTES]
hex()
{
	od -An -v -tx1 -j "${2:-0}" ${3:+-N "$3"} "$1" | tr -d ' \n'
}

# hash_of DOCUMENT: SHA-256 over both coordinates, each padded to 80 bytes
hash_of()
{
	openssl x509 -in "$1" -noout -pubkey | openssl pkey -pubin \
		-outform DER | tail -c 132 >"$dir/.point"
	{
		head -c 14 /dev/zero
		head -c 66 "$dir/.point"
		head -c 14 /dev/zero
		tail -c 66 "$dir/.point"
	} | sha256sum | cut -d ' ' -f 1
}

# said STATUS TEXT: the last run, on standard error
said()
{
	[ "$status" -eq "$1" ] && grep -qF -- "$2" <<<"$err" && return 0
	printf '# status %s: %s\n' "$status" "$err" | head -n 5 |
		sed '2,$s/^/#   /'
	return 1
}

mode_of()
{
	stat -c %a "$1"
}

# Neither these files nor a temporary one.
absent()
{
	local name file

	for name in "$@"; do
		for file in "$name" "$name".*; do
			[ ! -e "$file" ] || { echo "# $file exists"; return 1; }
		done
	done
}
