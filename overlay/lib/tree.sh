# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What our sources need of a Linux 6.12 tree: where they go, and the lines of
# its files that lead there. One list for the script that lays them in and for
# the one that makes a patch.

SOURCES=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
PROGRAM=overlay/${0##*/}

die() {
	printf '%s: %s\n' "$PROGRAM" "$*" >&2
	exit 1
}

# Ours, below the top of either tree. A folder stands in a tree for itself.
readonly FOLDERS=(arch/s390/kvm/pv drivers/s390/char/uvdevice
	tools/testing/selftests/pv)

# A tree that was unpacked without its selftests goes without ours.
readonly OPTIONAL=tools/testing/selftests

is_left_out() {
	[[ $1 == "$OPTIONAL"/* && ! -e $KSRC/$OPTIONAL/Makefile ]]
}

# Every file of ours that goes into the tree, one a line. What makes up for the
# headers of older kernels does not.
list_sources() {
	local folder

	for folder in "${FOLDERS[@]}"; do
		is_left_out "$folder" || (cd "$SOURCES" && find "$folder" \
			-type f ! -path '*/uvdevice/compat.h' ! -name '*.o' \
			! -name '.*.cmd' ! -name '*.swp')
	done | LC_ALL=C sort
}

# edit HOW FILE WHERE TEXT, in the current directory; HOW is one of
#   after    TEXT follows the only line that is WHERE
#   instead  TEXT takes its place
#   without  TEXT follows the only line with the word WHERE, which loses it
#   end      TEXT follows the last line
# Blanks count as one. What is not found once is a failure.
edit() {
	local how=$1 file=$2 where=$3 text=$4

	HOW=$how WHERE=$where TEXT=$text awk '
		function plain(line) {
			gsub(/[ \t]+/, " ", line)
			return line
		}
		function lose(line, word,   at) {
			at = index(line " ", " " word " ")
			return substr(line, 1, at - 1) \
				substr(line, at + length(word) + 1)
		}
		BEGIN {
			how = ENVIRON["HOW"]
			where = ENVIRON["WHERE"]
			text = ENVIRON["TEXT"]
		}
		how == "without" && /^[a-z]/ &&
		index(plain($0) " ", " " where " ") {
			print lose($0, where)
			print text
			found++
			next
		}
		(how == "after" || how == "instead") && plain($0) == where {
			if (how == "after")
				print
			print text
			found++
			next
		}
		{ print }
		END {
			if (how == "end" && NR) {
				print text
				found++
			}
			exit found != 1
		}' "$file" >"$file.new" || {
		rm -f "$file.new"
		die "$KSRC/$file is not what it is in Linux 6.12: there is" \
			"not just one '$where' in it; take the kernel's own file"
	}
	mv -f "$file.new" "$file"
}

# Files of the tree that are changed; list_edited leaves out what is not there.
readonly EDITED=(arch/s390/Kconfig arch/s390/Kbuild arch/s390/kernel/Makefile
	arch/s390/kvm/Makefile arch/s390/boot/Makefile
	drivers/s390/char/Makefile tools/testing/selftests/Makefile)

list_edited() {
	local file

	for file in "${EDITED[@]}"; do
		is_left_out "$file" || printf '%s\n' "$file"
	done
}

# Change the copies of these files that stand in the current directory.
# shellcheck disable=SC2016 # variables of make
edit_files() {
	edit after arch/s390/Kconfig 'source "arch/s390/kvm/Kconfig"' \
		'source "arch/s390/kvm/pv/Kconfig"'
	edit after arch/s390/Kbuild 'obj-$(CONFIG_KVM) += kvm/' \
		'obj-$(CONFIG_S390_PV_STRICT)	+= kvm/pv/'
	edit without arch/s390/kernel/Makefile uv.o \
		'obj-$(CONFIG_S390_PV_MAINLINE)	+= uv.o'
	edit without arch/s390/kvm/Makefile pv.o \
		'kvm-$(CONFIG_S390_PV_MAINLINE) += pv.o
include $(srctree)/arch/s390/kvm/pv/Makefile.kvm'
	edit without arch/s390/boot/Makefile uv.o \
		'obj-$(CONFIG_S390_PV_MAINLINE)	+= uv.o
obj-$(CONFIG_S390_PV_STRICT)	+= pv.o'
	edit end arch/s390/boot/Makefile '' '
CFLAGS_pv.o += -I$(srctree)/arch/s390/boot
$(obj)/pv.o: $(srctree)/arch/s390/kvm/pv/boot.c FORCE
	$(call if_changed_rule,cc_o_c)'
	edit instead drivers/s390/char/Makefile \
		'obj-$(CONFIG_S390_UV_UAPI) += uvdevice.o' \
		'obj-$(CONFIG_S390_UV_UAPI) += uvdevice$(if $(CONFIG_S390_PV_STRICT),/,.o)'
	is_left_out "$OPTIONAL/pv" ||
		edit after tools/testing/selftests/Makefile \
			'TARGETS += ptrace' 'TARGETS += pv'
}

# The tree has to be of the version whose interfaces ours were written for.
check_tree() {
	local part

	[[ -d $KSRC ]] || die "there is no directory '$KSRC'"
	for part in Makefile arch/s390/Kbuild; do
		[[ -s $KSRC/$part ]] || die "$KSRC/$part is missing: name" \
			"the top directory of a source tree of Linux"
	done
	[[ $(sed -n 's/^VERSION = //p;s/^PATCHLEVEL = //p' "$KSRC/Makefile" |
		xargs) == "6 12" ]] ||
		die "$KSRC/Makefile is not of Linux 6.12: take a tree of" \
			"that series"
}
