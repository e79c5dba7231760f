# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Trees of Linux 6.12 for tests/overlay: the few files that are of interest, and
# the whole one where something is compiled.

# Sets kernel, the unpacked source without the selftests, and checkpatch; the
# rules of the selftests are in another part of the same package.
find_kernel_sources()
{
	local kdir=$out/kernel/pv/kdir

	selftests=$("$root/machine/fetch" kernel-source) || return
	checkpatch=$selftests/scripts/checkpatch.pl
	kernel=$(readlink -e "$kdir/source") || {
		echo "overlay: $kdir is missing: make it with make kernel-pv" >&2
		return 1
	}
}

# make_tree DIR: those files of a pristine source that matter here
make_tree()
{
	mkdir -p "$1"
	(cd "$kernel" && cp -a --parents Makefile arch/s390/K* \
		arch/s390/{boot,kernel,kvm,mm} drivers/s390/char virt/kvm "$1")
	(cd "$selftests" && cp -a --parents \
		tools/testing/selftests/Makefile "$1")
}

# objects_of TREE CHOICE: what the five makefiles want to be built
objects_of()
{
	local folder

	cat >"$work/list.mk" <<'EOT'
list:
	@printf '$(folder)/%s\n' $(sort $(obj-y) $(obj-m) $(kvm-y) $(uvdevice-y))
include $(folder)/$(file)
EOT
	for folder in arch/s390:Kbuild arch/s390/{boot,kernel,kvm}:Makefile \
		drivers/s390/char:Makefile; do
		env -u MAKEFLAGS -u MAKELEVEL make -s -C "$1" \
			-f "$work/list.mk" srctree=. src="${folder%:*}" \
			folder="${folder%:*}" file="${folder#*:}" \
			CONFIG_KVM=m CONFIG_S390_UV_UAPI=m \
			"CONFIG_S390_PV_$2=y" list || return
	done | grep -v '/FORCE$' | LC_ALL=C sort
}

# pv_objects TREE: those of arch/s390/kvm/pv/Makefile
pv_objects()
{
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$1" -f "$work/list.mk" \
		srctree=. src=arch/s390/kvm/pv folder=arch/s390/kvm/pv \
		file=Makefile CONFIG_PGSTE=y list
}

# prepare_build PATCHED: the whole source, as links, with what is patched
prepare_build()
{
	build=$work/build
	cp -as "$kernel" "$build" || return
	(cd "$1" && find . -path ./.git -prune -o -type f -print0 |
		xargs -0 cp -a --remove-destination --parents -t "$build")
}

kbuild()
{
	env -u O -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make --no-print-directory \
		-C "$build" O=work ARCH=s390 \
		CROSS_COMPILE="${CROSS_COMPILE:-s390x-linux-gnu-}" \
		-j"$(nproc)" "$@"
}

# configure_build KVM
configure_build()
{
	mkdir -p "$build/work"
	grep -v '^CONFIG_KVM=' "$out/kernel/pv/config" >"$build/work/.config"
	echo "CONFIG_KVM=$1" >>"$build/work/.config"
	kbuild olddefconfig prepare modules_prepare
}

# The host's side in vmlinux needs no other object of the kernel; that in
# kvm.ko is compiled by the rules of the whole module.
compile_ours()
{
	local targets=(arch/s390/kvm/pv/ drivers/s390/char/uvdevice/)

	[ "$1" = n ] || targets+=(arch/s390/kvm/)
	kbuild W=1 C=2 CF=-D__CHECK_ENDIAN__ "${targets[@]}" \
		>"$work/warnings" 2>&1 || {
		cat "$work/warnings"
		return 1
	}
	grep -q 'CHECK .*arch/s390/kvm/pv/' "$work/warnings" &&
		grep -q 'CHECK .*char/uvdevice/' "$work/warnings"
}

no_word_of_ours()
{
	! grep -E '(kvm/pv|char/uvdevice)/[a-z_-]*\.[ch]:[0-9]+:' "$work/warnings"
}
