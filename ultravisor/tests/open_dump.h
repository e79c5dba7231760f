/* SPDX-License-Identifier: MIT */
/*
 * The other end of a dump, for tests: reads what an Ultravisor has sealed, as
 * the owner of the guest does.  Shares no code with the library, not even the
 * layouts; whatever libcrypto refuses here ends the program.
 */
#ifndef TESTS_OPEN_DUMP_H
#define TESTS_OPEN_DUMP_H

#include <stdbool.h>
#include <stdint.h>

#define OPEN_DUMP_COMPLETE	288
#define OPEN_DUMP_CPU		1568
#define OPEN_DUMP_REGS		1520

/** struct open_dump - what completion data give away */
struct open_dump {
	uint8_t key[32];
	uint8_t nonce[16];
	uint8_t xts[64];
};

/** open_dump_key() - dump key of a customer communication key and a seed */
void open_dump_key(const uint8_t cck[32], const uint8_t seed[64],
		   uint8_t key[32]);

/** open_dump() - open completion data; false if the tag does not fit */
bool open_dump(const uint8_t cck[32], const uint8_t *area,
	       struct open_dump *dump);

/** open_dump_cpu() - open the state of a CPU; false if the tag does not fit */
bool open_dump_cpu(const struct open_dump *dump, const uint8_t *area,
		   uint8_t regs[OPEN_DUMP_REGS]);

/** open_dump_page() - decrypt a page whose state is @state */
void open_dump_page(const struct open_dump *dump, const uint8_t state[16],
		    uint8_t page[4096]);

#endif /* TESTS_OPEN_DUMP_H */
