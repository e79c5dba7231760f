/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the bare-metal test programs share.
 */
#ifndef BARE_H
#define BARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SIZE	4096UL
#define STORAGE		(64UL << 20)	/* as the runner configures it */

#define PGM_OPERATION		0x01
#define PGM_PRIVILEGED		0x02
#define PGM_PROTECTION		0x04
#define PGM_ADDRESSING		0x05
#define PGM_SPECIFICATION	0x06
#define PGM_PAGE_TRANSLATION	0x11

/* start.S */
int catch_pgm(uint64_t (*fn)(uint64_t arg), uint64_t arg, uint64_t *ret);
void stop(void);
extern char second_start[];
/* Of the program: what the second CPU does. */
void second(void);
extern char second_pgm[];
extern char loaded_start[];
/* Of the program: what comes after a load normal. */
void loaded(void);
extern char probe_mark[8];
uint64_t probe(uint64_t block);
/* bare.ld */
extern char _start[], program_end[];

/* Lowcore fields of the last program interruption. */
static inline uint64_t lowcore(unsigned int offset)
{
	uint64_t value;

	asm volatile("lg %0,0(%1)" : "=d" (value) : "a" ((uint64_t)offset)
		     : "memory");
	return value;
}

/* General register @n as the program was started with it. */
static inline uint64_t start_register(unsigned int n)
{
	return lowcore(0x1280 + 8 * n);
}

static inline uint16_t pgm_code(void)
{
	return lowcore(0x88) & 0xffff;
}

static inline uint64_t pgm_teid(void)
{
	return lowcore(0xa8);
}

static inline uint64_t pgm_old_addr(void)
{
	return lowcore(0x158);
}

/* console.c: one TAP line for each test */
void say(const char *text);
void say_hex(uint64_t value, unsigned int digits);
bool check(bool passed, const char *name);
/* Says what was found instead when the test fails. */
bool check_equal(uint64_t got, uint64_t want, const char *name);
/* A fact about the test before it, shown only if that failed. */
void show(const char *what, uint64_t value);
void plan(void);
/*
 * A program that has itself, or another one, started anew: plan_next() promises
 * one test more, and begin_life() of what is started is that test.
 */
void plan_next(void);
void begin_life(void);

void *memset(void *to, int byte, size_t len);
void *memcpy(void *to, const void *from, size_t len);

#endif /* BARE_H */
