#!/bin/bash
# SPDX-License-Identifier: MIT
#
# stage3a on a machine that can make protected guests, with images that it
# must refuse: what the host answers becomes a message.
#
# See machine.sh for the environment.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=boot/tests/tap.sh
. "$here/tap.sh"
# shellcheck source=boot/tests/machine.sh
. "$here/machine.sh"

# An IPL parameter block with one component of a page.
put_block()
{
	put_be64 "$image" 0x16000 $(((136 + 24) << 32 | 1))
	put_be64 "$image" 0x16008 $(((128 + 24) << 32 | 5 << 24))
	put_be64 "$image" 0x16070 1
	put_be64 "$image" 0x16088 $((40 << 48))
	put_be64 "$image" 0x16090 0x15000
	put_be64 "$image" 0x16098 0x1000
}

# put_header VERSION SIZE: an SE header without key slots
put_header()
{
	printf IBMSecEx | put "$image" 0x14000
	put_be64 "$image" 0x14008 $(($1 << 32 | $2))
	put_be64 "$image" 0x14028 128
}

# image_with [VERSION SIZE]
image_with()
{
	stage3a_image 0x11000
	put_block
	[[ $# == 0 ]] || put_header "$@"
}

# refused NAME PATTERN PATTERN
refused()
{
	run ascii,lines
	ended "$1" 0x4608 "$2"
	tap_if "$1: numbers" says "$3" || sed 's/^/# /' "$work/said"
}

test_answers()
{
	stage3a_image 0x11000
	refused "no parameter block" 'block of the image as invalid' \
		'subcode 8 answered 0x0000000000000402\.'
	image_with
	refused "no SE header" 'header is damaged' \
		'parameters \(0x0002\), rc 0x010a, rrc 0x0031\.'
	image_with 0x200 640
	refused "another version" 'version of the SE header' \
		'rc 0x0104, rrc 0x0001\.'
	# Found only if address and size of the header were passed on.
	image_with 0x100 640
	refused "no key slots" 'header has no key slots' \
		'subcode 10 answered 0x00020040010a0a02\.'
	image_with 0x100 720
	refused "another size" 'not as long as it says' \
		'rc 0x010a, rrc 0x0031\.'
}

# block_at ADDRESS: a good header, and stage3a looks for the block there
block_at()
{
	local args=$((0x10000 + $(size_of "$out/stage3a.bin") - 24))

	image_with 0x100 640
	put_be64 "$image" $((args + 16)) $(($1 - args))
}

# All 4096 bytes are looked at, and no more.  QEMU does not load that far, so
# code at 0x18000 moves the block: LLILH, OILL, LLILH, OILL, MVC, J 0x11000.
test_last_page()
{
	block_at $(((64 << 20) - 4096))
	put_be64 "$image" 0 $((0x0008000180018000))
	printf '\xa5\x1e\x03\xff\xa5\x1b\xf0\x00\xa5\x2e\x00\x01\xa5\x2b\x60\x00' |
		put "$image" 0x18000
	printf '\xd2\x9f\x10\x00\x20\x00\xa7\xf4\xc7\xf5' |
		put "$image" 0x18010
	refused "parameter block in the last page" 'header has no key slots' \
		'subcode 10 answered'
}

# fault NAME OFFSET CODE: program interruption for such a block
fault()
{
	block_at "$2"
	refused "$1" 'guest has too little memory' "Program interruption $3 at"
}

test_faults()
{
	fault "parameter block across pages" 0x16008 0x0006
	fault "parameter block right behind storage" 0x4000000 0x0005
	fault "parameter block outside of storage" 0x7fff0000 0x0005
}

openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:secp521r1 \
	-out "$work/key" 2>/dev/null ||
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp521r1 \
		-out "$work/key" 2>/dev/null
role=,ultravisor=boot,uv-log=none,uv-host-key=$work/key
tap_begin
test_answers
test_last_page
test_faults
tap_end
