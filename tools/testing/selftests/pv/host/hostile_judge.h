/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a host may say and lose when its Ultravisor does not do what it should.
 */
#ifndef PV_SELFTEST_HOSTILE_JUDGE_H
#define PV_SELFTEST_HOSTILE_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

/* In the order of the names in /sys/firmware/uv/leaked and in the account */
enum hostile_kind {
	KIND_BASE,
	KIND_CONFIGURATION,
	KIND_CPU,
	KIND_GUEST,
	KIND_TABLE,
	NR_KINDS,
};

/**
 * struct hostile_state - how things stand, in pages
 * @leaked: what the kernel holds back, as it says
 * @kept: what the Ultravisor has of that; it does not know tables
 */
struct hostile_state {
	uint64_t leaked[NR_KINDS];
	uint64_t kept[NR_KINDS];
};

/**
 * struct hostile_excess - leaks of what the Ultravisor does not keep, because
 *	it told the host something else or nothing at all
 * @least, @most: pages of each kind
 */
struct hostile_excess {
	uint64_t least[NR_KINDS];
	uint64_t most[NR_KINDS];
};

int hostile_log_open(void);
bool hostile_log_trouble(int log, char *line, int size);

bool hostile_leaks_known(void);
int hostile_state(int port, struct hostile_state *state);
bool hostile_balance(const struct hostile_state *before,
		     const struct hostile_state *after,
		     const struct hostile_excess *excess,
		     uint64_t size_of_configuration, char *why, int size);
bool hostile_memory_is_usable(void);

#endif /* PV_SELFTEST_HOSTILE_JUDGE_H */
