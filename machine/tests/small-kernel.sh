#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The small kernel: built once, has what was asked for, and boots in every role.
# shellcheck disable=SC2016
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

readonly SMALL=$O/kernel/small
build_kernel() { try "$MACHINE/build-kernel" "$@"; }

build_kernel --nonsense
check "build-kernel, unknown argument: status 2" status_is 2
KSRC=/no/such build_kernel
check "build-kernel, source that is not there: status 1" status_is 1
check "build-kernel, source that is not there: is named" errors_name /no/such
KSRC=$MACHINE build_kernel
check "build-kernel, no source of Linux: is told" errors_name 'not a source tree'
CROSS_COMPILE=no-such- build_kernel
check "build-kernel, no compiler: says which package" \
	errors_name 'no-such-gcc is missing: install the Debian package'
O=$SCRATCH/none run_machine --print-kernel --kernel debug
check "a kernel that was not built: status 125" status_is 125
check "a kernel that was not built: says how to" errors_name 'make kernel-debug'

if [[ ! -s $SMALL/bzImage ]]; then
	skip "the small kernel" "it was not built (make kernel-small)"
	finish
fi
RELEASE=$(basename "$SMALL"/lib/modules/*)

before=$(stat -c '%n %i %y' "$SMALL/bzImage" "$SMALL/kdir/Module.symvers")
build_kernel
check "nothing changed: status 0" status_is 0
check "nothing changed: nothing is said" output_is ""
check "nothing changed: nothing is touched" test "$before" = \
	"$(stat -c '%n %i %y' "$SMALL/bzImage" "$SMALL/kdir/Module.symvers")"

O=$SCRATCH/clone build_kernel
check "another build directory: comes from the cache" \
	grep -q '^kernel: taking small from the cache' "$SCRATCH/out"
check "another build directory: without a compiler's work" \
	test ! -e "$SCRATCH/clone/kernel/small/work"
check "another build directory: has the same kernel" \
	cmp "$SCRATCH/clone/kernel/small/bzImage" "$SMALL/bzImage"

lost=$(grep -h '^CONFIG_' "$MACHINE/kernel.config" |
	grep -vxFf "$SMALL/config") || true
check "every line of kernel.config had an effect" test -z "$lost"

small() { run_machine --kernel small "$@"; }

small -- sh -c 'uname -r; exit 7'
check "role off: the command's status" status_is 7
check "role off: it is this kernel" output_is "$RELEASE"
small --icount -- sh -c 'read -r up _ </proc/uptime; echo "${up#0.}" "$up"'
check "a shell after at most 120 million instructions (Debian's: 800)" \
	test "$(sed 's/ .*//;s/^0*//' "$SCRATCH/out")" -le 12
small --module algif_hash -- sh -c 'grep -c ^algif_hash /proc/modules'
check "a module of it is loaded" output_is 1
small --module kvm -- true
check "kvm.ko is there, and wants a machine with SIE" errors_name \
	"module 'kvm' cannot be loaded"

driver='cat /sys/firmware/uv/prot_virt_guest; modinfo -F filename uvdevice
	ls /dev/uv && grep -c ^uvdevice /proc/modules'
small --role guest -- sh -c "$driver"
check "role guest: protected, with our driver" output_is \
	"1
/lib/modules/$RELEASE/updates/uvdevice.ko
/dev/uv
1"
small --role guest --in-tree -- sh -c "$driver"
check "role guest, --in-tree: protected, with the kernel's driver" output_is \
	"1
/lib/modules/$RELEASE/kernel/drivers/s390/char/uvdevice.ko
/dev/uv
1"
small --role boot -- sh -c 'cat /sys/firmware/uv/prot_virt_guest; exit 9'
check "role boot: the command's status" status_is 9
check "role boot: protected" output_is 1
small --role boot --unprotected -- cat /sys/firmware/uv/prot_virt_guest
check "control: role boot, unprotected" errors_name \
	'prot_virt_guest.: No such file'
finish
