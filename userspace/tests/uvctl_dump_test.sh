#!/bin/bash
# SPDX-License-Identifier: MIT
#
# "uvctl dump info" and "decrypt": what they show and write, what they refuse.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=userspace/tests/tap.sh
. "$here/tap.sh"
# shellcheck source=userspace/tests/image.sh
. "$here/image.sh"
uvctl=${UVCTL:?is set by make check}
plain=${UVCTL_PLAIN:?is set by make check}
make_dump=${MAKE_DUMP:?is set by make check}
peak_memory=${PEAK_MEMORY:?is set by make check}

# Of the published dump: the file, and its memory in the clear.
readonly dump_sha256=b0fb805de3889b7ddb788246006087d663d9a9baac89247e6a7278441539440e
readonly memory_sha256=a44da9ea48c5281d5ee56b6ac07eaf05fb8bb00dff50299909d2c20890456586
readonly mib=1048576 entries=0x10169c area=0x10269c names=0x10369c

prepare()
{
	cd "$dir" || exit 1
	umask 022
	"$make_dump" 1 1 dump
	printf '%b' "$(printf '\\x%02x' {0..31})" >cck
	head -c 32 /dev/urandom >wrong
	head -c 31 cck >k31
}

# damaged FILE OFFSET TEXT: a copy of the dump with other bytes there
damaged()
{
	cp dump "$1"
	put "$1" "$2" "$3"
}

sha256_is()
{
	[ "$(sha256sum | cut -d ' ' -f 1)" = "$1" ]
}

memory_is_right()
{
	tail -c $mib "$1" | sha256_is $memory_sha256
}

decrypt()
{
	rm -f core
	run "$uvctl" dump decrypt "$@"
}

test_help()
{
	run "$uvctl" dump --help
	ok "help: info" grep -qE '^  info +[a-z]' <<<"$out"
	ok "help: decrypt" grep -qE '^  decrypt +[a-z]' <<<"$out"
}

test_decrypt()
{
	ok "the dump is the published one" sha256_is $dump_sha256 <dump
	decrypt -k cck dump core
	ok "decrypt: done" said 0 'Successfully decrypted dump into core: 1 CPU, 1 MiB'
	ok "decrypt: memory" memory_is_right core
	ok "decrypt: its owner's only" [ "$(mode_of core)" = 600 ]
	cp core before
	decrypt --cck cck -i dump -o core
	ok "decrypt: the same with options" cmp -s core before
	decrypt --key cck -i dump core
	ok "decrypt: ... and half of them" cmp -s core before
	decrypt --comm-key cck dump -o core -q
	ok "decrypt: quiet" [ "$status$err" = 0 ]
	if command -v readelf >/dev/null; then
		readelf -hlnW core >seen 2>&1
		ok "decrypt: an ELF core of s390x" grep -qE 'Machine: +IBM S/390' seen
		ok "... of all the memory" grep -qE \
			'LOAD +0x001000 0x0+ 0x0+ 0x100000 0x100000' seen
		ok "... with registers" grep -q NT_PRSTATUS seen
	else
		skip "decrypt: an ELF core" "no readelf (Debian package: binutils)"
	fi
	rm -f before
}

# Zero pages are holes: 255 MiB of a guest that never had them.
test_sparse()
{
	"$make_dump" --zeros 256 1 large
	decrypt -k cck large core
	ok "sparse: decrypted" [ "$status" = 0 ]
	ok "sparse: has its size" [ "$(stat -c %s core)" = $((256 * mib + 4096)) ]
	ok "sparse: holes" [ "$(du -k core | cut -f 1)" -le 4096 ]
	rm -f large core
}

# refuses STATUS TEXT OPTION...: it says why and leaves nothing behind
refuses()
{
	local wanted=$1 text=$2

	shift 2
	decrypt "$@"
	said "$wanted" "$text" && absent core
}

