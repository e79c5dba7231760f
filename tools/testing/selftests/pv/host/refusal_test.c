// SPDX-License-Identifier: GPL-2.0
/*
 * What KVM tells about protection, and what it does for protected machines
 * only, or for others only.
 */
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "host.h"

#define QUERY(name)	host_number(UV_FIRMWARE "/query/" name, "%llx")
#define DECIMAL(name)	host_number(UV_FIRMWARE "/query/" name, "%llu")
#define FILL		0xee

FIXTURE(machine) {
	struct vm vm;
};

/* Whether it is protected */
FIXTURE_VARIANT(machine) {
	bool protected;
};

FIXTURE_VARIANT_ADD(machine, plain) { .protected = false };
FIXTURE_VARIANT_ADD(machine, protected) { .protected = true };

FIXTURE_SETUP(machine)
{
	ASSERT_EQ(0, vm_new(&self->vm, VM_MIB, 1))
		TH_LOG("%s", self->vm.problem);
	if (variant->protected)
		ASSERT_EQ(0, vm_pv(&self->vm, KVM_PV_ENABLE, NULL).error);
}

FIXTURE_TEARDOWN(machine)
{
	vm_close(&self->vm);
}

static int try_ioctl(int fd, unsigned long cmd, void *arg)
{
	return ioctl(fd, cmd, arg) ? -errno : 0;
}

TEST_F(machine, has_the_capabilities_of_the_ultravisor)
{
	uint64_t async = host_number("/sys/module/kvm/parameters/async_destroy",
				     "%llu");
	struct vm *vm = &self->vm;

	EXPECT_EQ(1, vm_capability(vm, KVM_CAP_S390_PROTECTED));
	EXPECT_EQ(host_dumps(), vm_capability(vm, KVM_CAP_S390_PROTECTED_DUMP));
	EXPECT_EQ(async,
		  vm_capability(vm, KVM_CAP_S390_PROTECTED_ASYNC_DISABLE));
	EXPECT_EQ(1, vm_capability(vm, KVM_CAP_S390_VCPU_RESETS));
}

/* A query that must not write beyond what it says that it wrote. */
struct guarded_info {
	struct kvm_s390_pv_info info;
	uint8_t guard[32];
};

static struct pv_result query(struct vm *vm, uint32_t id, uint32_t max,
			      struct guarded_info *result)
{
	memset(result, FILL, sizeof(*result));
	result->info.header.id = id;
	result->info.header.len_max = max;
	return vm_pv(vm, KVM_PV_INFO, result);
}

static bool untouched(const struct guarded_info *result, size_t from)
{
	const uint8_t *byte = (const uint8_t *)result;

	for (size_t i = from; i < sizeof(*result); i++)
		if (byte[i] != FILL)
			return false;
	return true;
}

TEST_F(machine, info_of_machines_is_that_of_sysfs)
{
	size_t size = sizeof(struct kvm_s390_pv_info_header) +
		      sizeof(struct kvm_s390_pv_info_vm);
	struct guarded_info result;
	const struct kvm_s390_pv_info_vm *vm = &result.info.vm;

	ASSERT_EQ(80, size);
	ASSERT_EQ(0, query(&self->vm, KVM_PV_INFO_VM, sizeof(result),
			   &result).error);
	EXPECT_EQ(size, result.info.header.len_written);
	EXPECT_TRUE(untouched(&result, size));
	EXPECT_EQ(QUERY("facilities"), vm->inst_calls_list[0]);
	EXPECT_EQ(DECIMAL("max_cpus"), vm->max_cpus);
	EXPECT_EQ(DECIMAL("max_guests"), vm->max_guests);
	EXPECT_EQ(QUERY("max_address"), vm->max_guest_addr);
	EXPECT_EQ(QUERY("feature_indications"), vm->feature_indication);
	EXPECT_LE(2, vm->max_cpus);
	EXPECT_LE(16, vm->max_guests);
}

TEST_F(machine, info_of_dumps_is_that_of_sysfs)
{
	size_t size = sizeof(struct kvm_s390_pv_info_header) +
		      sizeof(struct kvm_s390_pv_info_dump);
	struct guarded_info result;
	const struct kvm_s390_pv_info_dump *dump = &result.info.dump;

	ASSERT_EQ(40, size);
	ASSERT_EQ(0, query(&self->vm, KVM_PV_INFO_DUMP, size, &result).error);
	EXPECT_EQ(size, result.info.header.len_written);
	EXPECT_TRUE(untouched(&result, size));
	EXPECT_EQ(QUERY("uv_query_dump_cpu_len"), dump->dump_cpu_buffer_len);
	EXPECT_EQ(QUERY("dump_storage_state_len"),
		  dump->dump_config_mem_buffer_per_1m);
	EXPECT_EQ(QUERY("dump_finalize_len"), dump->dump_config_finalize_len);
}

