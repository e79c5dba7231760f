// SPDX-License-Identifier: GPL-2.0
/*
 * A matrix of Ultravisors that fail: each cell is a policy under which guests
 * live and end.  The host may refuse what it likes, but it neither warns nor
 * hangs, loses what the Ultravisor keeps and nothing else, and is as good as
 * ever afterwards.
 *
 *	hostile_test FILE
 *	hostile_test --boot COMMAND OUTCOME
 *
 * Each line of FILE is a cell: a command of the Ultravisor, the name of its
 * outcome, and a fault policy.  "nth=last" in it stands for the last execution
 * of the command in these lives.  The second form judges a kernel that has been
 * booted under such a policy.
 */
#include <signal.h>
#include <stdlib.h>

#include "../guest/child.h"
#include "fault_port.h"
#include "guest.h"
#include "host.h"
#include "hostile_judge.h"
#include "hostile_life.h"

#define MAX_CELLS	2000
#define WORD_SIZE	160
#define FIRST		"nth=1:"
#define LAST		"nth=last"
/* An end that is asked for, and one that is enforced */
#define LIFE_MS		8000
#define DEATH_MS	40000
/* How long what is put off may take, in steps */
#define SETTLE_STEPS	40
#define SETTLE_US	(50 * 1000)
/* Executions differ by some: of pages that come and go by themselves. */
#define LAST_TRIES	5

struct cell {
	char command[WORD_SIZE], outcome[WORD_SIZE], policy[WORD_SIZE];
};

static struct {
	struct cell cells[MAX_CELLS];
	unsigned int nr;
	int port, log;
	/* The account of lives without fault */
	char usual[FAULT_ACCOUNT_SIZE];
	/* Pages of a configuration and of a CPU */
	uint64_t size[NR_KINDS];
} matrix;

static int read_cells(const char *path)
{
	FILE *f = fopen(path, "r");
	struct cell *cell = matrix.cells;

	while (f && matrix.nr < MAX_CELLS &&
	       fscanf(f, "%159s %159s %159s", cell->command, cell->outcome,
		      cell->policy) == 3) {
		matrix.nr++;
		cell++;
	}
	if (f)
		fclose(f);
	return matrix.nr ? 0 : -1;
}

/* Exit status of a life; -1 if it was killed, -2 if even that did not help */
static int one_life(unsigned int nr)
{
	int status = 0;
	pid_t child = fork();

	if (!child)
		hostile_live(nr);
	if (wait_for(child, &status, LIFE_MS) == child)
		return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	kill(child, SIGKILL);
	return wait_for(child, &status, DEATH_MS) == child ? -1 : -2;
}

/* A number of the account of the lives under the present policy */
static uint64_t number_of(const char *name)
{
	static char account[FAULT_ACCOUNT_SIZE];

	if (fault_port_account(matrix.port, account))
		return 0;
	return fault_account_number(account, name);
}

static uint64_t struck(void)
{
	return number_of("struck");
}

/*
 * All of them, one after the other, or as many as it takes for a fault to
 * strike; the worst that came of it
 */
static int lives(bool all)
{
	int worst = 0, result;

	for (unsigned int i = 0; i < HOSTILE_NR_LIVES; i++) {
		result = one_life(i);
		if (result < 0 ? result < worst : !worst && result)
			worst = result;
		if (result == -2 || (!all && struck()))
			break;
	}
	return worst;
}

/*
 * What waits for ever does so for long, and the first execution is in the first
 * life: one is enough.
 */
static bool strikes_in_one(const struct cell *cell)
{
	return strstr(cell->outcome, "-ever") || strstr(cell->policy, FIRST);
}

/* What a configuration and a CPU cost, as the Ultravisor counts. */
static int measure(void)
{
	struct hostile_state before, during;
	struct vm vm;

	if (hostile_state(matrix.port, &before) ||
	    vm_new(&vm, GUEST_SIZE, 1))
		return -1;
	if (vm_pv(&vm, KVM_PV_ENABLE, NULL).error ||
	    hostile_state(matrix.port, &during)) {
		vm_close(&vm);
		return -1;
	}
	for (int i = 0; i < NR_KINDS; i++)
		matrix.size[i] = during.kept[i] - before.kept[i];
	vm_close(&vm);
	return 0;
}

static bool is(const struct cell *cell, const char *command)
{
	return !strcmp(cell->command, command);
}

/* Was the host told that something failed, or never told that it did not? */
static bool untold(const struct cell *cell)
{
	return strstr(cell->policy, ":late") ||
	       !strcmp(cell->outcome, "partial-ever");
}

