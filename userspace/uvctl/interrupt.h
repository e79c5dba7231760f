/* SPDX-License-Identifier: MIT */
/* An end by ^C, SIGTERM or SIGHUP that leaves no temporary file behind. */
#ifndef UVCTL_INTERRUPT_H
#define UVCTL_INTERRUPT_H

#include <stdbool.h>

/**
 * interrupt_hold() - from now on such a signal does not end the process
 *
 * What waits for a file that is opened or for the descriptor returned ends, and
 * whoever was waiting takes the usual way out of an error and cleans up.
 *
 * Return: a descriptor that can be read once there was a signal; -1 if there is
 * none, then only interrupt_received() tells.
 */
int interrupt_hold(void);

/** interrupt_received() - was there a signal since interrupt_hold()? */
bool interrupt_received(void);

/** interrupt_release() - die from the signal that was held back, if any */
void interrupt_release(void);

#endif /* UVCTL_INTERRUPT_H */
