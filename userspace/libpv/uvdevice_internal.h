/* SPDX-License-Identifier: MIT */
/* Inside of a device: for uvdevice.c and uvdevice_secret.c only. */
#ifndef LIBPV_UVDEVICE_INTERNAL_H
#define LIBPV_UVDEVICE_INTERNAL_H

#include "uvdevice.h"

/** pv_user_address() - how ioctls carry pointers */
static inline uint64_t pv_user_address(const void *pointer)
{
	return (uint64_t)(uintptr_t)pointer;
}

/**
 * pv_uvdevice_request() - one ioctl that is one call of the Ultravisor
 * @nr: of the ioctl
 * @cb: in and out; if 0 is returned its rc is PV_RC_EXECUTED, or
 *	PV_RC_MORE_DATA from a call that may say so
 * @err: PV_ERR_UV with rc and rrc, PV_ERR_UNSUPPORTED if the driver does not
 *	have the ioctl (PV_ERR_IO for attestation, which every driver has),
 *	PV_ERR_IO with errno kept
 *
 * Return: 0, or -1 with @err set.
 */
int pv_uvdevice_request(struct pv_uvdevice *dev, enum pv_uvio_nr nr,
			struct pv_uvio_cb *cb, struct pv_error *err);

#endif /* LIBPV_UVDEVICE_INTERNAL_H */
