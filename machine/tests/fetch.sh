#!/bin/bash
# SPDX-License-Identifier: MIT
#
# What machine/fetch hands out is whole, fits together, and is quick to get.
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

fetch() { try "$MACHINE/fetch" "$@"; RESULT=$(<"$SCRATCH/out"); }

fetch kernel
check "kernel: status 0" status_is 0
IMAGE=$(echo "$RESULT"/boot/vmlinuz-*)
RELEASE=${IMAGE##*/vmlinuz-}
check "kernel: has an image" test -s "$IMAGE"
check "kernel: its modules are of the same release and indexed" \
	test -s "$RESULT/lib/modules/$RELEASE/modules.dep"
check "kernel: modules are not compressed" \
	test -z "$(find "$RESULT/lib/modules" -name '*.ko.*' | sed -n 1p)"

# Without apt in sight the answer can only come from the cache.
PATH=/nonexistent try "$BASH" "$MACHINE/fetch" kernel
check "a warm call runs no other program: status 0" status_is 0
check "a warm call says nothing on stderr" no_errors

fetch headers
check "headers: fit the kernel" \
	grep -qx "override KERNELRELEASE = $RELEASE" "$RESULT/.kernelvariables"
try make -s -C "$RESULT" M="$SCRATCH" kernelversion
check "headers: make works in there" status_is 0

fetch keyutils
check "keyutils: status 0" status_is 0
run_machine --dir "$RESULT:/" -- keyctl --version
check "keyutils: keyctl runs in the machine" status_is 0

fetch qemu-s390x
check "qemu-s390x: status 0" status_is 0
run_machine --dir "$RESULT:/" -- qemu-system-s390x --version
check "qemu-s390x: it finds its libraries in the machine" status_is 0
run_machine --dir "$RESULT:/" -- qemu-system-s390x -object help
check "qemu-s390x: it knows protected guests" \
	grep -qx '  s390-pv-guest' "$SCRATCH/out"

fetch sysroot
check "sysroot: has libcrypto for static programs" \
	test -s "$RESULT/usr/lib/s390x-linux-gnu/libcrypto.a"
check "sysroot: no link leads out of it" \
	test -z "$(find "$RESULT" -type l -lname '/*')"

cat >"$SCRATCH/digest.c" <<'EOF'
#include <openssl/evp.h>
#include <stdio.h>

int main(void)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int size;

	if (!EVP_Digest("abc", 3, digest, &size, EVP_sha256(), NULL))
		return 1;
	for (unsigned int i = 0; i < size; i++)
		printf("%02x", digest[i]);
	return 0;
}
EOF
try "$MACHINE/cross-cc" -o "$SCRATCH/digest" "$SCRATCH/digest.c" -lcrypto
check "cross-cc: links a static program with libcrypto" status_is 0
run_machine --file "$SCRATCH/digest" -- ./digest
check "cross-cc: the program gives the known digest of abc (FIPS 180-4)" \
	output_is \
	ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad

fetch kernel-source
check "kernel-source: has kselftest's rules" \
	test -s "$RESULT/tools/testing/selftests/lib.mk"
check "kernel-source: has checkpatch" test -s "$RESULT/scripts/checkpatch.pl"

try env PV_OS_RELEASE=/dev/null PV_CACHE="$SCRATCH/cache" \
	"$MACHINE/fetch" busybox
check "another distribution: status 1" status_is 1
check "another distribution: is told what is needed" errors_name 'Debian 12'

# An archive that cannot be reached, and no cache: apt's own configuration
# is replaced for these calls.
mkdir -p "$SCRATCH/sources"
cat >"$SCRATCH/apt.conf" <<EOF
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$SCRATCH/sources";
EOF
try env APT_CONFIG="$SCRATCH/apt.conf" PV_CACHE="$SCRATCH/cache" \
	"$MACHINE/fetch" busybox
check "no Debian source configured: status 1" status_is 1
check "no Debian source configured: is told" errors_name 'no Debian repository'
check "no Debian source configured: nothing half made is left" \
	test -z "$(find "$SCRATCH/cache" -name 'work.*' -o -name busybox)"

cd "$SCRATCH"
try env APT_CONFIG="$SCRATCH/apt.conf" PV_CACHE=relative \
	"$MACHINE/fetch" busybox
check "PV_CACHE= may be relative" grep -q \
	"^Dir::State::lists \"$SCRATCH/relative/" relative/apt/packages/apt.conf
finish