/*
 * What the host cannot know, it has to leak: storage of something that was not
 * destroyed, says the Ultravisor, or that it began to make and never finished.
 * Pages of a guest that could not be exported are asked for again when the next
 * guest ends.
 */
static struct hostile_excess expected_excess(const struct cell *cell,
					     uint64_t struck)
{
	static const struct {
		const char *command;
		enum hostile_kind kind;
	} losses[] = {
		{ "destroy-conf", KIND_CONFIGURATION },
		{ "destroy-conf-fast", KIND_CONFIGURATION },
		{ "create-conf", KIND_CONFIGURATION },
		{ "destroy-cpu", KIND_CPU },
		{ "create-cpu", KIND_CPU },
		{ "import", KIND_GUEST },
		{ "unpack", KIND_GUEST },
	};
	struct hostile_excess excess = {};

	for (size_t i = 0; i < ARRAY_SIZE(losses); i++) {
		uint64_t size = matrix.size[losses[i].kind];

		if (is(cell, losses[i].command) && untold(cell))
			excess.most[losses[i].kind] = struck *
						      (size ? size : 1);
	}
	return excess;
}

/* The kernel puts some things off. */
static bool settled(const struct hostile_state *before,
		    const struct hostile_excess *excess, char *why, int size)
{
	struct hostile_state after;

	for (int i = 0; i < SETTLE_STEPS; i++) {
		if (hostile_state(matrix.port, &after)) {
			snprintf(why, size, "the monitor does not answer");
			return false;
		}
		if (!hostile_leaks_known() ||
		    hostile_balance(before, &after, excess,
				    matrix.size[KIND_CONFIGURATION], why, size))
			return true;
		usleep(SETTLE_US);
	}
	return false;
}

/* The policy with a number for the last execution */
static void policy_of(const struct cell *cell, uint64_t nth, char *policy,
		      int size)
{
	const char *last = strstr(cell->policy, LAST);

	if (last)
		snprintf(policy, size, "%.*snth=%llu%s",
			 (int)(last - cell->policy), cell->policy,
			 (unsigned long long)nth, last + strlen(LAST));
	else
		snprintf(policy, size, "%s", cell->policy);
}

/* Which one to try as the last, when so many came before it did */
static uint64_t earlier(uint64_t nth, uint64_t came)
{
	if (came >= nth)
		came = nth - 1;
	return came ? came : 1;
}

/* Lives under the policy of a cell; how often it struck */
static uint64_t live_under(const struct cell *cell, int *result)
{
	uint64_t nth = fault_account_number(matrix.usual, cell->command);
	char policy[2 * WORD_SIZE];
	uint64_t times = 0;

	for (int i = 0; !times && i < LAST_TRIES; i++) {
		policy_of(cell, nth, policy, sizeof(policy));
		if (fault_port_set(matrix.port, policy)) {
			*result = HOSTILE_BROKEN;
			return 0;
		}
		*result = lives(!strikes_in_one(cell));
		times = struck();
		if (!strstr(cell->policy, LAST))
			break;
		nth = earlier(nth, number_of(cell->command));
	}
	return times;
}

/* A cell, and a life without faults behind it */
static bool try_cell(const struct cell *cell, char *why, int size)
{
	struct hostile_state before;
	struct hostile_excess excess;
	uint64_t times;
	int result;

	if (hostile_state(matrix.port, &before))
		return false;
	times = live_under(cell, &result);
	excess = expected_excess(cell, times);
	fault_port_set(matrix.port, "");
	/* It is the fault of this cell, and not to be that of the next one. */
	if (result == -2)
		wait_for(-1, &(int){ 0 }, DEATH_MS);
	if (result == -2 || result == HOSTILE_BROKEN) {
		snprintf(why, size, result == -2 ? "a process cannot be killed" :
			 "there was no machine");
		return false;
	}
	if (!times) {
		snprintf(why, size, "the fault never struck");
		return false;
	}
	if (hostile_log_trouble(matrix.log, why, size))
		return false;
	snprintf(why, size, "a life without faults is not what it should be");
	return one_life(0) == HOSTILE_WELL &&
	       !hostile_log_trouble(matrix.log, why, size) &&
	       settled(&before, &excess, why, size);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		ksft_print_msg("%s: %s\n", path, strerror(errno));
	close(fd);
}

/* So that one warning is one cell's, and the others can be tried. */
static void keep_going(void)
{
	write_file("/proc/sys/kernel/panic_on_warn", "0");
	write_file("/sys/kernel/debug/clear_warn_once", "1");
}

static void need(bool ok, const char *what)
{
	if (!ok)
		ksft_exit_fail_msg("%s\n", what);
}

