// SPDX-License-Identifier: MIT
/* Finding an SE header: in a header file, an image, or anywhere on a disk. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pv/se_image.h>

#include "bytes.h"
#include "se_find.h"
#include "se_header.h"

#define SEARCHED_PAGES	21
#define SECTOR_SIZE	512
#define BLOCK_SIZE	(256 * 1024)
#define MAGIC_SIZE	8

/**
 * struct search - a search under way
 * @header: out
 * @offset: of @header
 * @damaged: what was wrong with the first candidate that is no header
 */
struct search {
	const struct pv_source *source;
	struct pv_buffer *header;
	uint64_t offset;
	struct pv_error damaged;
};

static ssize_t read_at(const struct pv_source *source, uint64_t offset,
		       void *out, size_t size, struct pv_error *err)
{
	ssize_t n = source->read(source->ctx, offset, out, size);

	if (n < 0)
		pv_fail_errno(err, PV_ERR_IO, "Cannot read at offset 0x%llx",
			      (unsigned long long)offset);
	return n;
}

static bool has_magic(const uint8_t *data)
{
	return memcmp(data, PV_SE_HEADER_MAGIC, MAGIC_SIZE) == 0;
}

/* Into @damaged what is wrong with a header of which @n bytes are there. */
static void say_what_is_wrong(const struct pv_buffer *data, size_t n,
			      struct pv_error *damaged)
{
	const struct pv_se_header *head = (const void *)data->data;
	const size_t size = pv_se_header_size(data->data, n);
	struct pv_se_view view;
	size_t claimed = n;

	if (size > n) {
		pv_fail(damaged, PV_ERR_FORMAT,
			"The SE header is cut off: %zu of %zu bytes are there",
			n, size);
		return;
	}
	/* The parser says most about the size that the header claims. */
	if (n >= sizeof(*head) && pv_get_be32(head->size) < n)
		claimed = pv_get_be32(head->size);
	pv_se_header_parse(&view, data->data, claimed, damaged);
}

/*
 * Look at a place where the magic stands.
 * Return: 1 and the header if it is one, 0 if not, or -1.
 */
static int try_place(struct search *search, uint64_t offset,
		     struct pv_error *err)
{
	struct pv_buffer data;
	struct pv_se_view view;
	size_t size;
	ssize_t n;

	if (pv_buffer_alloc(&data, PV_SE_HEADER_MAX_SIZE, err) < 0)
		return -1;
	n = read_at(search->source, offset, data.data, data.size, err);
	if (n < 0) {
		pv_buffer_free(&data);
		return -1;
	}
	size = pv_se_header_size(data.data, (size_t)n);
	if (!size || size > (size_t)n ||
	    pv_se_header_parse(&view, data.data, size, NULL) < 0) {
		say_what_is_wrong(&data, (size_t)n, &search->damaged);
		pv_buffer_free(&data);
		return 0;
	}
	data.size = size;
	*search->header = data;
	search->offset = offset;
	return 1;
}

/* Every @step bytes of a block that was read from @offset. */
static int scan_block(struct search *search, const uint8_t *block, size_t size,
		      uint64_t offset, size_t step, struct pv_error *err)
{
	int found = 0;

	for (size_t i = 0; i + MAGIC_SIZE <= size && !found; i += step)
		if (has_magic(block + i))
			found = try_place(search, offset + i, err);
	return found;
}

/*
 * Every @step bytes from @start up to the end, or to @end where no header may
 * begin any more.  Return: 1 and the header if there is one, 0 if not, or -1.
 */
static int scan(struct search *search, uint64_t start, uint64_t end,
		size_t step, struct pv_error *err)
{
	uint8_t *block = malloc(BLOCK_SIZE);
	size_t size = BLOCK_SIZE;
	int found = 0;
	ssize_t n;

	if (!block)
		return pv_fail(err, PV_ERR_MEMORY, "Out of memory");
	while (!found && start < end && size == BLOCK_SIZE) {
		/* A magic at the last place may reach beyond the end. */
		if (end - start < size - MAGIC_SIZE)
			size = (size_t)(end - start) + MAGIC_SIZE - 1;
		n = read_at(search->source, start, block, size, err);
		if (n < 0) {
			found = -1;
			break;
		}
		found = scan_block(search, block, (size_t)n, start, step, err);
		start += (uint64_t)n;
		size = (size_t)n;
	}
	free(block);
	return found;
}

/* Return: 1 and @offset if the image says where, 0 if not, or -1. */
static int read_metadata(const struct pv_source *source, uint64_t *offset,
			 struct pv_error *err)
{
	struct pv_se_metadata meta;
	ssize_t n;

	n = read_at(source, PV_SE_IMAGE_METADATA, &meta, sizeof(meta), err);
	if (n < 0)
		return -1;
	if (n < (ssize_t)sizeof(meta) ||
	    memcmp(meta.magic, PV_SE_METADATA_MAGIC, sizeof(meta.magic)) != 0)
		return 0;
	/* Its version does not matter: the header has a magic of its own. */
	*offset = pv_get_be64(meta.header_offset);
	return 1;
}

