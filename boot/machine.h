/* SPDX-License-Identifier: MIT */
/* What only the machine can do (machine.S). */
#ifndef BOOT_MACHINE_H
#define BOOT_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#define SERVICE_CALL_BUSY	2

/**
 * service_call() - ask the service element
 * @command: command word
 * @sccb: control block, in its own page below 2 GiB
 *
 * Return: condition code: 0 it works on it, 2 busy, 3 there is none.
 */
int service_call(uint32_t command, void *sccb);

/**
 * take_service_signal() - let a pending service signal in
 *
 * No other interruption can come.  Return: whether there was one.
 */
bool take_service_signal(void);

/**
 * diag308() - DIAGNOSE 308
 * @addr: IPL parameter block, or 0
 * @subcode: PV_DIAG308_*
 *
 * Return: the code of the second register.
 */
uint64_t diag308(uint64_t addr, uint64_t subcode);

/** clock_value() - time of day; bit 51 counts microseconds */
uint64_t clock_value(void);

/** store_facilities() - the first 256 facility bits, into zeroed @list */
void store_facilities(uint64_t list[4]);

/** halt() - disabled wait with address @code */
void halt(uint64_t code) __attribute__((noreturn));

/** enter_kernel() - load a PSW; a program interruption stops the machine */
void enter_kernel(uint64_t mask, uint64_t addr) __attribute__((noreturn));

/**
 * program_check() - called by machine.S, each stage has its own
 * @code: program interruption code
 * @addr: address of the old PSW
 *
 * A second one while this runs stops the machine without a message.
 */
void program_check(uint64_t code, uint64_t addr) __attribute__((noreturn));

#endif /* BOOT_MACHINE_H */
