// SPDX-License-Identifier: MIT
/* Results that go to standard output unless a file is named. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "standard_output.h"

bool is_standard_output(const char *path)
{
	return !path || strcmp(path, "-") == 0;
}

/* Not through stdio, whose buffer would keep the secret. */
static int write_all(const uint8_t *data, size_t size, struct pv_error *err)
{
	ssize_t n;

	while (size > 0) {
		n = write(STDOUT_FILENO, data, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return pv_fail_errno(err, PV_ERR_IO,
					     "Cannot write to standard output");
		data += n;
		size -= (size_t)n;
	}
	return 0;
}

int output_put(const char *path, const void *data, size_t size,
	       unsigned int flags, struct pv_error *err)
{
	const struct pv_file_spec file = { path, data, size, flags };

	if (is_standard_output(path))
		return write_all(data, size, err);
	return pv_files_write(&file, 1, err);
}
