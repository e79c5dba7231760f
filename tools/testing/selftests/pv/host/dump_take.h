/* SPDX-License-Identifier: GPL-2.0 */
/* A whole dump of a small guest, step by step, in this process's memory. */
#ifndef PV_SELFTEST_DUMP_TAKE_H
#define PV_SELFTEST_DUMP_TAKE_H

#include <string.h>

#include "dump_open.h"
#include "guest.h"

#define DUMP_AREA_MAX	4096
#define DUMP_MIBS	(GUEST_SIZE / VM_MIB)
#define DUMP_PAGES	(GUEST_SIZE / VM_PAGE_SIZE)
#define DUMP_CPUS	2

/**
 * struct dump - what a host has of a dump
 * @info: lengths
 */
struct dump {
	struct kvm_s390_pv_info_dump info;
	uint8_t cpus[DUMP_CPUS][DUMP_AREA_MAX];
	uint8_t memory[GUEST_SIZE];
	uint8_t states[DUMP_PAGES][DUMP_STATE_SIZE];
	uint8_t complete[DUMP_AREA_MAX];
};

static inline struct pv_result dump_init(struct guest *guest)
{
	return vm_pv_dump(&guest->vm, KVM_PV_DUMP_INIT, NULL, 0, 0);
}

static inline struct pv_result dump_cpu(struct guest *guest, struct dump *dump,
					unsigned int nr)
{
	return vm_cpu_pv_dump(&guest->vm.cpus[nr], dump->cpus[nr],
			      dump->info.dump_cpu_buffer_len);
}

/* Memory first: it is exported with what the states say then. */
static inline struct pv_result dump_storage(struct guest *guest,
					    struct dump *dump)
{
	memcpy(dump->memory, guest->vm.memory, GUEST_SIZE);
	return vm_pv_dump(&guest->vm, KVM_PV_DUMP_CONFIG_STOR_STATE,
			  dump->states, sizeof(dump->states), 0);
}

static inline struct pv_result dump_complete(struct guest *guest,
					     struct dump *dump)
{
	return vm_pv_dump(&guest->vm, KVM_PV_DUMP_COMPLETE, dump->complete,
			  dump->info.dump_config_finalize_len, 0);
}

/* All of it; the first step that fails */
static inline struct pv_result dump_take(struct guest *guest, struct dump *dump)
{
	struct pv_result result = dump_init(guest);

	for (unsigned int i = 0; i < DUMP_CPUS && !result.error; i++)
		result = dump_cpu(guest, dump, i);
	if (!result.error)
		result = dump_storage(guest, dump);
	if (!result.error)
		result = dump_complete(guest, dump);
	return result;
}

/* The first doubleword of a page, as the guest has it */
static inline uint64_t dump_word(const struct dump *dump,
				 const struct dump_keys *keys, uint64_t addr)
{
	const uint64_t nr = addr / VM_PAGE_SIZE;
	uint8_t page[VM_PAGE_SIZE];
	uint64_t word = 0;

	memcpy(page, dump->memory + nr * VM_PAGE_SIZE, sizeof(page));
	switch (dump_open_page(keys, dump->states[nr], page)) {
	case DUMP_PAGE_ZERO:
		return 0;
	case DUMP_PAGE_BAD:
		return ~0ULL;
	default:
		memcpy(&word, page, sizeof(word));
		return word;
	}
}

#endif /* PV_SELFTEST_DUMP_TAKE_H */
