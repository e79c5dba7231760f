// SPDX-License-Identifier: MIT
/* What the components of an SE image are made of, and whether it will do. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pv/se_image.h>

#include "bytes.h"
#include "se_input.h"

void pv_se_input_memory(struct pv_se_input *input, const uint8_t *data,
			size_t size)
{
	*input = (struct pv_se_input){
		.fd = -1, .cancel_fd = -1, .data = data, .size = size,
	};
}

static int look_at(struct pv_se_input *input, bool regular,
		   struct pv_error *err)
{
	struct stat st;

	if (fstat(input->fd, &st) < 0)
		return pv_fail_errno(err, PV_ERR_IO, "Cannot read %s",
				     input->path);
	if (S_ISDIR(st.st_mode))
		return pv_fail(err, PV_ERR_IO,
			       "%s is a directory (name a file in it)",
			       input->path);
	if (regular && !S_ISREG(st.st_mode))
		return pv_fail(err, PV_ERR_IO,
			       "%s is not a regular file (save it to one first)",
			       input->path);
	input->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size :
		      PV_SE_INPUT_UNKNOWN;
	/* A hint; it does no harm where it does no good. */
	posix_fadvise(input->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return 0;
}

int pv_se_input_open(struct pv_se_input *input, const char *path, bool regular,
		     struct pv_error *err)
{
	*input = (struct pv_se_input){ .path = path, .cancel_fd = -1 };
	input->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (input->fd < 0)
		return pv_fail_errno(err, PV_ERR_IO, "Cannot open %s", path);
	if (look_at(input, regular, err) < 0) {
		pv_se_input_close(input);
		return -1;
	}
	return 0;
}

void pv_se_input_close(struct pv_se_input *input)
{
	if (input->fd >= 0)
		close(input->fd);
	input->fd = -1;
}

/* Return: 0 when there is something to be read, or the end; or -1. */
static int wait_for(const struct pv_se_input *input, struct pv_error *err)
{
	struct pollfd fds[] = {
		{ .fd = input->fd, .events = POLLIN },
		{ .fd = input->cancel_fd, .events = POLLIN },
	};

	while (poll(fds, 2, -1) < 0)
		if (errno != EINTR && errno != EAGAIN)
			return pv_fail_errno(err, PV_ERR_IO, "Cannot read %s",
					     input->path);
	if (fds[1].revents)
		return pv_fail(err, PV_ERR_IO,
			       "Interrupted while %s was read", input->path);
	return 0;
}

static ssize_t read_fully(const struct pv_se_input *input, uint8_t *out,
			  size_t size, struct pv_error *err)
{
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		if (wait_for(input, err) < 0)
			return -1;
		n = read(input->fd, out + done, size - done);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return pv_fail_errno(err, PV_ERR_IO, "Cannot read %s",
					     input->path);
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

static ssize_t read_memory(const struct pv_se_input *input, uint64_t done,
			   void *out, size_t size)
{
	const uint64_t left = input->size - done;

	if (size > left)
		size = (size_t)left;
	memcpy(out, input->data + done, size);
	return (ssize_t)size;
}

ssize_t pv_se_input_read(struct pv_se_input *input, uint64_t done, void *out,
			 size_t size, struct pv_error *err)
{
	bool end, changed;
	ssize_t n;

	if (input->fd < 0)
		return read_memory(input, done, out, size);
	n = read_fully(input, out, size, err);
	if (n < 0)
		return -1;
	done += (uint64_t)n;
	end = (size_t)n < size;
	changed = done > input->size || (end && done < input->size);
	if (input->size != PV_SE_INPUT_UNKNOWN && changed)
		return pv_fail(err, PV_ERR_LIMIT,
			       "%s changed its size while it was read (try again when nobody writes to it)",
			       input->path);
	return n;
}

/* Return: 1 if all @size bytes are there, 0 if the file is shorter, or -1. */
static int peek(const struct pv_se_input *input, uint64_t offset, void *out,
		size_t size, struct pv_error *err)
{
	const ssize_t n = pread(input->fd, out, size, (off_t)offset);

	if (n < 0)
		return pv_fail_errno(err, PV_ERR_IO, "Cannot read %s",
				     input->path);
	return (size_t)n == size;
}

static int refuse_kernel(const struct pv_se_input *input, const char *why,
			 struct pv_error *err)
{
	return pv_fail(err, PV_ERR_FORMAT,
		       "%s is no raw s390x kernel: %s (name the bzImage, or skip the check)",
		       input->path, why);
}

int pv_se_kernel_check(const struct pv_se_input *input, uint64_t *cmdline_max,
		       struct pv_error *err)
{
	char elf[4] = "", magic[sizeof(PV_KERNEL_MAGIC) - 1] = "";
	pv_be64 max;
	int long_enough;

	long_enough = peek(input, PV_KERNEL_CMDLINE_MAX, &max, sizeof(max),
			   err);
	if (long_enough < 0)
		return -1;
	if (!long_enough)
		return refuse_kernel(input, "it is too short", err);
	if (peek(input, 0, elf, sizeof(elf), err) < 0 ||
	    peek(input, PV_KERNEL_MAGIC_OFFSET, magic, sizeof(magic), err) < 0)
		return -1;
	if (memcmp(elf, "\177ELF", sizeof(elf)) == 0)
		return refuse_kernel(input, "it is an ELF file", err);
	if (memcmp(magic, PV_KERNEL_MAGIC, sizeof(magic)) != 0)
		return refuse_kernel(input,
				     "it does not have " PV_KERNEL_MAGIC " at 0x10008",
				     err);
	*cmdline_max = pv_get_be64(max);
	if (*cmdline_max == 0)
		*cmdline_max = PV_KERNEL_CMDLINE_MAX_DEFAULT;
	return 0;
}
