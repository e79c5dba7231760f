// SPDX-License-Identifier: MIT
/* The string functions that a freestanding compiler may call. */
#include "memory.h"

/* Storage of any type, eight bytes at a time. */
typedef uint64_t __attribute__((may_alias)) word_t;

static size_t misalignment(const void *p)
{
	return (uintptr_t)p % sizeof(word_t);
}

static void move_up(uint8_t *to, const uint8_t *from, size_t len)
{
	if (misalignment(to) == misalignment(from)) {
		for (; len && misalignment(to); len--)
			*to++ = *from++;
		for (; len >= sizeof(word_t); len -= sizeof(word_t)) {
			*(word_t *)to = *(const word_t *)from;
			to += sizeof(word_t);
			from += sizeof(word_t);
		}
	}
	while (len--)
		*to++ = *from++;
}

/* Only for what is in the way of itself, so seldom that speed is nothing. */
static void move_down(uint8_t *to, const uint8_t *from, size_t len)
{
	while (len--)
		to[len] = from[len];
}

void *memmove(void *to, const void *from, size_t len)
{
	if ((uintptr_t)to - (uintptr_t)from >= len)
		move_up(to, from, len);
	else
		move_down(to, from, len);
	return to;
}

void *memcpy(void *to, const void *from, size_t len)
{
	move_up(to, from, len);
	return to;
}

void *memset(void *to, int byte, size_t len)
{
	uint8_t *p = to;

	while (len--)
		*p++ = (uint8_t)byte;
	return to;
}

int memcmp(const void *left, const void *right, size_t len)
{
	const uint8_t *l = left, *r = right;

	for (; len; len--, l++, r++)
		if (*l != *r)
			return *l < *r ? -1 : 1;
	return 0;
}
