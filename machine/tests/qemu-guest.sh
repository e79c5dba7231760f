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

# Every guest of one host, that one boot may do for all of them: what became of
# each goes into files of its name.
cat >guests <<'EOT'
cat >input
# guest NAME COMMAND...
guest() {
	name=$1
	shift
	status=0
	"$@" <input >"$name.out" 2>"$name.err" || status=$?
	echo "$status" >"$name.status"
}
plain() {
	qemu-guest --kernel kernel --initrd ramdisk \
		--append "$(cat cmdline)" --collect /root/copy:copy.plain "$@"
}
guest plain plain --timeout 250
guest slow plain --timeout 1
if [ -e image ]; then
	guest protected qemu-guest --protected --cpus 2 --timeout 250 \
		--collect /root/copy:copy.protected image
	guest open qemu-guest --timeout 250 image
	if type vmm >/dev/null; then
		guest vmm vmm --timeout 250 --protected --log log image
	fi
fi
rm -f kernel ramdisk image
tar -cf /tmp/all.tar .
EOT

# became NAME: of that guest, for the checks
became() {
	STATUS=$(cat "all/$1.status" || true)
	cp "all/$1.out" out
	cp "all/$1.err" err
}

KERNEL=$("$MACHINE/run" --print-kernel)
QUICK=$O/kernel/small/bzImage
[[ -s $QUICK ]] || QUICK=$KERNEL
"$MACHINE/run" --save-ramdisk ramdisk --save-cmdline cmdline \
	--collect /root/copy -- sh -c 'tee copy; printf "e\r\n" >&2
		(cat /sys/firmware/uv/prot_virt_guest 2>/dev/null ||
			echo none) >&2
		second=/sys/devices/system/cpu/cpu1/online
		test -e $second || exit 9
		for i in 1 2 3; do
			echo 0 >$second && test "$(nproc)" = 1 &&
				echo 1 >$second || exit 3
		done
		exit "$(nproc)"'
mkdir files all
cp "$QUICK" files/kernel
cp ramdisk cmdline guests files
if [[ -x $UVCTL && -e $O/test-pki/host.crt ]]; then
	"$UVCTL" image create --no-verify -i "$KERNEL" -r ramdisk -p cmdline \
		-k "$O/test-pki/host.crt" -o files/image >create.log 2>&1
fi
printf 'a\nb\n' >input

try "$MACHINE/run" --role host --smp 2 --with-qemu --timeout 600 \
	--dir files:/root --collect /tmp/all.tar:all.tar -- sh guests <input
check "guests of one host: they all come to an end" status_is 0
tar -C all -xf all.tar || finish

became plain
check "plain guest: status of its command" status_is 9
check "plain guest: stdin and stdout are its command's" output_is $'a\nb'
check "plain guest: so is stderr, and it is not protected" \
	errors_are $'e\r\nnone'
check "plain guest: files come back" cmp -s input all/copy.plain
became slow
check "guest that takes too long: status 124" status_is 124

if [[ ! -e files/image ]]; then
	skip "protected guest" "no uvctl or no host key document was made"
	finish
fi

# One image, three places.
try "$MACHINE/run" --role boot --image files/image \
	--collect /root/copy:copy <input
check "image in the machine itself: status of its command" status_is 9
check "image in the machine itself: its output" output_is $'a\nb'
check "image in the machine itself: files come back" cmp -s input copy
became protected
check "image under QEMU: the second CPU goes and comes back" status_is 2
check "image under QEMU: its output" output_is $'a\nb'
check "image under QEMU: it is protected" errors_are $'e\r\n1'
check "image under QEMU: files come back" cmp -s input all/copy.protected
if [[ -e $O/s390x/vmm ]]; then
	became vmm
	check "image under vmm: status of its command" status_is 9
	check "image under vmm: stdout and stderr, and it is protected" \
		output_is $'a\nb\ne\r\n1'
else
	skip "image under vmm" "it was not built (make selftests)"
fi
became open
check "image without --protected: status 125" status_is 125
check "image without --protected: its loader says why" \
	errors_name '^guest: .*facility 161'
finish
