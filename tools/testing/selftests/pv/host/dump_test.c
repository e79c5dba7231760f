// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps of protected guests, as KVM's ioctls give them: their order, what they
 * refuse, what they contain, and that the guest goes on.
 */
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "dump_take.h"
#include "guest_words.h"
#include "host.h"

#define WORD		0x5ec2e75ec2e7ULL
#define FILLED		GUEST_DATA
#define NR_FILLED	24
#define SHARED		0x180000ULL
#define STEP_UNKNOWN	(KVM_PV_DUMP_CPU + 1)
#define RC_GADDR	0x0103
#define RC_NO_CHANGE	0

/* A guest of two CPUs, of which the first waits for orders */
FIXTURE(dump) {
	struct guest guest;
	struct vm *vm;
	struct vm_cpu *cpu;
	struct dump *dump;
};

static int start(struct guest *guest, uint64_t flags)
{
	struct vm_cpu *cpu = guest->vm.cpus;

	if (guest_new_with(guest, DUMP_CPUS, GUEST_SIZE, flags))
		return -1;
	cpu = guest->vm.cpus;
	return guest_protect(guest).error || guest_start(cpu) ||
	       guest_await(cpu).stop != STOP_ORDER ? -1 : 0;
}

FIXTURE_SETUP(dump)
{
	if (!host_dumps())
		SKIP(return, "this Ultravisor has no calls for dumps");
	self->dump = calloc(1, sizeof(*self->dump));
	ASSERT_NE(NULL, self->dump);
	ASSERT_EQ(0, start(&self->guest, IMAGE_ALLOW_DUMPING))
		TH_LOG("%s", self->guest.problem);
	self->vm = &self->guest.vm;
	self->cpu = self->vm->cpus;
	ASSERT_EQ(0, vm_pv_dump_info(self->vm, &self->dump->info));
	ASSERT_GE(DUMP_AREA_MAX, self->dump->info.dump_cpu_buffer_len);
	ASSERT_GE(DUMP_AREA_MAX, self->dump->info.dump_config_finalize_len);
	ASSERT_EQ(DUMP_STATE_SIZE * VM_MIB / VM_PAGE_SIZE,
		  self->dump->info.dump_config_mem_buffer_per_1m);
}

FIXTURE_TEARDOWN(dump)
{
	guest_free(&self->guest);
	free(self->dump);
}

static bool is(struct pv_result result, int error, unsigned int rc)
{
	if (result.error == error && result.rc == rc)
		return true;
	ksft_print_msg("%s, rc %#x rrc %#x\n", strerror(result.error),
		       result.rc, result.rrc);
	return false;
}

#define DONE(result)	is(result, 0, UV_RC_EXECUTED)
/* ... without asking the Ultravisor */
#define REFUSED(result)	is(result, EINVAL, RC_NO_CHANGE)

/* ---- order ---- */

TEST_F(dump, begins_with_its_first_step)
{
	struct dump *dump = self->dump;

	EXPECT_TRUE(REFUSED(dump_storage(&self->guest, dump)));
	EXPECT_TRUE(REFUSED(dump_complete(&self->guest, dump)));
	EXPECT_TRUE(REFUSED(dump_cpu(&self->guest, dump, 0)));
	EXPECT_TRUE(store(self->cpu, FILLED, WORD));
	EXPECT_TRUE(DONE(dump_init(&self->guest)));
}

TEST_F(dump, is_one_at_a_time)
{
	struct dump *dump = self->dump;

	ASSERT_TRUE(DONE(dump_init(&self->guest)));
	EXPECT_TRUE(REFUSED(dump_init(&self->guest)));
	ASSERT_TRUE(DONE(dump_complete(&self->guest, dump)));
	EXPECT_TRUE(REFUSED(dump_complete(&self->guest, dump)));
	EXPECT_TRUE(REFUSED(dump_storage(&self->guest, dump)));
	EXPECT_TRUE(REFUSED(dump_cpu(&self->guest, dump, 0)));
	EXPECT_TRUE(DONE(dump_init(&self->guest)));
}