/* What the metadata says is not a hint: there it is, or it is damaged. */
static int follow_metadata(struct search *search, uint64_t offset,
			   struct pv_error *err)
{
	uint8_t magic[MAGIC_SIZE];
	ssize_t n;

	if (offset > INT64_MAX - PV_SE_HEADER_MAX_SIZE) {
		pv_fail(&search->damaged, PV_ERR_FORMAT,
			"The image's metadata names an impossible place for the SE header");
		return 0;
	}
	n = read_at(search->source, offset, magic, sizeof(magic), err);
	if (n < 0)
		return -1;
	if (n == sizeof(magic) && has_magic(magic))
		return try_place(search, offset, err);
	pv_fail(&search->damaged, PV_ERR_FORMAT,
		"No SE header stands at 0x%llx, where the image's metadata says",
		(unsigned long long)offset);
	return 0;
}

static int search_usual(struct search *search, struct pv_error *err)
{
	uint64_t offset;
	int found = read_metadata(search->source, &offset, err);

	if (found < 0)
		return -1;
	if (found > 0)
		return follow_metadata(search, offset, err);
	return scan(search, 0, (SEARCHED_PAGES - 1) * PV_PAGE_SIZE + 1,
		    PV_PAGE_SIZE, err);
}

static int search_window(struct search *search, const struct pv_se_search *how,
			 struct pv_error *err)
{
	const uint64_t end = how->length > INT64_MAX - how->start ? INT64_MAX :
			     how->start + how->length;

	return scan(search, how->start, end, PV_PAGE_SIZE, err);
}

static int check_search(const struct pv_se_search *how, struct pv_error *err)
{
	if (how->deep && how->length > 0)
		return pv_fail(err, PV_ERR_USAGE,
			       "Search everywhere or in a part, not both");
	if (how->start > 0 && how->length == 0)
		return pv_fail(err, PV_ERR_USAGE,
			       "Say how much is to be searched from 0x%llx on",
			       (unsigned long long)how->start);
	if (how->start % PV_PAGE_SIZE != 0 || how->start > INT64_MAX)
		return pv_fail(err, PV_ERR_USAGE,
			       "A search cannot start at 0x%llx, only at a multiple of 4096",
			       (unsigned long long)how->start);
	return 0;
}

static int not_found(const struct search *search,
		     const struct pv_se_search *how, struct pv_error *err)
{
	const char *where = how->length ? "that part of it" : "it";

	if (search->damaged.code != PV_OK)
		return pv_fail(err, search->damaged.code, "%s",
			       search->damaged.text);
	return pv_fail(err, PV_ERR_FORMAT,
		       "There is no SE header in %s (give the header or the image that the guest was started from)",
		       where);
}

int pv_se_header_find(struct pv_buffer *header, uint64_t *offset,
		      const struct pv_source *source,
		      const struct pv_se_search *search, struct pv_error *err)
{
	static const struct pv_se_search usual;
	struct search state = { .source = source, .header = header };
	const struct pv_se_search *how = search ? search : &usual;
	int found;

	*header = (struct pv_buffer){ 0 };
	if (check_search(how, err) < 0)
		return -1;
	found = how->length ? search_window(&state, how, err) :
		search_usual(&state, err);
	if (found == 0 && how->deep)
		found = scan(&state, 0, INT64_MAX, SECTOR_SIZE, err);
	if (found == 0)
		return not_found(&state, how, err);
	if (found < 0)
		return -1;
	if (offset)
		*offset = state.offset;
	return 0;
}

/* A header may stand anywhere in a file, so it is not read in order. */
static int check_file(int fd, const struct pv_se_search *search,
		      struct pv_error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return pv_fail_errno(err, PV_ERR_IO, "Cannot look at it");
	if (S_ISDIR(st.st_mode))
		return pv_fail(err, PV_ERR_IO,
			       "It is a directory (name a file in it)");
	if (S_ISCHR(st.st_mode) && search && (search->deep || search->length))
		return pv_fail(err, PV_ERR_IO,
			       "It is no file and no disk (name one)");
	if (lseek(fd, 0, SEEK_CUR) < 0)
		return pv_fail(err, PV_ERR_IO,
			       "A pipe cannot be searched for an SE header (save it to a file first)");
	return 0;
}

int pv_se_header_read(struct pv_buffer *header, uint64_t *offset,
		      const char *path, const struct pv_se_search *search,
		      struct pv_error *err)
{
	struct pv_source source = { .read = pv_source_pread };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int ret;

	*header = (struct pv_buffer){ 0 };
	if (fd < 0)
		return pv_fail_errno(err, PV_ERR_IO, "Cannot open %s", path);
	source.ctx = &fd;
	ret = check_file(fd, search, err);
	if (ret == 0)
		ret = pv_se_header_find(header, offset, &source, search, err);
	close(fd);
	if (ret < 0)
		pv_error_prefix(err, "%s", path);
	return ret;
}
