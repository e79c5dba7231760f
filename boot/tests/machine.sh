# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Images for the machine, and what it does with them; to be sourced.
#
#	BOOT_OUT=DIR	what make -C boot has made
#	QEMU=FILE	qemu-system-s390x

out=${BOOT_OUT:?}
qemu=${QEMU:?}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
image=$work/image
# Further options of the machine.
role=

[[ -x $qemu ]] || {
	echo "Bail out! no QEMU at $qemu: run make -C qemu, or set QEMU="
	exit 1
}

# put FILE OFFSET: standard input into a file
put()
{
	dd of="$1" bs=65536 seek=$(($2)) oflag=seek_bytes conv=notrunc \
		status=none
}

# put_be64 FILE OFFSET NUMBER
put_be64()
{
	local hex

	printf -v hex %016x "$(($3))"
	printf '%b' "$(sed 's/../\\x&/g' <<<"$hex")" | put "$1" "$2"
}

size_of()
{
	stat -c %s "$1"
}

# What an image has at 0: a short PSW.
new_image()
{
	rm -f "$image"
	put_be64 "$image" 0 $((0x0008000180000000 | $1))
}

# run CONSOLES [ARGUMENT...]: the image, to its end.  Output of the consoles
# goes to $work/ascii and $work/lines, the end to $stopped: the address of the
# disabled wait, "off" or "hung".
run()
{
	local arguments=(-nodefaults) consoles=$1

	shift
	: >"$work/ascii"
	: >"$work/lines"
	[[ $consoles != *ascii* ]] || arguments+=(
		-chardev "file,id=ascii,path=$work/ascii"
		-device "sclpconsole,chardev=ascii")
	[[ $consoles != *lines* ]] || arguments+=(
		-chardev "file,id=lines,path=$work/lines"
		-device "sclplmconsole,chardev=lines")
	# Both ends of the monitor's input are held: it would close at its end.
	rm -f "$work/monitor"
	mkfifo "$work/monitor"
	exec 3<>"$work/monitor"
	echo '{"execute":"qmp_capabilities"} {"execute":"cont"}' >&3
	timeout 30 "$qemu" -M "s390-ccw-virtio$role" -cpu max -m 64 -display none \
		-no-reboot -S -qmp stdio "${arguments[@]}" -kernel "$image" \
		"$@" <&3 >"$work/events" 2>"$work/err" || echo hung >"$work/err"
	exec 3>&-
	stopped=$(sed -n 's/.*"GUEST_PANICKED".*"psw-addr": \([0-9]*\).*/\1/p' \
		"$work/events" | head -n 1)
	if [[ -n $stopped ]]; then
		printf -v stopped '0x%x' "$stopped"
	elif grep -q '"guest-shutdown"' "$work/events"; then
		stopped=off
	else
		stopped=hung
		sed 's/^/# /' "$work/err"
	fi
	tr -d '\r' <"$work/ascii" >"$work/said"
	tr -d '\r' <"$work/lines" | sed '/^$/d' >"$work/printed"
}

# says PATTERN: both consoles show such a line
says()
{
	grep -qE -- "$1" "$work/said" && grep -qE -- "$1" "$work/printed"
}

# Both consoles show the same, in lines that are short enough.
readable()
{
	[[ -s $work/said ]] && ! grep -qE '.{81}' "$work/said" &&
		cmp -s "$work/said" <(cat "$work/printed" &&
			[[ -z $(tail -c 1 "$work/printed") ]] || echo)
}

# ended NAME STOPPED PATTERN
ended()
{
	tap_same "$1: end" "$stopped" "$2"
	tap_if "$1: message" says "$3" || sed 's/^/# /' "$work/said"
	tap_if "$1: on both consoles, in short lines" readable
}

# stage3a_image ENTRY: stage3a with arguments, and a parameter block
stage3a_image()
{
	local args=$((0x10000 + $(size_of "$out/stage3a.bin") - 24))

	new_image "$1"
	put "$image" 0x10000 <"$out/stage3a.bin"
	put_be64 "$image" "$args" $((0x14000 - args))
	put_be64 "$image" $((args + 8)) 640
	put_be64 "$image" $((args + 16)) $((0x16000 - args))
	head -c 4096 /dev/zero | put "$image" 0x16000
}