TEST_F(dump, has_steps_in_any_order_and_number)
{
	struct dump *dump = self->dump;
	struct dump_keys keys;
	struct dump_regs regs;

	ASSERT_TRUE(DONE(dump_init(&self->guest)));
	for (int i = 0; i < 2; i++) {
		EXPECT_TRUE(DONE(dump_storage(&self->guest, dump)));
		EXPECT_TRUE(DONE(dump_cpu(&self->guest, dump, 1)));
		EXPECT_TRUE(DONE(dump_cpu(&self->guest, dump, 0)));
	}
	ASSERT_TRUE(DONE(dump_complete(&self->guest, dump)));
	ASSERT_EQ(0, dump_open(self->guest.image.cck, dump->complete, &keys));
	EXPECT_EQ(0, dump_open_cpu(&keys, dump->cpus[0], &regs));
}

TEST_F(dump, has_no_other_steps)
{
	struct dump *dump = self->dump;
	struct vm *vm = self->vm;

	ASSERT_TRUE(DONE(dump_init(&self->guest)));
	EXPECT_TRUE(is(vm_pv_dump(vm, KVM_PV_DUMP_CPU, dump->cpus,
				  dump->info.dump_cpu_buffer_len, 0),
		       ENOTTY, RC_NO_CHANGE));
	EXPECT_TRUE(is(vm_pv_dump(vm, STEP_UNKNOWN, dump->cpus,
				  DUMP_AREA_MAX, 0), ENOTTY, RC_NO_CHANGE));
	EXPECT_TRUE(is(vm_pv_dump(vm, UINT64_MAX, dump->cpus, DUMP_AREA_MAX,
				  0), ENOTTY, RC_NO_CHANGE));
}

static int cpu_step(struct vm_cpu *cpu, uint64_t step)
{
	uint8_t area[DUMP_AREA_MAX];
	struct kvm_s390_pv_dmp dump = {
		.subcmd = step,
		.buff_addr = (uintptr_t)area,
		.buff_len = sizeof(area),
	};
	struct kvm_pv_cmd pv = {
		.cmd = KVM_PV_DUMP,
		.data = (uintptr_t)&dump,
	};

	return ioctl(cpu->fd, KVM_S390_PV_CPU_COMMAND, &pv) ? errno : 0;
}

TEST_F(dump, has_one_step_for_cpus)
{
	ASSERT_TRUE(DONE(dump_init(&self->guest)));
	for (uint64_t step = 0; step <= STEP_UNKNOWN; step++) {
		int want = step == KVM_PV_DUMP_CPU ? 0 : EINVAL;

		EXPECT_EQ(want, cpu_step(self->cpu, step))
			TH_LOG("step %llu", (unsigned long long)step);
	}
}

/* ---- buffers ---- */

TEST_F(dump, stores_states_by_the_mebibyte)
{
	const uint64_t step = KVM_PV_DUMP_CONFIG_STOR_STATE;
	struct dump *dump = self->dump;
	const uint64_t len = dump->info.dump_config_mem_buffer_per_1m;
	uint8_t *states = dump->states[0];
	struct vm *vm = self->vm;

	ASSERT_TRUE(DONE(dump_init(&self->guest)));
	EXPECT_TRUE(REFUSED(vm_pv_dump(vm, step, states, len, 1)));
	EXPECT_TRUE(REFUSED(vm_pv_dump(vm, step, states, len, VM_PAGE_SIZE)));
	EXPECT_TRUE(REFUSED(vm_pv_dump(vm, step, states, 0, 0)));
	EXPECT_TRUE(REFUSED(vm_pv_dump(vm, step, states, len - 1, 0)));
	EXPECT_TRUE(REFUSED(vm_pv_dump(vm, step, states, len + 16, 0)));
	EXPECT_TRUE(is(vm_pv_dump(vm, step, states, len, GUEST_SIZE), EINVAL,
		       RC_GADDR));
	EXPECT_TRUE(is(vm_pv_dump(vm, step, states, 2 * len,
				  GUEST_SIZE - VM_MIB), EINVAL, RC_GADDR));
	EXPECT_EQ(EFAULT, vm_pv_dump(vm, step, NULL, len, 0).error);
	EXPECT_TRUE(DONE(vm_pv_dump(vm, step, states, len,
				    GUEST_SIZE - VM_MIB)));
	EXPECT_TRUE(DONE(dump_complete(&self->guest, dump)));
}

