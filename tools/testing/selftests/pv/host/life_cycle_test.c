// SPDX-License-Identifier: GPL-2.0
/*
 * KVM_S390_PV_COMMAND: every command in every state of a machine, and what is
 * refused before the state counts.
 */
#include <sys/ioctl.h>

#include <openssl/ec.h>

#include "kselftest_harness.h"
#include "defect.h"
#include "guest.h"
#include "host.h"
#include "life_cycle_table.h"

static struct kvm_s390_pv_info info_wanted(void)
{
	struct kvm_s390_pv_info info = {
		.header.id = KVM_PV_INFO_VM,
		.header.len_max = sizeof(info.header) + sizeof(info.vm),
	};

	return info;
}

/* A command with what it needs to succeed */
static struct pv_result issue(struct guest *guest, int cmd)
{
	struct kvm_s390_pv_info info = info_wanted();
	struct kvm_s390_pv_dmp dump = { .subcmd = KVM_PV_DUMP_INIT };
	const struct image_part *part = guest->image.parts;

	switch (cmd) {
	case KVM_PV_SET_SEC_PARMS:
		return vm_pv_parameters(&guest->vm, guest->image.header,
					sizeof(guest->image.header));
	case KVM_PV_UNPACK:
		return vm_pv_unpack(&guest->vm, part->addr, part->size,
				    part->tweak);
	case KVM_PV_INFO:
		return vm_pv(&guest->vm, KVM_PV_INFO, &info);
	case KVM_PV_DUMP:
		return vm_pv(&guest->vm, KVM_PV_DUMP, &dump);
	default:
		return vm_pv(&guest->vm, (uint32_t)cmd, NULL);
	}
}

static int start(struct guest *guest)
{
	struct vm_cpu *cpu = guest->vm.cpus;
	int ret = guest_start(cpu);

	if (ret)
		return ret;
	return guest_await(cpu).stop == STOP_ORDER ? 0 : -EIO;
}

static int bring(struct guest *guest, const int *steps)
{
	int ret = 0;

	guest_load(guest);
	for (; !ret && *steps != END; steps++)
		ret = *steps == START ? start(guest) :
					-issue(guest, *steps).error;
	return ret;
}

static bool protected_after(bool before, int cmd, int error)
{
	if (error)
		return before;
	if (cmd == KVM_PV_ENABLE)
		return true;
	return before && cmd != KVM_PV_DISABLE && cmd != PV_CMD_ASYNC_PREPARE;
}

/* Only a machine that is protected can be released from it. */
static bool is_protected(struct guest *guest)
{
	return !vm_pv(&guest->vm, KVM_PV_DISABLE, NULL).error;
}

static bool code_is(unsigned int want, unsigned int code)
{
	return want == ANY_CODE || want == code;
}

static bool codes_are(enum outcome want, struct pv_result result)
{
	if ((want == DMP || want == DST) && !host_dumps())
		return result.rc == UV_RC_NO_CALL && !result.rrc;
	return code_is(outcomes[want].rc, result.rc) &&
	       code_is(outcomes[want].rrc, result.rrc);
}

FIXTURE_SETUP(state)
{
	ASSERT_EQ(0, guest_new(&self->guest, 1))
		TH_LOG("%s", self->guest.problem);
}

FIXTURE_TEARDOWN(state)
{
	guest_free(&self->guest);
}

/* With a new machine for the image of @guest */
static void try_command(struct __test_metadata *_metadata, struct guest *guest,
			const FIXTURE_VARIANT(state) *state, int cmd)
{
	bool before = state->want[KVM_PV_ENABLE] == NO;
	enum outcome want = state->want[cmd];
	struct pv_result result;

	vm_close(&guest->vm);
	ASSERT_EQ(0, vm_new(&guest->vm, GUEST_SIZE, 2))
		TH_LOG("%s", guest->vm.problem);
	ASSERT_EQ(0, bring(guest, state->steps));
	result = issue(guest, cmd);
	EXPECT_EQ(outcomes[want].error, result.error)
		TH_LOG("%s: rc %#x rrc %#x", cmd_names[cmd], result.rc,
		       result.rrc);
	EXPECT_TRUE(codes_are(want, result))
		TH_LOG("%s: rc %#x rrc %#x", cmd_names[cmd], result.rc,
		       result.rrc);
	EXPECT_EQ(protected_after(before, cmd, outcomes[want].error),
		  is_protected(guest))
		TH_LOG("after %s", cmd_names[cmd]);
}

TEST_F_TIMEOUT(state, takes_and_refuses_commands, 120)
{
	for (int cmd = 0; cmd < NR_CMDS; cmd++)
		try_command(_metadata, &self->guest, variant, cmd);
}

/* Checks that come before the one of the state, on an ordinary machine. */
FIXTURE(command) {
	struct vm vm;
};

