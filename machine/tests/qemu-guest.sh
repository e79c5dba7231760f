#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Guests of a host: what qemu-guest refuses, and what it carries.
# shellcheck disable=SC2016,SC2317
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

# refused NAME PATTERN ARGUMENT...: before anything is started
refused() {
	local name=$1 pattern=$2
	shift 2

	try sh "$MACHINE/qemu-guest" "$@"
	check "$name: status 125" status_is 125
	check "$name: says why" errors_name "$pattern"
}

cd "$SCRATCH"
echo "a file" >file
try sh "$MACHINE/qemu-guest" --help
check "--help: status 0" status_is 0
refused "nothing to boot" 'no IMAGE and no --kernel'
refused "image that is not there" "no readable file 'moon'" moon
refused "two images" "'moon' is too much" file moon
refused "unknown option" "unknown option '--moon'" --moon 1
refused "option without its value" 'wants a value' --memory
refused "number that is none" 'positive number' --cpus 0x2 file
refused "image and kernel" 'say nothing with an image' --kernel file file
refused "ramdisk that is not there" "no readable file 'moon'" \
	--kernel file --initrd moon
refused "protection without an image" '--protected says nothing' \
	--protected --kernel file --initrd file

KERNEL=$("$MACHINE/run" --print-kernel)
"$MACHINE/run" --save-ramdisk ramdisk --save-cmdline cmdline \
	--collect /root/copy -- sh -c 'tee copy; printf "e\r\n" >&2; exit 9'

printf 'a\nb' >input
guest() {
	try "$MACHINE/run" --role host --with-qemu --file ramdisk \
		--file "$KERNEL:/root/kernel" "$@" <input
}
guest --collect /root/result:result -- qemu-guest --kernel kernel --initrd ramdisk \
	--append "$(<cmdline)" --collect /root/copy:result
check "plain guest: status of its command" status_is 9
check "plain guest: stdin and stdout are its command's" output_is $'a\nb'
check "plain guest: so is stderr" errors_are $'e\r'
check "plain guest: files come back through both machines" \
	cmp -s input result

guest -- qemu-guest --verbose --kernel kernel --initrd ramdisk --timeout 1 \
	--collect /root/copy:result
check "guest that takes too long: status 124" status_is 124
finish
