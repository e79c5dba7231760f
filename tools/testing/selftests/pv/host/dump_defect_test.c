// SPDX-License-Identifier: GPL-2.0
/*
 * KVM's part of a dump, with an Ultravisor whose dump calls do nothing and
 * succeed (PV_TEST_FAULT=dump: 0x400 to 0x403 answer rc 1): what is left of a
 * dump that ends early, and what user space gets back.
 */
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "kselftest_harness.h"
#include "defect.h"
#include "guest.h"
#include "guest_words.h"
#include "host.h"

#define QUERY(name)	host_number(UV_FIRMWARE "/query/" name, "%llx")
#define MIB_DUMPED	3

/* A protected guest that waits for orders, in a dump */
FIXTURE(dump) {
	struct guest guest;
	struct vm *vm;
	uint8_t *buf;
	size_t size;
};

static int run_guest(struct guest *guest)
{
	struct vm_cpu *cpu = guest->vm.cpus;

	if (guest_protect(guest).error || guest_start(cpu))
		return -1;
	return guest_await(cpu).stop == STOP_ORDER ? 0 : -1;
}

static struct pv_result dump(struct vm *vm, struct kvm_s390_pv_dmp *dmp)
{
	return vm_pv(vm, KVM_PV_DUMP, dmp);
}

static struct pv_result dump_init(struct vm *vm)
{
	struct kvm_s390_pv_dmp dmp = { .subcmd = KVM_PV_DUMP_INIT };

	return dump(vm, &dmp);
}

static struct pv_result dump_complete(struct vm *vm, void *buf, size_t size)
{
	struct kvm_s390_pv_dmp dmp = {
		.subcmd = KVM_PV_DUMP_COMPLETE,
		.buff_addr = (uintptr_t)buf,
		.buff_len = size,
	};

	return dump(vm, &dmp);
}

/* As it comes back: KVM_S390_PV_CPU_COMMAND may change all of it. */
static int dump_cpu(struct vm_cpu *cpu, void *buf, struct kvm_pv_cmd *pv)
{
	struct kvm_s390_pv_dmp dmp = {
		.subcmd = KVM_PV_DUMP_CPU,
		.buff_addr = (uintptr_t)buf,
		.buff_len = QUERY("uv_query_dump_cpu_len"),
	};

	*pv = (struct kvm_pv_cmd){
		.cmd = KVM_PV_DUMP,
		.data = (uintptr_t)&dmp,
	};
	return ioctl(cpu->fd, KVM_S390_PV_CPU_COMMAND, pv) ? errno : 0;
}

FIXTURE_SETUP(dump)
{
	if (!fault_is("dump"))
		SKIP(return, "needs PV_TEST_FAULT=dump");
	ASSERT_EQ(0, guest_new(&self->guest, 1))
		TH_LOG("%s", self->guest.problem);
	self->vm = &self->guest.vm;
	self->size = VM_MIB;
	/* with an end behind which there is nothing */
	self->buf = mmap(NULL, 2 * self->size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->buf);
	ASSERT_EQ(0, munmap(self->buf + self->size, self->size));
	ASSERT_EQ(0, run_guest(&self->guest));
	ASSERT_EQ(0, dump_init(self->vm).error);
	ASSERT_EQ(-EINVAL, vm_cpu_run(self->vm->cpus));
}

FIXTURE_TEARDOWN(dump)
{
	munmap(self->buf, self->size);
	guest_free(&self->guest);
}

TEST_F(dump, ends_with_its_completion)
{
	EXPECT_EQ(EINVAL, dump_init(self->vm).error);
	EXPECT_EQ(0, dump_complete(self->vm, self->buf, self->size).error);
	EXPECT_EQ(EINVAL, dump_complete(self->vm, self->buf,
					self->size).error);
	EXPECT_EQ(0, load(self->vm->cpus, GUEST_DATA));
	EXPECT_EQ(0, dump_init(self->vm).error);
}

/* A buffer that is too small or not there costs nothing. */
TEST_F(dump, is_completed_when_its_end_is_taken)
{
	size_t size = QUERY("dump_finalize_len");
	uint8_t *end = self->buf + self->size;

	EXPECT_EQ(EINVAL, dump_complete(self->vm, self->buf, size - 1).error);
	EXPECT_EQ(EFAULT, dump_complete(self->vm, NULL, size).error);
	if (dump_complete(self->vm, end - size + 1, size).error == EINVAL)
		DEFECT(return, "the completion data of a dump is lost with a bad buffer");
	EXPECT_EQ(EFAULT, dump_complete(self->vm, end - 1, size).error);
	EXPECT_EQ(0, dump_complete(self->vm, end - size, size).error);
	EXPECT_EQ(0, load(self->vm->cpus, GUEST_DATA));
}

TEST_F(dump, tells_how_far_it_has_come)
{
	uint64_t each = QUERY("dump_storage_state_len");
	struct kvm_s390_pv_dmp dmp = {
		.subcmd = KVM_PV_DUMP_CONFIG_STOR_STATE,
		.buff_addr = (uintptr_t)self->buf,
		.buff_len = each * MIB_DUMPED,
		.gaddr = VM_MIB,
	};

	ASSERT_LE(dmp.buff_len, self->size);
	ASSERT_EQ(0, dump(self->vm, &dmp).error);
	if (dmp.gaddr == VM_MIB)
		DEFECT(return, "KVM_PV_DUMP_CONFIG_STOR_STATE does not advance gaddr");
	EXPECT_EQ((1 + MIB_DUMPED) * VM_MIB, dmp.gaddr);
	EXPECT_EQ((uintptr_t)self->buf, dmp.buff_addr);
	EXPECT_EQ(each * MIB_DUMPED, dmp.buff_len);
	/* Where it was refused it has not moved. */
	dmp.gaddr = VM_MIB + VM_PAGE_SIZE;
	EXPECT_EQ(EINVAL, dump(self->vm, &dmp).error);
	EXPECT_EQ(VM_MIB + VM_PAGE_SIZE, dmp.gaddr);
}