FIXTURE_SETUP(command)
{
	ASSERT_EQ(0, vm_new(&self->vm, VM_MIB, 1))
		TH_LOG("%s", self->vm.problem);
}

FIXTURE_TEARDOWN(command)
{
	vm_close(&self->vm);
}

static int pv_ioctl(int fd, unsigned long cmd, void *pv)
{
	return ioctl(fd, cmd, pv) ? errno : 0;
}

TEST_F(command, that_cannot_be_read_is_a_fault)
{
	EXPECT_EQ(EFAULT, pv_ioctl(self->vm.fd, KVM_S390_PV_COMMAND, NULL));
	EXPECT_EQ(EFAULT, pv_ioctl(self->vm.cpus->fd, KVM_S390_PV_CPU_COMMAND,
				   NULL));
}

/* Flags are looked at first: the command itself would have worked, or not. */
TEST_F(command, with_flags_is_refused)
{
	for (unsigned int bit = 0; bit < 32; bit++) {
		struct kvm_pv_cmd pv = {
			.cmd = bit % 2 ? KVM_PV_ENABLE : CMD_UNKNOWN,
			.flags = 1U << bit,
		};

		EXPECT_EQ(EINVAL, pv_ioctl(self->vm.fd, KVM_S390_PV_COMMAND,
					   &pv));
		pv.cmd = KVM_PV_DUMP;
		EXPECT_EQ(EINVAL, pv_ioctl(self->vm.cpus->fd,
					   KVM_S390_PV_CPU_COMMAND, &pv));
	}
	EXPECT_EQ(EINVAL, vm_pv(&self->vm, KVM_PV_DISABLE, NULL).error);
}

TEST_F(command, may_have_anything_in_reserved_fields)
{
	struct kvm_pv_cmd pv = { .cmd = KVM_PV_ENABLE };

	memset(pv.reserved, 0xff, sizeof(pv.reserved));
	EXPECT_EQ(0, pv_ioctl(self->vm.fd, KVM_S390_PV_COMMAND, &pv));
	EXPECT_EQ(UV_RC_EXECUTED, pv.rc);
}

TEST_F(command, beyond_the_last_is_none)
{
	static const uint32_t numbers[] = { CMD_UNKNOWN, 0xff, 0x10000,
					    0x80000000, UINT32_MAX };

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		EXPECT_EQ(ENOTTY, vm_pv(&self->vm, numbers[i], NULL).error);
}

/* Codes are written back whatever the errno, and stay without a call. */
TEST_F(command, leaves_codes_alone_when_no_call_is_made)
{
	struct kvm_pv_cmd pv = {
		.cmd = KVM_PV_VERIFY,
		.rc = 0x1234,
		.rrc = 0x5678,
	};

	EXPECT_EQ(EINVAL, pv_ioctl(self->vm.fd, KVM_S390_PV_COMMAND, &pv));
	EXPECT_EQ(0x1234, pv.rc);
	EXPECT_EQ(0x5678, pv.rrc);
	EXPECT_EQ(KVM_PV_VERIFY, pv.cmd);
}

TEST_F(command, of_a_cpu_is_only_the_dump)
{
	for (unsigned int cmd = 0; cmd <= CMD_UNKNOWN; cmd++) {
		struct kvm_pv_cmd pv = { .cmd = cmd };

		EXPECT_EQ(EINVAL, pv_ioctl(self->vm.cpus->fd,
					   KVM_S390_PV_CPU_COMMAND, &pv));
	}
}

TEST_F(command, of_a_cpu_is_not_changed)
{
	struct kvm_pv_cmd pv = { .cmd = KVM_PV_DUMP };

	EXPECT_EQ(EINVAL, pv_ioctl(self->vm.cpus->fd, KVM_S390_PV_CPU_COMMAND,
				   &pv));
	if (pv.cmd != KVM_PV_DUMP && !pv.cmd && !pv.rc && !pv.rrc)
		DEFECT(return, "KVM_S390_PV_CPU_COMMAND writes rc and rrc over cmd");
	EXPECT_EQ(KVM_PV_DUMP, pv.cmd);
}

/* Operands of commands, in a machine that is protected. */
FIXTURE(operand) {
	struct guest guest;
};

FIXTURE_SETUP(operand)
{
	ASSERT_EQ(0, guest_new(&self->guest, 1))
		TH_LOG("%s", self->guest.problem);
	ASSERT_EQ(0, vm_pv(&self->guest.vm, KVM_PV_ENABLE, NULL).error);
}

FIXTURE_TEARDOWN(operand)
{
	guest_free(&self->guest);
}

