// SPDX-License-Identifier: MIT
/* The exchange format against known files, and what a reader refuses. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "exchange.h"
#include "tap.h"

/* The known files hold: 16 x 11, 64 x 12, 32 x 13, 256 x 15, 16 x 14. */
static const struct {
	uint8_t fill;
	uint32_t size;
} contents[PV_EXCHANGE_N_ITEMS] = {
	{ 0x11, 16 }, { 0x12, 64 }, { 0x13, 32 }, { 0x15, 256 }, { 0x14, 16 },
};

struct known_file {
	const char *name;
	uint32_t size;
	uint32_t entry[PV_EXCHANGE_N_ITEMS][2];	/* size, offset */
	bool is_response;
};

static const struct known_file known[] = {
	{ "min_req", 80,
	  { { 16, 0x40 }, { 64, 0 }, { 0, 0 }, { 0, 0 }, { 0, 0 } }, false },
	{ "add_req", 80,
	  { { 16, 0x40 }, { 64, 0 }, { 32, 0 }, { 0, 0 }, { 0, 0 } }, false },
	{ "user_req", 336,
	  { { 16, 0x40 }, { 64, 0 }, { 0, 0 }, { 256, 0x50 }, { 0, 0 } },
	  false },
	{ "min_resp", 160,
	  { { 16, 0x40 }, { 64, 0x50 }, { 0, 0 }, { 0, 0 }, { 16, 0x90 } },
	  true },
	{ "add_resp", 192,
	  { { 16, 0x40 }, { 64, 0x50 }, { 32, 0x90 }, { 0, 0 },
	    { 16, 0xb0 } }, true },
	{ "user_resp", 416,
	  { { 16, 0x40 }, { 64, 0x50 }, { 0, 0 }, { 256, 0x90 },
	    { 16, 0x190 } }, true },
	{ "full_resp", 448,
	  { { 16, 0x40 }, { 64, 0x50 }, { 32, 0x90 }, { 256, 0xb0 },
	    { 16, 0x1b0 } }, true },
};

#define FULL_RESPONSE	(&known[6])

static void put32(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 24);
	at[1] = (uint8_t)(value >> 16);
	at[2] = (uint8_t)(value >> 8);
	at[3] = (uint8_t)value;
}

/* Byte by byte from the table, without the code under test. */
static uint8_t *make_file(const struct known_file *k)
{
	uint8_t *file = calloc(1, k->size);

	memcpy(file, "pvattest", 8);
	put32(file + 8, 0x100);
	put32(file + 12, k->size);
	for (int i = 0; i < PV_EXCHANGE_N_ITEMS; i++) {
		put32(file + 0x18 + 8 * i, k->entry[i][0]);
		put32(file + 0x1c + 8 * i, k->entry[i][1]);
		if (k->entry[i][1])
			memset(file + k->entry[i][1], contents[i].fill,
			       k->entry[i][0]);
	}
	return file;
}

static bool has_content(const struct pv_exchange_entry *entry, uint8_t fill)
{
	for (uint32_t i = 0; i < entry->size; i++)
		if (entry->data[i] != fill)
			return false;
	return true;
}

static bool agrees(const struct pv_exchange *exchange,
		   const struct known_file *k)
{
	for (int i = 0; i < PV_EXCHANGE_N_ITEMS; i++) {
		const struct pv_exchange_entry *entry = &exchange->item[i];

		if (entry->size != k->entry[i][0] ||
		    !entry->data != !k->entry[i][1])
			return false;
		if (entry->data && !has_content(entry, contents[i].fill))
			return false;
	}
	return true;
}

static void test_known(const struct known_file *k)
{
	struct pv_error err = { 0 }, not_response = { 0 };
	uint8_t *file = make_file(k);
	struct pv_exchange exchange;
	struct pv_buffer copy = { 0 };

	tap_ok(pv_exchange_parse(&exchange, file, k->size, &err) == 0 &&
	       agrees(&exchange, k), "%s: read", k->name);
	tap_ok(pv_exchange_check_request(&exchange, &err) == 0,
	       "%s: can be used as a request", k->name);
	tap_ok((pv_exchange_check_response(&exchange, &not_response) == 0) ==
	       k->is_response, "%s: is %s", k->name,
	       k->is_response ? "a response" : "no response");
	tap_ok(pv_exchange_build(&copy, &exchange, &err) == 0 &&
	       copy.size == k->size && memcmp(copy.data, file, k->size) == 0,
	       "%s: written again, it is the same", k->name);
	pv_buffer_free(&copy);
	free(file);
}

struct refusal {
	const char *name;
	size_t offset;
	uint8_t value;
	enum pv_error_code code;
};

/* Alterations of full_resp, in the order of the checks. */
static const struct refusal refusals[] = {
	{ "magic", 0x00, 0x8f, PV_ERR_FORMAT },
	{ "version", 0x08, 0xff, PV_ERR_UNSUPPORTED },
	{ "stated size larger than the file", 0x0f, 0xc1, PV_ERR_FORMAT },
	{ "stated size smaller than the file", 0x0f, 0xbf, PV_ERR_FORMAT },
	{ "reserved bytes", 0x17, 0x01, PV_ERR_FORMAT },
	{ "request too large", 0x18, 0x01, PV_ERR_LIMIT },
	{ "request within the header", 0x1f, 0x3f, PV_ERR_FORMAT },
	{ "request beyond the file", 0x1c, 0x01, PV_ERR_FORMAT },
	{ "measurement larger than 32 KiB", 0x21, 0x01, PV_ERR_LIMIT },
	{ "additional data beyond the file", 0x2e, 0x08, PV_ERR_FORMAT },
	{ "user data larger than 256 bytes", 0x33, 0x01, PV_ERR_LIMIT },
	{ "configuration UID of 15 bytes", 0x3b, 0x0f, PV_ERR_FORMAT },
	{ "configuration UID of 17 bytes", 0x3b, 0x11, PV_ERR_LIMIT },
	{ "configuration UID half beyond the file", 0x3f, 0xb8,
	  PV_ERR_FORMAT },
};

