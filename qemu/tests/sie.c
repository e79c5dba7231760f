// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest for SIE: storage, registers, and how it is started.
 */
#include "sie.h"

#define SEGMENT_INVALID		0x20
#define ASCE_2048_SEGMENTS	0x03

struct sie_block block;
uint64_t guest_gr[14];

/* Frames of neighbours are no neighbours. */
uint8_t guest_frames[6][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static const int frame_of[] = { 3, 1, 5, 0, 4, 2 };

static uint64_t segments[2048] __attribute__((aligned(PAGE_SIZE)));
static uint64_t pages[GUEST_PAGES] __attribute__((aligned(2048)));

uint64_t *guest_entry(uint64_t page)
{
	return &pages[page >> 12];
}

uint64_t guest_page_table(void)
{
	return (uint64_t)pages;
}

void guest_map(uint64_t page, uint64_t frame_and_bits)
{
	*guest_entry(page) = frame_and_bits;
	asm volatile("ptlb" : : : "memory");
}

uint64_t guest_lowcore(unsigned int offset)
{
	return *(uint64_t *)(guest_frames[frame_of[0]] + offset);
}

static void make_storage(void)
{
	uint64_t asce = (uint64_t)segments | ASCE_2048_SEGMENTS;
	int i;

	for (i = 0; i < 2048; i++)
		segments[i] = SEGMENT_INVALID;
	segments[0] = (uint64_t)pages;
	for (i = 0; i < GUEST_PAGES; i++)
		pages[i] = PAGE_INVALID;
	memset(guest_frames, 0, sizeof(guest_frames));
	for (i = 0; i < 6; i++)
		guest_map(i * PAGE_SIZE, (uint64_t)guest_frames[frame_of[i]]);
	asm volatile("lctlg 1,1,%0" : : "Q" (asce) : "memory");
}

void guest_reset(const char *start, const char *end)
{
	memset(&block, 0, sizeof(block));
	memset(guest_gr, 0, sizeof(guest_gr));
	make_storage();
	memcpy(guest_frames[frame_of[GUEST_CODE >> 12]], start, end - start);
	block.mask = MASK_64;
	block.addr = GUEST_CODE;
	block.msl = ~0UL;
	block.ckc = ~0UL;
	block.cputm = ~0UL >> 1;
	block.ihcpu = 0xffff;
	guest_gr[4] = GUEST_DATA;
	guest_gr[5] = GUEST_DATA + PAGE_SIZE;
}

int guest_run(void)
{
	uint64_t cc;

	block.icptcode = 0xff;
	if (catch_pgm(sie_enter, (uint64_t)&block, &cc))
		return -1;
	return block.icptcode;
}