TEST_F(operand, that_cannot_be_read_is_a_fault)
{
	static const uint32_t cmds[] = {
		KVM_PV_SET_SEC_PARMS, KVM_PV_UNPACK, KVM_PV_INFO, KVM_PV_DUMP
	};

	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++) {
		EXPECT_EQ(EFAULT, vm_pv(&self->guest.vm, cmds[i], NULL).error)
			TH_LOG("%s", cmd_names[cmds[i]]);
	}
}

/* What a dump is made of; there is none. */
TEST_F(operand, of_a_cpu_is_refused_without_a_dump)
{
	struct kvm_s390_pv_dmp dump = { .subcmd = KVM_PV_DUMP_CPU };
	int fd = self->guest.vm.cpus->fd;

	for (unsigned int cmd = 0; cmd <= CMD_UNKNOWN; cmd++) {
		struct kvm_pv_cmd pv = { .cmd = cmd, .data = (uintptr_t)&dump };

		EXPECT_EQ(EINVAL, pv_ioctl(fd, KVM_S390_PV_CPU_COMMAND, &pv))
			TH_LOG("%s", cmd_names[cmd]);
	}
}

TEST_F(operand, header_is_as_long_as_it_says)
{
	const uint8_t *header = self->guest.image.header;
	struct vm *vm = &self->guest.vm;
	struct pv_result result;

	EXPECT_EQ(EINVAL, vm_pv_parameters(vm, header, 8193).error);
	EXPECT_EQ(EFAULT, vm_pv_parameters(vm, NULL,
					   IMAGE_HEADER_SIZE).error);
	result = vm_pv_parameters(vm, header, IMAGE_HEADER_SIZE - 1);
	EXPECT_EQ(EINVAL, result.error);
	EXPECT_EQ(UV_RC_PARMS_LENGTH, result.rc);
	EXPECT_EQ(UV_RRC_LENGTH, result.rrc);
	/* Nothing of it was kept. */
	result = vm_pv_parameters(vm, header, IMAGE_HEADER_SIZE);
	EXPECT_EQ(0, result.error);
	EXPECT_EQ(UV_RC_EXECUTED, result.rc);
}

TEST_F(operand, header_for_another_host_is_refused)
{
	struct image *image = &self->guest.image;
	EVP_PKEY *other = EVP_EC_gen("P-521");
	struct pv_result result;

	ASSERT_NE(NULL, other);
	ASSERT_EQ(0, image_seal(image, other, AGENT_ADDR));
	EVP_PKEY_free(other);
	result = vm_pv_parameters(&self->guest.vm, image->header,
				  IMAGE_HEADER_SIZE);
	EXPECT_EQ(EINVAL, result.error);
	EXPECT_EQ(0x108, result.rc);
	EXPECT_EQ(5, result.rrc);
}

TEST_F(operand, unpacking_is_of_whole_pages_of_memory)
{
	struct vm *vm = &self->guest.vm;
	struct {
		uint64_t addr, size;
		int error;
	} bad[] = {
		{ AGENT_ADDR + 1, VM_PAGE_SIZE, EINVAL },
		{ AGENT_ADDR, VM_PAGE_SIZE - 1, EINVAL },
		{ AGENT_ADDR, 1, EINVAL },
		{ AGENT_ADDR, 0, EINVAL },
		{ GUEST_SIZE, VM_PAGE_SIZE, EFAULT },
		{ UINT64_MAX - 0xfff, VM_PAGE_SIZE, EFAULT },
	};

	ASSERT_EQ(0, vm_pv_parameters(vm, self->guest.image.header,
				      IMAGE_HEADER_SIZE).error);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(bad[i].error, vm_pv_unpack(vm, bad[i].addr,
						     bad[i].size, 0).error)
			TH_LOG("row %zu", i);
	}
	/* None of them counted: the image is still complete and nothing more. */
	EXPECT_EQ(0, guest_unpack(&self->guest).error);
	EXPECT_EQ(0, vm_pv(vm, KVM_PV_VERIFY, NULL).error);
}

TEST_F(operand, image_of_other_content_is_not_verified)
{
	struct guest *guest = &self->guest;
	struct pv_result result;

	guest->image.parts[0].data[100] ^= 1;
	ASSERT_EQ(0, vm_pv_parameters(&guest->vm, guest->image.header,
				      IMAGE_HEADER_SIZE).error);
	ASSERT_EQ(0, guest_unpack(guest).error);
	result = vm_pv(&guest->vm, KVM_PV_VERIFY, NULL);
	EXPECT_EQ(EINVAL, result.error);
	EXPECT_EQ(UV_RC_VERIFY, result.rc);
	EXPECT_EQ(0x1b, result.rrc);
	/* ... and none of its CPUs starts. */
	EXPECT_EQ(-EINVAL, vm_cpu_set_state(guest->vm.cpus,
					    KVM_MP_STATE_LOAD));
}

int main(int argc, char **argv)
{
	pv_host_needed();
	return test_harness_run(argc, argv);
}
