/* SPDX-License-Identifier: MIT */
/*
 * Making SE images: components are encrypted while they are copied, so that the
 * size of an image does not matter to memory.
 *
 * Formats: include/pv/se_image.h and include/pv/se_header.h.
 */
#ifndef LIBPV_SE_IMAGE_H
#define LIBPV_SE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#include <pv/se_header.h>
#include <pv/se_image.h>

#include "error.h"
#include "file.h"

/* Whose arrangement of components, block and tweaks is used. */
enum pv_se_layout {
	PV_SE_LAYOUT_PVIMG,		/* kernel, ramdisk, cmdline, stage3b */
	PV_SE_LAYOUT_GENPROTIMG,	/* of the C tool: kernel, cmdline, ... */
	PV_SE_N_LAYOUTS
};

/**
 * struct pv_se_stages - the boot stages, as they are linked
 * @stage3a: loader that is not protected; ends with struct pv_stage3a_args
 * @stage3a_size: in bytes
 * @stage3b: relocatable first component that runs; ends with
 *	struct pv_stage3b_args
 * @stage3b_size: in bytes
 */
struct pv_se_stages {
	const uint8_t *stage3a;
	size_t stage3a_size;
	const uint8_t *stage3b;
	size_t stage3b_size;
};

/* Plaintext control flags of an image unless something else is asked for. */
#define PV_SE_PCF_DEFAULT	(PV_PCF_PCKMO_DEA_TDEA | PV_PCF_PCKMO_AES | \
				 PV_PCF_PCKMO_ECC)

/**
 * struct pv_se_image_spec - everything that goes into an image
 * @hosts: public keys of the hosts that may run the image, one slot each
 * @kernel: path of a raw s390x kernel
 * @ramdisk: path, or NULL for none; may be a pipe, the kernel may not
 * @cmdline: bytes of the kernel's command line, taken as they are; a NUL is
 *	added unless the last byte is one.  NULL for none
 * @cmdline_size: bytes of it
 * @stages: boot stages
 * @layout: see above
 * @n_hosts: number of @hosts, 1 to PV_SE_HEADER_MAX_SLOTS
 * @header_key: encrypts the header
 * @secret: cck, xts_key and scf are taken from here; psw_addr too if @own_psw
 * @own_psw: do not start at stage3b (experts only)
 * @pcf: plaintext control flags; PV_PCF_NO_COMPONENT_ENCRYPTION leaves the
 *	components in the clear
 * @no_component_check: do not look whether the kernel is one, nor at the length
 *	of the command line
 * @progress: called now and then with the bytes of input done so far and in
 *	all (0 if the ramdisk is a pipe); may be NULL.  Called from the thread
 *	that called the library
 * @progress_ctx: for @progress
 * @cancel_fd: the image is given up once this descriptor can be read, even
 *	while a pipe keeps it waiting; -1 for none
 *
 * Holds keys: pv_se_image_spec_wipe() when done.
 */
struct pv_se_image_spec {
	EVP_PKEY **hosts;
	const char *kernel;
	const char *ramdisk;
	const uint8_t *cmdline;
	size_t cmdline_size;
	struct pv_se_stages stages;
	enum pv_se_layout layout;
	size_t n_hosts;
	uint8_t header_key[32];
	struct pv_se_header_secret secret;
	bool own_psw;
	uint64_t pcf;
	bool no_component_check;
	void (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *progress_ctx;
	int cancel_fd;
};

/**
 * pv_se_image_spec_init() - defaults, and random keys
 * @spec: zeroed but for header_key, cck and xts_key, which are drawn; pcf is
 *	PV_SE_PCF_DEFAULT, cancel_fd is -1
 * @err: PV_ERR_CRYPTO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_se_image_spec_init(struct pv_se_image_spec *spec, struct pv_error *err);

/** pv_se_image_spec_wipe() - overwrite the keys */
void pv_se_image_spec_wipe(struct pv_se_image_spec *spec);

/**
 * struct pv_se_image_entry - where something stands in an image
 * @name: "stage3a", "SE header", "kernel", ...
 * @addr: guest absolute address, which is the file offset
 * @size: in bytes, without padding
 */
struct pv_se_image_entry {
	const char *name;
	uint64_t addr;
	uint64_t size;
};

#define PV_SE_IMAGE_MAX_ENTRIES	10

/**
 * struct pv_se_image_map - what was written, in the order of addresses
 * @entries: @n of them
 * @size: of the image in bytes
 * @pages: pages of components
 */
struct pv_se_image_map {
	struct pv_se_image_entry entries[PV_SE_IMAGE_MAX_ENTRIES];
	size_t n;
	uint64_t size;
	uint64_t pages;
};

/**
 * pv_se_image_create() - write an image
 * @output: regular file opened with pv_output_open(), not committed here
 * @spec: what goes into it; nothing of it is changed
 * @map: out, may be NULL
 * @err: PV_ERR_USAGE (no such layout), PV_ERR_LIMIT (number of hosts),
 *	PV_ERR_HOSTKEY, PV_ERR_FORMAT (a bad boot stage, an image key with equal
 *	halves), PV_ERR_IO, PV_ERR_FORMAT (no kernel), PV_ERR_LIMIT (command
 *	line too long, image beyond 2 GiB); then, while it is made, PV_ERR_IO
 *	(also if it was cancelled),
 *	PV_ERR_LIMIT (a file that changed its size meanwhile, a pipe that brings
 *	too much), PV_ERR_MEMORY, PV_ERR_CRYPTO
 *
 * Checks come in the order of this list.  Uses two threads.  All data is on
 * stable storage when it returns 0.
 *
 * Return: 0, or -1 with @err set.
 */
int pv_se_image_create(struct pv_output *output,
		       const struct pv_se_image_spec *spec,
		       struct pv_se_image_map *map, struct pv_error *err);

#endif /* LIBPV_SE_IMAGE_H */
