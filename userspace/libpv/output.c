// SPDX-License-Identifier: MIT
/* Writing whole files: under a temporary name first, then all at once. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "file.h"
#include "paths.h"

/**
 * struct pv_output - a file being written
 * @fd: of the temporary file or the device
 * @path: the name asked for
 * @temporary: the name for the time being, NULL for a device
 * @force: replace what stands at @path
 * @committed: @temporary has become @path
 * @replaced: an older file stood at @path
 */
struct pv_output {
	int fd;
	char *path;
	char *temporary;
	bool force;
	bool committed;
	bool replaced;
};

static int refuse_existing(const char *path, struct pv_error *err)
{
	return pv_fail(err, PV_ERR_EXISTS,
		       "%s exists already (use --force to replace it)", path);
}

/*
 * A link to a regular file is refused: replacing the link is not what the name
 * says, and writing through it is what an attacker in a shared directory waits
 * for.  Return: 1 for a device or pipe, 0 for a regular file (to be), or -1.
 */
static int classify(struct pv_output *output, struct pv_error *err)
{
	const char *path = output->path;
	struct stat link, st;

	if (lstat(path, &link) < 0) {
		if (errno == ENOENT)
			return 0;
		return pv_fail_errno(err, PV_ERR_IO, "Cannot write %s", path);
	}
	if (stat(path, &st) < 0)
		return pv_fail_errno(err, PV_ERR_IO,
				     "Cannot write %s, a dangling symbolic link",
				     path);
	if (S_ISCHR(st.st_mode) || S_ISFIFO(st.st_mode))
		return 1;
	if (S_ISLNK(link.st_mode))
		return pv_fail(err, PV_ERR_EXISTS,
			       "%s is a symbolic link (name the file itself)",
			       path);
	if (!S_ISREG(st.st_mode))
		return pv_fail(err, PV_ERR_IO, "%s is not a regular file",
			       path);
	if (!output->force)
		return refuse_existing(path, err);
	output->replaced = true;
	return 0;
}

static int open_device(struct pv_output *output, struct pv_error *err)
{
	output->fd = open(output->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (output->fd < 0)
		return pv_fail_errno(err, PV_ERR_IO, "Cannot write %s",
				     output->path);
	return 0;
}

static int open_temporary(struct pv_output *output, unsigned int flags,
			  struct pv_error *err)
{
	mode_t mode = flags & PV_OUTPUT_SECRET ? 0600 : 0666;
	uint64_t unique;
	char *name;

	if (RAND_bytes((uint8_t *)&unique, sizeof(unique)) != 1)
		return pv_fail_openssl(err, PV_ERR_CRYPTO,
				       "No random numbers");
	if (asprintf(&name, "%s.%016" PRIx64, output->path, unique) < 0)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for a name");
	output->fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
			  O_NOFOLLOW, mode);
	if (output->fd < 0) {
		pv_fail_errno(err, PV_ERR_IO, "Cannot write %s", output->path);
		free(name);
		return -1;
	}
	output->temporary = name;
	return 0;
}

struct pv_output *pv_output_open(const char *path, unsigned int flags,
				 struct pv_error *err)
{
	struct pv_output *output = calloc(1, sizeof(*output));
	int kind;

	if (output)
		output->path = strdup(path);
	if (!output || !output->path) {
		free(output);
		pv_fail(err, PV_ERR_MEMORY, "No memory to write %s", path);
		return NULL;
	}
	output->fd = -1;
	output->force = flags & PV_OUTPUT_FORCE;
	kind = classify(output, err);
	if (kind < 0 ||
	    (kind == 1 ? open_device(output, err) :
	     open_temporary(output, flags, err)) < 0) {
		pv_output_close(output, false);
		return NULL;
	}
	return output;
}

int pv_output_write(struct pv_output *output, const void *data, size_t size,
		    struct pv_error *err)
{
	const uint8_t *next = data;
	ssize_t n;

