/* SPDX-License-Identifier: MIT */
/* An end by ^C, SIGTERM or SIGHUP that leaves no temporary file behind. */
#ifndef UVCTL_INTERRUPT_H
#define UVCTL_INTERRUPT_H

#include <stdbool.h>

/**
 * interrupt_hold() - from now on such a signal makes writing fail
 *
 * Every write to a regular file fails after one, so that whoever writes takes
 * the usual way out of an error and cleans up.  A second one of the same kind
 * ends the process at once.
 */
void interrupt_hold(void);

/** interrupt_received() - was there a signal since interrupt_hold()? */
bool interrupt_received(void);

/** interrupt_release() - die from the signal that was held back, if any */
void interrupt_release(void);

#endif /* UVCTL_INTERRUPT_H */
