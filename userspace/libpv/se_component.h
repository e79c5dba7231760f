/* SPDX-License-Identifier: MIT */
/* Components on their way into an SE image: read, encrypted, written. */
#ifndef LIBPV_SE_COMPONENT_H
#define LIBPV_SE_COMPONENT_H

#include "file.h"
#include "se_hasher.h"
#include "se_input.h"
#include "se_layout.h"

/**
 * struct pv_se_writer - where components go
 * @output: the image
 * @hasher: digests what is written
 * @xts: encrypts it, or NULL for an image in the clear
 * @stored: how far the system has been told to store it
 * @progress: called now and then, or NULL
 * @progress_ctx: for @progress
 * @done: bytes of input so far
 * @total: bytes of input expected, 0 if unknown
 */
struct pv_se_writer {
	struct pv_output *output;
	struct pv_se_hasher *hasher;
	EVP_CIPHER_CTX *xts;
	uint64_t stored;
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *progress_ctx;
	uint64_t done;
	uint64_t total;
};

/**
 * pv_se_component_write() - write one component
 * @writer: components come in the order of their addresses
 * @component: @addr and @tweak_prefix say where; @size and @padded are set
 * @input: read to its end
 * @err: PV_ERR_IO, PV_ERR_LIMIT (beyond 2 GiB, or it changed meanwhile),
 *	PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_se_component_write(struct pv_se_writer *writer,
			  struct pv_se_component *component,
			  struct pv_se_input *input, struct pv_error *err);

/**
 * pv_se_component_too_large() - the one sentence for that
 * @path: of the component, NULL if it is no file
 * @err: PV_ERR_LIMIT
 *
 * Return: -1.
 */
int pv_se_component_too_large(enum pv_se_component_id id, const char *path,
			      struct pv_error *err);

#endif /* LIBPV_SE_COMPONENT_H */