static void prepare(void)
{
	const char *problem = hostile_prepare();

	if (problem)
		ksft_exit_fail_msg("%s\n", problem);
	matrix.port = fault_port_open(&problem);
	if (matrix.port < 0)
		ksft_exit_skip("%s\n", problem);
	matrix.log = hostile_log_open();
	need(matrix.log >= 0, "/dev/kmsg cannot be read");
}

/* What is usual, to compare with */
static void prepare_cells(const char *path)
{
	need(!read_cells(path), "there are no cells in the file");
	keep_going();
	need(!fault_port_set(matrix.port, ""), "faults cannot be set");
	need(lives(true) == HOSTILE_WELL, "without faults guests do not live");
	need(!fault_port_account(matrix.port, matrix.usual),
	     "the Ultravisor gives no account");
	need(!measure(), "what a configuration costs cannot be measured");
	if (!hostile_leaks_known())
		ksft_print_msg("this kernel does not count what it leaks\n");
}

static void run_cells(void)
{
	char why[256];

	for (unsigned int i = 0; i < matrix.nr; i++) {
		const struct cell *cell = &matrix.cells[i];
		bool ok;

		why[0] = '\0';
		keep_going();
		ok = try_cell(cell, why, sizeof(why));
		if (!ok)
			ksft_print_msg("%s\n", why);
		ksft_test_result(ok, "%s %s\n", cell->command, cell->outcome);
		fflush(stdout);
	}
}

static bool plain_guest_lives(void)
{
	static struct guest guest;
	bool ok;

	if (guest_new(&guest, 1))
		return false;
	guest_start_plain(&guest);
	ok = guest_await(guest.vm.cpus).stop == STOP_ORDER &&
	     vm_pv(&guest.vm, KVM_PV_ENABLE, NULL).error == EINVAL;
	guest_free(&guest);
	return ok;
}

/* Base storage is lost if the Ultravisor began to take it and never ended. */
static bool base_is_right(const struct cell *cell, bool protects)
{
	struct hostile_state state;

	if (hostile_state(matrix.port, &state))
		return false;
	if (!hostile_leaks_known())
		return !protects == !state.kept[KIND_BASE];
	ksft_print_msg("base storage: %llu pages kept, %llu leaked\n",
		       (unsigned long long)state.kept[KIND_BASE],
		       (unsigned long long)state.leaked[KIND_BASE]);
	if (protects)
		return state.kept[KIND_BASE] && !state.leaked[KIND_BASE];
	if (is(cell, "init") && untold(cell) && !strstr(cell->policy, ":late"))
		return state.leaked[KIND_BASE];
	return state.leaked[KIND_BASE] == state.kept[KIND_BASE] ||
	       !strcmp(cell->outcome, "busy-ever");
}

static void judge_boot(const struct cell *cell)
{
	bool protects = host_number(UV_FIRMWARE "/prot_virt_host", "%llu");
	uint64_t times = struck();
	char line[256] = "";

	lseek(matrix.log, 0, SEEK_SET);
	fault_port_set(matrix.port, "");
	ksft_print_msg("prot_virt_host is %d\n", protects);
	ksft_test_result(times, "%s %s: the fault struck\n", cell->command,
			 cell->outcome);
	ksft_test_result(base_is_right(cell, protects),
			 "no base storage is lost or used\n");
	ksft_test_result(protects ? lives(true) == HOSTILE_WELL :
				    plain_guest_lives(), "guests live\n");
	ksft_test_result(hostile_memory_is_usable(),
			 "all memory that is free can be used\n");
	ksft_test_result(!hostile_log_trouble(matrix.log, line, sizeof(line)),
			 "the kernel does not warn %s\n", line);
}

static void main_boot(char **argv)
{
	static struct cell cell;

	kvm_needed();
	snprintf(cell.command, WORD_SIZE, "%s", argv[0]);
	snprintf(cell.outcome, WORD_SIZE, "%s", argv[1]);
	ksft_print_header();
	prepare();
	ksft_set_plan(5);
	judge_boot(&cell);
	ksft_finished();
}

static void main_cells(const char *path)
{
	pv_host_needed();
	ksft_print_header();
	prepare();
	prepare_cells(path);
	ksft_set_plan(matrix.nr + 1);
	run_cells();
	ksft_test_result(hostile_memory_is_usable(),
			 "all memory that is free can be used\n");
	ksft_finished();
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "--boot"))
		main_boot(argv + 2);
	if (argc == 2)
		main_cells(argv[1]);
	ksft_print_header();
	ksft_exit_skip("usage: hostile_test FILE | --boot COMMAND OUTCOME\n");
}
