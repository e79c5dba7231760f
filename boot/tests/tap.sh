# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Test results in the Test Anything Protocol, for scripts.

tap_count=0 tap_failed=0

tap_begin()
{
	echo "TAP version 13"
}

# tap STATUS NAME: status 0 is success
tap()
{
	local not=""

	tap_count=$((tap_count + 1))
	[[ $1 == 0 ]] || { not="not "; tap_failed=1; }
	echo "${not}ok $tap_count - $2"
	return "$1"
}

# tap_if NAME COMMAND...: the command succeeds
tap_if()
{
	local name=$1 status=0

	shift
	"$@" || status=1
	tap "$status" "$name"
}

# tap_same NAME GOT WANT
tap_same()
{
	tap_if "$1" [ "$2" = "$3" ] || echo "# got '$2', want '$3'"
}

# tap_end: the plan; its status is that of the script
tap_end()
{
	echo "1..$tap_count"
	return "$tap_failed"
}
