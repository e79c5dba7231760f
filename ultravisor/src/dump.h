/* SPDX-License-Identifier: MIT */
/*
 * Confidential dump of a configuration: its host gets everything encrypted, and
 * whoever knows the customer communication key can read it.
 *
 * Pages leave as they always do, by export.  A dump adds the states of CPUs,
 * which component belongs to each page, and, sealed, the keys of the export.
 */
#ifndef UV_DUMP_H
#define UV_DUMP_H

#include <stdbool.h>
#include <stdint.h>

#include "pv/dump.h"

struct uv_config;
struct uv_machine;
struct uv_vcpu;

/**
 * struct uv_dump - a dump under way; all zero: there is none
 * @active: from initiation to completion, no CPU enters SIE
 * @seed: drawn for this dump
 * @key: derived from it and the customer communication key
 * @areas: states of CPUs sealed so far, so that no two have the same IV
 */
struct uv_dump {
	bool active;
	uint8_t seed[PV_DUMP_SEED_SIZE];
	uint8_t key[PV_DUMP_KEY_SIZE];
	uint64_t areas;
};

/** uv_dump_begin() - false without random bytes or if libcrypto failed */
bool uv_dump_begin(struct uv_machine *machine, struct uv_config *config);
/** uv_dump_end() - forget its keys */
void uv_dump_end(struct uv_config *config);

/** uv_dump_seal_cpu() - state of a CPU that is not in SIE; false: libcrypto */
bool uv_dump_seal_cpu(struct uv_vcpu *vcpu, struct pv_dump_cpu *area);

/** uv_dump_seal_completion() - false if libcrypto failed */
bool uv_dump_seal_completion(const struct uv_config *config,
			     struct pv_dump_complete *area);

#endif /* UV_DUMP_H */
