# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# TAP for tests that are a row of commands; to be sourced.  Makes $work, and
# $work/log holds what the last command said.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0 bad=0

result()
{
	local status=$1 name=$2

	n=$((n + 1))
	if [ "$status" -eq 0 ]; then
		echo "ok $n - $name"
		return
	fi
	bad=1
	echo "not ok $n - $name"
	tail -n 60 "$work/log" | sed 's/^/# /'
}

# expect STATUS NAME COMMAND...: run it, compare its exit status
expect()
{
	local want=$1 name=$2 status=0

	shift 2
	"$@" >"$work/log" 2>&1 </dev/null || status=$?
	[ "$status" -eq "$want" ] ||
		echo "exit status $status instead of $want: $*" >>"$work/log"
	result $((status != want)) "$name"
}

# holds NAME COMMAND...
holds()
{
	expect 0 "$@"
}

# says NAME TEXT: the output of the step before had it
says()
{
	grep -qF -- "$2" "$work/log"
	result $? "$1"
}

finish()
{
	echo "1..$n"
	exit $bad
}
