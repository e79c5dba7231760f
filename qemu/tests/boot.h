/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What programs before, in and after a protected guest look at.
 */
#ifndef BOOT_H
#define BOOT_H

#include "bare.h"

/* A page far from all programs that has to be clear at each border. */
#define FAR_PAGE	0x3000000UL

/** is_clear() - is [from, to) zero? */
bool is_clear(uint64_t from, uint64_t to);
/** leave_traces() - in FAR_PAGE */
void leave_traces(void);

/* What a channel program of sense_device() consists of; may be shared. */
extern uint8_t device_page[PAGE_SIZE];
/** sense_device() - a channel program. Return: its status */
uint16_t sense_device(void);

/** check_ordinary() - facilities and instructions of an ordinary machine */
void check_ordinary(const char *when);
/** check_protected() - facilities and instructions of a protected guest */
void check_protected(const char *when);

#endif /* BOOT_H */
