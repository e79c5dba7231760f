# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# One recipe per thing that can be fetched.  A recipe finds out the newest
# version, leaves at once when the cache has it, and otherwise makes it in
# $WORK (on the same file system as the cache) and renames it into place, so
# that what stands in the cache is always whole.  It sets RESULT.

# install_result DIRECTORY-IN-CACHE: $WORK/root becomes it.
install_result() {
	mkdir -p "$(dirname "$1")"
	mv -T "$WORK/root" "$1"
}

unpack() {
	local deb

	mkdir -p "$WORK/root"
	for deb in "$WORK"/debs/*.deb; do
		dpkg-deb -x "$deb" "$WORK/root" ||
			die "$(basename "$deb") cannot be unpacked"
		rm -f "$deb"
	done
}

# The newest s390x kernel package of a series: sets kernel_package,
# kernel_version, kernel_abi (the kernel's own release string).
find_kernel() {
	local name version

	kernel_package="" kernel_version=""
	while read -r name; do
		version=$(package_candidate "$name:s390x")
		[[ -n $version ]] || continue
		if [[ -z $kernel_version ]] ||
			dpkg --compare-versions "$version" gt "$kernel_version"
		then
			kernel_package=$name kernel_version=$version
		fi
	done < <(package_names "^linux-image-${1//./\\.}[.-].*-s390x\$")
	[[ -n $kernel_package ]] ||
		die "the configured archive has no s390x kernel $1 (Debian 12" \
		"has 6.12 in bookworm-backports, Debian 13 its own)"
	kernel_abi=${kernel_package#linux-image-}
}

# Since the merge of /usr modules are packaged below /usr/lib.
normalise_modules() {
	mkdir -p "$1/lib" "$1/usr"
	if [[ -d $1/usr/lib/modules ]]; then
		mv -T "$1/usr/lib/modules" "$1/lib/modules"
		rm -rf "$1/usr/lib"
	fi
	# Newer versions of depmod look only there.
	[[ -e $1/usr/lib ]] || ln -s ../lib "$1/usr/lib"
	find "$1/lib/modules" -name '*.ko.xz' -print0 |
		xargs -0 -r -n 64 -P 2 xz -d
	find "$1/lib/modules" -name '*.ko.zst' -print0 |
		xargs -0 -r -n 64 -P 2 zstd -q -d --rm
}

recipe_kernel() {
	local dir

	find_kernel "$1"
	dir=$CACHE/kernel/${kernel_abi}_$kernel_version
	RESULT=$dir
	[[ ! -d $dir ]] || return 0
	command -v depmod >/dev/null ||
		die "'depmod' is missing (Debian package: kmod)"
	download "$WORK/debs" "$kernel_package:s390x=$kernel_version"
	unpack
	normalise_modules "$WORK/root"
	depmod -b "$WORK/root" "$kernel_abi"
	[[ -s $WORK/root/boot/vmlinuz-$kernel_abi ]] ||
		die "$kernel_package has no boot/vmlinuz-$kernel_abi"
	install_result "$dir"
}

# The top Makefile of the header package includes the other half by its
# installed path: point that, and any other such path, into the cache.
# Without vmlinux no BTF is made for modules: that would need pahole, and one
# that gets the other byte order right.
redirect_headers() {
	local file

	rm -f "$1"/usr/src/linux-headers-*/vmlinux

	for file in "$1"/usr/src/linux-headers-*/Makefile; do
		sed -i "s|/usr/src/linux-headers-|$2&|g" "$file"
	done
}

recipe_headers() {
	local dir depends common kbuild package

	find_kernel "$1"
	dir=$CACHE/headers/${kernel_abi}_$kernel_version
	RESULT=$dir/usr/src/linux-headers-$kernel_abi
	[[ ! -d $dir ]] || return 0
	package=linux-headers-$kernel_abi
	depends=$(package_field "$package:s390x=$kernel_version" Depends)
	common=$(grep -o 'linux-headers-[^ ,|(]*-common' <<<"$depends") ||
		die "the archive has $kernel_package but not $package"
	kbuild=$(grep -o 'linux-kbuild-[^ ,|(]*' <<<"$depends")
	download "$WORK/debs" "$package:s390x=$kernel_version" \
		"$common=$kernel_version" "$kbuild:$HOST_ARCH=$kernel_version"
	unpack
	redirect_headers "$WORK/root" "$dir"
	install_result "$dir"
}

