# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The machine: its kernel, and QEMU's command line.

# Sets KERNEL_IMAGE, and KERNEL_ROOT (where lib/modules stands) and RELEASE,
# both empty for a kernel without modules.
find_kernel() {
	local dir

	RELEASE="" KERNEL_ROOT=""
	case $KERNEL in
	debian-*)
		KERNEL_ROOT=$("$HERE/fetch" kernel "${KERNEL#debian-}") ||
			die "no kernel $KERNEL"
		for KERNEL_IMAGE in "$KERNEL_ROOT"/boot/vmlinuz-*; do :; done
		RELEASE=${KERNEL_IMAGE##*/vmlinuz-} ;;
	small | debug | pv | pv-debug)
		KERNEL_ROOT=$O/kernel/$KERNEL KERNEL_IMAGE=$O/kernel/$KERNEL/bzImage
		[[ -s $KERNEL_IMAGE ]] || die "$KERNEL_IMAGE is missing:" \
			"build it with make kernel-$KERNEL"
		RELEASE=$(basename "$KERNEL_ROOT"/lib/modules/*) ;;
	*)
		[[ -f $KERNEL ]] || usage_error "no kernel image '$KERNEL'"
		KERNEL_IMAGE=$KERNEL
		for dir in "$(dirname "$KERNEL_IMAGE")" "$(dirname "$KERNEL_IMAGE")"/..; do
			compgen -G "$dir/lib/modules/*/modules.dep" \
				>/dev/null || continue
			KERNEL_ROOT=$dir
			dir=$(echo "$dir"/lib/modules/*/modules.dep)
			[[ $dir != *' '* ]] || die "$KERNEL_ROOT/lib/modules" \
				"holds modules of more than one kernel"
			RELEASE=${dir%/modules.dep}
			RELEASE=${RELEASE##*/}
			break
		done ;;
	esac
}

# The kernel's self-tests of its crypto take a quarter of the boot, so they
# are left out. KVM runs only in processes whose page tables have room for it;
# the setting saves every program from asking for that when it is linked.
choose_parameters() {
	PARAMETERS="console=ttysclp0 panic_on_warn=1 cryptomgr.notests"
	if [[ $ROLE == host ]]; then
		PARAMETERS+=" sysctl.vm.allocate_pgste=1"
		[[ -n $NO_PROT_VIRT ]] || PARAMETERS+=" prot_virt=1"
	fi
	PARAMETERS+=$APPEND
}

guest_header() {
	local header=$HEADER

	[[ -n $header ]] || header=$O/test-pki/host-header.bin
	[[ -e $header ]] || die "no SE header for the guest: make" \
		"$O/test-pki (machine/test-pki), or name one with --header"
	printf '%s' "$header"
}

# The machine's properties in every role but off.
ultravisor_machine() {
	local machine=ultravisor=$ROLE key=${HOST_KEY:-$O/test-pki/host.key}
	local header

	[[ -e $key ]] || die "no host key for the machine: make" \
		"$O/test-pki (machine/test-pki), or name one with --host-key"
	machine+=",uv-host-key=$(quote "$key"),uv-profile=$PROFILE"
	if [[ $ROLE == guest ]]; then
		header=$(guest_header) || exit
		machine+=",uv-header=$(quote "$header")"
	fi
	[[ -z $SEED ]] || machine+=",uv-seed=$SEED"
	[[ -z $FAULT ]] || machine+=",uv-faults=$(quote "$FAULT")"
	[[ -z $HOST_VIEW ]] ||
		machine+=",uv-host-view=$(quote "$HOST_VIEW.part")"
	[[ -z $DEBUG ]] || machine+=",uv-log=call"
	printf '%s' "$machine"
}

# QEMU loads it at 0, and its firmware, used or not, into the last 3 MiB.
check_image_size() {
	(($(stat -L -c %s "$SE_IMAGE") <= (MEMORY - 3) << 20)) ||
		die "the image does not fit into $MEMORY MiB of storage:" \
			"give the machine more with --memory"
}

# QEMU's monitor at a port of the machine: QEMU is the client of its own socket.
add_fault_port() {
	local path

	path=$(quote "$WORK/monitor")
	MACHINE+=(-chardev "socket,id=monitor,path=$path,server=on,wait=off"
		-mon chardev=monitor,mode=control
		-chardev "socket,id=fault-port,path=$path"
		-device virtio-serial-ccw,id=faults,max_ports=2,iommu_platform=on
		-device virtserialport,bus=faults.0,chardev=fault-port,name=s390-pv.monitor)
}

# Sets MACHINE: the command line of QEMU, without the streams.
build_command_line() {
	local type=s390-ccw-virtio properties=""

	if [[ $ROLE != off ]]; then
		properties=,$(ultravisor_machine)
	fi
	type+=$properties$PROPERTIES
	MACHINE=("$QEMU" -L "$(dirname "$QEMU")" -M "$type" -cpu max
		-accel tcg -smp "$SMP" -m "$MEMORY" -display none -nodefaults
		-no-reboot)
	if [[ -n $SE_IMAGE ]]; then
		check_image_size
		MACHINE+=(-kernel "$SE_IMAGE")
	else
		MACHINE+=(-kernel "$KERNEL_IMAGE" -initrd "$WORK/initramfs"
			-append "$PARAMETERS")
	fi
	[[ -z $ICOUNT ]] || MACHINE+=(-icount "shift=0,sleep=off")
	[[ -z $FAULT_PORT ]] || add_fault_port
	[[ -z $DEBUG ]] ||
		MACHINE+=(-gdb "unix:$WORK/gdb,server=on,wait=off")
	MACHINE+=("${QEMU_ARGS[@]}")
}
