# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Many steps in one guest, as a table; to be sourced after tests/steps.sh:
#
#	NAME | EXIT STATUS | TEXT THAT IT SAYS | COMMAND
#
# A command is run by the guest's shell; what it says may be left empty.

steps_rows=()

# steps_write SCRIPT: from the table on standard input
steps_write()
{
	local script=$1 row command i

	mapfile -t steps_rows < <(sed -e '/^[[:space:]]*\(#\|$\)/d' \
		-e 's/[[:space:]]*|[[:space:]]*/|/; s//|/2; s//|/3')
	cat >"$script" <<-'EOT'
	step()
	{
		status=0
		sh -c "$2" >said 2>&1 </dev/null || status=$?
		echo "step $1 $status"
		sed 's/^/  /' said
	}
	EOT
	for i in "${!steps_rows[@]}"; do
		row=${steps_rows[i]}
		IFS='|' read -r _ _ _ command <<<"$row"
		printf 'step %d %s\n' "$i" "${command@Q}" >>"$script"
	done
}

# One result for each row, of what the guest printed.
steps_check()
{
	local said=$1 i name want text command status bad_step

	for i in "${!steps_rows[@]}"; do
		IFS='|' read -r name want text command <<<"${steps_rows[i]}"
		status=$(awk -v i="$i" '$1 == "step" && $2 == i { print $3 }' \
			"$said")
		awk -v i="$i" '$1 == "step" && !/^ / { on = $2 == i; next }
			on' "$said" >"$work/log"
		bad_step=0
		[ "$status" = "$want" ] || bad_step=1
		grep -qF -- "$text" "$work/log" || [ -z "$text" ] || bad_step=1
		echo "exit status ${status:-none}, expected $want and" \
			"'$text': $command" >>"$work/log"
		result "$bad_step" "$name"
	done
}

# in_guest NAME COMMAND...: write $work/steps, run the command, which is to end
# with what the guest prints when it runs them, and look at it.
in_guest()
{
	local name=$1

	shift
	steps_write "$work/steps"
	expect 0 "$name: the guest ends well" "$@"
	cp "$work/log" "$work/said"
	steps_check "$work/said"
}