# What a static s390x program is linked against.  libzstd is there because
# newer OpenSSL packages use it.
readonly SYSROOT_PACKAGES="libc6-dev libcrypt-dev linux-libc-dev libssl-dev
	zlib1g-dev libzstd-dev libkeyutils-dev"

fix_absolute_links() {
	local link target up

	find "$1" -type l -lname '/*' | while read -r link; do
		target=$(readlink "$link")
		up=$(dirname "${link#"$1"/}" | sed 's|[^/]*|..|g')
		ln -sfn "$up$target" "$link"
	done
}

recipe_sysroot() {
	local package name version dir
	local -a wanted=()

	for package in $SYSROOT_PACKAGES; do
		name=$package:s390x
		version=$(package_candidate "$name")
		if [[ -z $version ]]; then
			# Debian 13 has linux-libc-dev for all architectures.
			name=$package
			version=$(package_candidate "$name")
		fi
		[[ -n $version ]] ||
			die "the configured archive has no $package for s390x"
		wanted+=("$name=$version")
	done
	dir=$CACHE/sysroot/$(sha256sum <<<"${wanted[*]}" | cut -c 1-16)
	RESULT=$dir
	[[ ! -d $dir ]] || return 0
	download "$WORK/debs" "${wanted[@]}"
	unpack
	fix_absolute_links "$WORK/root"
	printf '%s\n' "${wanted[@]}" >"$WORK/root/.packages"
	install_result "$dir"
}

