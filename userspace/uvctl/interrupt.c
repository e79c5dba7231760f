// SPDX-License-Identifier: MIT
/* An end by ^C, SIGTERM or SIGHUP that leaves no temporary file behind. */
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/resource.h>

#include "array.h"
#include "interrupt.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
static struct sigaction before[ARRAY_SIZE(signals)];
/* Free of locks, as a signal handler needs it. */
static atomic_int received;
static struct rlimit limit;
static bool held;

/*
 * Regular files of size 0 only: better than an unlink() here, which would race
 * with those who still write and rename.
 */
static void stop_writing(int number)
{
	struct rlimit none = { .rlim_cur = 0, .rlim_max = limit.rlim_max };

	received = number;
	setrlimit(RLIMIT_FSIZE, &none);
}

void interrupt_hold(void)
{
	struct sigaction action = { .sa_handler = stop_writing,
				    .sa_flags = SA_RESTART | SA_RESETHAND };

	held = true;
	getrlimit(RLIMIT_FSIZE, &limit);
	signal(SIGXFSZ, SIG_IGN);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		sigaction(signals[i], NULL, &before[i]);
		/* As nohup and the background jobs of scripts want it. */
		if (before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}

bool interrupt_received(void)
{
	return received != 0;
}

void interrupt_release(void)
{
	if (!held)
		return;
	held = false;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &before[i], NULL);
	setrlimit(RLIMIT_FSIZE, &limit);
	if (received)
		raise(received);
}
