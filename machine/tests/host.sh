#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Role host: the kernel is a KVM host with an Ultravisor below it.
# shellcheck disable=SC2016,SC2317
set -euo pipefail
# shellcheck source=machine/tests/lib/tap.bash
. "${BASH_SOURCE[0]%/*}/lib/tap.bash"

readonly HOST=/sys/firmware/uv/prot_virt_host

# Not by a pipe: who writes it would die when grep has seen enough.
kernel_text() { tr -d '\r' <"$SCRATCH/log"; }
kernel_says() { grep -q "$1" < <(kernel_text); }
kernel_never_says() { ! kernel_says "$1"; }

cd "$SCRATCH"
run_machine --role host --kernel-log log -- \
	sh -c 'cat '$HOST'; ls /dev/kvm; sysctl -n vm.allocate_pgste'
check "role host: is a host with /dev/kvm and room in page tables" \
	output_is $'1\n/dev/kvm\n1'
check "role host: storage is donated" \
	kernel_says 'prot_virt: Reserving [0-9]*MB as ultravisor base storage'

run_machine --role host --no-prot-virt --kernel-log log -- \
	sh -c 'cat '$HOST'; ls /dev/kvm'
check "--no-prot-virt: is no host of protected guests, but of others" \
	output_is $'0\n/dev/kvm'
check "--no-prot-virt: nothing is donated" \
	kernel_never_says 'ultravisor base storage'

run_machine --role host --memory 512 --property uv-low-base-storage=off \
	--kernel-log log -- cat "$HOST"
check "too little storage: the machine runs without protected guests" \
	output_is 0
check "too little storage: the kernel says why" \
	kernel_says 'Ultravisor init failed with rc: 0x108 '

# What starts like an image is one for this; a name is kept, whatever it is.
printf '\0\10\0\1\200\1\20\0rest' >image
printf 'no image' >other
mkdir -p dir
cp image dir/other
cd dir
run_machine --role host -- sh -c 'cat "$@"; pwd' sh ../image other \
	"$SCRATCH/image" ../other
check "images that the command names: are there under their names" test \
	"$(tr -d '\0\1\10\20\200' <"$SCRATCH/out" | tr '\n' ' ')" = \
	"restrestrest/root "
check "another file that the command names: is not carried" \
	errors_name "can't open '../other'"
finish
