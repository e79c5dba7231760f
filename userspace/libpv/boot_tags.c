// SPDX-License-Identifier: MIT
/* Boot tags: found in an SE header, wherever in a file that stands. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "boot_tags.h"
#include "bytes.h"
#include "se_header.h"

#define METADATA_OFFSET		0xc000
#define METADATA_MAGIC		"SeImgLnx"
#define SEARCHED_PAGES		21

/* SE image, metadata of the image at METADATA_OFFSET */
struct metadata {
	uint8_t magic[8];
	pv_be64 header_offset;
	pv_be32 version;
	pv_be64 ipib_offset;
};

PV_ASSERT_SIZE(struct metadata, 28);

static ssize_t read_at(const struct pv_source *source, uint64_t offset,
		       void *out, size_t size, struct pv_error *err)
{
	ssize_t n = source->read(source->ctx, offset, out, size);

	if (n < 0)
		pv_fail_errno(err, PV_ERR_IO, "Cannot read at offset 0x%llx",
			      (unsigned long long)offset);
	return n;
}

/* Return: 1 and @offset if the image says where, 0 if not, or -1. */
static int read_metadata(const struct pv_source *source, uint64_t *offset,
			 struct pv_error *err)
{
	struct metadata meta;
	ssize_t n;

	n = read_at(source, METADATA_OFFSET, &meta, sizeof(meta), err);
	if (n < 0)
		return -1;
	if (n < (ssize_t)sizeof(meta) ||
	    memcmp(meta.magic, METADATA_MAGIC, sizeof(meta.magic)) != 0)
		return 0;
	/* A later version is no reason to doubt: the header has its own magic. */
	*offset = pv_get_be64(meta.header_offset);
	if (*offset > INT64_MAX - PV_SE_HEADER_MAX_SIZE)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The image's metadata names an impossible place for the SE header");
	return 1;
}

/* Return: 1 if the magic of an SE header stands there, 0 if not, or -1. */
static int is_header(const struct pv_source *source, uint64_t offset,
		     struct pv_error *err)
{
	uint8_t magic[8];
	ssize_t n;

	n = read_at(source, offset, magic, sizeof(magic), err);
	if (n < 0)
		return -1;
	return n == sizeof(magic) &&
	       memcmp(magic, PV_SE_HEADER_MAGIC, sizeof(magic)) == 0;
}

/* Return: 1 and @offset if there is a header, 0 if not, or -1. */
static int search_pages(const struct pv_source *source, uint64_t *offset,
			struct pv_error *err)
{
	int found = 0;

	for (unsigned int i = 0; i < SEARCHED_PAGES && !found; i++) {
		*offset = i * PV_PAGE_SIZE;
		found = is_header(source, *offset, err);
	}
	return found;
}

static int locate(const struct pv_source *source, uint64_t *offset,
		  struct pv_error *err)
{
	int found = read_metadata(source, offset, err);

	if (found < 0)
		return -1;
	if (found > 0) {
		found = is_header(source, *offset, err);
		if (found == 0)
			pv_fail(err, PV_ERR_FORMAT,
				"No SE header stands at 0x%llx, where the image's metadata says",
				(unsigned long long)*offset);
		return found > 0 ? 0 : -1;
	}
	found = search_pages(source, offset, err);
	if (found == 0)
		pv_fail(err, PV_ERR_FORMAT,
			"There is no SE header in it (give the header or the image that the guest was started from)");
	return found > 0 ? 0 : -1;
}

int pv_boot_tags_find(struct pv_boot_tags *tags,
		      const struct pv_source *source, struct pv_error *err)
{
	uint8_t data[PV_SE_HEADER_MAX_SIZE];
	struct pv_se_view view;
	uint64_t offset = 0;
	size_t size;
	ssize_t n;

	if (locate(source, &offset, err) < 0)
		return -1;
	n = read_at(source, offset, data, sizeof(data), err);
	if (n < 0)
		return -1;
	/* With an impossible size the parser is left to say what is wrong. */
	size = pv_se_header_size(data, (size_t)n);
	if (size > (size_t)n)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The SE header is cut off: %zd of %zu bytes are there",
			       n, size);
	if (pv_se_header_parse(&view, data, size ? size : (size_t)n, err) < 0)
		return -1;
	memcpy(tags->pld, view.head->pld, sizeof(tags->pld));
	memcpy(tags->ald, view.head->ald, sizeof(tags->ald));
	memcpy(tags->tld, view.head->tld, sizeof(tags->tld));
	memcpy(tags->tag, view.tag, sizeof(tags->tag));
	return 0;
}

static ssize_t read_file(void *ctx, uint64_t offset, void *out, size_t size)
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

int pv_boot_tags_read(struct pv_boot_tags *tags, const char *path,
		      struct pv_error *err)
{
	struct pv_source source = { .read = read_file };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int ret;

	if (fd < 0)
		return pv_fail_errno(err, PV_ERR_IO, "Cannot open %s", path);
	source.ctx = &fd;
	/* A header may stand anywhere in a file, so it is not read in order. */
	if (lseek(fd, 0, SEEK_CUR) < 0)
		ret = pv_fail(err, PV_ERR_IO,
			      "A pipe cannot be searched for an SE header (save it to a file first)");
	else
		ret = pv_boot_tags_find(tags, &source, err);
	close(fd);
	if (ret < 0)
		pv_error_prefix(err, "%s", path);
	return ret;
}
