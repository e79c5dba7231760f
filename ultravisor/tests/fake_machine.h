/* SPDX-License-Identifier: MIT */
/*
 * A machine made of an array, for tests: storage, two address spaces whose
 * translation can fail, and ears for everything the library says.
 */
#ifndef TESTS_FAKE_MACHINE_H
#define TESTS_FAKE_MACHINE_H

#include "seal.h"
#include "ultravisor.h"

#define FAKE_PAGES	64
#define FAKE_PAGE	4096

/** struct fake_page - where a page of an address space leads */
struct fake_page {
	unsigned int frame;
	bool valid;
	bool writable;
};

/**
 * struct fake_machine - the machine
 * @logical: the space of the PSW, 1:1 unless a test changes it
 * @home: the home space, whose pages lie in reverse order
 * @real_space: the home ASCE designates real space
 * @break_home_stores: home stores fail although the probe said they would not
 * @reduced: calls of rights_reduced()
 * @home_stores: successful stores into the home space
 * @broken: page that cannot be accessed by its absolute address, 0 for none
 * @read_only: page that cannot be stored into by it, 0 for none
 * @abs_stores: successful stores by absolute address
 * @lines: log lines so far, the last of them in @line
 * @said: all lines at level INFO, as far as there is room
 * @uv: the library's machine, with the TEST host key installed
 * @cpu: calls as the guest if a configuration was made
 */
struct fake_machine {
	uint8_t memory[FAKE_PAGES * FAKE_PAGE];
	struct fake_page logical[FAKE_PAGES];
	struct fake_page home[FAKE_PAGES];
	bool real_space;
	bool break_home_stores;
	unsigned int reduced;
	unsigned int home_stores;
	unsigned int broken;
	unsigned int read_only;
	unsigned int abs_stores;
	unsigned int lines;
	char line[256];
	char said[2048];
	struct uv_machine *uv;
	struct uv_cpu cpu;
};

/** fake_keys() - TEST customer, host and backup key; made once */
struct fake_keys {
	EVP_PKEY *customer;
	EVP_PKEY *host;
	EVP_PKEY *backup;
};

const struct fake_keys *fake_keys(void);

/** fake_params() - parameters that fit @fake; for tests that change some */
struct uv_machine_params fake_params(struct fake_machine *fake,
				     const char *profile);

/** fake_new() - a machine without configuration */
struct fake_machine *fake_new(const char *profile);
/** fake_new_guest() - a machine that is a guest of the known-answer header */
struct fake_machine *fake_new_guest(const char *profile);
void fake_free(struct fake_machine *fake);

/** fake_become_guest() - make a configuration and let the CPU run in it */
void fake_become_guest(struct fake_machine *fake);

/** fake_home() - where a byte of the home space is in @fake->memory */
uint8_t *fake_home(struct fake_machine *fake, uint64_t addr);

/** fake_home_put() - store into the home space, whatever its translation */
void fake_home_put(struct fake_machine *fake, uint64_t addr, const void *data,
		   size_t len);
void fake_home_get(struct fake_machine *fake, uint64_t addr, void *data,
		   size_t len);

/** fake_block() - put a control block's header at @addr, zeros behind it */
uint8_t *fake_block(struct fake_machine *fake, uint64_t addr, uint16_t cmd,
		    uint16_t len);

/** fake_call() - UV CALL with the block at @addr; returns the library's result */
int fake_call(struct fake_machine *fake, uint64_t addr);

/** fake_call_rc() - the same; returns rc, or 0 if the condition code lies */
uint16_t fake_call_rc(struct fake_machine *fake, uint64_t addr);

/** fake_simple_call() - make a block, fake_call_rc() */
uint16_t fake_simple_call(struct fake_machine *fake, uint16_t cmd,
			  uint16_t len);

/** fake_share() - share or unshare call for one page; returns rc */
uint16_t fake_share(struct fake_machine *fake, uint16_t cmd, uint64_t paddr);

/* Big-endian fields in the machine's memory. */
uint16_t fake_get16(const uint8_t *at);
uint32_t fake_get32(const uint8_t *at);
uint64_t fake_get64(const uint8_t *at);
void fake_put16(uint8_t *at, uint16_t value);
void fake_put32(uint8_t *at, uint32_t value);
void fake_put64(uint8_t *at, uint64_t value);

/** fake_random() - a small generator for tests; @state must not be 0 */
uint64_t fake_random(uint64_t *state);

#endif /* TESTS_FAKE_MACHINE_H */