test_refusals()
{
	ok "no key" refuses 1 'key is needed (--cck)' dump core
	ok "no output" refuses 1 'An input and an output file are needed' \
		-k cck dump
	ok "a word too many" refuses 1 'Unexpected argument' -k cck dump core x
	ok "another CCK" refuses 2 'This is not the CCK of the guest' \
		-k wrong dump core
	ok "... and what does not open" refuses 2 \
		'dump: The completion data does not open' -k wrong dump core
	ok "a short CCK" refuses 1 'k31 is no customer communication key' \
		-k k31 dump core
	ok "a missing CCK" refuses 1 'Cannot read none' -k none dump core
	ok "a missing dump" refuses 1 'Cannot open none' -k cck none core
	ok "a directory" refuses 1 'is a directory' -k cck . core
	ok "a pipe" refuses 1 'pipe or a device' -k cck <(cat dump) core
	ok "standard input" refuses 1 'pipe or a device' -k cck /dev/stdin core \
		< <(cat dump)
	ok "a device" refuses 1 'pipe or a device' -k cck /dev/zero core
	ok "no dump" refuses 1 'wrong: It is no dump' -k cck wrong core
	run "$uvctl" dump decrypt --force -k cck dump ./dump
	ok "the dump as output" said 1 'dump is read'
	run "$uvctl" dump decrypt --force -k cck dump ./cck
	ok "the key as output" said 1 'cck is read'
	ok "... both stay" eval 'sha256_is $dump_sha256 <dump && [ $(wc -c <cck) = 32 ]'
	decrypt -k cck dump /dev/full
	ok "a device as output" said 1 'piece by piece'
	decrypt -k cck dump no/core
	ok "no such directory" said 1 no/core
	run bash -c "ulimit -f 16; exec '$uvctl' dump decrypt -k cck dump core"
	ok "no room: an error, not a signal" said 1 'Cannot write core'
	ok "... and no core" absent core
}

test_outputs()
{
	echo old >core
	run "$uvctl" dump decrypt -k cck dump core
	ok "an existing core" said 1 'core exists already'
	ok "... stays" [ "$(cat core)" = old ]
	run "$uvctl" dump decrypt --force -k wrong dump core
	ok "... also with force, if the key is wrong" [ "$(cat core)" = old ]
	run "$uvctl" dump decrypt --force -k cck dump core
	ok "force" memory_is_right core
	rm -f core
}

# Each part of a dump that is altered, or cut off within.
test_damage()
{
	local end

	damaged bad 0x1f4 '\377'
	ok "altered: a note nobody needs" eval \
		'decrypt -k cck bad core; [ $status = 0 ]'
	damaged bad 0x6c0 '\377'
	ok "altered: a CPU" refuses 2 'CPU 0: The CPU' -k cck bad core
	damaged bad "$((entries + 15))" '\007'
	ok "altered: what a page is" refuses 1 \
		'pv_mem_meta says of page 0' -k cck bad core
	damaged bad "$((area + 0x20))" '\377'
	ok "altered: completion data" refuses 2 'completion data' -k cck bad core
	damaged bad "$((area + 3))" '\002'
	ok "altered: its version" refuses 1 'version 2' -k cck bad core
	damaged bad "$((names + 1))" X
	ok "altered: a name" refuses 1 'lacks section pv_mem_meta' -k cck bad core
	cp bad plaincore
	put plaincore "$((names + 13))" X
	ok "no metadata: not copied" refuses 1 'no protection metadata' \
		-k cck plaincore core
	for end in 0 63 64 300 400 5000 500000 $((entries + 9)) $((area + 9)) \
		$((names + 9)); do
		head -c "$end" dump >bad
		ok "cut off at $end" refuses 1 'bad: It ' -k cck bad core
	done
	rm -f bad plaincore
}

info()
{
	run "$uvctl" dump info "$@"
}

# is FILTER VALUE: of the last run's output
is()
{
	local value

	value=$(jq -r "$1" <<<"$out")
	[ "$value" = "$2" ] && return 0
	echo "# $1 is $value instead of $2"
	return 1
}

test_info()
{
	info dump
	ok "info: a warning without the key" said 0 'not verified'
	ok "info: members in their order" is '.data | keys_unsorted | tojson' \
		'["verified","file_size","memory_size","pages","version","seed_hex","iv_hex","kernel_release","cpus"]'
	ok "info: not verified" is .data.verified false
	ok "info: sizes" is '.data | [.file_size, .memory_size] | tojson' \
		'[1062591,1048576]'
	ok "info: pages" is '.data.pages | tojson' \
		'{"total":256,"encrypted":192,"zero":32,"shared":32}'
	ok "info: seed" is .data.seed_hex "$(hex dump "$((area + 16))" 64)"
	ok "info: a CPU without registers" is '.data.cpus | tojson' \
		'[{"version":1,"iv_hex":"000000000000000000000001"}]'
	ok "info: meta" is '.meta | keys_unsorted | tojson' \
		'["api_level","version","host","time_epoch","time"]'
	info -k cck dump
	ok "info: verified" is .data.verified true
	ok "info: no warning" [ -z "$err" ]
	ok "info: registers" is '.data.cpus[0] | .psw_mask_hex, (.gpr_hex | length), (.vr_hex | length), .partial' \
		"$(printf '%s\n' 0000000000000000 16 32 false)"
	info -k wrong dump
	ok "info: another CCK" said 2 'not the CCK of the guest'
	ok "... shows nothing" [ -z "$out" ]
	info --json --format text dump
	ok "info: json and format" said 1 'exclude each other'
	info --format yaml dump
	ok "info: unknown format" said 1 'Unknown format yaml'
	info
	ok "info: no dump" said 1 'One dump is needed'
	info -q cck
	ok "info: a file that is none" said 1 'no dump of a protected guest'
	info --format json:minify -q dump
	ok "info: one line" [ "$(wc -l <.out)" = 1 ]
}