TEST_F(dump, of_a_cpu_has_codes_of_its_own)
{
	struct kvm_pv_cmd pv;

	ASSERT_EQ(0, dump_cpu(self->vm->cpus, self->buf, &pv));
	if (pv.cmd != KVM_PV_DUMP && !pv.rc)
		DEFECT(return, "KVM_S390_PV_CPU_COMMAND writes rc and rrc over cmd");
	EXPECT_EQ(KVM_PV_DUMP, pv.cmd);
	EXPECT_EQ(UV_RC_EXECUTED, pv.rc);
	EXPECT_EQ(0, pv.rrc);
	EXPECT_EQ(0, pv.flags);
}

/* PREPARE takes the protection of CPUs even where it fails. */
TEST_F(dump, is_of_protected_cpus_only)
{
	struct kvm_pv_cmd pv;

	ASSERT_EQ(0, dump_complete(self->vm, self->buf, self->size).error);
	ASSERT_EQ(0, vm_pv(self->vm, PV_CMD_ASYNC_PREPARE, NULL).error);
	ASSERT_EQ(0, vm_pv(self->vm, KVM_PV_ENABLE, NULL).error);
	ASSERT_EQ(EINVAL, vm_pv(self->vm, PV_CMD_ASYNC_PREPARE, NULL).error);
	ASSERT_EQ(0, dump_init(self->vm).error);
	if (!dump_cpu(self->vm->cpus, self->buf, &pv))
		DEFECT(return, "KVM_PV_DUMP_CPU asks for CPU handle 0");
	EXPECT_EQ(0, pv.rc);
	ASSERT_EQ(0, dump_complete(self->vm, self->buf, self->size).error);
	EXPECT_EQ(0, vm_pv(self->vm, KVM_PV_DISABLE, NULL).error);
}

/* Ways out of protection, in the middle of a dump */
FIXTURE(abandoned) {
	FIXTURE_DATA(dump) dump;
};

FIXTURE_VARIANT(abandoned) {
	uint32_t leave;
};

FIXTURE_VARIANT_ADD(abandoned, disabled) { .leave = KVM_PV_DISABLE };
FIXTURE_VARIANT_ADD(abandoned, aside) { .leave = PV_CMD_ASYNC_PREPARE };

FIXTURE_SETUP(abandoned)
{
	dump_setup(_metadata, &self->dump, NULL);
	if (!fault_is("dump"))
		return;
	ASSERT_EQ(0, vm_pv(self->dump.vm, variant->leave, NULL).error);
}

FIXTURE_TEARDOWN(abandoned)
{
	dump_teardown(_metadata, &self->dump, NULL);
}

#define SURVIVES	"a dump survives the machine that was dumped: its CPUs stay blocked"

TEST_F(abandoned, dump_lets_the_plain_machine_run)
{
	struct vm_cpu *cpu = self->dump.vm->cpus;

	ASSERT_EQ(0, vm_cpu_reset(cpu, KVM_S390_CLEAR_RESET));
	guest_start_plain(&self->dump.guest);
	if (guest_await(cpu).error == EINVAL)
		DEFECT(return, SURVIVES);
	EXPECT_EQ(0, load(cpu, GUEST_DATA));
}

TEST_F(abandoned, dump_lets_the_next_one_begin)
{
	struct vm *vm = self->dump.vm;

	ASSERT_EQ(0, vm_cpu_reset(vm->cpus, KVM_S390_CLEAR_RESET));
	if (run_guest(&self->dump.guest))
		DEFECT(return, SURVIVES);
	EXPECT_EQ(0, dump_init(vm).error);
	EXPECT_EQ(-EINVAL, vm_cpu_run(vm->cpus));
	EXPECT_EQ(0, dump_complete(vm, self->dump.buf,
				   self->dump.size).error);
	EXPECT_EQ(0, load(vm->cpus, GUEST_DATA));
}

TEST_F(abandoned, dump_is_over)
{
	struct vm *vm = self->dump.vm;

	ASSERT_EQ(0, vm_pv(vm, KVM_PV_ENABLE, NULL).error);
	if (!dump_complete(vm, self->dump.buf, self->dump.size).error)
		DEFECT(return, SURVIVES);
	EXPECT_EQ(0, dump_init(vm).error);
}

TEST_F(abandoned, dump_lets_every_cpu_be_dumped_again)
{
	struct vm *vm = self->dump.vm;
	struct kvm_pv_cmd pv;

	ASSERT_EQ(0, vm_pv(vm, KVM_PV_ENABLE, NULL).error);
	if (!dump_cpu(vm->cpus, self->dump.buf, &pv))
		DEFECT(return, SURVIVES);
	EXPECT_EQ(0, dump_init(vm).error);
	EXPECT_EQ(0, dump_cpu(vm->cpus, self->dump.buf, &pv));
}

int main(int argc, char **argv)
{
	pv_host_needed();
	return test_harness_run(argc, argv);
}