	while (size > 0) {
		n = write(output->fd, next, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return pv_fail_errno(err, PV_ERR_IO, "Cannot write %s",
					     output->path);
		next += n;
		size -= (size_t)n;
	}
	return output->temporary ? pv_output_sync(output, err) : 0;
}

static int refuse_pieces(const struct pv_output *output, struct pv_error *err)
{
	return pv_fail(err, PV_ERR_IO,
		       "%s cannot be written piece by piece (name a regular file)",
		       output->path);
}

int pv_output_write_at(struct pv_output *output, uint64_t offset,
		       const void *data, size_t size, struct pv_error *err)
{
	const uint8_t *next = data;
	ssize_t n;

	if (!output->temporary)
		return refuse_pieces(output, err);
	while (size > 0) {
		n = pwrite(output->fd, next, size, (off_t)offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return pv_fail_errno(err, PV_ERR_IO, "Cannot write %s",
					     output->path);
		next += n;
		offset += (uint64_t)n;
		size -= (size_t)n;
	}
	return 0;
}

int pv_output_resize(struct pv_output *output, uint64_t size,
		     struct pv_error *err)
{
	if (!output->temporary)
		return refuse_pieces(output, err);
	while (ftruncate(output->fd, (off_t)size) < 0)
		if (errno != EINTR)
			return pv_fail_errno(err, PV_ERR_IO, "Cannot write %s",
					     output->path);
	return 0;
}

void pv_output_write_back(struct pv_output *output, uint64_t offset,
			  uint64_t size)
{
	sync_file_range(output->fd, (off_t)offset, (off_t)size,
			SYNC_FILE_RANGE_WRITE);
}

int pv_output_sync(struct pv_output *output, struct pv_error *err)
{
	if (fsync(output->fd) < 0)
		return pv_fail_errno(err, PV_ERR_IO, "Cannot write %s",
				     output->path);
	return 0;
}

/* Not every file system can rename without replacing. */
static int rename_new(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (link(from, to) < 0)
		return -1;
	unlink(from);
	return 0;
}

int pv_output_commit(struct pv_output *output, struct pv_error *err)
{
	int ret;

	if (!output->temporary)
		return 0;
	ret = output->force ? rename(output->temporary, output->path) :
	      rename_new(output->temporary, output->path);
	if (ret < 0 && errno == EEXIST)
		return refuse_existing(output->path, err);
	if (ret < 0)
		return pv_fail_errno(err, PV_ERR_IO, "Cannot write %s",
				     output->path);
	output->committed = true;
	return 0;
}

void pv_output_close(struct pv_output *output, bool keep)
{
	if (!output)
		return;
	if (output->fd >= 0)
		close(output->fd);
	if (output->temporary && !output->committed)
		unlink(output->temporary);
	if (output->committed && !keep && !output->replaced)
		unlink(output->path);
	free(output->temporary);
	free(output->path);
	free(output);
}

static bool same_file(const struct pv_output *a, const struct pv_output *b)
{
	return a && b && a->temporary && b->temporary &&
	       pv_paths_same(a->path, b->path);
}

int pv_outputs_differ(struct pv_output *const *outputs, size_t n,
		      struct pv_error *err)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (same_file(outputs[i], outputs[k]))
				return pv_fail(err, PV_ERR_USAGE,
					       "%s and %s are the same file (name two)",
					       outputs[k]->path,
					       outputs[i]->path);
	return 0;
}

static int write_all(struct pv_output **outputs,
		     const struct pv_file_spec *files, size_t n,
		     struct pv_error *err)
{
	/* Step by step, so that most reasons to fail show before any name. */
	for (size_t i = 0; i < n; i++) {
		if (!files[i].path)
			continue;
		outputs[i] = pv_output_open(files[i].path, files[i].flags, err);
		if (!outputs[i])
			return -1;
	}
	if (pv_outputs_differ(outputs, n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (outputs[i] &&
		    pv_output_write(outputs[i], files[i].data, files[i].size,
				    err) < 0)
			return -1;
	for (size_t i = 0; i < n; i++)
		if (outputs[i] && pv_output_commit(outputs[i], err) < 0)
			return -1;
	return 0;
}

int pv_files_write(const struct pv_file_spec *files, size_t n,
		   struct pv_error *err)
{
	struct pv_output *outputs[PV_FILES_MAX] = { 0 };
	int ret;

	if (n > PV_FILES_MAX)
		return pv_fail(err, PV_ERR_LIMIT, "Too many output files");
	ret = write_all(outputs, files, n, err);
	for (size_t i = 0; i < n; i++)
		pv_output_close(outputs[i], ret == 0);
	return ret;
}
