#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The manual pages and "--help" against each other: every option that the help
# shows is explained, and every option that is explained exists.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=userspace/tests/tap.sh
. "$here/tap.sh"
uvctl=${UVCTL:?is set by make check}

# section PAGE NAME: of a manual page, with plain hyphens; without NAME all of it
section()
{
	sed 's/\\-/-/g' "$here/../man/$1.1" | awk -v name="${2:-}" '
		/^\.S[HS] / { inside = $0 == ".SS " name }
		name == "" || inside'
}

long_options()
{
	grep -oE -- '--[a-z][a-z-]*' | sort -u
}

# Those that stand at the start of a line; others are part of an explanation.
help_options()
{
	# shellcheck disable=SC2086 # words of the command
	"$uvctl" $1 --help | grep -oE '^  (-.,|   ) --[a-z-]+' | long_options
}

# unexplained COMMAND PAGE [SECTION]: shown by the help, missing in the page
unexplained()
{
	comm -23 <(help_options "$1") \
		<({ section "$2" "${3:-}"; section uvctl; } | long_options)
}

# unknown COMMAND PAGE [SECTION]: explained in the page, but no option
unknown()
{
	local option

	for option in $(section "$2" "${3:-}" | long_options); do
		# shellcheck disable=SC2086 # words of the command
		run "$uvctl" $1 "$option"
		! grep -qi 'unknown or ambiguous' <<<"$err" || echo "$option"
	done
}

# agree COMMAND PAGE [SECTION]
agree()
{
	local words

	words=$(help_options "$1")
	ok "man: uvctl $1 has options" [ -n "$words" ]
	words=$(unexplained "$@")
	ok "man: every option of uvctl $1 is explained" empty "$words"
	words=$(unknown "$@")
	ok "man: uvctl $1 has no other options" empty "$words"
}

empty()
{
	[ -z "$1" ] && return 0
	sed 's/^/# /' <<<"$1"
	return 1
}

tap_scratch
tap_start
for command in create perform verify check; do
	agree "attest $command" uvctl-attest "$command"
done
for command in info decrypt; do
	agree "dump $command" uvctl-dump "$command"
done
agree "hostkey verify" uvctl-hostkey
for command in create info test extract-header; do
	agree "image $command" uvctl-image "$command"
done
for command in create add list lock retrieve verify; do
	agree "secret $command" uvctl-secret "$command"
done
agree info uvctl-info
tap_done
