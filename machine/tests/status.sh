#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The exit status of machine/run is the command's.
# shellcheck disable=SC2016,SC2317
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

run_machine -- true
check "a command that succeeds: status 0" status_is 0
check "a command that succeeds: nothing is added to its output" output_is ""
check "a command that succeeds: nothing is said on stderr" no_errors

run_machine -- sh -c 'exit 3'
check "a command that exits with 3: status 3" status_is 3

run_machine -- sh -c 'exit 255'
check "a command that exits with 255: status 255" status_is 255

run_machine -- sh -c 'kill -TERM $$'
check "a command ended by SIGTERM: status 143" status_is 143

run_machine -- no-such-command
check "a command that is not there: status 127" status_is 127
check "a command that is not there: named on stderr" \
	errors_name 'no-such-command: No such file'

run_machine -- /etc/passwd
check "a command that is not executable: status 126" status_is 126

run_machine -- id
check "the command runs as root" output_is "uid=0(root) gid=0(root)"

run_machine -- printf '%s|' 'a b' '' '*' "it's" '$HOME' $'line\nline'
check "arguments arrive as they are" \
	output_is $'a b||*|it\'s|$HOME|line\nline|'

run_machine -- sh -c '(sleep 60; echo late) & echo early'
check "background processes do not hold up the end" status_is 0
check "output before the end is complete with a background process" \
	output_is early
finish
