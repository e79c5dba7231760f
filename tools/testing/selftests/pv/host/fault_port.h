/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An Ultravisor whose faults can be changed while it runs: an emulated one,
 * reached by its machine's monitor at a virtio-serial port.
 */
#ifndef PV_SELFTEST_FAULT_PORT_H
#define PV_SELFTEST_FAULT_PORT_H

#include <stddef.h>
#include <stdint.h>

#define FAULT_PORT		"s390-pv.monitor"
#define FAULT_ACCOUNT_SIZE	4096

int fault_port_open(const char **problem);
int fault_port_set(int port, const char *policy);
int fault_port_account(int port, char text[FAULT_ACCOUNT_SIZE]);

uint64_t fault_account_number(const char *text, const char *name);

#endif /* PV_SELFTEST_FAULT_PORT_H */
