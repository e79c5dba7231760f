#!/bin/bash
# SPDX-License-Identifier: MIT
#
# "uvctl secret verify": every kind of user data, and every signature that must
# not be accepted.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=userspace/tests/tap.sh
. "$here/tap.sh"
# shellcheck source=userspace/tests/image.sh
. "$here/image.sh"
# shellcheck source=userspace/tests/secret.sh
. "$here/secret.sh"

verify()
{
	run "$uvctl" secret verify "$@"
}

# Key and certificate of a user: NAME ALGORITHM OPTION
make_user()
{
	openssl genpkey -algorithm "$2" -pkeyopt "$3" -out "$1.key" 2>/dev/null
	openssl req -x509 -new -key "$1.key" -days 30 -subj "/CN=TEST $1" \
		-out "$1.crt"
}

# padded FILE DATA: does FILE hold DATA, and zeros behind it?
padded()
{
	local size

	size=$(wc -c <"$2")
	is "$(hex "$1" 0 "$size")" "$(hex "$2")" || return 1
	is "$(tail -c +$((size + 1)) "$1" | tr -d '\0' | wc -c)" 0
}

test_unsigned()
{
	create meta
	verify req
	ok "no user data" said 0 'nothing in it is signed'
	ok "no user data: no output" is "$out" ''
	verify -v req
	ok "no user data: is said" said 0 'holds no user data'
	verify req out
	ok "no user data: no file" said 0 'out is not written'
	ok "no user data: really none" absent out
	create --user-data r256 meta
	verify req
	ok "unsigned: 512 bytes" is "$(wc -c <"$dir/.out")" 512
	ok "unsigned: the data" padded "$dir/.out" r256
	verify -i req -o out
	ok "unsigned: to a file" padded out r256
	verify req out
	ok "an existing file stays" said 1 out
	verify --force req out
	ok "--force" said 0 ''
	cp req kept
	verify --force req ./req
	ok "the request is not the output" said 1 'cannot be an output'
	run bash -c "'$uvctl' secret verify --force - req <req"
	ok "not from standard input, either" said 1 'cannot be an output'
	verify --force req p521.crt --user-cert p521.crt
	ok "nor is the certificate" said 1 'p521.crt is read'
	ok "they are still there" same req kept
	run bash -c "'$uvctl' secret verify - <req"
	ok "request from standard input" padded "$dir/.out" r256
	run bash -c "'$uvctl' secret verify req >/dev/full"
	ok "full output" said 1 'standard output'
	verify --user-cert p521.crt req
	ok "unsigned, but a certificate" said 1 'req: '
	verify
	ok "which request?" said 1 'A request is needed'
	verify r32
	ok "no request" said 1 'r32: This is no add-secret request'
}

test_signed()
{
	local name=$1 data=$2 other=$3

	create --user-sign-key "$name.key" --user-data hello meta
	verify --user-cert "$name.crt" req out-"$name"
	ok "$name: signed" said 0 "by the given certificate's key"
	ok "$name: $data bytes" is "$(wc -c <out-"$name")" "$data"
	ok "$name: the data" padded out-"$name" hello
	add req
	ok "$name: the guest takes it" said 0 added
	verify req
	ok "$name: a certificate is needed" said 1 'req: '
	verify --user-cert "$other.crt" req
	ok "$name: not the key of $other" said 1 'req: '
	verify --user-cert "$name-2.crt" req
	ok "$name: somebody else's signature" ended 2 'req: '
	put req 0x218 'H'
	verify --user-cert "$name.crt" req out
	ok "$name: altered data" ended 2 'req: '
	ok "$name: altered data are not shown" is "$out" ''
}

test_bad()
{
	create --user-sign-key p521.key meta
	verify --user-cert r32 req
	ok "user-cert: no certificate" said 1 'r32 is not an X.509'
	openssl x509 -in p521.crt -outform DER -out p521.der
	verify --user-cert p521.der req
	ok "user-cert: DER" said 0 'given certificate'
	put req 0x30 '\x80'
	verify --user-cert p521.crt req
	ok "altered flags" ended 2 'req: '
	put req 7 '\x05'
	verify --user-cert p521.crt req
	ok "unknown kind of user data" said 1 'kind 5'
}

tap_scratch
prepare
rm -f out
for n in p521 p521-2; do
	make_user "$n" EC ec_paramgen_curve:P-521
done
for n in 2048 3072; do
	make_user "rsa$n" RSA "rsa_keygen_bits:$n"
	make_user "rsa$n-2" RSA "rsa_keygen_bits:$n"
done
tap_start
test_unsigned
test_signed p521 256 rsa2048
test_signed rsa2048 256 rsa3072
test_signed rsa3072 128 p521
test_bad
tap_done
