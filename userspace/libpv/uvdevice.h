/* SPDX-License-Identifier: MIT */
/* /dev/uv: what a program can ask the Ultravisor for. */
#ifndef LIBPV_UVDEVICE_H
#define LIBPV_UVDEVICE_H

#include <stdbool.h>

#include <pv/uvdevice.h>

#include "error.h"

/**
 * struct pv_uvdevice - the way to the Ultravisor
 * @ioctl: performs one request; returns 0, or -1 with errno set.  Tests put
 *	their own Ultravisor here.
 * @fd: for @ioctl of pv_uvdevice_open()
 * @ctx: for @ioctl of others
 */
struct pv_uvdevice {
	int (*ioctl)(struct pv_uvdevice *dev, unsigned long request,
		     struct pv_uvio_cb *cb);
	int fd;
	void *ctx;
};

/**
 * enum pv_uvdevice_state - can the device be used?
 * @PV_UVDEVICE_USABLE: yes
 * @PV_UVDEVICE_MISSING: no such file
 * @PV_UVDEVICE_NO_PERMISSION: another user's
 * @PV_UVDEVICE_NOT_A_DEVICE: a file with that name, but no device
 * @PV_UVDEVICE_FAILS: exists, but cannot be opened
 */
enum pv_uvdevice_state {
	PV_UVDEVICE_USABLE,
	PV_UVDEVICE_MISSING,
	PV_UVDEVICE_NO_PERMISSION,
	PV_UVDEVICE_NOT_A_DEVICE,
	PV_UVDEVICE_FAILS,
};

/**
 * pv_uvdevice_open() - open a device
 * @dev: out, closed with pv_uvdevice_close() if PV_UVDEVICE_USABLE is returned
 * @path: normally PV_UVDEVICE_PATH
 *
 * Return: whether it can be used; errno tells more.
 */
enum pv_uvdevice_state pv_uvdevice_open(struct pv_uvdevice *dev,
					const char *path);
#define PV_UVDEVICE_PATH	"/dev/uv"

/** pv_uvdevice_close() - end of use */
void pv_uvdevice_close(struct pv_uvdevice *dev);

/**
 * pv_uvdevice_info() - which requests work
 * @info: out.  A kernel before 6.5 cannot tell; it knows attestation only, and
 *	so does then @info.
 * @err: PV_ERR_IO
 *
 * Return: 0, or -1 with @err set.
 */
int pv_uvdevice_info(struct pv_uvdevice *dev, struct pv_uvio_info *info,
		     struct pv_error *err);

/**
 * struct pv_uvdevice_attest - an attestation
 * @arcb: request of @arcb_len bytes
 * @user_data: @user_data_len bytes to be measured, at most 256
 * @measurement: out, @measurement_len bytes
 * @additional: out, @additional_len bytes; the length is updated to what the
 *	Ultravisor stored
 * @config_uid: out
 */
struct pv_uvdevice_attest {
	const void *arcb;
	uint32_t arcb_len;
	const void *user_data;
	uint16_t user_data_len;
	void *measurement;
	uint32_t measurement_len;
	void *additional;
	uint32_t additional_len;
	uint8_t config_uid[16];
};

/**
 * pv_uvdevice_attest() - let the Ultravisor measure this guest
 * @attest: in and out; the outputs count only if 0 is returned
 * @err: PV_ERR_UV with rc and rrc if the Ultravisor refuses, PV_ERR_IO if the
 *	driver does, PV_ERR_LIMIT
 *
 * Return: 0, or -1 with @err set.
 */
int pv_uvdevice_attest(struct pv_uvdevice *dev,
		       struct pv_uvdevice_attest *attest,
		       struct pv_error *err);

/**
 * pv_uv_rc_text() - what a response code means
 * @nr: of the ioctl, as the same code means different things to each
 * @rc: response code
 *
 * Return: a sentence with advice; never NULL.
 */
const char *pv_uv_rc_text(enum pv_uvio_nr nr, unsigned int rc);

#endif /* LIBPV_UVDEVICE_H */
