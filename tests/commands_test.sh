#!/bin/bash
# SPDX-License-Identifier: MIT
# What a newcomer types first: where things are made, and names that are wrong.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset O MAKEFLAGS MFLAGS MAKELEVEL
n=0 bad=0

# expect STATUS TEXT NAME COMMAND...: its exit status, and TEXT in what it says
expect()
{
	local want=$1 text=$2 name=$3 status=0

	shift 3
	"$@" >"$work/log" 2>&1 </dev/null || status=$?
	n=$((n + 1))
	if [ "$status" -eq "$want" ] && grep -qF -- "$text" "$work/log"; then
		echo "ok $n - $name"
	else
		bad=1
		echo "not ok $n - $name"
		echo "# exit status $status, expected $want and '$text'"
		sed 's/^/# /' "$work/log"
	fi
}

# What "make clean" would remove shows where things would be made.
where()
{
	make -n --no-print-directory -C "$root" clean "$@"
}

echo "TAP version 13"
expect 0 "rm -rf $root/build" "things are made in build/ of the tree" where
expect 0 "rm -rf $root/else/where" "O= is relative to the top of the tree" \
	where O=else/where
expect 0 "rm -rf $root/else/where" "O may come from the environment" \
	env O=else/where make -n --no-print-directory -C "$root" clean
expect 0 "O=$root/else/where -C ultravisor" "the parts get the same place" \
	make -n --no-print-directory -C "$root" O=else/where ultravisor
for name in 'a b' a,b a:b "a'b" 'a#b' 'a%b'; do
	expect 2 "may stand in a path" "a path like ${name/\#/(hash)} is refused" \
		where "O=/tmp/$name"
done
expect 2 "may stand in a path" "so is such a path of the cache" \
	where "PV_CACHE=/tmp/a b"
mkdir "$work/a b"
cp "$root/Makefile" "$work/a b"
expect 2 "may stand in a path" "so is such a path of the tree" \
	make -n -C "$work/a b" clean

expect 2 "no such suite: nonsense" "a suite that does not exist is refused" \
	"$here/run-suites" nonsense
expect 2 "no such suite: nonsense" "so it is beside one that exists" \
	"$here/run-suites" tally nonsense
echo "1..$n"
exit $bad