test_text()
{
	"$make_dump" --busy 1 3 busy
	info -q --format text busy
	ok "text: pages, CPUs" grep -q 'CPUs: 3' <<<"$out"
	ok "text: no registers" eval '! grep -q psw <<<"$out"'
	info --format text -k cck busy
	ok "text: PSW and prefix" [ "$(grep -cE ' (psw_mask|prefix): [0-9a-f]+$' <<<"$out")" = 6 ]
	ok "text: the kernel" grep -q 'kernel: 6.12.0-test$' <<<"$out"
	ok "text: not all registers" eval '! grep -q gpr: <<<"$out"'
	info --format text:full -k cck busy
	ok "text:full: all of them" [ "$(grep -cE ' (gpr|vr|gscb):' <<<"$out")" = 9 ]
	info -k cck busy
	ok "json: the kernel" is .data.kernel_release 6.12.0-test
	ok "json: a CPU with partial results" is '[.data.cpus[].partial] | tojson' \
		'[false,false,true]'
	ok "text: is said of it" eval \
		'text=$("$uvctl" dump info -k cck --format text busy) &&
		grep -q "CPU 2, results may be partial" <<<"$text"'
	"$make_dump" --rude 1 1 rude
	info -q -k cck rude
	ok "a guest cannot talk to the terminal" is .data.kernel_release null
	decrypt -k cck busy core
	ok "decrypt: a warning of it" said 0 'CPU 2 was within an instruction'
	rm -f busy rude
}

# begin: a decryption that takes a while, until it writes.  Who started the
# tests may ignore a signal, and then uvctl does, too.
begin()
{
	rm -f core
	env --default-signal=HUP,TERM "$plain" dump decrypt -q -k cck large \
		core 2>.err &
	pid=$!
	for _ in {1..500}; do
		! compgen -G 'core.*' >/dev/null || return
		sleep 0.01
	done
}

# It may have been done before: then there is a whole core.
interrupted()
{
	local status=0

	begin
	kill -s "$1" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null || status=$?
	if [ "$status" = 0 ]; then
		echo "# it was faster"
		return 0
	fi
	[ "$status" = $((128 + $(kill -l "$1"))) ] && absent core
}

test_large()
{
	local peak

	"$make_dump" 300 2 large
	rm -f core
	peak=$("$peak_memory" "$plain" dump decrypt -q -k cck large core)
	echo "# $peak KiB for 300 MiB"
	ok "at most 32 MiB of memory for a guest of 300 MiB" \
		[ "${peak:-99999}" -le 32768 ]
	ok "... all of it" [ "$(stat -c %s core)" -gt $((300 * mib)) ]
	ok "... its first MiB as that of the small one" eval \
		'dd if=core bs=4096 skip=1 count=256 status=none | sha256_is $memory_sha256'
	SHELL=$BASH script -qec "$plain dump decrypt --force -k cck large core" \
		/dev/null </dev/null >seen 2>&1
	ok "progress on a terminal" grep -qE $'\r[0-9]+ of 300 MiB, [0-9]+ %' seen
	ok "... is wiped before the result" grep -qE $'\r +\rSuccessfully' seen
	ok "SIGTERM: an end that leaves nothing" interrupted TERM
	ok "SIGHUP: the same" interrupted HUP
	rm -f large core
}

tap_scratch
tap_start
if ! command -v jq >/dev/null; then
	skip "uvctl dump" "no jq (Debian package: jq)"
	tap_done
	exit
fi
prepare
test_help
test_decrypt
test_sparse
test_refusals
test_outputs
test_damage
test_info
test_text
test_large
tap_done
