// SPDX-License-Identifier: MIT
/* The file that carries a request to the guest and a response back. */
#include <string.h>

#include <pv/attest.h>
#include <pv/uvdevice.h>

#include "array.h"
#include "bytes.h"
#include "exchange.h"

#define EXCHANGE_VERSION_1	0x0100

static const uint8_t exchange_magic[8] = "pvattest";

/* pvattest exchange format, version 1 */
struct file_entry {
	pv_be32 size;
	pv_be32 offset;		/* from the start of the file */
};

struct file_header {
	uint8_t magic[8];
	pv_be32 version;
	pv_be32 size;		/* of the whole file */
	uint8_t reserved[8];
	struct file_entry entry[PV_EXCHANGE_N_ITEMS];
};

PV_ASSERT_SIZE(struct file_header, 0x40);

static const struct {
	const char *name;
	uint32_t max;
} items[PV_EXCHANGE_N_ITEMS] = {
	[PV_EXCHANGE_ARCB] = { "attestation request", 0x100000 },
	[PV_EXCHANGE_MEASUREMENT] = { "measurement",
				      PV_UVIO_ATT_MEASUREMENT_MAX },
	[PV_EXCHANGE_ADDITIONAL] = { "additional data",
				     PV_UVIO_ATT_ADDITIONAL_MAX },
	[PV_EXCHANGE_USER_DATA] = { "user data", PV_USER_DATA_MAX },
	[PV_EXCHANGE_CONFIG_UID] = { "configuration UID",
				     PV_CONFIG_UID_SIZE },
};

static int check_header(const struct file_header *header, size_t size,
			struct pv_error *err)
{
	static const uint8_t zero[sizeof(header->reserved)];
	uint32_t version;

	if (size < sizeof(*header) ||
	    memcmp(header->magic, exchange_magic, sizeof(exchange_magic)) != 0)
		return pv_fail(err, PV_ERR_FORMAT,
			       "This is no attestation request or response file");
	version = pv_get_be32(header->version);
	if (version != EXCHANGE_VERSION_1)
		return pv_fail(err, PV_ERR_UNSUPPORTED,
			       "Version 0x%x of the exchange format is unknown (0x%x is supported)",
			       version, EXCHANGE_VERSION_1);
	if (pv_get_be32(header->size) != size)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The file says it has %u bytes, but there are %zu (was it cut off or appended to?)",
			       pv_get_be32(header->size), size);
	if (memcmp(header->reserved, zero, sizeof(zero)) != 0)
		return pv_fail(err, PV_ERR_FORMAT,
			       "Reserved bytes of the file are not zero");
	return 0;
}

static int parse_entry(struct pv_exchange_entry *out,
		       enum pv_exchange_item item, const uint8_t *file,
		       size_t file_size, struct pv_error *err)
{
	const struct file_header *header = (const void *)file;
	uint32_t offset = pv_get_be32(header->entry[item].offset);

	out->size = pv_get_be32(header->entry[item].size);
	out->data = NULL;
	if (out->size > items[item].max)
		return pv_fail(err, PV_ERR_LIMIT,
			       "The %s has %u bytes, at most %u are possible",
			       items[item].name, out->size, items[item].max);
	if (out->size == 0 || offset == 0)
		return 0;
	if (offset < sizeof(*header) || offset > file_size ||
	    out->size > file_size - offset)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The %s does not lie within the file",
			       items[item].name);
	out->data = file + offset;
	return 0;
}

int pv_exchange_parse(struct pv_exchange *exchange, const void *file,
		      size_t size, struct pv_error *err)
{
	const struct pv_exchange_entry *uid;

	if (check_header(file, size, err) < 0)
		return -1;
	for (int i = 0; i < PV_EXCHANGE_N_ITEMS; i++)
		if (parse_entry(&exchange->item[i], i, file, size, err) < 0)
			return -1;
	uid = &exchange->item[PV_EXCHANGE_CONFIG_UID];
	if (uid->size != 0 && uid->size != PV_CONFIG_UID_SIZE)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The configuration UID has %u bytes instead of %d",
			       uid->size, PV_CONFIG_UID_SIZE);
	return 0;
}

int pv_exchange_check_request(const struct pv_exchange *exchange,
			      struct pv_error *err)
{
	if (!exchange->item[PV_EXCHANGE_ARCB].data)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The file holds no attestation request");
	if (exchange->item[PV_EXCHANGE_MEASUREMENT].size == 0)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The file does not say how large the measurement will be");
	return 0;
}

int pv_exchange_check_response(const struct pv_exchange *exchange,
			       struct pv_error *err)
{
	static const enum pv_exchange_item needed[] = {
		PV_EXCHANGE_ARCB, PV_EXCHANGE_MEASUREMENT,
		PV_EXCHANGE_CONFIG_UID,
	};

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (!exchange->item[needed[i]].data)
			return pv_fail(err, PV_ERR_FORMAT,
				       "The file holds no %s (is it a request instead of a response?)",
				       items[needed[i]].name);
	for (int i = 0; i < PV_EXCHANGE_N_ITEMS; i++)
		if (exchange->item[i].size > 0 && !exchange->item[i].data)
			return pv_fail(err, PV_ERR_FORMAT,
				       "The response announces %s, but holds none",
				       items[i].name);
	return 0;
}

static int check_limits(const struct pv_exchange *exchange,
			struct pv_error *err)
{
	if (exchange->item[PV_EXCHANGE_ARCB].size == 0 ||
	    exchange->item[PV_EXCHANGE_MEASUREMENT].size == 0)
		return pv_fail(err, PV_ERR_LIMIT,
			       "Neither request nor measurement may be empty");
	for (int i = 0; i < PV_EXCHANGE_N_ITEMS; i++)
		if (exchange->item[i].size > items[i].max)
			return pv_fail(err, PV_ERR_LIMIT,
				       "The %s has %u bytes, at most %u are possible",
				       items[i].name, exchange->item[i].size,
				       items[i].max);
	return 0;
}

int pv_exchange_build(struct pv_buffer *out,
		      const struct pv_exchange *exchange,
		      struct pv_error *err)
{
	size_t offset = sizeof(struct file_header), size = offset;
	struct file_header *header;

	if (check_limits(exchange, err) < 0)
		return -1;
	for (int i = 0; i < PV_EXCHANGE_N_ITEMS; i++)
		size += exchange->item[i].data ? exchange->item[i].size : 0;
	if (pv_buffer_alloc(out, size, err) < 0)
		return -1;
	header = (struct file_header *)out->data;
	memcpy(header->magic, exchange_magic, sizeof(header->magic));
	header->version = pv_put_be32(EXCHANGE_VERSION_1);
	header->size = pv_put_be32((uint32_t)size);
	for (int i = 0; i < PV_EXCHANGE_N_ITEMS; i++) {
		const struct pv_exchange_entry *item = &exchange->item[i];

		header->entry[i].size = pv_put_be32(item->size);
		if (!item->data || item->size == 0)
			continue;
		header->entry[i].offset = pv_put_be32((uint32_t)offset);
		memcpy(out->data + offset, item->data, item->size);
		offset += item->size;
	}
	return 0;
}
