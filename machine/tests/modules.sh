#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Modules: found, placed, loaded, and refused clearly.
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

cd "$SCRATCH"
RELEASE=$("$MACHINE/fetch" kernel)
RELEASE=$(basename "$RELEASE"/lib/modules/*)

run_machine --module test_static_keys -- lsmod
check "a module of the kernel: status 0" status_is 0
check "a module of the kernel: is loaded" grep -q '^test_static_keys ' out
check "a module of the kernel: so is what it needs" \
	grep -q '^test_static_key_base ' out

run_machine --module no_such_module -- true
check "a module the kernel does not have: status 125" status_is 125
check "a module the kernel does not have: is named" \
	errors_name "no module 'no_such_module'"

run_machine --module ./missing.ko -- true
check "a module file that is not there: status 125" status_is 125
check "a module file that is not there: is named" errors_name ./missing.ko

# A module that refuses to load: this machine has no SIE.
run_machine --module kvm -- true
check "a module that does not load: status 125" status_is 125
check "a module that does not load: is named" errors_name "module 'kvm'"

# updates/ wins over the kernel's own module of the same name.
KERNEL=$("$MACHINE/fetch" kernel)
cp "$KERNEL/lib/modules/$RELEASE/kernel/lib/test_static_key_base.ko" .
run_machine --module ./test_static_key_base.ko --module test_static_keys -- \
	modinfo -F filename test_static_key_base
check "a module file replaces the kernel's own" \
	grep -q /updates/test_static_key_base.ko out

sed "s/${RELEASE//./\\.} SMP/X${RELEASE:1} SMP/" test_static_key_base.ko \
	>test_old.ko
run_machine --module ./test_old.ko -- true
check "a module for another kernel: status 125" status_is 125
check "a module for another kernel: says what it was built for" \
	errors_name "built for 'X${RELEASE:1}"
finish
