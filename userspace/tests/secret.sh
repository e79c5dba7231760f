# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# What the tests of "uvctl secret" have in common; to be sourced after tap.sh
# and image.sh.

uvctl=${UVCTL:?is set by make check}
fake=${UVCTL_FAKE_UV:?is set by make check}
pki=${PV_TEST_PKI:?is set by make check}

# Inputs of all kinds, and the guest behind the fake device.
prepare()
{
	local n

	cd "$dir" || exit 1
	umask 022
	cp "$pki/host-header.bin" guest.hdr
	cp guest.hdr other.hdr
	put other.hdr 0xe0 '\x5a'
	for n in 0 15 16 24 31 32 64 128 256 257 512 513 8190 8191; do
		head -c "$n" /dev/urandom >"r$n"
	done
	printf 'hello world' >hello
	export FAKE_UV_KEY=$pki/host.key FAKE_UV_HEADER=$dir/guest.hdr
	export FAKE_UV_SECRETS=$dir/store
}

# create [OPTIONS]: a request called req for the guest
create()
{
	run "$uvctl" secret create --no-verify -k "$pki/host.crt" \
		--hdr guest.hdr -o req --force "$@"
}

# make NAME TYPE FILE [OPTIONS]: a request NAME.req of a secret NAME; NAME.yaml
make()
{
	local name=$1 type=$2 file=$3

	shift 3
	run "$uvctl" secret create --no-verify -k "$pki/host.crt" --hdr guest.hdr \
		-o "$name.req" --force retr "$name" --type "$type" \
		--secret "$file" "$@"
	[ "$status" -eq 0 ] || echo "# cannot make $name: $err"
}

add()
{
	run "$fake" secret add "$@"
}

retrieve()
{
	run "$fake" secret retrieve "$@"
}

same()
{
	cmp -s "$1" "$2" || { echo "# $1 and $2 differ"; return 1; }
}

# is VALUE EXPECTED
is()
{
	[ "$1" = "$2" ] || { printf '# %s instead of %s\n' "$1" "$2"; return 1; }
}

# The hash that identifies the secret of a name.
id_of()
{
	printf '%s' "$1" | sha256sum | cut -d ' ' -f 1
}