TEST_F(machine, info_without_room_is_refused)
{
	static const struct {
		uint32_t id, max;
	} bad[] = {
		{ KVM_PV_INFO_VM, 79 }, { KVM_PV_INFO_VM, 16 },
		{ KVM_PV_INFO_VM, 15 }, { KVM_PV_INFO_VM, 0 },
		{ KVM_PV_INFO_DUMP, 39 }, { KVM_PV_INFO_DUMP + 1, 4096 },
		{ UINT32_MAX, 4096 },
	};
	struct guarded_info result;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(EINVAL, query(&self->vm, bad[i].id, bad[i].max,
					&result).error)
			TH_LOG("row %zu", i);
		EXPECT_TRUE(untouched(&result, offsetof(struct guarded_info,
							info.vm)));
	}
}

/* Interfaces that would show or change what is protected */
TEST_F(machine, one_register_is_for_plain_machines)
{
	uint64_t value = 0;
	struct kvm_one_reg reg = {
		.id = KVM_REG_S390_GBEA,
		.addr = (uintptr_t)&value,
	};
	int want = variant->protected ? -EINVAL : 0;

	EXPECT_EQ(want, try_ioctl(self->vm.cpus->fd, KVM_GET_ONE_REG, &reg));
	EXPECT_EQ(want, try_ioctl(self->vm.cpus->fd, KVM_SET_ONE_REG, &reg));
}

TEST_F(machine, memory_operations_are_for_plain_machines)
{
	static const unsigned int ops[] = {
		KVM_S390_MEMOP_LOGICAL_READ, KVM_S390_MEMOP_LOGICAL_WRITE,
	};
	int want = variant->protected ? -EINVAL : 0;
	uint8_t data[16] = {};
	struct kvm_s390_mem_op op = {
		.gaddr = GUEST_DATA / 2,
		.size = sizeof(data),
		.buf = (uintptr_t)data,
	};

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		op.op = ops[i];
		EXPECT_EQ(want, try_ioctl(self->vm.cpus->fd, KVM_S390_MEM_OP,
					  &op));
	}
	for (op.op = KVM_S390_MEMOP_ABSOLUTE_READ;
	     op.op <= KVM_S390_MEMOP_ABSOLUTE_WRITE; op.op++)
		EXPECT_EQ(want, try_ioctl(self->vm.fd, KVM_S390_MEM_OP, &op));
}

TEST_F(machine, exchange_area_is_for_protected_machines)
{
	uint8_t data[VM_SIDA_SIZE + 1] = { 1, 2, 3 };
	struct vm_cpu *cpu = self->vm.cpus;
	int want = variant->protected ? 0 : -EINVAL;

	EXPECT_EQ(want, vm_cpu_sida_read(cpu, 0, data, VM_SIDA_SIZE));
	EXPECT_EQ(want, vm_cpu_sida_write(cpu, 0, data, VM_SIDA_SIZE));
	EXPECT_EQ(want, vm_cpu_sida_write(cpu, VM_SIDA_SIZE - 1, data, 1));
	EXPECT_EQ(want, vm_cpu_sida_read(cpu, VM_SIDA_SIZE - 1, data, 1));
}

