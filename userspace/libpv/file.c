// SPDX-License-Identifier: MIT
/* Reading whole files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "file.h"

int pv_buffer_alloc(struct pv_buffer *buffer, size_t size,
		    struct pv_error *err)
{
	buffer->size = 0;
	buffer->data = NULL;
	if (size == 0)
		return 0;
	buffer->data = calloc(1, size);
	if (!buffer->data)
		return pv_fail(err, PV_ERR_MEMORY,
			       "No memory for %zu bytes", size);
	buffer->size = size;
	return 0;
}

void pv_buffer_free(struct pv_buffer *buffer)
{
	if (buffer->data) {
		OPENSSL_cleanse(buffer->data, buffer->size);
		free(buffer->data);
	}
	buffer->data = NULL;
	buffer->size = 0;
}

/* Up to @size bytes; short only at the end of the file. */
static ssize_t read_up_to(int fd, void *out, size_t size)
{
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		n = read(fd, (uint8_t *)out + done, size - done);
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

static int open_input(const char *path, struct pv_error *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return pv_fail_errno(err, PV_ERR_IO, "Cannot open %s", path);
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return pv_fail(err, PV_ERR_IO, "%s is a directory", path);
	}
	return fd;
}

/* Pipes have no size, so the buffer grows with what comes. */
static int read_growing(struct pv_buffer *out, int fd, const char *path,
			size_t max, struct pv_error *err)
{
	struct pv_buffer part;
	size_t room = max < 65536 ? max + 1 : 65536;
	size_t used = 0;
	ssize_t n;

	for (;;) {
		if (pv_buffer_alloc(&part, room, err) < 0)
			return -1;
		if (used > 0)
			memcpy(part.data, out->data, used);
		pv_buffer_free(out);
		*out = part;
		n = read_up_to(fd, out->data + used, room - used);
		if (n < 0)
			return pv_fail_errno(err, PV_ERR_IO, "Cannot read %s",
					     path);
		used += (size_t)n;
		if (used > max)
			return pv_fail(err, PV_ERR_LIMIT,
				       "%s is too large (more than %zu bytes)",
				       path, max);
		if (used < room)
			break;
		room = room > max / 2 ? max + 1 : room * 2;
	}
	out->size = used;
	if (used == 0)
		pv_buffer_free(out);
	return 0;
}

int pv_file_read(struct pv_buffer *out, const char *path, size_t max,
		 struct pv_error *err)
{
	int fd, ret;

	out->data = NULL;
	out->size = 0;
	fd = open_input(path, err);
	if (fd < 0)
		return -1;
	ret = read_growing(out, fd, path, max, err);
	close(fd);
	if (ret < 0)
		pv_buffer_free(out);
	return ret;
}

int pv_file_read_exactly(void *out, const char *path, size_t size,
			 const char *what, struct pv_error *err)
{
	uint8_t surplus;
	ssize_t n;
	int fd, ret = -1;

	fd = open_input(path, err);
	if (fd < 0)
		return -1;
	n = read_up_to(fd, out, size);
	if (n < 0)
		pv_fail_errno(err, PV_ERR_IO, "Cannot read %s", path);
	else if ((size_t)n < size || read_up_to(fd, &surplus, 1) != 0)
		pv_fail(err, PV_ERR_FORMAT,
			"%s is no %s: it must have exactly %zu bytes", path,
			what, size);
	else
		ret = 0;
	close(fd);
	if (ret < 0)
		OPENSSL_cleanse(out, size);
	return ret;
}
