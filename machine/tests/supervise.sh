#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The supervisor against guests that do not keep to the protocol: instead of
# QEMU it starts a script of ours, which speaks on the channels.
# shellcheck disable=SC2016,SC2317
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

cd "$SCRATCH"
cat >machine <<'EOS'
#!/bin/bash
# Sets control and files: descriptors of two channels.
for argument; do
	case $argument in
	socket,id=channel0,fd=*) control=${argument##*=} ;;
	socket,id=channel4,fd=*) files=${argument##*=} ;;
	esac
done
. ./script
EOS
chmod +x machine

LIMITED=()
# For what does not wait for it; a busy computer takes its time.
LIMIT=60
readonly LIST='\xff\xff\xff\xff' FIRST='\0\0\0\0' END='\0\0\0\0'

# supervise FILES-BYTES OPTION...: what a guest says on the files port; it
# waits until it is told to power off, or killed.
supervise() {
	local bytes=$1
	shift

	printf '%s\n' "printf '$bytes' >&\$files" \
		'echo "verdict 0 0 0" >&$control' \
		'while read -r line <&$control && [[ $line != done ]]; do' \
		':; done' >script
	try "${LIMITED[@]}" "$O/machine/checked/supervise" --log log \
		--outcome outcome --timeout "$LIMIT" "$@" -- ./machine
}

supervise "$LIST"'\0\0\0\0'
check "an empty list, none expected: status 0" status_is 0
supervise "$LIST"'\0\0\0\5/a\0b\0'"$FIRST"'\0\0\0\2hi'"$FIRST$END"\
'\0\0\0\1'"$END" --collect /a:one --collect b:two
check "control: two files: status 0" status_is 0
check "control: two files: first" grep -qx hi one
check "control: two files: second" cmp -s two /dev/null
rm -f one two

LIMIT=2
supervise "$LIST"'\0\0\0\3/a\0'"$FIRST"'\0\0\0\2hi' --collect /a:one
check "a file without an end: time limit" status_is 124
check "a file without an end: nothing is made" test ! -e one -a ! -e one.part
supervise '' --collect /a:one
check "no list: nothing is believed, time limit" status_is 124
supervise ''
check "no list, none expected: the same" status_is 124
LIMIT=60

# refused NAME PATTERN FILES-BYTES [OPTION...]
refused() {
	local name=$1 pattern=$2
	shift 2

	supervise "$@"
	check "$name: status 125" status_is 125
	check "$name: is told" errors_name "$pattern"
	check "$name: is told once" test "$(wc -l <err)" = 1
	check "$name: nothing is made" test ! -e one -a ! -e one.part
}
refused "a list without its last NUL" 'sends back other files' \
	"$LIST"'\0\0\0\2/a' --collect /a:one
refused "another list, and files" 'sends back other files' \
	"$LIST"'\0\0\0\3/b\0'"$FIRST"'\0\0\0\2hi'"$FIRST$END" --collect /a:one
refused "an empty list" 'sends back other files' \
	"$LIST"'\0\0\0\0' --collect /a:one
refused "a longer path" 'sends back other files' \
	"$LIST"'\0\0\0\4/ab\0' --collect /a:one
refused "a shorter path" 'sends back other files' \
	"$LIST"'\0\0\0\2/\0' --collect /a:one
refused "a path more" 'sends back other files' \
	"$LIST"'\0\0\0\6/a\0/b\0' --collect /a:one
refused "a list that is too long" 'no proper list' \
	"$LIST"'\x7f\xff\xff\xff' --collect /a:one
refused "a second list" 'no proper list' \
	"$LIST"'\0\0\0\3/a\0'"$LIST"'\0\0\0\3/a\0' --collect /a:one
refused "a file in front of the list" 'nobody asked for' \
	"$FIRST"'\0\0\0\2hi' --collect /a:one
refused "a file behind the last" 'nobody asked for' \
	"$LIST"'\0\0\0\3/a\0\0\0\0\1\0\0\0\2hi' --collect /a:one
refused "a file that cannot be written" 'no/where.part cannot be written' \
	"$LIST"'\0\0\0\3/a\0'"$FIRST$END" --collect /a:no/where

# Files of 4 KiB at most, instead of a full disk; for the supervisor alone, as
# the results of these tests go to a file, too.
LIMITED=(bash -c 'trap "" XFSZ; ulimit -f 4; exec "$@"' bash)
refused "no room for the end of a file" 'one cannot be written' \
	"$LIST"'\0\0\0\3/a\0'"$FIRST"'\0\0\x13\x88%05000d'"$FIRST$END" \
	--collect /a:one
refused "no room for a file" 'one cannot be written' \
	"$LIST"'\0\0\0\3/a\0'"$FIRST"'\0\0\x23\x28%09000d'"$FIRST$END" \
	--collect /a:one
LIMITED=()

# Half a minute, which is what a guest has.
printf '%s\n' "printf '$LIST\0\0\0\0' >&\$files" \
	'echo "verdict 5 0 0" >&$control' 'exec sleep 300' >script
try "$O/machine/checked/supervise" --log log --outcome outcome -- ./machine
check "a guest that does not power off: its command's status" status_is 5
check "a guest that does not power off: is told" errors_name 'is ended'

# A Ctrl-C reaches both the supervisor and machine/run, which passes it on.
echo 'kill -INT $PPID; kill -TERM $PPID; sleep 9' >script
try "$O/machine/checked/supervise" --log log --outcome outcome -- ./machine
check "two signals: the first one counts" status_is 130
finish
