#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The two files keep the contract of boot stages, and are the same bytes
# wherever they are built.
#
#	BOOT_OUT=DIR	what make -C boot has made
set -uo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=boot/tests/tap.sh
. "$here/tests/tap.sh"
out=${BOOT_OUT:?} cross=${CROSS_COMPILE:-s390x-linux-gnu-}
stage3a=$out/stage3a.bin stage3b=$out/stage3b_reloc.bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# part FILE OFFSET LENGTH
part()
{
	tail -c "+$(($2 + 1))" "$1" | head -c "$3"
}

# zero FILE OFFSET LENGTH: there are that many bytes and all are 0
zero()
{
	cmp -s <(part "$@") <(head -c "$3" /dev/zero)
}

# address ELF SYMBOL, in decimal
address()
{
	echo $((16#$("${cross}nm" "$1" | awk -v s="$2" '$3 == s { print $1 }')))
}

between()
{
	(($1 >= $2 && $1 <= $3))
}

test_stage3a()
{
	local elf=$out/work/stage3a.elf size

	size=$(stat -c %s "$stage3a")
	tap_if "stage3a: ends below 0x13000" between "$size" $((0x1019)) $((0x3000))
	tap_same "stage3a: the first instruction jumps to 0x11000" \
		"$(part "$stage3a" 0 4 | od -An -tx1 | tr -d ' ')" a7f40800
	tap_if "stage3a: nothing else before the hole" \
		zero "$stage3a" 4 $((0x3fc))
	tap_if "stage3a: nothing in the hole" zero "$stage3a" $((0x400)) $((0xc00))
	tap_if "stage3a: code at 0x11000" eval '! zero "$stage3a" $((0x1000)) 4'
	tap_if "stage3a: the last 24 bytes are free" \
		zero "$stage3a" $((size - 24)) 24
	tap_same "stage3a: and these are the arguments" \
		"$(address "$elf" stage3a_args)" $((0x10000 + size - 24))
	tap_same "stage3a: arguments are aligned" $((size % 8)) 0
}

test_stage3b()
{
	local elf=$out/work/stage3b.elf inner=$out/work/stage3b.bin size

	size=$(stat -c %s "$inner")
	tap_if "stage3b: ends below its stack" between "$size" 65 $((0x5000))
	tap_same "stage3b: entered at 0xa000" "$(address "$elf" _start)" $((0xa000))
	tap_if "stage3b: the last 64 bytes are free" \
		zero "$inner" $((size - 64)) 64
	tap_same "stage3b: and these are the arguments" \
		"$(address "$elf" stage3b_args)" $((0xa000 + size - 64))
	tap_if "stage3b: ends the relocatable file" \
		cmp -s "$inner" <(tail -c "$size" "$stage3b")
	tap_if "stage3b: the relocator is small" \
		between $(($(stat -c %s "$stage3b") - size)) 1 256
}

# Linked elsewhere it is the same.
test_relocator()
{
	sed 's/\. = 0;/. = 0x7654000;/' "$out/work/relocate.lds" >"$work/moved.lds"
	tap_if "relocator: other address in its script" \
		eval '! cmp -s "$work/moved.lds" "$out/work/relocate.lds"'
	"${cross}ld" -T "$work/moved.lds" --no-warn-rwx-segments \
		-o "$work/moved.elf" "$out/work/relocate.o" &&
		"${cross}objcopy" -O binary "$work/moved.elf" "$work/moved.bin"
	tap_if "relocator: position independent" \
		cmp -s "$work/moved.bin" "$stage3b"
	tap_same "relocator: no relocations that could be absolute" \
		"$("${cross}readelf" -rW "$out/work/relocate.o" |
			grep -c 'R_390_\(8\|12\|16\|20\|32\|64\) ')" 0
}

no_variables()
{
	local section

	for section in data bss rela got; do
		! grep -q "^\.$section" < <("${cross}size" -A "$1" |
			awk '$2') || return 1
	done
	! grep -q ' [dDbBsSC] ' < <("${cross}nm" "$1")
}

# build TREE: from a copy in another place, with other output folders
build()
{
	mkdir -p "$work/$1"
	cp -r "$here" "$here/../include" "$work/$1"
	MAKEFLAGS='' make -s -C "$work/$1/boot" O="$work/$1/$1" all \
		CROSS_COMPILE="$cross" >&2 2>"$work/log" ||
		sed 's/^/# /' "$work/log"
}

test_reproducible()
{
	local file

	build one
	(umask 077 && TZ=Asia/Tokyo LC_ALL=C build another-longer-name)
	for file in stage3a.bin stage3b_reloc.bin; do
		tap_if "$file: the same bytes wherever it is built" cmp -s \
			"$work/one/one/boot/$file" \
			"$work/another-longer-name/another-longer-name/boot/$file"
		tap_if "$file: and as it was delivered" cmp -s \
			"$work/one/one/boot/$file" "$out/$file"
		tap_if "$file: no path in it" \
			eval '! grep -aqE "/(tmp|home|usr|build)|boot/" "$out/$file"'
	done
}

tap_begin
test_stage3a
test_stage3b
test_relocator
tap_if "stage3a: no variables" no_variables "$out/work/stage3a.elf"
tap_if "stage3b: no variables" no_variables "$out/work/stage3b.elf"
test_reproducible
tap_end
