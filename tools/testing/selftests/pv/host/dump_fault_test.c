// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps with an Ultravisor that refuses each step once and is slow: every step
 * can be repeated, and the guest outlives it.
 *
 * It has to be arranged for, with a policy that names steps as here: the first
 * to begin (rc 0x01ff), the second CPU (0x0102), the third MiB (0x0103), the
 * first completion (0x0102).  PV_TEST_FAULT=dump tells that it was.
 */
#include "kselftest_harness.h"
#include "dump_take.h"
#include "guest_words.h"
#include "host.h"

#define WORD	0x5ec2e75ec2e7ULL

static bool refused(struct pv_result result, unsigned int rc)
{
	return result.error == EINVAL && result.rc == rc;
}

static bool done(struct pv_result result)
{
	return !result.error && result.rc == UV_RC_EXECUTED;
}

static bool arranged(void)
{
	const char *active = getenv("PV_TEST_FAULT");

	return active && !strcmp(active, "dump") && host_dumps();
}

FIXTURE(faulty) {
	struct guest guest;
	struct dump *dump;
	struct vm_cpu *cpu;
};

FIXTURE_SETUP(faulty)
{
	if (!arranged())
		SKIP(return, "needs PV_TEST_FAULT=dump");
	self->dump = calloc(1, sizeof(*self->dump));
	ASSERT_NE(NULL, self->dump);
	ASSERT_EQ(0, guest_new_with(&self->guest, DUMP_CPUS, GUEST_SIZE,
				    IMAGE_ALLOW_DUMPING))
		TH_LOG("%s", self->guest.problem);
	self->cpu = self->guest.vm.cpus;
	ASSERT_EQ(0, guest_protect(&self->guest).error);
	ASSERT_EQ(0, guest_start(self->cpu));
	ASSERT_EQ(STOP_ORDER, guest_await(self->cpu).stop);
	ASSERT_EQ(0, vm_pv_dump_info(&self->guest.vm, &self->dump->info));
}

FIXTURE_TEARDOWN(faulty)
{
	guest_free(&self->guest);
	free(self->dump);
}

TEST_F_TIMEOUT(faulty, dump_survives_the_failure_of_every_step, 120)
{
	struct guest *guest = &self->guest;
	struct dump *dump = self->dump;
	struct dump_keys keys;
	struct dump_regs regs;

	/* What has not begun keeps nobody from running. */
	EXPECT_TRUE(refused(dump_init(guest), 0x1ff));
	EXPECT_TRUE(store(self->cpu, GUEST_DATA, WORD));
	ASSERT_TRUE(done(dump_init(guest)));
	EXPECT_TRUE(done(dump_cpu(guest, dump, 0)));
	EXPECT_TRUE(refused(dump_cpu(guest, dump, 1), 0x102));
	EXPECT_TRUE(done(dump_cpu(guest, dump, 1)));
	EXPECT_TRUE(refused(dump_storage(guest, dump), 0x103));
	EXPECT_TRUE(done(dump_storage(guest, dump)));
	EXPECT_TRUE(refused(dump_complete(guest, dump), 0x102));
	EXPECT_EQ(-EINVAL, vm_cpu_run(self->cpu));
	ASSERT_TRUE(done(dump_complete(guest, dump)));

	ASSERT_EQ(0, dump_open(guest->image.cck, dump->complete, &keys));
	EXPECT_EQ(WORD, dump_word(dump, &keys, GUEST_DATA));
	EXPECT_EQ(0, dump_open_cpu(&keys, dump->cpus[0], &regs));
	EXPECT_EQ(0, dump_open_cpu(&keys, dump->cpus[1], &regs));
	EXPECT_EQ(WORD, load(self->cpu, GUEST_DATA));
}

int main(int argc, char **argv)
{
	pv_host_needed();
	return test_harness_run(argc, argv);
}
