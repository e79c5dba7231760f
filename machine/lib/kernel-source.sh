# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Where a kernel is built: the source, unpacked once for this computer, and the
# tree of links to it that a build of its own may change.

# Three quarters of the sources: for other processors, and for devices that no
# computer of this kind has. What describes them (Kconfig, Makefile) is read
# whether they are built or not, so that is kept.
readonly LEAVE_OUT=(Documentation/*/* 'samples/*.[ch]' 'sound/*.[ch]'
	'arch/[!s]*.[chS]' 'arch/sh/*.[chS]' 'arch/sparc/*.[chS]'
	'arch/*.dts' 'arch/*.dtsi' 'drivers/net/*/*.[ch]'
	drivers/{accel,clk,gpu,hid,hwmon,iio,infiniband,input,media}'/*.[ch]'
	drivers/{phy,pinctrl,platform,scsi,staging,usb,video}'/*.[ch]'
	tools/testing tools/perf)

# Sets SOURCE, the directory where the kernel's sources stand or will stand,
# and TARBALL, what they are to come from; empty for a directory.
find_source() {
	TARBALL=${KSRC:-}
	if [[ -z $TARBALL ]]; then
		TARBALL=$("$HERE/fetch" kernel-tarball) || die "no source of" \
			"the kernel: give a tree or a tarball with KSRC="
	fi
	[[ -e $TARBALL ]] || die "KSRC: there is no '$TARBALL'"
	TARBALL=$(realpath "$TARBALL")
	if [[ -d $TARBALL ]]; then
		[[ -d $TARBALL/arch/s390 && -s $TARBALL/Kbuild ]] ||
			die "KSRC: '$TARBALL' is not a source tree of Linux"
		SOURCE=$TARBALL TARBALL=""
		return
	fi
	SOURCE=$(printf '%s\n' "$(stat -c '%n %s %Y' "$TARBALL")" \
		"${LEAVE_OUT[@]}" | sha256sum | cut -c 1-16)
	SOURCE=$CACHE/kernel-tree/$SOURCE
}

unpack() {
	local top pattern
	local -a leave_out=()

	[[ ! -e $SOURCE/Makefile ]] || return 0
	note "unpacking ${TARBALL##*/}"
	UNFINISHED=$SOURCE.new
	rm -rf "$UNFINISHED"
	mkdir -p "$UNFINISHED"
	# tar complains when its reader goes.
	top=$(tar -tf "$TARBALL" 2>/dev/null | head -n 1) || true
	top=${top%%/*}
	for pattern in "${LEAVE_OUT[@]}"; do
		leave_out+=("--exclude=$top/$pattern")
	done
	tar -xf "$TARBALL" -C "$UNFINISHED" --strip-components=1 \
		"${leave_out[@]}" || die "'$TARBALL' cannot be unpacked"
	[[ -d $UNFINISHED/arch/s390 && -s $UNFINISHED/Kbuild ]] ||
		die "'$TARBALL' holds no source of Linux"
	mv -T "$UNFINISHED" "$SOURCE"
}

# A tree of links to the source. Of a directory it is made anew each time,
# since files may have come and gone there; the objects in it stay.
make_links() {
	if [[ $(readlink "$TREE/Makefile") != "$SOURCE/Makefile" ]]; then
		# Objects of other sources are of no use.
		rm -rf "$TREE"
	elif [[ -n $TARBALL ]]; then
		return
	fi
	rm -rf "$TREE.new"
	mkdir -p "$TREE.new"
	cp -as "$SOURCE"/[!.]* "$TREE.new"
	[[ ! -d $TREE/work ]] || mv "$TREE/work" "$TREE.new/work"
	rm -rf "$TREE"
	mv -T "$TREE.new" "$TREE"
}

# Sets TREE and W, the directories of sources and of objects. With the objects
# inside of the sources no path in kbuild's commands depends on where they are,
# so that a copy of both is built on where it differs.
make_tree() {
	if [[ -z $TARBALL$OURS ]]; then
		TREE=$SOURCE W=$OUT/work
		[[ ! -L $W/source || $(readlink "$W/source") == "$TREE" ]] ||
			rm -rf "$W"
		mkdir -p "$W"
		return
	fi
	TREE=$OUT/tree W=$OUT/tree/work
	make_links
	[[ -z $OURS ]] || "$HERE/../overlay/link-into-tree" --fixes "$TREE" ||
		die "our sources do not fit '$SOURCE'"
	[[ -d $W ]] || with_lock "$CACHE/kernel-objects/$TWIN.lock" take_objects
	mkdir -p "$W"
}

# Objects of the kernel's own code, of the last one that was compiled on this
# computer: a start for every other kernel from the same sources.
take_objects() {
	local kept=$CACHE/kernel-objects/$TWIN

	[[ -n $TARBALL && -s $kept/source ]] || return 0
	[[ $(<"$kept/source") == "$SOURCE" ]] || return 0
	note "starting with the objects of $TWIN"
	rm -rf "$W.new"
	cp -a --reflink=auto "$kept/work" "$W.new"
	mv -T "$W.new" "$W"
}

keep_objects() {
	local kept=$CACHE/kernel-objects/$TWIN

	UNFINISHED=$kept.new
	rm -rf "$UNFINISHED"
	mkdir -p "$UNFINISHED"
	cp -a --reflink=auto "$W" "$UNFINISHED/work"
	printf '%s\n' "$SOURCE" >"$UNFINISHED/source"
	rm -rf "$kept"
	mv -T "$UNFINISHED" "$kept"
}
