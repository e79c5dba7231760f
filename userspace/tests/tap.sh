# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# TAP output for tests of the command line; to be sourced.

tap_n=0
tap_failed=0

tap_start()
{
	echo "TAP version 13"
}

# ok NAME COMMAND...: passes if the command succeeds
ok()
{
	local name=$1

	shift
	tap_n=$((tap_n + 1))
	if "$@"; then
		echo "ok $tap_n - $name"
	else
		echo "not ok $tap_n - $name"
		tap_failed=$((tap_failed + 1))
	fi
}

skip()
{
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}

# run COMMAND...: sets $status, $out (standard output) and $err
run()
{
	status=0
	"$@" >"$dir/.out" 2>"$dir/.err" || status=$?
	out=$(tr -d '\0' <"$dir/.out")
	err=$(tr -d '\0' <"$dir/.err")
}

# Did the last run end with this status, and say this (a regular expression)?
ended()
{
	[ "$status" -eq "$1" ] && grep -qE -- "${2:-}" <<<"$err$out" && return 0
	printf '# status %s: %s\n' "$status" "$err" | head -n 5 |
		sed '2,$s/^/#   /'
	return 1
}

tap_done()
{
	echo "1..$tap_n"
	[ "$tap_failed" -eq 0 ]
}

# A scratch directory that goes away at the end.
tap_scratch()
{
	dir=$(mktemp -d "${PV_TEST_DIR:-${TMPDIR:-/tmp}}/${0##*/}.XXXXXX")
	trap 'rm -rf "$dir"' EXIT
}
