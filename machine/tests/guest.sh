#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Role guest: the machine is a protected guest, and its driver comes by itself.
# shellcheck disable=SC2016,SC2317
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

readonly GUEST=/sys/firmware/uv/prot_virt_guest

run_machine --role off -- sh -c "cat $GUEST; ls /dev/uv"
check "control: role off is no protected guest" output_is ""
check "control: role off has no /dev/uv" errors_name '/dev/uv: No such file'

header=""
for file in "$O/test-pki/host-header.bin" "$O/demo/header"; do
	[[ ! -e $file ]] || header=$file
done
if [[ -z $header ]]; then
	skip "role guest" "no SE header was made (machine/test-pki)"
	finish
fi

in_tree_driver() {
	[[ $(<"$SCRATCH/out") == $'1\n/dev/uv\n'*/kernel/drivers/* ]]
}
run_machine --role guest --in-tree -- \
	sh -c "cat $GUEST; ls /dev/uv; modinfo -F filename uvdevice"
check "role guest: is a protected guest with /dev/uv" \
	in_tree_driver

run_machine --role guest --profile z15 --seed 7 -- true
check "role guest with profile and seed: status 0" status_is 0

marker="Marker-$RANDOM-$RANDOM-not-to-be-seen"
echo "$marker" >"$SCRATCH/secret"
run_machine --role guest --memory 256 --file "$SCRATCH/secret" \
	--host-view "$SCRATCH/view" -- true
check "role guest with a host view: status 0" status_is 0
check "role guest with a host view: has the size of storage" \
	test "$(stat -c %s "$SCRATCH/view")" = $((256 << 20))
check "role guest with a host view: the guest's file is not to be seen" \
	test "$(grep -a -c "$marker" "$SCRATCH/view")" = 0

run_machine --role guest --fault 'cmd=share:nth=1:rc=0x10c' -- true
check "role guest with sharing that fails: status 125" status_is 125

run_machine --role guest --fault 'nonsense=1' -- true
check "role guest with a fault policy that is wrong: status 125" status_is 125
check "role guest with a fault policy that is wrong: is told" \
	errors_name nonsense
finish
