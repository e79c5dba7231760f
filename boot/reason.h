/* SPDX-License-Identifier: MIT */
/* Why the Ultravisor did not make a protected guest. */
#ifndef BOOT_REASON_H
#define BOOT_REASON_H

#include <stdint.h>

/**
 * struct reason - what a failure means
 * @step: PV_DIAG308_STEP_*
 * @rc: of the Ultravisor call
 * @rrc: of the Ultravisor call
 * @what: it means, one line
 * @todo: about it, one line
 */
struct reason {
	uint16_t step, rc;
	uint32_t rrc;
	const char *what;
	const char *todo;
};

/** find_reason() - the line of the table that fits best, never NULL */
const struct reason *find_reason(uint32_t step, uint32_t rc, uint32_t rrc);

#endif /* BOOT_REASON_H */
