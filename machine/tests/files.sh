#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Files and directories go in, files come out.
# shellcheck disable=SC2016,SC2317
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

cd "$SCRATCH"
head -c 300001 /dev/urandom >data
printf '#!/bin/sh\necho "script $1"\n' >script
chmod 755 script
mkdir -p tree/sub
echo deep >tree/sub/leaf
ln -s sub/leaf tree/link
: >empty

run_machine --file script -- ./script works
check "a file without DST is in the working directory" output_is "script works"

run_machine --file data:/some/where/new --file empty:/some/where/ \
	--dir tree:/tree --collect /some/where/new:copy \
	--collect /some/where/empty:empty-copy --collect /proc/version:version \
	-- sh -c 'ls /some/where; cat /tree/link; stat -c %u:%g /tree/sub/leaf'
check "files and directories: status 0" status_is 0
check "files and directories: stand where they belong, owned by root" \
	output_is $'empty\nnew\ndeep\n0:0'
check "a collected file is the same" cmp -s data copy
check "a collected empty file is there and empty" \
	cmp -s /dev/null empty-copy
check "a file of /proc is collected" grep -q '^Linux version' version
check "no temporary file is left" test ! -e copy.part

run_machine --file data:/tmp/a/ --file empty:/run/ -- sh -c 'ls /tmp/a /run/empty'
check "a file is there where file systems are mounted otherwise" \
	output_is $'/run/empty\n\n/tmp/a:\ndata'

run_machine --collect /no/such/file:never --collect /proc/version:version2 \
	-- true
check "a file that cannot be collected: status 125" status_is 125
check "a file that cannot be collected: is named" errors_name never
check "a file that cannot be collected: nothing stands in its place" \
	test ! -e never -a ! -e never.part
check "a file that cannot be collected: the others are" test -s version2

run_machine --collect /no/such/file:never -- sh -c 'exit 9'
check "a failed command's status wins over a missing file" status_is 9
finish
