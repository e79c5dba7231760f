// SPDX-License-Identifier: GPL-2.0
/*
 * A host that cannot make protected guests: without prot_virt=1, or without the
 * memory that the Ultravisor wants.
 */
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "host.h"
#include "vm.h"

FIXTURE(host) {
	struct vm vm;
};

FIXTURE_SETUP(host)
{
	ASSERT_EQ(0, vm_new(&self->vm, VM_MIB, 1))
		TH_LOG("%s", self->vm.problem);
}

FIXTURE_TEARDOWN(host)
{
	vm_close(&self->vm);
}

TEST_F(host, says_so)
{
	struct vm *vm = &self->vm;

	EXPECT_EQ(0, host_number(UV_FIRMWARE "/prot_virt_host", "%llu"));
	EXPECT_EQ(0, host_number(UV_FIRMWARE "/prot_virt_guest", "%llu"));
	EXPECT_EQ(0, vm_capability(vm, KVM_CAP_S390_PROTECTED));
	EXPECT_EQ(0, vm_capability(vm, KVM_CAP_S390_PROTECTED_DUMP));
	EXPECT_EQ(0, vm_capability(vm, KVM_CAP_S390_PROTECTED_ASYNC_DISABLE));
	EXPECT_FALSE(vm_has_facility(vm, VM_FACILITY_UNPACK));
}

/* The Ultravisor is there all the same, and has not been asked for anything. */
TEST_F(host, still_has_an_ultravisor)
{
	EXPECT_TRUE(host_has_call(0));
	EXPECT_TRUE(host_has_call(1));
}

/* Before anything else is looked at: unknown ones and unreadable ones, too. */
TEST_F(host, refuses_every_command)
{
	for (uint32_t cmd = 0; cmd <= PV_CMD_ASYNC_PERFORM + 1; cmd++)
		EXPECT_EQ(EINVAL, vm_pv(&self->vm, cmd, NULL).error);
	EXPECT_EQ(-1, ioctl(self->vm.fd, KVM_S390_PV_COMMAND, NULL));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, ioctl(self->vm.cpus->fd, KVM_S390_PV_CPU_COMMAND, NULL));
	EXPECT_EQ(EINVAL, errno);
}

TEST_F(host, has_no_exchange_area_and_no_load_state)
{
	uint8_t data[16] = {};

	EXPECT_EQ(-EINVAL, vm_cpu_sida_read(self->vm.cpus, 0, data,
					    sizeof(data)));
	EXPECT_EQ(-EINVAL, vm_cpu_sida_write(self->vm.cpus, 0, data,
					     sizeof(data)));
	EXPECT_EQ(-ENXIO, vm_cpu_set_state(self->vm.cpus, KVM_MP_STATE_LOAD));
}

int main(int argc, char **argv)
{
	kvm_needed();
	if (host_number(UV_FIRMWARE "/prot_virt_host", "%llu")) {
		ksft_print_header();
		ksft_exit_skip("this host can make protected guests\n");
	}
	return test_harness_run(argc, argv);
}
