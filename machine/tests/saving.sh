#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The parts of an SE image: made without booting, and fit for booting. Here an
# ordinary machine boots them; tests/image.sh puts them into an image.
# shellcheck disable=SC2016,SC2317
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

cd "$SCRATCH"
echo "carried along" >data

# boot_saved OPTION...: with a command that must not be the one that is run
boot_saved() {
	run_machine --qemu-arg=-initrd --qemu-arg=ramdisk "$@" -- echo wrong
}

QEMU=/no/such run_machine --save-ramdisk ramdisk --save-cmdline=cmdline \
	--print-kernel --append one=1 --append 'two="2 3"' --file data \
	--collect /root/result --collect /proc/version:unused -- \
	sh -c 'cat data; echo new >result; exit 7'
check "saving: status 0, without QEMU" status_is 0
check "saving: prints the kernel" output_is \
	"$(echo "$("$MACHINE/fetch" kernel)"/boot/vmlinuz-*)"
check "saving: the parameters are what was asked for, without a line end" \
	grep -qzx 'console=ttysclp0 .* one=1 two="2 3"' cmdline
check "saving: nothing half made is left" \
	test -z "$(find . -name '*.part')"

boot_saved --collect /root/result:result --collect /proc/version:version
check "a saved ramdisk: runs its command" output_is "carried along"
check "a saved ramdisk: status of its command" status_is 7
check "a saved ramdisk: first collected file" grep -qx new result
check "a saved ramdisk: second collected file" grep -q '^Linux' version

boot_saved --collect /proc/version:no1 --collect /root/result:no2
check "collected files in another order: status 125" status_is 125
check "collected files in another order: both orders are told" errors_name \
	"has '/root/result' '/proc/version', asked .* '/proc/version' '/root"
check "collected files in another order: none is made" \
	test ! -e no1 -a ! -e no2
boot_saved --collect /root/result:no
check "too few collected files: status 125" status_is 125
boot_saved --collect /root/result:no --collect /proc/version:no \
	--collect /etc/passwd:no
check "too many collected files: status 125" status_is 125
check "too many collected files: none is made" test ! -e no
boot_saved
check "no collected file though the ramdisk has some: status 125" status_is 125
check "no collected file though the ramdisk has some: is told" \
	errors_name 'asked for are none'

run_machine --save-ramdisk ramdisk -- true
boot_saved --collect /root/result:no
check "a collected file though the ramdisk has none: status 125" status_is 125
check "a collected file though the ramdisk has none: is told" \
	errors_name "it has none, asked for are '/root/result'"

run_machine --save-ramdisk ramdisk -- test -t 0
boot_saved
check "control: a saved ramdisk: its command has no terminal" status_is 1
run_machine --save-ramdisk ramdisk --tty -- test -t 0
boot_saved
check "a saved ramdisk with --tty: its command has one" status_is 0

cp ramdisk before
run_machine --save-ramdisk ramdisk --module no_such_module -- true
check "a ramdisk that cannot be made: status 125" status_is 125
check "a ramdisk that cannot be made: the old one stands" \
	cmp -s ramdisk before

# A pipe that is hardly read is a slow disk; only we hold its other end.
mkfifo ramdisk.part
exec 4<>ramdisk.part
"$MACHINE/run" --save-ramdisk ramdisk -- true 4>&- &
runner=$!
read -r -t 60 -N 1 -u 4 || true
kill -TERM "$runner"
STATUS=0
wait "$runner" || STATUS=$?
exec 4>&-
check "saving ended by SIGTERM: status 143" status_is 143
check "saving ended by SIGTERM: nothing half made is left" \
	test ! -e ramdisk.part
check "saving ended by SIGTERM: the old ramdisk stands" cmp -s ramdisk before

run_machine --print-kernel --kernel "$MACHINE/run"
check "a kernel by its path: is printed" output_is "$MACHINE/run"

# A Ctrl-C, just when what is left is being removed.
mkdir tools tmp
printf '%s\n' '#!/bin/sh' 'kill -INT 0' 'exec /bin/rm "$@"' >tools/rm
chmod +x tools/rm
TMPDIR=$PWD/tmp PATH=$PWD/tools:$PATH try setsid -w "$MACHINE/run" \
	--print-kernel --kernel "$MACHINE/run"
check "Ctrl-C while cleaning up: nothing is left" \
	test -z "$(ls tmp)"
finish
