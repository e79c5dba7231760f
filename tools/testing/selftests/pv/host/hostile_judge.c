// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says in its log and in sysfs, against what the Ultravisor
 * has; and whether memory that is free can be used.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../guest/child.h"
#include "fault_port.h"
#include "host.h"
#include "hostile_judge.h"

#define LEAKED		UV_FIRMWARE "/leaked"
#define TABLE_PAGES	4
#define RECORD_SIZE	8192
/* Of the memory that is free, in percent */
#define MEMORY_SHARE	85
#define MEMORY_MS	(120 * 1000)

static const struct {
	const char *leaked, *account;
} kinds[NR_KINDS] = {
	[KIND_BASE] = { "base", "base" },
	[KIND_CONFIGURATION] = { "configuration", "configuration" },
	[KIND_CPU] = { "cpu", "cpu" },
	[KIND_GUEST] = { "guest", "secure" },
	[KIND_TABLE] = { "table" },
};

static const char *const trouble[] = {
	"WARNING:", "BUG:", "Oops", "Call Trace:", "KASAN:", "UBSAN:",
	"kernel BUG at", "blocked for more than", "stall", "soft lockup",
	"circular locking", "Unable to handle kernel", "Bad page state",
	"kmemleak:", "recursive locking",
};

/** hostile_log_open() - The kernel's log from now on, or -1 */
int hostile_log_open(void)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (log >= 0)
		lseek(log, 0, SEEK_END);
	return log;
}

/** hostile_log_trouble() - Was there a warning since the last time? */
bool hostile_log_trouble(int log, char *line, int size)
{
	static char record[RECORD_SIZE];
	bool found = false;
	ssize_t n;

	/* EPIPE: some of it was overwritten. */
	while ((n = read(log, record, sizeof(record) - 1)) > 0 ||
	       (n < 0 && errno == EPIPE)) {
		record[n < 0 ? 0 : n] = '\0';
		for (size_t i = 0; !found && i < ARRAY_SIZE(trouble); i++) {
			found = strstr(record, trouble[i]);
			if (found)
				snprintf(line, size, "%.*s",
					 (int)strcspn(record, "\n"), record);
		}
	}
	return found;
}

/** hostile_leaks_known() - Does the kernel count what it leaks? */
bool hostile_leaks_known(void)
{
	return !access(LEAKED, F_OK);
}

/** hostile_state() - How things stand; -1 if the Ultravisor does not answer */
int hostile_state(int port, struct hostile_state *state)
{
	static char account[FAULT_ACCOUNT_SIZE];
	char path[64];

	memset(state, 0, sizeof(*state));
	if (fault_port_account(port, account))
		return -1;
	for (int i = 0; i < NR_KINDS; i++) {
		snprintf(path, sizeof(path), LEAKED "/%s", kinds[i].leaked);
		state->leaked[i] = host_number(path, "%llu");
		if (kinds[i].account)
			state->kept[i] = fault_account_number(account,
							      kinds[i].account);
	}
	return 0;
}

/* A configuration that is lost takes the top table of its guest with it. */
static bool tables_fit(const struct hostile_state *before,
		       const struct hostile_state *after, uint64_t size)
{
	uint64_t tables = after->leaked[KIND_TABLE] -
			  before->leaked[KIND_TABLE];
	uint64_t pages = after->leaked[KIND_CONFIGURATION] -
			 before->leaked[KIND_CONFIGURATION];

	return tables * size == pages * TABLE_PAGES;
}

/**
 * hostile_balance() - Is exactly that held back which the Ultravisor has?
 * @why: out, if not
 */
bool hostile_balance(const struct hostile_state *before,
		     const struct hostile_state *after,
		     const struct hostile_excess *excess,
		     uint64_t size_of_configuration, char *why, int size)
{
	for (int i = 0; i < NR_KINDS; i++) {
		long long leaked = after->leaked[i] - before->leaked[i];
		long long kept = after->kept[i] - before->kept[i];
		long long least = kept + excess->least[i];
		long long most = kept + excess->most[i];

		if (i == KIND_TABLE ||
		    (leaked >= least && leaked <= most))
			continue;
		snprintf(why, size,
			 "%s: %lld pages are leaked, %lld kept by the Ultravisor, %lld to %lld expected",
			 kinds[i].leaked, leaked, kept, least, most);
		return false;
	}
	if (tables_fit(before, after, size_of_configuration))
		return true;
	snprintf(why, size, "tables: not one for each configuration that is leaked");
	return false;
}

/* Every page is cleared by the kernel and written here. */
static void use_memory(uint64_t size)
{
	uint8_t *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		_exit(1);
	for (uint64_t i = 0; i < size; i += 4096)
		memory[i] = 1;
	_exit(0);
}

static uint64_t free_kib(void)
{
	FILE *f = fopen("/proc/meminfo", "r");
	unsigned long long kib = 0;
	char line[128];

	while (f && fgets(line, sizeof(line), f) &&
	       sscanf(line, "MemAvailable: %llu", &kib) != 1)
		;
	if (f)
		fclose(f);
	return kib;
}

/** hostile_memory_is_usable() - No free page is one that nobody may touch */
bool hostile_memory_is_usable(void)
{
	uint64_t size = free_kib() * 1024 / 100 * MEMORY_SHARE;
	int status = 0;
	pid_t child;

	if (!size)
		return false;
	child = fork();
	if (!child)
		use_memory(size);
	if (wait_for(child, &status, MEMORY_MS) == child)
		return !status;
	kill(child, SIGKILL);
	return false;
}
