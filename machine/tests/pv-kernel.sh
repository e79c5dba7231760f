#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The small kernels with our host's side: it is ours that runs, as a host and
# as a guest, and what the debugging twin finds is a failure of the run.
# shellcheck disable=SC2016
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

# What does not end the kernel on the spot is found in its log.
check_reports() {
	local param text

	cp -r "$MACHINE/tests/warn" "$SCRATCH/warn"
	try make -s -C "$dir/kdir" M="$SCRATCH/warn" ARCH=s390 \
		CROSS_COMPILE="${CROSS_COMPILE:-s390x-linux-gnu-}" modules
	check "$KERNEL: a module for it is built" status_is 0
	# The machine reads stdin.
	while read -r -u 3 param text; do
		pv --file "$SCRATCH/warn/warn.ko" -- insmod warn.ko "param=$param"
		if ((param)); then
			check "$KERNEL: $text: is a failure of the run" \
				status_is 125
			check "$KERNEL: $text: is told" \
				errors_name "the kernel warned: .*$text"
		else
			check "$KERNEL: control: a module without fault" \
				status_is 0
		fi
	done 3<<-'EOT'
		0
		2 possible circular locking
		3 kmemleak: 1 new suspected
		4 KASAN: slab-use-after-free
	EOT
}

# A kernel that takes long to build is tested where somebody built it.
for KERNEL in pv pv-debug; do
	dir=$O/kernel/$KERNEL
	if [[ ! -s $dir/bzImage ]]; then
		skip "the kernel $KERNEL" "it was not built (make kernel-$KERNEL)"
		continue
	fi
	release=$(basename "$dir"/lib/modules/*)
	pv() { run_machine --kernel "$KERNEL" --timeout 300 "$@"; }

	check "$KERNEL: the choice is ours" \
		grep -qx CONFIG_S390_PV_STRICT=y "$dir/config"
	pv --role host -- sh -c 'uname -r; cat /sys/firmware/uv/prot_virt_host
		cat /sys/firmware/uv/leaked/*; grep -c ^kvm /proc/modules'
	check "$KERNEL, role host: it is this kernel, nothing leaked, KVM" \
		output_is "$release
1
0
0
0
0
0
1"
	if [[ $KERNEL == *debug ]]; then
		check_reports
		continue
	fi
	pv --role guest -- sh -c 'modinfo -F filename uvdevice
		cat /sys/firmware/uv/prot_virt_guest
		ls /dev/uv && grep -c ^uvdevice /proc/modules'
	check "$KERNEL, role guest: protected, the driver in the kernel is ours" \
		output_is \
		"/lib/modules/$release/kernel/drivers/s390/char/uvdevice/uvdevice.ko
1
/dev/uv
1"
	pv --role guest -- uvctl info
	check "$KERNEL, role guest: the driver answers" status_is 0
done
finish
