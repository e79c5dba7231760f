# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Boots that run the kernel's selftests; to be sourced.  Needs $root and
# $selftests; what a boot prints stands in $boots_dir until boots_end.

boots_dir=$(mktemp -d)
# Two machines at a time are what fits this computer, whatever else it does.
boots_at_once=2
boots_nr=0
boots_groups=()

boots_clean()
{
	local group

	for group in "${boots_groups[@]}"; do
		kill -- "-$group" 2>/dev/null || true
	done
	rm -rf "$boots_dir"
}
trap boots_clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# boots_carry PROGRAM...: sets boots_files to the options of machine/run that
# bring run_kselftest.sh and these programs.  All of them together are 70 MB,
# which every machine would have to unpack.
boots_carry()
{
	local program

	boots_files=(--dir "$selftests/kselftest:/kselftest/kselftest")
	for program in run_kselftest.sh kselftest-list.txt pv/settings \
		"${@/#/pv/}"; do
		boots_files+=(--file "$selftests/$program:/kselftest/$program")
	done
}

# boots_script: for the machine's shell.  kselftest uses timeout if there is
# one, with an option busybox does not have.
boots_script()
{
	# shellcheck disable=SC2016
	echo 'rm -f /usr/bin/timeout; exec sh /kselftest/run_kselftest.sh "$@"'
}

boots_running()
{
	local group running=0

	for group in "${boots_groups[@]}"; do
		! kill -0 "$group" 2>/dev/null || running=$((running + 1))
	done
	echo "$running"
}

# boots_start COMMAND...: when there is room, beside others.  In a group of its
# own, so that it ends with this script.
boots_start()
{
	local status=0

	while (($(boots_running) >= boots_at_once)); do
		sleep 0.2
	done
	boots_nr=$((boots_nr + 1))
	set -m
	{
		"$@" || status=$?
		echo "$status" >"$boots_dir/$boots_nr.status"
	} >"$boots_dir/$boots_nr" 2>&1 </dev/null &
	set +m
	boots_groups+=($!)
}

# boots_end: what they printed, in the order of their start; fails if one failed
boots_end()
{
	local i bad=0

	for ((i = 1; i <= boots_nr; i++)); do
		wait "${boots_groups[i - 1]}" || true
		cat "$boots_dir/$i"
		[[ $(cat "$boots_dir/$i.status") == 0 ]] || bad=1
	done
	boots_groups=()
	return $bad
}
