#!/bin/bash
# SPDX-License-Identifier: MIT
# The counting of results is what CI believes: hold it against made-up output.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
n=0 bad=0

# check NAME EXPECTED <<<INPUT
check()
{
	local name=$1 expected=$2 got

	got=$(awk -f "$here/tally.awk")
	n=$((n + 1))
	if [ "$got" = "$expected" ]; then
		echo "ok $n - $name"
	else
		bad=1
		echo "not ok $n - $name"
		echo "# expected '$expected', got '$got'"
	fi
}

echo "TAP version 13"
check "passed failed and skipped results are told apart" "1 1 1" <<'EOF'
TAP version 13
1..3
ok 1 - a
not ok 2 - b
ok 3 - c # SKIP no such thing here
EOF
check "a plan may come last" "2 0 0" <<'EOF'
TAP version 13
ok 1 - a
ok 2 - b
1..2
EOF
check "a suite that dies before its plan is met has failed" "1 1 0" <<'EOF'
TAP version 13
1..2
ok 1 - a
EOF
check "a suite that dies before its first test has failed" "0 1 0" <<'EOF'
TAP version 13
1..2
EOF
check "no output at all has failed" "0 1 0" </dev/null
check "a bail-out has failed" "1 1 0" <<'EOF'
TAP version 13
ok 1 - a
Bail out! no machine
EOF
check "the tests inside a kselftest program count" "3 0 1" <<'EOF'
TAP version 13
1..1
# timeout set to 60
# selftests: pv: uvdevice_test
# TAP version 13
# 1..3
# # Starting 3 tests from 1 test cases.
# #  RUN           global.a ...
# #            OK  global.a
# ok 1 global.a
# ok 2 global.b # SKIP not here
# ok 3 global.c
# # PASSED: 3 / 3 tests passed.
ok 1 selftests: pv: uvdevice_test
EOF
check "a kselftest program that dies half-way has failed" "1 2 0" <<'EOF'
TAP version 13
1..1
# TAP version 13
# 1..3
# ok 1 global.a
not ok 1 selftests: pv: uvdevice_test # TIMEOUT 45 seconds
EOF
check "carriage returns of a console do no harm" "1 0 0" < \
	<(printf 'TAP version 13\r\n1..1\r\nok 1 - a\r\n')
echo "1..$n"
exit $bad
