// SPDX-License-Identifier: MIT
/* The Ultravisor's device, for the commands that run in a protected guest. */
#include <limits.h>
#include <stdio.h>

#include "device.h"
#include "uvinfo.h"

int device_open(struct pv_uvdevice *dev, const char *sysroot,
		struct pv_error *err)
{
	char path[PATH_MAX];
	struct pv_uvinfo info;

	if (!sysroot)
		sysroot = "";
	snprintf(path, sizeof(path), "%s" PV_UVDEVICE_PATH, sysroot);
	if (pv_uvdevice_open(dev, path) == PV_UVDEVICE_USABLE)
		return 0;
	pv_uvinfo_read(&info, sysroot);
	return pv_fail(err, PV_ERR_IO, "Cannot use %s: %s", path,
		       pv_uvinfo_device_advice(&info));
}
