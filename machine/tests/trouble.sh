#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Time limits, warnings and panics of the kernel, a machine that is stopped.
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

machines() { pgrep -f -c "$SCRATCH/token" || true; }

run_machine --timeout 4 -- sleep 100
check "time limit: status 124" status_is 124
check "time limit: is told" errors_name 'time limit of 4 s'

run_machine -- sh -c 'echo before; sleep 1; echo c >/proc/sysrq-trigger; sleep 9'
check "kernel panic: status 125" status_is 125
check "kernel panic: output before it is there" output_is before
check "kernel panic: is told" errors_name 'the kernel warned: .*Kernel panic'
check "kernel panic: the log is shown" errors_name '^kernel: .*sysrq'
check "kernel panic: the log is kept" \
	grep -q 'Kernel panic' "$O/machine/kernel.log"

run_machine --append rdinit=/bin/false -- true
check "no PID 1: status 125" status_is 125

KDIR=$("$MACHINE/fetch" headers)
cp -r "$MACHINE/tests/warn" "$SCRATCH/warn"
try make -s -C "$KDIR" M="$SCRATCH/warn" modules
check "a module that warns is built against the header package" status_is 0
WARN=$SCRATCH/warn/warn.ko

run_machine --file "$WARN" -- sh -c 'insmod warn.ko param=0; echo status $?'
check "control: the module without its warning: status 0" status_is 0
check "control: the module without its warning: was loaded" \
	output_is "status 0"

run_machine --file "$WARN" -- insmod warn.ko
check "kernel warning: status 125" status_is 125
check "kernel warning: is told" errors_name 'the kernel warned: .*WARNING: '

run_machine --append panic_on_warn=0 --file "$WARN" -- insmod warn.ko
check "kernel warning that does not stop the kernel: status 125" status_is 125
check "kernel warning that does not stop the kernel: is told" \
	errors_name 'the kernel warned'

interrupt() {
	STATUS=0
	"$MACHINE/run" --append "token=$SCRATCH/token" -- sleep 100 \
		>"$SCRATCH/out" 2>"$SCRATCH/err" &
	local runner=$!

	# The runner itself is one of those that have the token.
	for ((i = 0; i < 300 && $(machines) < 2; i++)); do
		sleep 0.1
	done
	[[ $(machines) -ge 2 ]] || STATUS=1
	sleep 1
	kill -TERM "$runner"
	wait "$runner" || STATUS=$?
}
interrupt
check "the runner ended by SIGTERM: status 143" status_is 143
check "the runner ended by SIGTERM: no machine is left" test "$(machines)" = 0
finish