/* One MiB at a time tells the same as all of them. */
TEST_F(dump, tells_the_same_in_pieces)
{
	struct dump *dump = self->dump;
	const uint64_t len = dump->info.dump_config_mem_buffer_per_1m;
	uint8_t piece[DUMP_AREA_MAX];

	ASSERT_EQ(DUMP_AREA_MAX, len);
	ASSERT_TRUE(store(self->cpu, SHARED, WORD));
	ASSERT_TRUE(DONE(dump_init(&self->guest)));
	ASSERT_TRUE(DONE(dump_storage(&self->guest, dump)));
	for (uint64_t mib = 0; mib < DUMP_MIBS; mib++) {
		ASSERT_TRUE(DONE(vm_pv_dump(self->vm,
					    KVM_PV_DUMP_CONFIG_STOR_STATE,
					    piece, len, mib * VM_MIB)));
		EXPECT_EQ(0, memcmp(piece, dump->states[mib * 256], len))
			TH_LOG("MiB %llu", (unsigned long long)mib);
	}
}

TEST_F(dump, stores_cpus_into_areas_of_one_length)
{
	struct dump *dump = self->dump;
	const uint64_t len = dump->info.dump_cpu_buffer_len;
	uint8_t *area = dump->cpus[0];

	ASSERT_TRUE(DONE(dump_init(&self->guest)));
	EXPECT_TRUE(REFUSED(vm_cpu_pv_dump(self->cpu, area, 0)));
	EXPECT_TRUE(REFUSED(vm_cpu_pv_dump(self->cpu, area, len - 1)));
	EXPECT_TRUE(REFUSED(vm_cpu_pv_dump(self->cpu, area, len + 1)));
	EXPECT_EQ(EFAULT, vm_cpu_pv_dump(self->cpu, NULL, len).error);
	EXPECT_TRUE(DONE(vm_cpu_pv_dump(self->cpu, area, len)));
}

TEST_F(dump, is_completed_into_a_sufficient_area)
{
	struct dump *dump = self->dump;
	const uint64_t len = dump->info.dump_config_finalize_len;
	uint8_t area[DUMP_AREA_MAX + 16];

	ASSERT_TRUE(DONE(dump_init(&self->guest)));
	EXPECT_TRUE(REFUSED(vm_pv_dump(self->vm, KVM_PV_DUMP_COMPLETE, area,
				       len - 1, 0)));
	EXPECT_TRUE(REFUSED(vm_pv_dump(self->vm, KVM_PV_DUMP_COMPLETE, area, 0,
				       0)));
	/* It goes on all the same. */
	EXPECT_TRUE(DONE(dump_storage(&self->guest, dump)));
	memset(area, 0xee, sizeof(area));
	EXPECT_TRUE(DONE(vm_pv_dump(self->vm, KVM_PV_DUMP_COMPLETE, area,
				    len + 16, 0)));
	EXPECT_EQ(0xee, area[len]);
}

/* ---- the guest ---- */

TEST_F(dump, lets_no_cpu_run)
{
	ASSERT_TRUE(DONE(dump_init(&self->guest)));
	EXPECT_EQ(-EINVAL, vm_cpu_run(self->cpu));
	ASSERT_TRUE(DONE(dump_complete(&self->guest, self->dump)));
	EXPECT_TRUE(store(self->cpu, FILLED, WORD));
	EXPECT_EQ(WORD, load(self->cpu, FILLED));
}

