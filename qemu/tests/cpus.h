/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Other CPUs of the machine, first of all the second, if there is one.
 */
#ifndef CPUS_H
#define CPUS_H

#include "bare.h"

#define SIGP_SENSE	1
#define SIGP_STOP	5
#define SIGP_RESTART	6
#define SIGP_STOPPED	0x40		/* in the status of sense */

/** signal_second() - SIGP to it. Return: condition code, 3 if there is none */
unsigned int signal_second(unsigned int order, uint64_t *status);
/** start_cpu() - have a CPU begin at @at. Return: false if there is none */
bool start_cpu(unsigned int cpu, char *at);
/** start_second() - have it execute second(). Return: false if there is none */
bool start_second(void);
/** second_is_stopped() - true also if there is none */
bool second_is_stopped(void);

#endif /* CPUS_H */
