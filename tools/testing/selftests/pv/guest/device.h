/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Programs that have nothing to test without the device.
 */
#ifndef PV_SELFTEST_DEVICE_H
#define PV_SELFTEST_DEVICE_H

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "kselftest.h"
#include "uv_ioctl.h"

/* Skip the whole program (exit status 4) if the device cannot be opened. */
static inline void device_needed(void)
{
	int fd = open(UV_PATH, O_RDWR);

	if (fd >= 0) {
		close(fd);
		return;
	}
	ksft_print_header();
	ksft_exit_skip("%s: %s\n", UV_PATH, strerror(errno));
}

#endif /* PV_SELFTEST_DEVICE_H */
