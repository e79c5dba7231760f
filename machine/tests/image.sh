#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Role boot: an ordinary machine becomes a protected guest because the loader
# of an SE image asks for it; and what is seen when it does not.
# shellcheck disable=SC2016,SC2317
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

readonly PKI=$O/test-pki GUEST=/sys/firmware/uv/prot_virt_guest
UVCTL=${UVCTL:-$O/uvctl}
cd "$SCRATCH"

run_machine --role boot --in-tree -- \
	sh -c "cat $GUEST; ls /dev/uv; modinfo -F filename uvdevice; exit 3"
protected_with_driver() {
	[[ $(<out) == $'1\n/dev/uv\n'*/kernel/drivers/* ]]
}
check "role boot: a protected guest with /dev/uv" protected_with_driver
check "role boot: status of the command" status_is 3
check "role boot: nothing else is said" no_errors

run_machine --role boot --unprotected -- sh -c "cat $GUEST; ls /dev/uv"
check "control: kernel and ramdisk alone are no protected guest" output_is ""
check "control: no /dev/uv" errors_name '/dev/uv: No such file'

run_machine --role boot --smp 2 --profile z15 --seed 9 \
	--append extra=parameter -- \
	sh -c "cat $GUEST; nproc; grep -o extra=parameter /proc/cmdline"
check "role boot with 2 CPUs, a profile and a parameter" \
	output_is $'1\n2\nextra=parameter'

# An image step by step, as an owner makes it.
marker="Marker-$RANDOM-$RANDOM-not-to-be-seen"
echo "$marker" >secret
KERNEL=$("$MACHINE/run" --print-kernel)
run_machine --save-ramdisk ramdisk --save-cmdline cmdline --file secret \
	--collect /root/result -- sh -c "cat $GUEST >result
	cat /proc/cmdline; cat; wc -c <secret; exit 5"
check "the ramdisk of an image: status 0" status_is 0
make_image() {
	try "$UVCTL" image create --no-verify --force -k "$PKI/host.crt" \
		-i "$KERNEL" -r ramdisk -p cmdline -o image "$@"
}
make_image
check "the image: uvctl makes it" status_is 0

run_machine --role boot --image image --collect /root/result:result \
	--memory 256 --host-view view < <(echo "from stdin")
check "an image: status of its command" status_is 5
check "an image: stdin, and the parameters that were saved" output_is \
	"$(<cmdline)"$'\n'"from stdin"$'\n'$((${#marker} + 1))
check "an image: runs as a protected guest" grep -qx 1 result
check "host view: has the size of storage" \
	test "$(stat -c %s view)" = $((256 << 20))
check "host view: the ramdisk's file is not to be seen" \
	test "$(grep -a -c "$marker" view)" = 0
check "host view: nothing half made is left" \
	test -z "$(find . -name '*.part*')"

run_machine --role boot --unprotected --memory 256 --file secret \
	--host-view open-view -- true
check "control: without protection the file is to be seen" \
	grep -q -a "$marker" open-view

echo old >view
run_machine --role boot --image image --collect /etc/passwd:never
check "an image that sends other files: status 125" status_is 125
check "an image that sends other files: is told" \
	errors_name "it has '/root/result', asked for are '/etc/passwd'"
check "an image that sends other files: none is made" test ! -e never

run_machine --role boot --image image --memory 8
check "an image that is larger than storage: status 125" status_is 125
check "an image that is larger than storage: is told" \
	errors_name 'does not fit into 8 MiB'

make_image --x-layout genprotimg
check "the older layout: uvctl makes it" status_is 0
run_machine --role boot --image image --collect /root/result:old-result \
	</dev/null
check "the older layout: status of its command" status_is 5
check "the older layout: runs as a protected guest" grep -qx 1 old-result

# does_not_start NAME PATTERN ARGUMENT...
does_not_start() {
	local name=$1 pattern=$2 start=$SECONDS
	shift 2

	run_machine --role boot "$@"
	check "$name: status 125" status_is 125
	check "$name: is told" errors_name 'run: the image did not start'
	check "$name: the loader's message is shown" \
		errors_name "^loader: .*$pattern"
	check "$name: takes seconds" test $((SECONDS - start)) -lt 20
	check "$name: the command did not run" output_is ""
}
does_not_start "an image for another host" 'host key' \
	--host-key "$PKI/host2.key" -- echo wrong
run_machine --role boot --host-key "$PKI/host2.key" \
	--host-key-document "$PKI/host.crt" \
	--host-key-document "$PKI/host2.crt" -- echo right
check "control: an image for this host and another" output_is right
does_not_start "unpacking that fails" 'unpack' \
	--fault 'cmd=0x0301:nth=5:rc=0x103' -- echo wrong
cp image flipped
size=$(stat -c %s image)
printf '\xa5\x5a\xa5\x5a' |
	dd of=flipped bs=1 seek=$((size / 2)) conv=notrunc status=none
does_not_start "an image with changed bytes" 0x0102 --image flipped \
	--collect /root/result:never
head -c $((size / 2)) image >truncated
does_not_start "half an image" . --image truncated \
	--collect /root/result:never

# The start of an image, and then: loads a PSW that waits for nothing.
head -c $((0x12000)) /dev/zero >silent
patch_silent() {
	printf '%b' "$2" |
		dd of=silent bs=1 seek=$(($1)) conv=notrunc status=none
}
patch_silent 0 '\x00\x08\x00\x01\x80\x01\x10\x00'
patch_silent 8 '\x00\x0a\x00\x00\x00\x00\x46\x08'
patch_silent 0x11000 '\x82\x00\x00\x08'
run_machine --role boot --image silent
check "a loader that says nothing: status 125" status_is 125
check "a loader that says nothing: is told" \
	errors_name 'did not start: its loader said nothing'
patch_silent 0x11000 '\xa7\xf4\x00\x00'
echo stays >view
run_machine --role boot --image silent --timeout 2 --host-view view
check "a loader that loops: status 124" status_is 124
check "a loader that loops: is told" \
	errors_name 'did not start: its loader said nothing'
check "a loader that loops: no host view, and this is told" \
	errors_name "'view' was not written"
check "a loader that loops: the old host view stands" grep -qx stays view

UVCTL=$(type -P false) run_machine --role boot -- true
check "an image that cannot be made: status 125" status_is 125
check "an image that cannot be made: is told" errors_name 'cannot be made'
finish