static void test_refusals(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		uint8_t *file = make_file(FULL_RESPONSE);
		struct pv_exchange exchange;
		struct pv_error err = { 0 };

		file[refusals[i].offset] = refusals[i].value;
		if (!tap_ok(pv_exchange_parse(&exchange, file,
					      FULL_RESPONSE->size, &err) < 0 &&
			    err.code == refusals[i].code, "refused: %s",
			    refusals[i].name))
			tap_note("code %d: %s", err.code, err.text);
		free(file);
	}
}

static void test_sizes(void)
{
	uint8_t *file = make_file(FULL_RESPONSE);
	unsigned int accepted = 0;

	for (uint32_t size = 0; size < FULL_RESPONSE->size; size++) {
		uint8_t *part = malloc(size ? size : 1);
		struct pv_exchange exchange;
		struct pv_error err = { 0 };

		memcpy(part, file, size);
		accepted += pv_exchange_parse(&exchange, part, size,
					      &err) == 0;
		/* Now with a size field that agrees. */
		if (size >= 16)
			put32(part + 12, size);
		err.code = PV_OK;
		accepted += pv_exchange_parse(&exchange, part, size,
					      &err) == 0;
		free(part);
	}
	tap_ok(accepted == 0, "every shorter file is refused");
	free(file);
}

static void test_missing(void)
{
	static const struct {
		const char *name;
		size_t entry;
		bool request;	/* a request needs it as well */
	} absent[] = {
		{ "request", 0x18, true }, { "measurement", 0x20, true },
		{ "configuration UID", 0x38, false },
	};

	for (size_t i = 0; i < 3; i++) {
		uint8_t *file = make_file(FULL_RESPONSE);
		struct pv_exchange exchange;
		struct pv_error err = { 0 };
		bool refused;

		memset(file + absent[i].entry, 0, 8);
		pv_exchange_parse(&exchange, file, FULL_RESPONSE->size, &err);
		tap_ok(pv_exchange_check_response(&exchange, &err) < 0 &&
		       strstr(err.text, absent[i].name),
		       "no response without %s", absent[i].name);
		err.code = PV_OK;
		refused = pv_exchange_check_request(&exchange, &err) < 0;
		tap_ok(refused == absent[i].request, "%s request without %s",
		       absent[i].request ? "no" : "a", absent[i].name);
		free(file);
	}
}

static void test_announced_only(void)
{
	uint8_t *file = make_file(FULL_RESPONSE);
	struct pv_exchange exchange;
	struct pv_error err = { 0 };

	memset(file + 0x2c, 0, 4);
	tap_ok(pv_exchange_parse(&exchange, file, FULL_RESPONSE->size,
				 &err) == 0 &&
	       pv_exchange_check_response(&exchange, &err) < 0 &&
	       err.code == PV_ERR_FORMAT,
	       "no response that only announces additional data");
	free(file);
}

static void test_limits(void)
{
	static const uint32_t max[PV_EXCHANGE_N_ITEMS] = {
		0x100000, 0x8000, 0x8000, 256, 16,
	};
	static const uint8_t data[0x100001];

	for (int i = 0; i < PV_EXCHANGE_N_ITEMS; i++) {
		struct pv_exchange exchange = { 0 };
		struct pv_buffer out = { 0 };
		struct pv_error err = { 0 };

		exchange.item[PV_EXCHANGE_ARCB].data = data;
		exchange.item[PV_EXCHANGE_ARCB].size = 16;
		exchange.item[PV_EXCHANGE_MEASUREMENT].size = 64;
		exchange.item[i].data = data;
		exchange.item[i].size = max[i];
		tap_ok(pv_exchange_build(&out, &exchange, &err) == 0,
		       "entry %d may have %u bytes", i, max[i]);
		pv_buffer_free(&out);
		exchange.item[i].size++;
		tap_ok(pv_exchange_build(&out, &exchange, &err) < 0 &&
		       err.code == PV_ERR_LIMIT && !out.data,
		       "entry %d may not have %u bytes", i, max[i] + 1);
	}
}

static void test_empty(void)
{
	struct pv_exchange exchange = { 0 };
	struct pv_buffer out = { 0 };
	struct pv_error err = { 0 };

	exchange.item[PV_EXCHANGE_ARCB].data = (const uint8_t *)"x";
	exchange.item[PV_EXCHANGE_ARCB].size = 1;
	tap_ok(pv_exchange_build(&out, &exchange, &err) < 0,
	       "no file that expects an empty measurement is written");
}

int main(void)
{
	tap_start();
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		test_known(&known[i]);
	test_refusals();
	test_sizes();
	test_missing();
	test_announced_only();
	test_limits();
	test_empty();
	return tap_done();
}
