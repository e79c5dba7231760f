/* SPDX-License-Identifier: MIT */
/*
 * A guest in a fake machine, as its host made it: tables that map guest pages
 * to frames, and who owns these.
 */
#ifndef TESTS_FAKE_GUEST_H
#define TESTS_FAKE_GUEST_H

#include "fake_machine.h"
#include "pv/sie.h"
#include "vcpu.h"

/* Pages of the machine that hold its tables. */
#define FAKE_TABLES		40
#define FAKE_PAGE_TABLE		(FAKE_TABLES * FAKE_PAGE)
#define FAKE_SEGMENT_TABLE	((FAKE_TABLES + 4) * FAKE_PAGE)
#define FAKE_THIRD_TABLE	((FAKE_TABLES + 8) * FAKE_PAGE)
#define FAKE_SECOND_TABLE	((FAKE_TABLES + 12) * FAKE_PAGE)
#define FAKE_FIRST_TABLE	((FAKE_TABLES + 16) * FAKE_PAGE)

/* Its host's: state descriptions from here on, behind each its SIDA. */
#define FAKE_BLOCKS		30
#define FAKE_HOST_PAGE		(38 * FAKE_PAGE)

#define FAKE_CONFIG_HANDLE	UINT64_C(0x8877665544332211)

/**
 * struct fake_guest - a configuration and its tables
 * @fake: the machine
 * @config: verified; its address space is made of segments, and 1 MiB of it has
 *	a page table
 */
struct fake_guest {
	struct fake_machine *fake;
	struct uv_config *config;
};

/** fake_guest_new() - a guest that has no storage yet */
struct fake_guest *fake_guest_new(void);
void fake_guest_free(struct fake_guest *guest);

/** fake_guest_vcpu() - a CPU that is operating, with block and SIDA */
struct uv_vcpu *fake_guest_vcpu(struct fake_guest *guest, uint16_t number);

/** fake_guest_block() - the state description of a CPU, and its SIDA */
struct pv_sie_block *fake_guest_block(struct fake_guest *guest,
				      const struct uv_vcpu *vcpu);
uint8_t *fake_guest_sida(struct fake_guest *guest, const struct uv_vcpu *vcpu);

/** fake_guest_map() - a page of the guest that is its own */
void fake_guest_map(struct fake_guest *guest, uint64_t gaddr,
		    unsigned int page);

/** fake_guest_export() - the host takes the page away, the mapping stays */
void fake_guest_export(struct fake_guest *guest, unsigned int page);

/** fake_guest_unmap() - the host takes the translation away, nothing else */
void fake_guest_unmap(struct fake_guest *guest, uint64_t gaddr);

/** fake_guest_at() - where a mapped byte of the guest is in the machine */
uint8_t *fake_guest_at(struct fake_guest *guest, uint64_t gaddr);

/** fake_guest_entry() - a doubleword of a table: table's address and index */
uint8_t *fake_guest_entry(struct fake_guest *guest, uint64_t table,
			  uint64_t index);

#endif /* TESTS_FAKE_GUEST_H */