recipe_busybox() {
	local version dir

	version=$(package_candidate busybox-static:s390x)
	[[ -n $version ]] ||
		die "the configured archive has no busybox-static for s390x"
	dir=$CACHE/busybox/${version//:/_}
	RESULT=$dir/bin/busybox
	if [[ ! -d $dir ]]; then
		download "$WORK/debs" "busybox-static:s390x=$version"
		unpack
		[[ -e $WORK/root/bin/busybox ]] ||
			mv -T "$WORK/root/usr/bin" "$WORK/root/bin"
		install_result "$dir"
	fi
}

# keyctl and what it is linked with, without what else these packages hold
# (the conversions of libc6 alone are 30 MB).
readonly KEYUTILS_PACKAGES="keyutils libkeyutils1 libc6"
readonly KEYUTILS_PARTS="bin/keyctl lib/ld64.so.1
	lib/s390x-linux-gnu/libc.so.6 lib/s390x-linux-gnu/libkeyutils.so.1"

# place_keyutils FROM TO: /usr merged or not, in the initramfs it is not.
place_keyutils() {
	local part source

	for part in $KEYUTILS_PARTS; do
		for source in "$1/$part" "$1/usr/$part"; do
			[[ -e $source ]] || continue
			mkdir -p "$(dirname "$2/$part")"
			cp -L "$source" "$2/$part"
		done
		[[ -s $2/$part ]] || die "$part is in none of the packages" \
			"$KEYUTILS_PACKAGES"
	done
}

recipe_keyutils() {
	local package version dir
	local -a wanted=()

	for package in $KEYUTILS_PACKAGES; do
		version=$(package_candidate "$package:s390x")
		[[ -n $version ]] ||
			die "the configured archive has no $package for s390x"
		wanted+=("$package:s390x=$version")
	done
	dir=$CACHE/keyutils/$(sha256sum <<<"${wanted[*]} $KEYUTILS_PARTS" |
		cut -c 1-16)
	RESULT=$dir
	[[ ! -d $dir ]] || return 0
	download "$WORK/debs" "${wanted[@]}"
	unpack
	mv -T "$WORK/root" "$WORK/unpacked"
	place_keyutils "$WORK/unpacked" "$WORK/root"
	install_result "$dir"
}

# The packages of an installation of QEMU and all that it depends on, of s390x
# only, as apt finds them: NAME:s390x=VERSION. What belongs to one source has
# one version.
qemu_closure() {
	apt_run packages apt-get -q -s --no-install-recommends install \
		"qemu-system-s390x:s390x=$1" "qemu-system-common:s390x=$1" \
		"qemu-system-data=$1" 2>"$WORK/apt.log" |
		sed -n 's/^Inst \([^ ]*:s390x\) (\([^ ]*\) .*/\1=\2/p'
}

# needed_libraries FILE: as its dynamic section names them
needed_libraries() {
	LC_ALL=C readelf -d "$1" |
		sed -n 's/.*(NEEDED).*\[\(.*\)\]$/\1/p'
}

# place_program FROM PROGRAM TO: a program and the libraries that it is linked
# with, and nothing else of the packages they are in.
place_program() {
	local from=$1 to=$3 name path
	local -a queue=("$2")

	mkdir -p "$to/lib/s390x-linux-gnu" "$to/usr/bin"
	cp "$2" "$to/usr/bin/"
	while ((${#queue[@]})); do
		path=${queue[0]} queue=("${queue[@]:1}")
		for name in $(needed_libraries "$path"); do
			[[ ! -e $to/lib/s390x-linux-gnu/$name ]] || continue
			path=$(find "$from/lib" "$from/usr/lib" -name "$name" \
				2>/dev/null | sed -n 1p)
			[[ -n $path ]] || die "$name is in none of the" \
				"packages that ${2##*/} depends on"
			cp -L "$path" "$to/lib/s390x-linux-gnu/$name"
			queue+=("$path")
		done
	done
	cp -L "$(find "$from/lib" "$from/usr/lib" -name ld64.so.1 \
		2>/dev/null | sed -n 1p)" "$to/lib/" ||
		die "there is no ld64.so.1 for ${2##*/}"
}

# Debian's own QEMU for s390x, to run inside of the machine.
recipe_qemu_s390x() {
	local version dir closure
	local -a wanted

	version=$(package_candidate qemu-system-s390x:s390x)
	[[ -n $version ]] ||
		die "the configured archive has no qemu-system-s390x for" \
			"s390x (Debian 12 has it in bookworm-backports)"
	closure=$(qemu_closure "$version")
	[[ -n $closure ]] || die "qemu-system-s390x $version cannot be" \
		"resolved: $(sed -n 1p "$WORK/apt.log")"
	mapfile -t wanted <<<"$closure"
	dir=$CACHE/qemu-s390x/$(sha256sum <<<"$closure" | cut -c 1-16)
	RESULT=$dir
	[[ ! -d $dir ]] || return 0
	command -v readelf >/dev/null ||
		die "'readelf' is missing (Debian package: binutils)"
	download "$WORK/debs" "${wanted[@]}" "qemu-system-data=$version"
	unpack
	mv -T "$WORK/root" "$WORK/unpacked"
	place_program "$WORK/unpacked" \
		"$WORK/unpacked/usr/bin/qemu-system-s390x" "$WORK/root"
	mkdir -p "$WORK/root/usr/share/qemu"
	cp "$WORK/unpacked/usr/share/qemu/s390-ccw.img" \
		"$WORK/root/usr/share/qemu/" ||
		die "qemu-system-data $version has no s390-ccw.img"
	install_result "$dir"
}

# The version of linux-source-$1 that the kernel package was made of, or else
# the newest: sets source_version.
find_source() {
	find_kernel "$1"
	source_version=$(package_versions "linux-source-$1" |
		grep -Fx "$kernel_version") ||
		source_version=$(package_versions "linux-source-$1" |
			sed -n 1p)
	[[ -n $source_version ]] ||
		die "the configured archive has no linux-source-$1"
}

# All of the sources, as they are packed: whoever builds a kernel unpacks them.
recipe_kernel_tarball() {
	local dir name=linux-source-$1.tar.xz

	find_source "$1"
	dir=$CACHE/kernel-tarball/$source_version
	RESULT=$dir/$name
	[[ ! -d $dir ]] || return 0
	download "$WORK/debs" "linux-source-$1=$source_version"
	mkdir -p "$WORK/root"
	dpkg-deb --fsys-tarfile "$WORK"/debs/*.deb |
		tar -xO "./usr/src/$name" >"$WORK/root/$name" ||
		die "linux-source-$1 holds no $name"
	install_result "$dir"
}

# Only what tests and lint need of the 1.5 GB of sources.
readonly SOURCE_PARTS="COPYING Makefile scripts/checkpatch.pl
	scripts/spelling.txt scripts/const_structs.checkpatch
	scripts/Makefile.arch scripts/subarch.include scripts/kernel-doc
	tools/scripts tools/include/nolibc
	tools/testing/selftests/Makefile tools/testing/selftests/lib.mk
	tools/testing/selftests/run_kselftest.sh
	tools/testing/selftests/kselftest_install.sh
	tools/testing/selftests/gen_kselftest_tar.sh
	tools/testing/selftests/kselftest_deps.sh
	tools/testing/selftests/kselftest.h
	tools/testing/selftests/kselftest_harness.h
	tools/testing/selftests/kselftest_module.h
	tools/testing/selftests/kselftest
	tools/testing/selftests/drivers/s390x
	drivers/s390/char/Makefile drivers/s390/char/Kconfig
	drivers/s390/char/uvdevice.c arch/s390/include/uapi/asm/uvdevice.h"

recipe_kernel_source() {
	local dir part tarball
	local -a parts=()

	find_source "$1"
	dir=$CACHE/kernel-source/${source_version}_$(cksum <<<"$SOURCE_PARTS" |
		cut -d ' ' -f 1)
	RESULT=$dir
	[[ ! -d $dir ]] || return 0
	recipe_kernel_tarball "$1"
	tarball=$RESULT RESULT=$dir
	for part in $SOURCE_PARTS; do
		parts+=("linux-source-$1/$part")
	done
	mkdir -p "$WORK/root"
	note "unpacking what is needed of ${tarball##*/}"
	# Parts that a series does not have make tar complain: looked at below.
	xz -dc -T 2 "$tarball" | tar -x -C "$WORK/root" --strip-components=1 \
		"${parts[@]}" 2>"$WORK/tar.log" || true
	[[ -s $WORK/root/tools/testing/selftests/lib.mk &&
		-s $WORK/root/scripts/checkpatch.pl ]] ||
		die "$tarball could not be unpacked: $(tail -n 1 "$WORK/tar.log")"
	install_result "$dir"
}

# The upstream tarball only, of the newest 10.0.x.
recipe_qemu_source() {
	local version dir tarball

	version=$(apt_run sources apt-cache showsrc qemu 2>/dev/null |
		sed -n 's/^Version: //p' | grep -E '^1:10\.0\.' |
		sort_versions | sed -n 1p)
	[[ -n $version ]] ||
		die "the configured archive has no source of QEMU 10.0.x:" \
			"give a source tree with QEMU_SRC= instead"
	dir=$CACHE/qemu-source/${version//:/_}
	if [[ ! -d $dir ]]; then
		mkdir -p "$WORK/root"
		note "downloading the source of qemu $version"
		(cd "$WORK/root" && apt_run sources apt-get -q source \
			--download-only --tar-only "qemu=$version" >&2) ||
			die "download of the source of qemu $version failed"
		install_result "$dir"
	fi
	for tarball in "$dir"/qemu_*.orig.tar.*; do
		RESULT=$tarball
	done
	[[ -s $RESULT ]] || die "$dir holds no upstream tarball: remove it"
}

# QEMU's build wants a meson that Debian 12 itself does not have, and a small
# module beside it.  Unpacked together: usr/share/meson (older packages) and
# usr/lib/python3/dist-packages go into PYTHONPATH.
recipe_meson() {
	local meson pycotap dir

	meson=$(package_versions meson | sed -n 1p)
	pycotap=$(package_versions python3-pycotap | sed -n 1p)
	if [[ -z $meson || -z $pycotap ]] ||
		dpkg --compare-versions "$meson" lt 1.5; then
		die "the configured archive has no meson >= 1.5 with" \
			"python3-pycotap"
	fi
	dir=$CACHE/meson/${meson//:/_}_${pycotap//:/_}
	RESULT=$dir
	[[ ! -d $dir ]] || return 0
	download "$WORK/debs" "meson=$meson" "python3-pycotap=$pycotap"
	unpack
	install_result "$dir"
}
