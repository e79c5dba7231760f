/* SPDX-License-Identifier: MIT */
/*
 * The file that carries a request to the guest and a response back: the format
 * of pvattest, version 1, as both of its generations write it.
 */
#ifndef LIBPV_EXCHANGE_H
#define LIBPV_EXCHANGE_H

#include "file.h"

/* Entries, in the order of the file. */
enum pv_exchange_item {
	PV_EXCHANGE_ARCB,
	PV_EXCHANGE_MEASUREMENT,
	PV_EXCHANGE_ADDITIONAL,
	PV_EXCHANGE_USER_DATA,
	PV_EXCHANGE_CONFIG_UID,
	PV_EXCHANGE_N_ITEMS,
};

/* What the Ultravisor takes at most. */
#define PV_USER_DATA_MAX	256

/* No file that keeps to the limits of its entries is larger. */
#define PV_EXCHANGE_MAX_SIZE	0x120000

/**
 * struct pv_exchange_entry - one entry
 * @size: in bytes; 0 if the entry is absent
 * @data: NULL with a @size means: a response should have that many bytes.
 *	Not owned: points into the file read, or to what shall be written.
 */
struct pv_exchange_entry {
	uint32_t size;
	const uint8_t *data;
};

/**
 * struct pv_exchange - a file
 * @item: indexed by enum pv_exchange_item
 */
struct pv_exchange {
	struct pv_exchange_entry item[PV_EXCHANGE_N_ITEMS];
};

/**
 * pv_exchange_parse() - read a file
 * @exchange: out, points into @file
 * @file: its bytes
 * @size: their number
 * @err: PV_ERR_FORMAT, PV_ERR_UNSUPPORTED (version), PV_ERR_LIMIT
 *
 * Strict: everything stated must be there, nothing may follow.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_exchange_parse(struct pv_exchange *exchange, const void *file,
		      size_t size, struct pv_error *err);

/**
 * pv_exchange_check_request() - has it all that a guest needs?
 * @err: PV_ERR_FORMAT
 *
 * A response is a request, too.  Return: 0, or -1 with @err set.
 */
int pv_exchange_check_request(const struct pv_exchange *exchange,
			      struct pv_error *err);

/**
 * pv_exchange_check_response() - has it all that a verifier needs?
 * @err: PV_ERR_FORMAT
 *
 * Return: 0, or -1 with @err set.
 */
int pv_exchange_check_response(const struct pv_exchange *exchange,
			       struct pv_error *err);

/**
 * pv_exchange_build() - the bytes of a file
 * @out: owned by the caller
 * @err: PV_ERR_LIMIT, PV_ERR_MEMORY
 *
 * Return: 0, or -1 with @err set and @out empty.
 */
int pv_exchange_build(struct pv_buffer *out,
		      const struct pv_exchange *exchange,
		      struct pv_error *err);

#endif /* LIBPV_EXCHANGE_H */