/* It fills pages, shares one, and waits for its next order. */
static bool prepare(struct vm_cpu *cpu)
{
	return guest_order(cpu, AGENT_FILL, FILLED, NR_FILLED).how ==
	       AGENT_DONE &&
	       store(cpu, SHARED, WORD) &&
	       guest_order(cpu, AGENT_SHARE, SHARED, 0).result ==
	       UV_RC_EXECUTED &&
	       store(cpu, SHARED, WORD);
}

static unsigned int good_pages(const struct dump *dump,
			       const struct dump_keys *keys)
{
	unsigned int good = 0;

	for (uint64_t i = 0; i < NR_FILLED; i++) {
		uint64_t addr = FILLED + i * VM_PAGE_SIZE;

		good += dump_word(dump, keys, addr) == addr;
	}
	return good;
}

TEST_F(dump, holds_the_memory)
{
	struct dump *dump = self->dump;
	const uint8_t *state = dump->states[SHARED / VM_PAGE_SIZE];
	struct dump_keys keys;
	uint8_t page[VM_PAGE_SIZE];

	ASSERT_TRUE(prepare(self->cpu));
	ASSERT_TRUE(DONE(dump_take(&self->guest, dump)));
	ASSERT_EQ(0, dump_open(self->guest.image.cck, dump->complete, &keys));
	EXPECT_EQ(NR_FILLED, good_pages(dump, &keys));
	EXPECT_EQ(WORD, dump_word(dump, &keys, SHARED));
	EXPECT_EQ(DUMP_PAGE_SHARED, dump_open_page(&keys, state, page));
	EXPECT_EQ(0, dump_word(dump, &keys, GUEST_SIZE - VM_PAGE_SIZE));
	memcpy(page, dump->memory + AGENT_ADDR, sizeof(page));
	EXPECT_NE(0, memcmp(page, agent_begin, 16));
	EXPECT_EQ(DUMP_PAGE_ENCRYPTED,
		  dump_open_page(&keys, dump->states[AGENT_ADDR / VM_PAGE_SIZE],
				 page));
	EXPECT_EQ(0, memcmp(page, agent_begin, 16));
}

TEST_F(dump, shows_nothing_in_clear)
{
	const uint64_t word = WORD, addr = FILLED;
	struct dump *dump = self->dump;

	ASSERT_TRUE(store(self->cpu, SHARED, WORD));
	ASSERT_TRUE(guest_order(self->cpu, AGENT_FILL, FILLED, 1).how ==
		    AGENT_DONE);
	ASSERT_TRUE(DONE(dump_take(&self->guest, dump)));
	EXPECT_EQ(NULL, memmem(dump, sizeof(*dump), &word, sizeof(word)));
	/* The states have small numbers of their own. */
	EXPECT_EQ(NULL, memmem(dump->memory, sizeof(dump->memory), &addr,
			       sizeof(addr)));
	EXPECT_EQ(NULL, memmem(dump, sizeof(*dump), agent_begin, 16));
}

TEST_F(dump, holds_the_registers)
{
	struct dump *dump = self->dump;
	struct dump_keys keys;
	struct dump_regs regs;

	ASSERT_TRUE(prepare(self->cpu));
	ASSERT_TRUE(DONE(dump_take(&self->guest, dump)));
	ASSERT_EQ(0, dump_open(self->guest.image.cck, dump->complete, &keys));
	ASSERT_EQ(0, dump_open_cpu(&keys, dump->cpus[0], &regs));
	EXPECT_EQ(AGENT_ASKS_ORDER, regs.gr[1]);
	EXPECT_EQ(AGENT_DONE, regs.gr[4]);
	EXPECT_EQ(WORD, *guest_word(&self->guest, SHARED));
	EXPECT_EQ(SHARED, regs.gr[6]);
	EXPECT_EQ(VM_PSW_64BIT, regs.psw_mask & ~VM_PSW_CC);
	EXPECT_EQ(AGENT_ADDR, regs.psw_addr & ~(VM_PAGE_SIZE - 1ULL));
	EXPECT_EQ(DUMP_CPU_PENDING, regs.flags);
	/* The other one was only reset. */
	ASSERT_EQ(0, dump_open_cpu(&keys, dump->cpus[1], &regs));
	EXPECT_EQ(0xe0, regs.cr[0]);
	EXPECT_EQ(0, regs.psw_addr);
	EXPECT_EQ(0, regs.flags);
}

