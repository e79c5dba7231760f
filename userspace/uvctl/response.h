/* SPDX-License-Identifier: MIT */
/* A response file, read and taken apart, as "verify" and "check" need it. */
#ifndef UVCTL_RESPONSE_H
#define UVCTL_RESPONSE_H

#include "exchange.h"
#include "measurement.h"

/**
 * struct response - a response
 * @file: owns everything that the other members point to
 * @exchange: its entries
 * @flags: of the request in it, plain text, not authenticated by reading
 * @fields: additional data by kind; not filled by response_read()
 */
struct response {
	struct pv_buffer file;
	struct pv_exchange exchange;
	uint64_t flags;
	struct pv_additional fields;
};

/**
 * response_read() - read a file
 * @err: names the file
 *
 * Return: 0, or -1 with @err set.  To be freed in any case.
 */
int response_read(struct response *response, const char *path,
		  struct pv_error *err);

/**
 * response_split() - fill @fields
 * @path: for @err
 *
 * Return: 0, or -1 with @err set.
 */
int response_split(struct response *response, const char *path,
		   struct pv_error *err);

/** response_free() - what response_read() has got */
void response_free(struct response *response);

#endif /* UVCTL_RESPONSE_H */
