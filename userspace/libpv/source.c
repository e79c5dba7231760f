// SPDX-License-Identifier: MIT
/* What can be read at any place. */
#include <errno.h>
#include <unistd.h>

#include "source.h"

ssize_t pv_source_pread(void *ctx, uint64_t offset, void *out, size_t size)
{
	int fd = *(int *)ctx;
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		n = pread(fd, (uint8_t *)out + done, size - done,
			  (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}
