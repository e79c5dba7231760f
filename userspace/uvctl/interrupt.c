// SPDX-License-Identifier: MIT
/* An end by ^C, SIGTERM or SIGHUP that leaves no temporary file behind. */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "array.h"
#include "interrupt.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
static struct sigaction before[ARRAY_SIZE(signals)];
/* Free of locks, as a signal handler needs it. */
static atomic_int received;
static int event = -1;
static bool held;

/*
 * No unlink() here, it would race with those who still write and rename.  A
 * descriptor, as a flag alone would be too late for somebody who has looked at
 * it and is about to wait.
 */
static void note(int number)
{
	int saved = errno;

	received = number;
	if (event >= 0)
		eventfd_write(event, 1);
	errno = saved;
}

int interrupt_hold(void)
{
	/* Without SA_RESTART, for those who wait until a pipe is opened. */
	struct sigaction action = { .sa_handler = note };

	held = true;
	event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		sigaction(signals[i], NULL, &before[i]);
		/* As nohup and the background jobs of scripts want it. */
		if (before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
	return event;
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
	close(event);
	event = -1;
	if (received)
		raise(received);
}