TEST_F(dump, is_for_the_owner)
{
	struct dump *dump = self->dump;
	uint8_t cck[DUMP_CCK_SIZE];
	struct dump_keys keys;
	struct dump_regs regs;

	ASSERT_TRUE(DONE(dump_take(&self->guest, dump)));
	memcpy(cck, self->guest.image.cck, sizeof(cck));
	cck[0] ^= 1;
	EXPECT_EQ(-1, dump_open(cck, dump->complete, &keys));
	ASSERT_EQ(0, dump_open(self->guest.image.cck, dump->complete, &keys));
	dump->cpus[0][100] ^= 1;
	EXPECT_EQ(-1, dump_open_cpu(&keys, dump->cpus[0], &regs));
}

TEST_F(dump, leaves_the_guest_as_it_was)
{
	struct dump *dump = self->dump;
	struct dump_keys first, second;
	uint8_t seed[DUMP_SEED_SIZE];

	ASSERT_TRUE(prepare(self->cpu));
	ASSERT_TRUE(DONE(dump_take(&self->guest, dump)));
	ASSERT_EQ(0, dump_open(self->guest.image.cck, dump->complete, &first));
	memcpy(seed, dump->complete + DUMP_SEED, sizeof(seed));
	EXPECT_EQ(NR_FILLED, guest_order(self->cpu, AGENT_CHECK, FILLED,
					 NR_FILLED).result);
	EXPECT_EQ(WORD, load(self->cpu, SHARED));
	EXPECT_TRUE(store(self->cpu, FILLED, WORD));
	ASSERT_TRUE(DONE(dump_take(&self->guest, dump)));
	ASSERT_EQ(0, dump_open(self->guest.image.cck, dump->complete, &second));
	EXPECT_NE(0, memcmp(seed, dump->complete + DUMP_SEED, sizeof(seed)));
	EXPECT_NE(0, memcmp(first.dump, second.dump, sizeof(first.dump)));
	EXPECT_EQ(WORD, dump_word(dump, &second, FILLED));
	EXPECT_EQ(NR_FILLED - 1, good_pages(dump, &second));
	EXPECT_EQ(WORD, load(self->cpu, FILLED));
}

/* It can be destroyed at any time. */
TEST_F(dump, ends_with_the_machine)
{
	ASSERT_TRUE(DONE(dump_init(&self->guest)));
	ASSERT_TRUE(DONE(dump_cpu(&self->guest, self->dump, 0)));
	vm_close(self->vm);
	ASSERT_EQ(0, vm_new(self->vm, GUEST_SIZE, DUMP_CPUS));
	ASSERT_EQ(0, guest_protect(&self->guest).error);
	ASSERT_EQ(0, guest_start(self->vm->cpus));
	EXPECT_EQ(STOP_ORDER, guest_await(self->vm->cpus).stop);
	EXPECT_TRUE(DONE(dump_take(&self->guest, self->dump)));
}

/* An image whose owner has not asked for it */
TEST(dump_needs_the_leave_of_the_owner)
{
	static struct guest guest;

	if (!host_dumps())
		SKIP(return, "this Ultravisor has no calls for dumps");
	ASSERT_EQ(0, start(&guest, 0))
		TH_LOG("%s", guest.problem);
	EXPECT_TRUE(is(dump_init(&guest), EINVAL, UV_RC_DUMP));
	EXPECT_TRUE(store(guest.vm.cpus, FILLED, WORD));
	EXPECT_TRUE(is(dump_init(&guest), EINVAL, UV_RC_DUMP));
	EXPECT_EQ(WORD, load(guest.vm.cpus, FILLED));
	guest_free(&guest);
}

int main(int argc, char **argv)
{
	pv_host_needed();
	return test_harness_run(argc, argv);
}
