#!/bin/bash
# SPDX-License-Identifier: MIT
#
# A saved ramdisk in a machine that has only a console: PID 1 says the same
# there, between strings that a terminal swallows.
# shellcheck disable=SC2016,SC2317
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

QEMU=${QEMU:-$O/qemu-system-s390x}
KERNEL=$("$MACHINE/run" --print-kernel)
readonly BEGIN=$'\e_s390-pv begin\e\\'
cd "$SCRATCH"
mkfifo keys

# boot_console [TEXT]: the machine by hand, with the file stdin typed as soon
# as the command runs and has written TEXT.
boot_console() {
	local machine

	: >console
	: >err
	timeout 100 "$QEMU" -L "$(dirname "$QEMU")" -M s390-ccw-virtio \
		-cpu max -m 512 -display none -nodefaults -no-reboot \
		-kernel "$KERNEL" -initrd ramdisk -append "$(<cmdline)" \
		-chardev stdio,id=console,signal=off \
		-device sclpconsole,chardev=console \
		<keys >console 2>err &
	machine=$!
	exec 4>keys
	while kill -0 "$machine" 2>/dev/null; do
		! grep -q -a -F "$BEGIN${1:-}" console || break
		sleep 0.1
	done
	cat stdin >&4 2>/dev/null || true
	STATUS=0
	wait "$machine" || STATUS=$?
	exec 4>&-
}

save() {
	: >stdin
	"$MACHINE/run" --save-ramdisk ramdisk --save-cmdline cmdline "$@"
}

# said BYTES END: exactly these between begin and the end of the console's text
said() {
	tr -d '\0' <console | tail -c "+$(offset)" >rest
	printf '%b%b' "$1" "\e_s390-pv $2\e\\" | cmp - rest
}

offset() {
	local text

	text=$(tr -d '\0' <console | LC_ALL=C grep -a -b -o -F "$BEGIN")
	echo $((${text%%:*} + ${#BEGIN} + 1))
}

lacks() { ! grep -q -a -F "$1" console; }
console_says() { grep -q -a -F "$1" console; }

save -- sh -c 'printf "a\r\n\33b\n"; echo e >&2; sleep 60 & exit 9'
boot_console
check "console: the machine stops by itself" status_is 0
check "console: output is exact, with the status behind it" \
	said 'a\r\n\eb\ne\n' 'verdict 9'

save -- sh -c 'echo "<0>to be heard" >/dev/kmsg
	echo "<1>noise" >/dev/kmsg; echo c >/proc/sysrq-trigger'
boot_console
check "console: the kernel's log does not get in between" lacks noise
check "console: ... but what is urgent does" console_says 'to be heard'
check "console: ... and a panic" console_says 'Kernel panic'

save -- sh -c 'cat; test -t 1 || echo pipe'
printf 'one\n\003two\n\004' >stdin
boot_console
check "console: stdin comes in lines and ends, no key is special" \
	said 'one\n\003two\npipe\n' 'verdict 0'

save --tty -- sh -c 'stty -echo -icanon; printf +; head -c 3'
printf 'x\004y' >stdin
boot_console +
check "console with a terminal: keys are passed one by one" \
	said '+x\004y' 'verdict 0'

save --collect /proc/version -- true
boot_console
check "console: files to be collected are no hindrance" said '' 'verdict 0'

save --module kvm -- true
boot_console
check "console: PID 1 says that it failed" \
	console_says $'\e_s390-pv fail module \'kvm\' cannot be loaded'
check "console: ... instead of starting the command" lacks "$BEGIN"
finish
