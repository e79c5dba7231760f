# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The initramfs: a base of busybox and PID 1, the same for every run and kept,
# and a small archive of this run's own behind it (the kernel unpacks both,
# one after the other). Not compressed: unpacking under emulation costs more
# than copying.

# pack DIRECTORY FILE: everything belongs to root in there.
pack() {
	(cd "$1" && find . -mindepth 1 | LC_ALL=C sort |
		cpio --quiet -o -H newc -R 0:0) >"$2" ||
		die "$2 cannot be made (disk full?)"
}

# Sets BASE, made anew when PID 1 or busybox have changed.
find_base() {
	local busybox root

	busybox=$("$HERE/fetch" busybox) || die "no busybox"
	BASE=$(cat "$O/machine/init" "$busybox" "${BASH_SOURCE[0]}" |
		sha256sum | cut -c 1-16)
	BASE=$O/machine/base-$BASE.cpio
	[[ ! -e $BASE ]] || return 0
	root=$WORK/base
	mkdir -p "$root"/{bin,sbin,lib,usr/bin,usr/sbin,etc,root,var/tmp} \
		"$root"/{proc,sys,dev,tmp,run}
	ln -s ../lib "$root/usr/lib"
	cp "$busybox" "$root/bin/busybox"
	cp "$O/machine/init" "$root/init"
	printf 'root:x:0:0:root:/root:/bin/sh\n' >"$root/etc/passwd"
	printf 'root:x:0:\n' >"$root/etc/group"
	printf 's390-pv\n' >"$root/etc/hostname"
	pack "$root" "$WORK/base.cpio"
	find "$O/machine" -maxdepth 1 -name "base-*.cpio" -mtime +0 -delete
	mv -f "$WORK/base.cpio" "$BASE"
}

# place FILE PATH-IN-GUEST
place() {
	[[ $2 == /* ]] || usage_error "'$2' is not an absolute path"
	mkdir -p "$ROOT$(dirname "$2")"
	cp -L "$1" "$ROOT$2" || die "$1 cannot be copied"
}

place_files() {
	local entry source target

	for entry in "${DIRS[@]}"; do
		mkdir -p "$ROOT${entry#*:}"
		cp -a "${entry%%:*}/." "$ROOT${entry#*:}/" ||
			die "${entry%%:*} cannot be copied"
	done
	for entry in "${FILES[@]}"; do
		source=${entry%%:*} target=${entry#"${entry%%:*}"}
		target=${target#:}
		target=${target:-/root/}
		[[ $target != */ ]] || target+=${source##*/}
		place "$source" "$target"
	done
}

# The SE images that the command names, so that the same words name them in
# the machine, where it is run in /root.
place_images() {
	local word path

	for word in "${COMMAND[@]}"; do
		is_image "$word" || continue
		path=$word
		[[ $word == /* ]] || path=/root/$word
		place "$word" "$(realpath -ms "$path")"
	done
}

fits_kernel() {
	[[ $(modinfo -F vermagic "$1" 2>/dev/null) == "$RELEASE "* ]]
}

# A module of the kernel and what it needs.
place_kernel_module() {
	local line path any=""

	while read -r _ path line; do
		[[ $path == /* || $path == *.ko* ]] || continue
		path=${path#*/lib/modules/"$RELEASE"/}
		place "$KERNEL_ROOT/lib/modules/$RELEASE/$path" \
			"/lib/modules/$RELEASE/$path"
		any=1
	done < <(modprobe -C /dev/null -d "$KERNEL_ROOT" -S "$RELEASE" \
		--show-depends "$1" 2>/dev/null)
	[[ -n $any ]]
}

place_module_file() {
	fits_kernel "$1" || die "module $1 was built for" \
		"'$(modinfo -F vermagic "$1" 2>/dev/null)', not for this" \
		"kernel ($RELEASE): build it again"
	place "$1" "/lib/modules/$RELEASE/updates/${1##*/}"
}

# Sets LOAD: the names to be loaded.
place_modules() {
	local ours=$O/s390x/uvdevice.ko module name file

	LOAD=()
	[[ ! -e $KERNEL_ROOT/uvdevice.ko ]] || ours=$KERNEL_ROOT/uvdevice.ko
	# The kernel's own is ours already.
	[[ $KERNEL != pv && $KERNEL != pv-debug ]] || ours=""
	[[ -n $RELEASE ]] || {
		((${#MODULES[@]} == 0)) ||
			die "no lib/modules found beside $KERNEL"
		return 0
	}
	# A driver of the ports that is built in is not found: so it should be.
	place_kernel_module virtio_console || true
	place_kernel_module uvdevice || true
	# The same with KVM: built in, it needs no loading.
	if [[ $ROLE == host ]] && place_kernel_module kvm; then
		LOAD+=(kvm)
	fi
	if [[ -z $IN_TREE && -e $ours ]]; then
		if fits_kernel "$ours"; then
			place_module_file "$ours"
		else
			printf 'machine/run: note: %s is left out, it was %s\n' \
				"$ours" "not built for $RELEASE" >&2
		fi
	fi
	for module in "${MODULES[@]}"; do
		name=${module##*/}
		if [[ $module == */* || $module == *.ko ]]; then
			[[ -f $module ]] || die "no module file $module"
			place_module_file "$module"
		else
			place_kernel_module "$module" || die "the kernel" \
				"$RELEASE has no module '$module'"
		fi
		LOAD+=("${name%.ko}")
	done
	for file in modules.order modules.builtin modules.builtin.modinfo; do
		name=$KERNEL_ROOT/lib/modules/$RELEASE/$file
		[[ ! -e $name ]] || place "$name" "/lib/modules/$RELEASE/$file"
	done
	depmod -b "$ROOT" "$RELEASE" || die "depmod failed"
}

# What was built for the machine.
place_programs() {
	local vmm=$O/s390x/vmm

	[[ ! -e $O/s390x/uvctl ]] || place "$O/s390x/uvctl" /usr/bin/uvctl
	[[ $ROLE != host || ! -e $vmm ]] || place "$vmm" /usr/bin/vmm
	[[ -z $WITH_QEMU ]] || place_qemu
}

# QEMU for guests of a host, unpacked as it is in the cache.
place_qemu() {
	local qemu

	qemu=$("$HERE/fetch" qemu-s390x) || die "no QEMU for s390x"
	cp -a "$qemu/." "$ROOT/" || die "$qemu cannot be copied"
	place "$O/machine/supervise-s390x" /usr/bin/machine-supervise
	place "$HERE/qemu-guest" /usr/bin/qemu-guest
}

write_list() {
	local file=$ROOT/.machine/$1
	shift

	(($# == 0)) || printf '%s\0' "$@" >"$file"
}

# Makes $WORK/initramfs.
build_initramfs() {
	ROOT=$WORK/root
	mkdir -p "$ROOT"/{.machine,lib,usr/bin}
	ln -s ../lib "$ROOT/usr/lib"
	find_base
	place_modules
	place_programs
	[[ $ROLE != host ]] || place_images
	place_files
	write_list argv "${COMMAND[@]}"
	write_list modules "${LOAD[@]}"
	write_list collect "${COLLECT[@]%%:*}"
	[[ -z $TTY ]] || write_list terminal "${TERM:-vt100}"
	pack "$ROOT" "$WORK/run.cpio"
	cat "$BASE" "$WORK/run.cpio" >"$WORK/initramfs"
}
