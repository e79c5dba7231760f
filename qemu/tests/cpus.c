// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Other CPUs of the machine, first of all the second, if there is one.
 */
#include "cpus.h"

#define LOWCORE_RESTART	0x1a0UL		/* restart new PSW */

static unsigned int signal_cpu(unsigned int cpu, unsigned int order,
			       uint64_t *status)
{
	uint64_t cc;

	asm volatile("	sigp	%1,%2,0(%3)\n"
		     "	ipm	%0\n"
		     : "=d" (cc), "+d" (*status)
		     : "d" ((uint64_t)cpu), "a" ((uint64_t)order) : "cc", "memory");
	return (cc & 0xffffffff) >> 28;
}

unsigned int signal_second(unsigned int order, uint64_t *status)
{
	return signal_cpu(1, order, status);
}

bool start_cpu(unsigned int cpu, char *at)
{
	uint64_t psw[2] = { 0x0000000180000000, (uint64_t)at };
	uint64_t status = 0;

	asm volatile("mvc 0(16,%0),%1"
		     : : "a" (LOWCORE_RESTART), "Q" (psw) : "memory");
	return signal_cpu(cpu, SIGP_RESTART, &status) == 0;
}

bool start_second(void)
{
	return start_cpu(1, second_start);
}

bool second_is_stopped(void)
{
	uint64_t status = 0;
	unsigned int cc = signal_second(SIGP_SENSE, &status);

	return cc == 3 || (cc == 1 && status & SIGP_STOPPED);
}
