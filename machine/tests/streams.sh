#!/bin/bash
# SPDX-License-Identifier: MIT
#
# stdin, stdout and stderr pass through unchanged and apart.
# shellcheck disable=SC2016,SC2317
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

readonly MEBIBYTE=1048576
head -c "$MEBIBYTE" /dev/urandom >"$SCRATCH/random"
same() { cmp -s "$SCRATCH/random" "$SCRATCH/$1"; }

run_machine -- sh -c 'echo to stdout; echo to stderr >&2'
check "stdout holds only stdout" output_is "to stdout"
check "stderr holds only stderr" errors_are "to stderr"

run_machine -- cat <"$SCRATCH/random"
check "1 MiB of random bytes through stdin and stdout: status 0" status_is 0
check "1 MiB of random bytes through stdin and stdout: unchanged" same out

run_machine -- sh -c 'cat >&2' <"$SCRATCH/random"
check "1 MiB of random bytes through stderr: unchanged" same err

run_machine -- sh -c 'wc -c; echo ended' </dev/null
check "an empty stdin ends at once" output_is $'0\nended'

run_machine -- sh -c 'read -r line; echo "got $line"; exit 4' \
	< <(printf 'first\n'; head -c 300000 /dev/zero)
check "a stdin that is not read to its end: status of the command" status_is 4
check "a stdin that is not read to its end: what was read" \
	output_is "got first"

run_machine -- sh -c 'echo x >/dev/stdout; echo y >/dev/stderr; echo z >&2'
check "/dev/stdout can be opened again" output_is x
check "/dev/stderr can be opened again" errors_are $'y\nz'

slow_reader() {
	STATUS=0
	"$MACHINE/run" -- head -c $((2 * MEBIBYTE)) /dev/zero \
		2>"$SCRATCH/err" | (sleep 6; wc -c) >"$SCRATCH/out" || STATUS=$?
}
slow_reader
check "a slow reader of stdout gets everything" output_is $((2 * MEBIBYTE))

STATUS=0
"$MACHINE/run" -- sh -c 'yes | head -n 100000; exit 6' 2>"$SCRATCH/err" |
	head -n 1 >"$SCRATCH/out" || STATUS=$?
check "a reader of stdout that goes away does not change the status" \
	status_is 6

# Somebody at a terminal: types when the prompt is there, and stays.
typist() {
	local i

	for ((i = 0; i < 600; i++)); do
		! grep -q '# ' "$SCRATCH/out" || break
		sleep 0.1
	done
	printf 'stty size; echo $((6 * 7)); exit 5\n'
	for ((i = 0; i < 600; i++)); do
		! grep -q '^42' "$SCRATCH/out" || break
		sleep 0.1
	done
	sleep 1
}

tty_shell() {
	STATUS=0
	: >"$SCRATCH/out"
	typist |
		script -qec "stty rows 33 cols 99; '$MACHINE/run' -- sh" \
		/dev/null >"$SCRATCH/out" 2>"$SCRATCH/err" || STATUS=$?
	tr -d '\r' <"$SCRATCH/out" >"$SCRATCH/text"
}
tty_shell
check "a shell on a terminal: status" status_is 5
check "a shell on a terminal: has the size of the terminal" \
	grep -q '^33 99$' "$SCRATCH/text"
check "a shell on a terminal: obeys" grep -q '^42$' "$SCRATCH/text"
finish
