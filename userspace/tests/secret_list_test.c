// SPDX-License-Identifier: MIT
/* Lists of secrets: images and what a reader refuses. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "secret.h"
#include "tap.h"

/* As published: one association secret, of 0x112 there are. */
static const uint8_t image[64] = {
	0x00, 0x01, 0x01, 0x12, 0x01, 0x01, [16] = 0x00, 0x01, 0x00, 0x02,
	0x00, 0x00, 0x00, 0x20,
};

static void test_image(void)
{
	static const uint8_t no_id[PV_SECRET_ID_SIZE];
	struct pv_secrets list;
	struct pv_error err = { 0 };
	struct pv_buffer built;

	tap_ok(pv_secrets_parse(&list, image, sizeof(image), &err) == 0 &&
	       list.n == 1 && list.total == 0x112 && list.next == 0x101,
	       "the head of a list is read");
	tap_ok(list.entries[0].index == 1 && list.entries[0].type == 2 &&
	       list.entries[0].size == 32 &&
	       memcmp(list.entries[0].id, no_id, sizeof(no_id)) == 0,
	       "an entry is read");
	tap_ok(pv_secrets_build(&built, &list, &err) == 0 &&
	       built.size == sizeof(image) &&
	       memcmp(built.data, image, sizeof(image)) == 0,
	       "the list is written as it was");
	pv_buffer_free(&built);
	pv_secrets_free(&list);
	tap_ok(!list.entries && list.n == 0 && list.total == 0,
	       "nothing is left of a list");
}

static void test_fields(void)
{
	struct pv_secret_info entry = {
		.index = 0x1234, .type = 0x5678, .size = 0x9abcdef0,
	};
	struct pv_secrets list = {
		.entries = &entry, .n = 1, .total = 0x7654, .next = 0x3210,
	};
	struct pv_secrets again;
	struct pv_buffer built;

	for (size_t i = 0; i < sizeof(entry.id); i++)
		entry.id[i] = (uint8_t)(0xe0 + i);
	if (pv_secrets_build(&built, &list, NULL) < 0)
		abort();
	tap_bytes(built.data, built.size,
		  "00017654321000000000000000000000"
		  "123456789abcdef00000000000000000"
		  "e0e1e2e3e4e5e6e7e8e9eaebecedeeef"
		  "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
		  "every field has its place");
	tap_ok(pv_secrets_parse(&again, built.data, built.size, NULL) == 0 &&
	       memcmp(again.entries, &entry, sizeof(entry)) == 0,
	       "every field is found");
	pv_secrets_free(&again);
	pv_buffer_free(&built);
}

/* In a buffer of that very size, so that the sanitizer watches. */
static int parse_copy(struct pv_secrets *list, const uint8_t *data,
		      size_t size, enum pv_error_code *code)
{
	uint8_t *copy = malloc(size ? size : 1);
	struct pv_error err = { 0 };
	int ret;

	memcpy(copy, data, size);
	ret = pv_secrets_parse(list, copy, size, &err);
	*code = err.code;
	free(copy);
	return ret;
}

static void test_bad(void)
{
	uint8_t data[sizeof(image)];
	enum pv_error_code code;
	struct pv_secrets list;
	size_t accepted = 0;

	for (size_t size = 0; size < sizeof(image); size++)
		accepted += parse_copy(&list, image, size, &code) == 0 ||
			    code != PV_ERR_FORMAT || list.entries;
	tap_ok(accepted == 0, "a list that is cut off is refused");
	memcpy(data, image, sizeof(data));
	data[1] = 2;
	tap_ok(parse_copy(&list, data, sizeof(data), &code) < 0 &&
	       code == PV_ERR_FORMAT, "an entry that is not there is refused");
	memcpy(data, image, sizeof(data));
	data[2] = 0;
	data[3] = 0;
	tap_ok(parse_copy(&list, data, sizeof(data), &code) < 0 &&
	       code == PV_ERR_FORMAT,
	       "more entries than the store has are refused");
}

static void test_ends(void)
{
	static const uint8_t empty[16];
	struct pv_secret_info entry = { 0 };
	struct pv_secrets list;
	struct pv_error err = { 0 };
	struct pv_buffer built;

	tap_ok(pv_secrets_parse(&list, empty, sizeof(empty), &err) == 0 &&
	       list.n == 0 && list.total == 0, "an empty store has a list");
	tap_ok(pv_secrets_build(&built, &list, &err) == 0 &&
	       built.size == 16 && memcmp(built.data, empty, 16) == 0,
	       "an empty list is 16 bytes of zeros");
	pv_buffer_free(&built);
	pv_secrets_free(&list);
	list.entries = &entry;
	list.n = 1;
	list.total = 0x10000;
	tap_ok(pv_secrets_build(&built, &list, &err) < 0 &&
	       err.code == PV_ERR_LIMIT && !built.data,
	       "more than 65535 secrets cannot be written");
	err.code = PV_OK;
	list.total = 0;
	tap_ok(pv_secrets_build(&built, &list, &err) < 0 &&
	       err.code == PV_ERR_LIMIT, "nor more than there are");
}

int main(void)
{
	tap_start();
	test_image();
	test_fields();
	test_bad();
	test_ends();
	return tap_done();
}
