#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Guests of a host: what qemu-guest refuses and what it carries, and one image
# that runs wherever it is booted.
# shellcheck disable=SC2016,SC2317
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

UVCTL=${UVCTL:-$O/uvctl}

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

# guest WORD...: this command in a host, with what was put into PLACED
PLACED=()
guest() {
	try "$MACHINE/run" --role host --with-qemu --timeout 300 \
		"${PLACED[@]}" -- "$@" <input
}

KERNEL=$("$MACHINE/run" --print-kernel)
"$MACHINE/run" --save-ramdisk ramdisk --save-cmdline cmdline \
	--collect /root/copy -- sh -c 'tee copy; printf "e\r\n" >&2
		(cat /sys/firmware/uv/prot_virt_guest 2>/dev/null ||
			echo none) >&2
		test "$(nproc)" = 1 || exit "$(nproc)"; exit 9'
printf 'a\nb\n' >input

PLACED=(--file ramdisk --file "$KERNEL:/root/kernel" --collect
	/root/result:result)
guest qemu-guest --timeout 250 --kernel kernel --initrd ramdisk \
	--append "$(<cmdline)" --collect /root/copy:result
check "plain guest: status of its command" status_is 9
check "plain guest: stdin and stdout are its command's" output_is $'a\nb'
check "plain guest: so is stderr, and it is not protected" \
	errors_are $'e\r\nnone'
check "plain guest: files come back through both machines" \
	cmp -s input result

PLACED=(--file ramdisk --file "$KERNEL:/root/kernel")
guest qemu-guest --timeout 1 --kernel kernel --initrd ramdisk \
	--append "$(<cmdline)" --collect /root/copy:result
check "guest that takes too long: status 124" status_is 124

if [[ ! -x $UVCTL || ! -e $O/test-pki/host.crt ]]; then
	skip "protected guest" "no uvctl or no host key document was made"
	finish
fi
"$UVCTL" image create --no-verify -i "$KERNEL" -r ramdisk -p cmdline \
	-k "$O/test-pki/host.crt" -o image >create.log 2>&1

# One image, three places.
try "$MACHINE/run" --role boot --image image --collect /root/copy:result <input
check "image in the machine itself: status of its command" status_is 9
check "image in the machine itself: its output" output_is $'a\nb'
PLACED=(--collect /root/result:result2)
guest qemu-guest --protected --timeout 250 --collect /root/copy:result image
check "image under QEMU: status of its command" status_is 9
check "image under QEMU: its output" output_is $'a\nb'
check "image under QEMU: it is protected" errors_are $'e\r\n1'
check "image under QEMU: files come back" cmp -s result result2
PLACED=()
if [[ -e $O/s390x/vmm ]]; then
	guest vmm --protected --log log image
	check "image under vmm: status of its command" status_is 9
	check "image under vmm: stdout and stderr, and it is protected" \
		output_is $'a\nb\ne\r\n1'
else
	skip "image under vmm" "it was not built (make selftests)"
fi

guest qemu-guest --timeout 250 image
check "image without --protected: status 125" status_is 125
check "image without --protected: its loader says why" \
	errors_name '^guest: .*facility 161'

PLACED=(--smp 2)
guest qemu-guest --protected --cpus 2 --timeout 250 \
	--collect /root/copy:copy image
check "image on two CPUs of two: both are there" status_is 2
finish
