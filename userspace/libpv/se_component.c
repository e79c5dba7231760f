// SPDX-License-Identifier: MIT
/* Components on their way into an SE image: read, encrypted, written. */
#include <string.h>

#include "se_component.h"
#include "se_xts.h"

/*
 * How much is left to the system at once to be stored: enough for large
 * transfers, little enough that the last one does not keep anybody waiting.
 */
#define STORE_SIZE	(8 * 1024 * 1024)

int pv_se_component_too_large(enum pv_se_component_id id, const char *path,
			      struct pv_error *err)
{
	/* What comes last is not to blame if nobody can make it smaller. */
	if (!path)
		return pv_fail(err, PV_ERR_LIMIT,
			       "The image would not end below 2 GiB: kernel and ramdisk are too large (name smaller ones)");
	return pv_fail(err, PV_ERR_LIMIT,
		       "The image would not end below 2 GiB: %s is too large (name a smaller %s)",
		       path, pv_se_component_name(id));
}

/* Return: bytes that were read into the chunk, or -1. */
static ssize_t fill(struct pv_se_chunk *chunk,
		    const struct pv_se_component *component,
		    struct pv_se_input *input, struct pv_error *err)
{
	ssize_t n = pv_se_input_read(input, component->size, chunk->data,
				     PV_SE_CHUNK_SIZE, err);
	size_t size;

	if (n < 0)
		return -1;
	/* An empty input is one page of zeros; a later nothing is the end. */
	size = n || !component->size ? pv_se_padded((uint64_t)n) : 0;
	memset(chunk->data + n, 0, size - (size_t)n);
	chunk->pages = size / PV_PAGE_SIZE;
	chunk->place = (struct pv_se_place){
		.addr = component->addr + component->padded,
		.tweak_prefix = component->tweak_prefix,
		.offset = component->padded,
	};
	return n;
}

static int write_chunk(struct pv_se_writer *writer,
		       const struct pv_se_chunk *chunk, struct pv_error *err)
{
	const size_t size = chunk->pages * PV_PAGE_SIZE;
	const uint64_t end = chunk->place.addr + size;

	if (writer->xts &&
	    pv_se_xts_encrypt(writer->xts, chunk->data, chunk->pages,
			      &chunk->place, err) < 0)
		return -1;
	/* From here on the chunk is read only, by the hasher and here. */
	pv_se_hasher_put(writer->hasher);
	if (pv_output_write_at(writer->output, chunk->place.addr, chunk->data,
			       size, err) < 0)
		return -1;
	if (end - writer->stored >= STORE_SIZE) {
		pv_output_write_back(writer->output, writer->stored,
				     end - writer->stored);
		writer->stored = end;
	}
	return 0;
}

static void report(struct pv_se_writer *writer, uint64_t more)
{
	writer->done += more;
	if (writer->progress)
		writer->progress(writer->progress_ctx, writer->done,
				 writer->total);
}

int pv_se_component_write(struct pv_se_writer *writer,
			  struct pv_se_component *component,
			  struct pv_se_input *input, struct pv_error *err)
{
	struct pv_se_chunk *chunk;
	ssize_t n;

	component->size = 0;
	component->padded = 0;
	do {
		chunk = pv_se_hasher_get(writer->hasher, err);
		if (!chunk)
			return -1;
		n = fill(chunk, component, input, err);
		if (n < 0)
			return -1;
		if (chunk->pages == 0)
			break;
		component->size += (uint64_t)n;
		component->padded += chunk->pages * PV_PAGE_SIZE;
		if (component->addr + component->padded > PV_SE_IMAGE_LIMIT)
			return pv_se_component_too_large(component->id,
							 input->path, err);
		if (write_chunk(writer, chunk, err) < 0)
			return -1;
		report(writer, (uint64_t)n);
	} while (n == PV_SE_CHUNK_SIZE);
	return 0;
}