TEST_F(machine, memory_slots_of_protected_machines_stay)
{
	struct kvm_userspace_memory_region slot = {
		.slot = 1,
		.guest_phys_addr = VM_MIB,
		.memory_size = VM_MIB,
	};
	void *map = mmap(NULL, 2 * VM_MIB, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int want = variant->protected ? -EINVAL : 0;

	ASSERT_NE(MAP_FAILED, map);
	slot.userspace_addr = ((uintptr_t)map + VM_MIB - 1) & -VM_MIB;
	EXPECT_EQ(want, try_ioctl(self->vm.fd, KVM_SET_USER_MEMORY_REGION,
				  &slot));
	slot = (struct kvm_userspace_memory_region){};
	EXPECT_EQ(want, try_ioctl(self->vm.fd, KVM_SET_USER_MEMORY_REGION,
				  &slot));
	munmap(map, 2 * VM_MIB);
}

TEST_F(machine, clock_of_protected_machines_cannot_be_set)
{
	struct kvm_s390_vm_tod_clock tod = {};
	struct kvm_device_attr attr = {
		.group = KVM_S390_VM_TOD,
		.attr = KVM_S390_VM_TOD_EXT,
		.addr = (uintptr_t)&tod,
	};

	ASSERT_EQ(0, try_ioctl(self->vm.fd, KVM_GET_DEVICE_ATTR, &attr));
	EXPECT_EQ(variant->protected ? -EOPNOTSUPP : 0,
		  try_ioctl(self->vm.fd, KVM_SET_DEVICE_ATTR, &attr));
}

TEST_F(machine, cpu_states_of_protected_machines_are_the_ultravisors)
{
	struct vm_cpu *cpu = self->vm.cpus;

	/* The image is not verified: not yet. */
	EXPECT_EQ(variant->protected ? -EINVAL : -ENXIO,
		  vm_cpu_set_state(cpu, KVM_MP_STATE_LOAD));
	EXPECT_EQ(variant->protected ? -EINVAL : 0,
		  vm_cpu_set_state(cpu, KVM_MP_STATE_OPERATING));
	EXPECT_EQ(-ENXIO, vm_cpu_set_state(cpu, KVM_MP_STATE_CHECK_STOP));
	EXPECT_EQ(0, vm_cpu_set_state(cpu, KVM_MP_STATE_STOPPED));
}

TEST_F(machine, cpus_can_be_reset)
{
	static const unsigned long resets[] = {
		KVM_S390_NORMAL_RESET, KVM_S390_INITIAL_RESET,
		KVM_S390_CLEAR_RESET,
	};

	for (size_t i = 0; i < ARRAY_SIZE(resets); i++)
		EXPECT_EQ(0, vm_cpu_reset(self->vm.cpus, resets[i]));
}

/* What is refused tells whether a CPU is protected. */
static bool cpu_protected(const struct vm_cpu *cpu)
{
	uint64_t value;
	struct kvm_one_reg reg = {
		.id = KVM_REG_S390_PP,
		.addr = (uintptr_t)&value,
	};

	return try_ioctl(cpu->fd, KVM_GET_ONE_REG, &reg) == -EINVAL;
}

TEST_F(machine, cpus_are_what_their_machine_is)
{
	struct vm_cpu *late = vm_add_cpu(&self->vm);

	ASSERT_NE(NULL, late)
		TH_LOG("%s", self->vm.problem);
	EXPECT_EQ(variant->protected, cpu_protected(self->vm.cpus));
	EXPECT_EQ(variant->protected, cpu_protected(late));
	ASSERT_EQ(variant->protected ? 0 : EINVAL,
		  vm_pv(&self->vm, KVM_PV_DISABLE, NULL).error);
	EXPECT_FALSE(cpu_protected(self->vm.cpus));
	EXPECT_FALSE(cpu_protected(late));
	ASSERT_EQ(0, vm_pv(&self->vm, KVM_PV_ENABLE, NULL).error);
	EXPECT_TRUE(cpu_protected(self->vm.cpus));
	EXPECT_TRUE(cpu_protected(late));
}

/* The area in which a protected CPU and its host exchange operands */
FIXTURE(exchange_area) {
	struct vm vm;
};

FIXTURE_SETUP(exchange_area)
{
	ASSERT_EQ(0, vm_new(&self->vm, VM_MIB, 1))
		TH_LOG("%s", self->vm.problem);
	ASSERT_EQ(0, vm_pv(&self->vm, KVM_PV_ENABLE, NULL).error);
}

FIXTURE_TEARDOWN(exchange_area)
{
	vm_close(&self->vm);
}

TEST_F(exchange_area, has_an_end)
{
	uint8_t data[VM_SIDA_SIZE + 1] = {};
	struct vm_cpu *cpu = self->vm.cpus;
	struct kvm_s390_mem_op op = {
		.op = KVM_S390_MEMOP_SIDA_READ,
		.size = 1,
		.flags = 1,
		.buf = (uintptr_t)data,
	};

	EXPECT_EQ(-EINVAL, vm_cpu_sida_read(cpu, 0, data, 0));
	EXPECT_EQ(-E2BIG, vm_cpu_sida_read(cpu, 0, data, VM_SIDA_SIZE + 1));
	EXPECT_EQ(-E2BIG, vm_cpu_sida_write(cpu, VM_SIDA_SIZE, data, 1));
	EXPECT_EQ(-E2BIG, vm_cpu_sida_write(cpu, 1, data, VM_SIDA_SIZE));
	EXPECT_EQ(-EFAULT, vm_cpu_sida_read(cpu, 0, NULL, 1));
	EXPECT_EQ(-EINVAL, try_ioctl(cpu->fd, KVM_S390_MEM_OP, &op));
}

TEST_F(exchange_area, does_not_outlive_protection)
{
	uint8_t data[16];
	static const uint8_t zeros[16];
	struct vm *vm = &self->vm;

	memset(data, FILL, sizeof(data));
	ASSERT_EQ(0, vm_cpu_sida_write(vm->cpus, 0, data, sizeof(data)));
	ASSERT_EQ(0, vm_pv(vm, KVM_PV_DISABLE, NULL).error);
	EXPECT_EQ(-EINVAL, vm_cpu_sida_read(vm->cpus, 0, data, sizeof(data)));
	ASSERT_EQ(0, vm_pv(vm, KVM_PV_ENABLE, NULL).error);
	EXPECT_EQ(0, vm_cpu_sida_read(vm->cpus, 0, data, sizeof(data)));
	EXPECT_EQ(0, memcmp(data, zeros, sizeof(data)));
}

int main(int argc, char **argv)
{
	pv_host_needed();
	return test_harness_run(argc, argv);
}
