/* SPDX-License-Identifier: MIT */
/* From the CCK to what a dump holds: keys, completion data, CPUs. */
#ifndef LIBPV_DUMP_KEYS_H
#define LIBPV_DUMP_KEYS_H

#include <pv/dump.h>

#include "error.h"

/**
 * struct pv_dump_secret - encrypted part of the completion data
 * @nonce: of the tweaks
 * @xts_key: of the pages
 */
struct pv_dump_secret {
	uint8_t nonce[16];
	uint8_t xts_key[PV_DUMP_XTS_KEY_SIZE];
	uint8_t reserved50[96];
};

PV_ASSERT_SIZE(struct pv_dump_secret,
	       offsetof(struct pv_dump_complete, tag) -
	       offsetof(struct pv_dump_complete, nonce));

/**
 * pv_dump_key_derive() - the key of one dump
 * @key: out, PV_DUMP_KEY_SIZE bytes; the caller wipes it
 * @cck: PV_CCK_SIZE bytes
 * @seed: of the completion data, PV_DUMP_SEED_SIZE bytes
 * @err: PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_dump_key_derive(uint8_t *key, const uint8_t *cck, const uint8_t *seed,
		       struct pv_error *err);

/**
 * pv_dump_completion_open() - verify and decrypt completion data
 * @secret: out, wiped on failure; the caller wipes it
 * @key: of pv_dump_key_derive()
 * @err: PV_ERR_FORMAT, PV_ERR_UNSUPPORTED, PV_ERR_UNSEAL or PV_ERR_CRYPTO
 *
 * Checked in this order: there is something; version; length; tag.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_dump_completion_open(struct pv_dump_secret *secret,
			    const struct pv_dump_complete *completion,
			    const uint8_t *key, struct pv_error *err);

/**
 * pv_dump_cpu_open() - the same for the area of a CPU
 *
 * The length is not compared: no machine has been seen that says what it is.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_dump_cpu_open(struct pv_dump_regs *registers,
		     const struct pv_dump_cpu *cpu, const uint8_t *key,
		     struct pv_error *err);

#endif /* LIBPV_DUMP_KEYS_H */
