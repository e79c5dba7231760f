#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Wrong usage is refused before anything is started, and says why.
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"
export UVCTL=/no/such/uvctl

# refused NAME PATTERN ARGUMENT...
refused() {
	local name=$1 pattern=$2
	shift 2

	run_machine "$@"
	check "$name: status 125" status_is 125
	check "$name: says why" errors_name "$pattern"
}

run_machine --help
check "--help: status 0" status_is 0
check "--help: on stdout" grep -q '^Usage: machine/run' "$SCRATCH/out"

refused "no command" 'no command' --role off
refused "unknown option" "unknown option '--nonsense'" --nonsense 1 -- true
refused "option without its value" 'wants a value' --timeout
refused "unknown role" "no role 'king'" --role king -- true
refused "unknown profile" "no profile 'z9'" --profile z9 -- true
refused "time limit that is no number" 'positive number' --timeout x -- true
refused "seed that is no number" 'wants a number' --seed x -- true
refused "word in front of --" "'true' stands where" true
refused "file that is not there" "no readable file '/no/such'" \
	--file /no/such -- true
refused "collected file without a place" '--collect wants SRC:DST' \
	--collect /proc/version -- true
refused "kernel that is not there" "no kernel image '/no/such'" \
	--kernel /no/such -- true
refused "series that does not exist" 'no s390x kernel 9.99' \
	--kernel debian-9.99 -- true
refused "SE header that is not there" "no readable file '/no/such'" \
	--role guest --header /no/such -- true
refused "faults on an ordinary machine" '--fault says nothing without' \
	--fault cmd=any:rc=2 -- true

refused "SE header in role boot" '--header says nothing without --role guest' \
	--role boot --header "$MACHINE/run" -- true
refused "host view of an ordinary machine" '--host-view says nothing' \
	--host-view "$SCRATCH/view" -- true
refused "host view where no file can be made" 'no directory to write to' \
	--role guest --host-view /no/such/view -- true
refused "host view that is a device" 'no regular file' \
	--role guest --host-view /dev/null -- true
refused "host view that is a directory" 'wants the name of a file' \
	--role guest --host-view "$SCRATCH" -- true
refused "host without host's role" '--no-prot-virt says nothing without' \
	--role guest --no-prot-virt -- true
refused "QEMU inside without host's role" '--with-qemu says nothing without' \
	--with-qemu -- true
refused "SE header in role host" '--header says nothing without --role guest' \
	--role host --header "$MACHINE/run" -- true
refused "faults on an ordinary machine: roles are named" \
	'without --role guest, boot or host' --fault cmd=any:rc=2 -- true
refused "image to boot in role host" '--image says nothing without' \
	--role host --image "$MACHINE/run"
refused "role host without a command" 'no command' --role host
refused "image in role guest" '--image says nothing without --role boot' \
	--role guest --image "$MACHINE/run"
refused "image that is not there" "no readable file '/no/such'" \
	--role boot --image /no/such
refused "image that is none" 'is no SE image' --role boot --image "$MACHINE/run"
: >"$SCRATCH/empty"
refused "image that is empty" 'is no SE image' \
	--role boot --image "$SCRATCH/empty"
refused "image and command" 'a command says nothing with --image' \
	--role boot --image "$MACHINE/run" -- true
refused "image and kernel" '--kernel says nothing with --image' \
	--role boot --image "$MACHINE/run" --kernel debian-6.1
refused "image and file" '--file says nothing with --image' \
	--role boot --image "$MACHINE/run" --file="$MACHINE/run"
refused "image and no protection" '--unprotected and --image exclude' \
	--role boot --image "$MACHINE/run" --unprotected
refused "no protection in role guest" '--unprotected says nothing' \
	--role guest --unprotected -- true
refused "host of an image that is not made" '--host-key-document says' \
	--role boot --unprotected --host-key-document "$MACHINE/run" -- true
refused "role boot without a command" 'no command' --role boot
refused "ramdisk without a command" 'no command' \
	--save-ramdisk "$SCRATCH/ramdisk"
refused "command that is neither run nor saved" 'a command says nothing' \
	--save-cmdline "$SCRATCH/cmdline" -- true
refused "role where nothing is booted" '--role says nothing where nothing' \
	--save-ramdisk "$SCRATCH/ramdisk" --role boot -- true
refused "ramdisk where no file can be made" 'no directory to write to' \
	--save-ramdisk /no/such/ramdisk -- true
refused "missing uvctl" 'machine/run: error: /no/such/uvctl is missing' \
	--role boot -- true

try env QEMU=/no/such "$MACHINE/run" -- true
check "missing QEMU: status 125" status_is 125
check "missing QEMU: says how to build it" errors_name machine/build-qemu
cd /
try env -u QEMU O=no/such "$MACHINE/run" -- true
check "O= may be relative" errors_name '^machine/run: error: /no/such/qemu'

try "$MACHINE/fetch"
check "fetch of nothing: status 2" status_is 2
try "$MACHINE/fetch" moon
check "fetch of an unknown thing: status 2" status_is 2
try "$MACHINE/fetch" kernel six
check "fetch of an impossible series: status 2" status_is 2
try "$MACHINE/host-packages" moon
check "host-packages for an unknown purpose: status 2" status_is 2
finish
