#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Both stages on an ordinary machine: what they say, where they stop, what the
# kernel gets.
#
# See machine.sh for the environment.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=boot/tests/tap.sh
. "$here/tap.sh"
# shellcheck source=boot/tests/machine.sh
. "$here/machine.sh"
kernel=$out/check/machine/kernel.bin

test_stage3a()
{
	local no_facility='facility 161 is off' entry

	for entry in 0x11000 0x10000; do
		stage3a_image "$entry"
		run ascii,lines
		ended "stage3a, entered at $entry: no facility" 0x4607 \
			"$no_facility"
	done

	# Entered by another loader in another mode: SAM24 or SAM31, J 0x10000.
	for entry in 24:0c 31:0d; do
		stage3a_image 0x18000
		printf '%b' "\\x01\\x${entry#*:}\\xa7\\xf4\\xbf\\xff" |
			put "$image" 0x18000
		run ascii,lines
		ended "stage3a, ${entry%:*}-bit mode" 0x4607 "$no_facility"
	done

	new_image 0x11000
	put "$image" 0x10000 <"$out/stage3a.bin"
	run ascii,lines
	ended "stage3a without arguments" 0x4608 'loader was not told'
}

test_consoles()
{
	stage3a_image 0x11000
	run none
	tap_same "no console: end" "$stopped" 0x4607
	run ascii
	tap_same "a terminal only: end" "$stopped" 0x4607
	tap_if "a terminal only: message" grep -q 'facility 161' "$work/said"
	run lines
	tap_same "a line console only: end" "$stopped" 0x4607
	tap_if "a line console only: message" \
		grep -q 'facility 161' "$work/printed"
}

# Where the parts stand, and their sizes; the tests change some.
usual()
{
	kernel_at=0x20000 kernel_size=$(size_of "$kernel")
	cmdline_at=0x200000 cmdline='root=/dev/test quiet'
	initrd_at=0x210000 initrd_size=70001
	stage3b_at=0x300000
	psw_mask=0x180000000 psw_addr=0x10000
	limit=0 ending='\0' cmdline_size=''
}

# stage3b_image: of these
stage3b_image()
{
	local args=$((stage3b_at + $(size_of "$out/stage3b_reloc.bin") - 64))

	: "${cmdline_size:=$((${#cmdline} + 1))}"
	new_image "$stage3b_at"
	((kernel_at >= 64 << 20)) || {
		put "$image" "$kernel_at" <"$kernel"
		put_be64 "$image" $((kernel_at + 0x10430)) "$limit"
	}
	printf "%s$ending" "$cmdline" | put "$image" "$cmdline_at"
	head -c "$initrd_size" "$work/initrd" | put "$image" "$initrd_at"
	put "$image" "$stage3b_at" <"$out/stage3b_reloc.bin"
	put_be64 "$image" "$args" "$kernel_at"
	put_be64 "$image" $((args + 8)) "$kernel_size"
	put_be64 "$image" $((args + 16)) "$cmdline_at"
	put_be64 "$image" $((args + 24)) "$cmdline_size"
	put_be64 "$image" $((args + 32)) "$initrd_at"
	put_be64 "$image" $((args + 40)) "$initrd_size"
	put_be64 "$image" $((args + 48)) "$psw_mask"
	put_be64 "$image" $((args + 56)) "$psw_addr"
}

# expected [ENTRY]: what the kernel is to say of itself
expected()
{
	local sum start=$initrd_at

	sum=$(head -c "$initrd_size" "$work/initrd" | od -An -v -tu1 -w1 |
		awk '{ s = (s * 31 + $1) % 4294967296 } END { printf "%.0f", s }')
	((initrd_size)) || start=0
	printf '%s: 0x%016x\n' 'signals without a call' 0 \
		'signals of a call' 1 entry "${1:-0}" words $((0x20000)) \
		'initrd start' "$((start))" 'initrd size' "$initrd_size" \
		'initrd sum' "$sum"
	echo "cmdline: $cmdline"
}

# boots NAME [ENTRY]: the kernel gets all of it
boots()
{
	stage3b_image
	run ascii
	tap_same "$1: end" "$stopped" off
	expected "${2:-0}" >"$work/expected"
	tap_if "$1: the kernel has all of it" \
		cmp -s "$work/expected" "$work/said" ||
		diff "$work/expected" "$work/said" | sed 's/^/# /'
}

# refused NAME PATTERN
refused()
{
	stage3b_image
	run ascii,lines
	ended "$1" 0x4511 "$2"
}

test_boot()
{
	local at

	usual; boots "stage3b"
	usual; initrd_size=0; boots "no ramdisk"
	usual; cmdline='' cmdline_size=0; boots "no command line"
	for at in 0x1fd000 0x300002 0x3000ffe; do
		usual; stage3b_at=$at
		boots "stage3b at $at"
	done
	# The part that is moved begins where it goes, or a page behind that.
	usual; kernel_at=0x1000; boots "kernel, overlapping its place"
	# What is loaded stands right behind the kernel's place.
	usual; initrd_at=$((kernel_size)); kernel_at=0x400000
	cmdline_at=0x600000; boots "ramdisk right behind the kernel"
	printf -v cmdline '%895s' ''; at=${cmdline// /c}
	usual; cmdline=$at; boots "command line of 896 bytes"
	usual; psw_addr=0x10020; boots "another entry" 1
}

test_refusals()
{
	local long

	printf -v long '%896s' ''; long=${long// /c}
	usual; kernel_size=65536; refused "short kernel" 'kernel is too short'
	usual; initrd_at=0x210000; initrd_size=70001; stage3b_image
	put_be64 "$image" $((stage3b_at + $(size_of "$out/stage3b_reloc.bin") -
		32)) 0x7ffff000
	run ascii,lines
	ended "ramdisk beyond 2 GiB" 0x4511 'beyond 2 GiB'
	usual; cmdline_at=0xc000; refused "low command line" \
		'first 64 KiB, which'
	usual; cmdline_at=0x11800; kernel_at=0x400000
	refused "command line in the kernel's place" 'stand on the command line'
	usual; initrd_at=0x100000; kernel_at=0x400000
	refused "ramdisk in the kernel's place" 'stand on the ramdisk'
	usual; cmdline=$long; refused "long command line" 'longer than'
	usual; limit=20; refused "command line beyond the kernel's limit" \
		'longer than'
	usual; limit=4096; cmdline=$long; boots "long command line, if allowed"
	usual; ending=x; refused "command line without NUL" 'end with a NUL'
}

# stops_silently NAME: what the kernel does wrong is not said to be our fault
stops_silently()
{
	stage3b_image
	run ascii
	tap_same "$1: end" "$stopped" 0x4511
	tap_if "$1: the loader is gone" [ ! -s "$work/said" ]
}

test_faults()
{
	usual; kernel_at=0x70000000
	refused "kernel outside of storage" \
		'Program interruption 0x0005 at 0x000000000000a'
	usual; psw_mask=1
	stops_silently "PSW that is none"
	usual; psw_addr=0x3000000
	stops_silently "no code at the kernel's entry"
}

head -c 200000 "$kernel" | tail -c 100000 | gzip -1nc >"$work/initrd"
head -c 100000 "$out/stage3a.bin" "$kernel" >>"$work/initrd"
tap_begin
test_stage3a
test_consoles
test_boot
test_refusals
test_faults
tap_end
