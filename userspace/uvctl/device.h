/* SPDX-License-Identifier: MIT */
/* The Ultravisor's device, for the commands that run in a protected guest. */
#ifndef UVCTL_DEVICE_H
#define UVCTL_DEVICE_H

#include "uvdevice.h"

/**
 * device_open() - open /dev/uv, or explain why that is impossible
 * @dev: out, closed with pv_uvdevice_close() on success
 * @sysroot: prefix of every path, NULL for this system
 * @err: PV_ERR_IO
 *
 * Return: 0, or -1 with @err set.
 */
int device_open(struct pv_uvdevice *dev, const char *sysroot,
		struct pv_error *err);

#endif /* UVCTL_DEVICE_H */
