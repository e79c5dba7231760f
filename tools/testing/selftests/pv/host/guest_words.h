/* SPDX-License-Identifier: GPL-2.0 */
/* Words of a guest's storage, as its agent reaches them. */
#ifndef PV_SELFTEST_GUEST_WORDS_H
#define PV_SELFTEST_GUEST_WORDS_H

#include "guest.h"

/* What the agent finds at an address, or an impossible value */
static inline uint64_t load(struct vm_cpu *cpu, uint64_t addr)
{
	struct answer answer = guest_order(cpu, AGENT_LOAD, addr, 0);

	return answer.stop == STOP_ORDER && answer.how == AGENT_DONE ?
	       answer.result : ~0ULL;
}

static inline bool store(struct vm_cpu *cpu, uint64_t addr, uint64_t value)
{
	struct answer answer = guest_order(cpu, AGENT_STORE, addr, value);

	return answer.stop == STOP_ORDER && answer.how == AGENT_DONE;
}

#endif /* PV_SELFTEST_GUEST_WORDS_H */
