# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Ways to damage an SE image in the layout of pvimg.  Each function takes the
# file; offsets are those of the formats in include/pv/.

# number FILE OFFSET SIZE
number()
{
	od -An --endian=big -tu"$3" -j"$2" -N"$3" "$1" | tr -d ' '
}

# store FILE OFFSET SIZE NUMBER
store()
{
	local hex bytes

	hex=$(printf "%0$((2 * $3))x" "$4")
	bytes=$(fold -w 2 <<<"$hex" | sed 's|^|\\x|' | tr -d '\n')
	# shellcheck disable=SC2059 # it is made of escapes
	printf "$bytes" |
		dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# flip FILE OFFSET: one bit
flip()
{
	store "$1" "$2" 1 $(($(number "$1" "$2" 1) ^ 1))
}

# Where the metadata says that header and IPIB stand.
header_at()
{
	number "$1" $((0xc008)) 8
}

ipib_at()
{
	number "$1" $((0xc014)) 8
}

# component FILE INDEX FIELD: offset of tweak prefix, address or size
component_at()
{
	local -A field=([tweak]=0 [addr]=8 [size]=16)

	echo $(($(ipib_at "$1") + 0x88 + 24 * $2 + ${field[$3]}))
}

# flip_component FILE INDEX: a bit in the middle of its first page
flip_component()
{
	flip "$1" $(($(number "$1" "$(component_at "$1" "$2" addr)" 8) + 2000))
}

# Exchange a field of the first two components.
exchange()
{
	local first second

	first=$(number "$1" "$(component_at "$1" 0 "$2")" 8)
	second=$(number "$1" "$(component_at "$1" 1 "$2")" 8)
	store "$1" "$(component_at "$1" 0 "$2")" 8 "$second"
	store "$1" "$(component_at "$1" 1 "$2")" 8 "$first"
}

damage_header_version()
{
	flip "$1" $(($(header_at "$1") + 0x0b))
}

damage_header_size()
{
	flip "$1" $(($(header_at "$1") + 0x0f))
}

damage_nep()
{
	flip "$1" $(($(header_at "$1") + 0x37))
}

# A flag that machines know, so that the tag is all there is against it.
damage_pcf()
{
	local at=$(($(header_at "$1") + 0x3f))

	store "$1" "$at" 1 $(($(number "$1" "$at" 1) ^ 0x80))
}

damage_customer_key()
{
	flip "$1" $(($(header_at "$1") + 0x8f))
}

damage_slot_hash()
{
	flip "$1" $(($(header_at "$1") + 0x1a0))
}

damage_slot_key()
{
	flip "$1" $(($(header_at "$1") + 0x1c0))
}

damage_slot_tag()
{
	flip "$1" $(($(header_at "$1") + 0x1ef))
}

damage_header_area()
{
	flip "$1" $(($(header_at "$1") + 0x1f0 + 0x60))
}

damage_header_tag()
{
	flip "$1" $(($(header_at "$1") + 0x1f0 + 0x80))
}

damage_kernel()
{
	flip_component "$1" 0
}

damage_ramdisk()
{
	flip_component "$1" 1
}

damage_cmdline()
{
	flip_component "$1" 2
}

damage_stage3b()
{
	flip_component "$1" 3
}

# The same pages, unpacked in another order.
damage_order()
{
	exchange "$1" addr
	exchange "$1" size
}

damage_tweak_order()
{
	exchange "$1" tweak
}

# One of its random bits: the prefixes still increase.
damage_tweak()
{
	flip "$1" $(($(component_at "$1" 1 tweak) + 7))
}

damage_overlap()
{
	store "$1" "$(component_at "$1" 1 addr)" 8 \
		"$(number "$1" "$(component_at "$1" 0 addr)" 8)"
}

damage_count()
{
	store "$1" $(($(ipib_at "$1") + 0x74)) 4 3
}

damage_beyond()
{
	store "$1" "$(component_at "$1" 3 addr)" 8 $((0x7ffff000))
}

# What stage 3a will claim: the second of its arguments, the last 24 bytes
# before the hole, is the size of the header.
damage_header_length()
{
	local args

	args=$(stage3a_args "$1")
	store "$1" $((args + 8)) 8 8193
}

# The first argument is the way from there to the header.
stage3a_args()
{
	local header at

	header=$(header_at "$1")
	for ((at = 0x11000; at < 0x13000; at += 8)); do
		[ "$(number "$1" "$at" 8)" = $((header - at)) ] && break
	done
	echo "$at"
}

damage_truncate()
{
	truncate -s $(($(ipib_at "$1") - 1)) "$1"
}
