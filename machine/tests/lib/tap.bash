# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What the tests of the machine share: TAP, and running the machine.

MACHINE=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
export O=${O:-${MACHINE%/*}/build}
SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT
TAP_COUNT=0
TAP_FAILED=0
STATUS=0
echo "TAP version 13"

# check NAME COMMAND...: a test that holds if COMMAND succeeds.
check() {
	local name=$1
	shift

	TAP_COUNT=$((TAP_COUNT + 1))
	if "$@"; then
		echo "ok $TAP_COUNT - $name"
		return
	fi
	echo "not ok $TAP_COUNT - $name"
	TAP_FAILED=1
	echo "# failed: $*"
	echo "# last status: $STATUS"
	[[ ! -s $SCRATCH/err ]] || tail -n 20 "$SCRATCH/err" | sed 's/^/# /'
}

skip() {
	TAP_COUNT=$((TAP_COUNT + 1))
	echo "ok $TAP_COUNT - $1 # SKIP $2"
}

finish() {
	echo "1..$TAP_COUNT"
	exit "$TAP_FAILED"
}

# try COMMAND...: sets STATUS, and leaves the files out and err.
try() {
	STATUS=0
	"$@" >"$SCRATCH/out" 2>"$SCRATCH/err" || STATUS=$?
}

run_machine() {
	try "$MACHINE/run" "$@"
}

status_is() { [[ $STATUS == "$1" ]]; }
output_is() { [[ $(<"$SCRATCH/out") == "$1" ]]; }
errors_are() { [[ $(<"$SCRATCH/err") == "$1" ]]; }
errors_name() { grep -q -- "$1" "$SCRATCH/err"; }
no_errors() { [[ ! -s $SCRATCH/err ]]; }
