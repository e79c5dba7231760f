// SPDX-License-Identifier: GPL-2.0
/*
 * Load: nothing is lost and nothing is seen while a host short of memory moves,
 * swaps, copies and pins the pages of a guest that goes on using them.
 *
 * PV_TEST_LOAD_SECONDS: how long all of it takes, default 60.  PV_SEED: which
 * works the host does to which pages.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "guest_words.h"
#include "host.h"
#include "load.h"

#define DEFAULT_SECONDS	60
/* Hosts with large pages run one more. */
#define NR_VARIANTS	2
/* Less than the pages of the guest and what it takes to run it */
#define LIMIT		(9 * VM_MIB)
/* A CPU that has not come round for so long never will. */
#define PATIENCE_S	60
#define SHARED_WORD	0x5ec2e75ec2e7ULL
/* Every so many generations */
#define PARKED_EVERY	4
#define SHARED_EVERY	8

static unsigned int seconds, seed;
static atomic_int nr_violations;

static void count_violation(int signal)
{
	nr_violations++;
}

static void report(struct load *load, const char *problem)
{
	const char *none = NULL;

	if (!problem)
		return;
	__atomic_compare_exchange_n(&load->problem, &none, problem, false,
				    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	load->stop = true;
}

/* What is wrong with an answer that ought to have been @result */
static const char *check(struct answer answer, uint64_t result,
			 const char *what)
{
	if (answer.stop == STOP_ORDER && answer.how == AGENT_DONE &&
	    answer.result == result)
		return NULL;
	ksft_print_msg("stop %d, error %d, how %u, result 0x%llx\n",
		       answer.stop, answer.error, answer.how,
		       (unsigned long long)answer.result);
	return what;
}

static const char *churn(struct vm_cpu *cpu, unsigned int page,
			 unsigned int nr, unsigned int generation)
{
	uint64_t number = (uint64_t)generation << AGENT_GENERATION_SHIFT | nr;

	return check(guest_order(cpu, AGENT_CHURN, LOAD_ADDR(page), number), 0,
		     "the guest misses what it has written");
}

static const char *churn_parked(struct load_cpu *self)
{
	struct load *load = self->load;
	const char *problem;

	pthread_mutex_lock(&load->parked);
	problem = churn(self->cpu, LOAD_BUSY_PAGES, LOAD_PARKED_PAGES,
			++load->parked_generation);
	pthread_mutex_unlock(&load->parked);
	return problem;
}

/* Both write into a page as long as it is shared. */
static const char *share(struct load_cpu *self)
{
	uint64_t addr = LOAD_SHARED(self->cpu->id);
	uint64_t *word = guest_word(&self->load->guest, addr);
	struct answer answer;

	if (!store(self->cpu, addr, SHARED_WORD))
		return "a page to be shared";
	answer = guest_order(self->cpu, AGENT_SHARE, addr, 0);
	if (answer.result != UV_RC_EXECUTED)
		return check(answer, UV_RC_EXECUTED, "sharing");
	if (__atomic_load_n(word, __ATOMIC_RELAXED) != SHARED_WORD)
		return "the host does not see a shared page";
	__atomic_store_n(word, SHARED_WORD + 1, __ATOMIC_RELAXED);
	answer = guest_order(self->cpu, AGENT_UNSHARE, addr, 0);
	if (answer.result != UV_RC_EXECUTED)
		return check(answer, UV_RC_EXECUTED, "the end of sharing");
	if (load(self->cpu, addr) != SHARED_WORD + 1)
		return "the guest does not see a shared page";
	return __atomic_load_n(word, __ATOMIC_RELAXED) == SHARED_WORD + 1 ?
	       "a page is still shared" : NULL;
}

static void *run_cpu(void *arg)
{
	struct load_cpu *self = arg;
	unsigned int first = self->cpu->id * LOAD_CPU_PAGES;
	const char *problem = NULL;

	while (!self->load->stop && !problem) {
		unsigned int generation = ++self->generation;

		problem = churn(self->cpu, first, LOAD_CPU_PAGES, generation);
		if (!problem && generation % PARKED_EVERY == self->cpu->id)
			problem = churn_parked(self);
		if (!problem && generation % SHARED_EVERY == 0)
			problem = share(self);
	}
	report(self->load, problem);
	return NULL;
}

static unsigned int choose(struct load_host *host)
{
	unsigned int sum = 0, i;

	for (i = 0; i < load_nr_ops; i++)
		sum += load_ops[i].weight;
	sum = load_random(host, sum);
	for (i = 0; sum >= load_ops[i].weight; i++)
		sum -= load_ops[i].weight;
	return i;
}

static void *run_host(void *arg)
{
	struct load_host *self = arg;

	while (!self->load->stop) {
		unsigned int op = choose(self);

		if (load_ops[op].needs && !load_ops[op].needs(self))
			continue;
		report(self->load, load_ops[op].work(self));
		self->done[op]++;
	}
	return NULL;
}

FIXTURE(load) {
	struct load *load;
};

FIXTURE_VARIANT(load) {
	bool file, large;
};

FIXTURE_VARIANT_ADD(load, anonymous) {};
FIXTURE_VARIANT_ADD(load, file) { .file = true };
FIXTURE_VARIANT_ADD(load, large) { .file = true, .large = true };

static int use_file(struct load *load, bool large)
{
	struct vm *vm = &load->guest.vm;

	load->file = load_open_file(large);
	if (load->file < 0 || ftruncate(load->file, (off_t)vm->memory_size))
		return -1;
	if (mmap(vm->memory, vm->memory_size, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_FIXED, load->file, 0) != vm->memory)
		return -1;
	/* All that can be large becomes so. */
	memset(vm->memory, 0xee, vm->memory_size);
	return 0;
}

static int start(struct load *load)
{
	struct guest *guest = &load->guest;
	struct pv_result result = guest_protect(guest);

	if (result.error || guest_start(guest->vm.cpus)) {
		ksft_print_msg("errno %d rc 0x%x rrc 0x%x\n", result.error,
			       result.rc, result.rrc);
		return -1;
	}
	if (guest_await(guest->vm.cpus).stop != STOP_ORDER)
		return -1;
	return guest_start_second(guest);
}

static void prepare_threads(struct load *load)
{
	for (unsigned int i = 0; i < LOAD_CPUS; i++) {
		load->cpus[i].load = load;
		load->cpus[i].cpu = &load->guest.vm.cpus[i];
	}
	for (unsigned int i = 0; i < LOAD_HOSTS; i++) {
		load->hosts[i].load = load;
		load->hosts[i].random = 0x9e3779b97f4a7c15 * (seed + i + 1);
	}
}

FIXTURE_SETUP(load)
{
	struct sigaction sa = { .sa_handler = count_violation };
	struct load *load;

	if (variant->large && !load_has_large_pages())
		SKIP(return, "this host has no large pages");
	load = calloc(1, sizeof(*load));
	ASSERT_NE(NULL, load);
	self->load = load;
	load->file = -1;
	pthread_mutex_init(&load->parked, NULL);
	ASSERT_EQ(0, sigaction(SIGSEGV, &sa, NULL));
	ASSERT_STREQ("", load_swap_on() ?: "");
	ASSERT_STREQ("", load_count_memory() ?: "");
	load->disk = load_open_disk();
	ASSERT_LE(0, load->disk);
	ASSERT_EQ(0, guest_new_with(&load->guest, LOAD_CPUS, LOAD_MEMORY, 0))
		TH_LOG("%s", load->guest.problem);
	if (variant->file)
		ASSERT_EQ(0, use_file(load, variant->large));
	ASSERT_EQ(0, start(load));
	ASSERT_STREQ("", load_limit_memory(LIMIT) ?: "");
	prepare_threads(load);
	ASSERT_EQ(NULL, churn_parked(load->cpus));
	for (unsigned int i = 0; i < LOAD_HOSTS; i++)
		ASSERT_TRUE(load_host_open(&load->hosts[i]));
}

FIXTURE_TEARDOWN(load)
{
	struct load *load = self->load;

	if (!load)
		return;
	for (unsigned int i = 0; i < LOAD_HOSTS; i++)
		load_host_close(&load->hosts[i]);
	close(load->file);
	close(load->disk);
	guest_free(&load->guest);
	free(load);
}

/* Until the time is over, something is wrong, or nothing moves any more. */
static void watch(struct load *load, unsigned int duration)
{
	unsigned int last[LOAD_CPUS] = {}, idle[LOAD_CPUS] = {};

	for (unsigned int s = 0; s < duration && !load->stop; s++) {
		sleep(1);
		for (unsigned int i = 0; i < LOAD_CPUS; i++) {
			unsigned int now = load->cpus[i].generation;

			idle[i] = now == last[i] ? idle[i] + 1 : 0;
			last[i] = now;
			if (idle[i] > PATIENCE_S)
				report(load, "a CPU of the guest stands still");
		}
	}
	load->stop = true;
}

static void start_threads(struct load *load)
{
	for (unsigned int i = 0; i < LOAD_CPUS; i++)
		pthread_create(&load->cpus[i].thread, NULL, run_cpu,
			       &load->cpus[i]);
	for (unsigned int i = 0; i < LOAD_HOSTS; i++)
		pthread_create(&load->hosts[i].thread, NULL, run_host,
			       &load->hosts[i]);
}

static void join_threads(struct load *load)
{
	for (unsigned int i = 0; i < LOAD_HOSTS; i++)
		pthread_join(load->hosts[i].thread, NULL);
	for (unsigned int i = 0; i < LOAD_CPUS; i++)
		pthread_join(load->cpus[i].thread, NULL);
}

/* How often a work was done by all threads together */
static unsigned long done(const struct load *load, unsigned int op)
{
	unsigned long sum = 0;

	for (unsigned int i = 0; i < LOAD_HOSTS; i++)
		sum += load->hosts[i].done[op];
	return sum;
}

static void show(struct load *load)
{
	ksft_print_msg("PV_SEED=%u: generations %u and %u of %u pages each, %u of %u\n",
		       seed, load->cpus[0].generation, load->cpus[1].generation,
		       LOAD_CPU_PAGES, load->parked_generation,
		       LOAD_PARKED_PAGES);
	ksft_print_msg("pages the host looked at: %lu, of them seen come back: %lu or more\n",
		       load->views, load->cycles);
	for (unsigned int i = 0; i < load_nr_ops; i++)
		ksft_print_msg("%-18s %lu\n", load_ops[i].name, done(load, i));
}

/* What was to be done and was not, if the time was enough for all */
static const char *never_done(const struct load *load)
{
	for (unsigned int i = 0; i < load_nr_ops; i++)
		if (!done(load, i) && (!load_ops[i].needs ||
				       load_ops[i].needs(load->hosts)))
			return load_ops[i].name;
	return NULL;
}

/* Harness and runner have their own, shorter limits: these are for hangs. */
TEST_F_TIMEOUT(load, loses_nothing_and_shows_nothing, 24 * 3600)
{
	struct load *load = self->load;
	unsigned long swapped = 0;
	const char *problem;

	start_threads(load);
	watch(load, seconds / NR_VARIANTS);
	join_threads(load);
	show(load);
	problem = load->problem;
	EXPECT_STREQ("", problem ?: "");
	EXPECT_EQ(0, nr_violations);
	for (unsigned int i = 0; !problem && i < LOAD_CPUS; i++)
		EXPECT_EQ(NULL, churn(load->cpus[i].cpu, i * LOAD_CPU_PAGES,
				      LOAD_CPU_PAGES,
				      load->cpus[i].generation + 1));
	if (!problem)
		EXPECT_EQ(NULL, churn_parked(load->cpus));
	EXPECT_STREQ("", load_swap_plain(&swapped) ?: "");
	TH_LOG("pages of the swap with content: %lu", swapped);
	/* It was a load. */
	EXPECT_LT(0, swapped);
	EXPECT_LT(0, load->cycles);
	EXPECT_STREQ("", never_done(load) ?: "");
}

static unsigned int number(const char *name, unsigned int otherwise)
{
	const char *value = getenv(name);

	return value ? (unsigned int)strtoul(value, NULL, 0) : otherwise;
}

int main(int argc, char **argv)
{
	pv_host_needed();
	seconds = number("PV_TEST_LOAD_SECONDS", DEFAULT_SECONDS);
	seed = number("PV_SEED", (unsigned int)time(NULL));
	return test_harness_run(argc, argv);
}
