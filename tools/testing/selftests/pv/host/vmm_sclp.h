/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The service element of a guest: how large it is, and its console.
 *
 * Works on control blocks as they stand in storage; knows no KVM.
 */
#ifndef PV_SELFTEST_VMM_SCLP_H
#define PV_SELFTEST_VMM_SCLP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCLP_SCCB_MAX	4096
#define SCLP_SCCB_MIN	8
#define SCLP_INPUT_MAX	2048

/* In the parameter of a service signal: an event waits to be read. */
#define SCLP_EVENT_PENDING	1

/* Responses that the caller gives when it does not come to the command */
#define SCLP_RC_CROSSES_PAGE	0x0100

/**
 * struct sclp - a service element
 * @memory: of the guest, in bytes
 * @nr_cpus: all of them configured, with addresses from 0
 * @write: where the output of the console goes
 * @opaque: handed to @write
 * @guest_receives: events the guest has asked for
 * @input: bytes that the guest has not read
 * @input_size: number of them
 */
struct sclp {
	size_t memory;
	unsigned int nr_cpus;
	void (*write)(void *opaque, const void *data, size_t size);
	void *opaque;
	uint32_t guest_receives;
	uint8_t input[SCLP_INPUT_MAX];
	size_t input_size;
};

/* sclp_length - bytes of a control block, as its first two bytes say */
uint16_t sclp_length(const void *sccb);

/* sclp_respond - put a response into a control block */
void sclp_respond(void *sccb, uint16_t response);

/**
 * sclp_execute - perform a command
 * @sccb: the control block; all of its sclp_length() bytes, which are at least
 *	SCLP_SCCB_MIN and at most SCLP_SCCB_MAX, can be written
 */
void sclp_execute(struct sclp *sclp, uint32_t command, void *sccb);

/* sclp_reset - forget what the guest has asked for, keep the input */
void sclp_reset(struct sclp *sclp);

/* sclp_pending - is there input for a guest that wants it? */
bool sclp_pending(const struct sclp *sclp);

/* sclp_room - how much sclp_input() takes */
size_t sclp_room(const struct sclp *sclp);

/* sclp_input - type these bytes; no more than there is room for */
void sclp_input(struct sclp *sclp, const void *data, size_t size);

#endif /* PV_SELFTEST_VMM_SCLP_H */
