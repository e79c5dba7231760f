// SPDX-License-Identifier: MIT
/* Lists of secrets: whatever is accepted is written as it was. */
#include <stdlib.h>
#include <string.h>

#include "fuzzer.h"
#include "secret.h"

/* Reserved bytes are not kept. */
static void clear_reserved(uint8_t *list, size_t n)
{
	memset(list + 6, 0, 10);
	for (size_t i = 0; i < n; i++)
		memset(list + 16 + 48 * i + 8, 0, 8);
}

static void use_ids(const struct pv_secrets *secrets)
{
	char text[PV_SECRET_ID_SIZE];

	for (size_t i = 0; i < secrets->n; i++)
		if (pv_secret_id_text(text, secrets->entries[i].id) &&
		    strlen(text) >= sizeof(text))
			abort();
}

static void try_list(const uint8_t *data, size_t size)
{
	struct pv_secrets secrets;
	struct pv_error err = { 0 };
	struct pv_buffer built;
	uint8_t *copy;

	if (pv_secrets_parse(&secrets, data, size, &err) < 0) {
		if (err.code == PV_OK || !err.text[0] || secrets.entries)
			abort();
		return;
	}
	if (pv_secrets_build(&built, &secrets, &err) < 0 || built.size > size)
		abort();
	copy = malloc(built.size);
	if (copy) {
		memcpy(copy, data, built.size);
		clear_reserved(copy, secrets.n);
		if (memcmp(copy, built.data, built.size) != 0)
			abort();
		free(copy);
	}
	use_ids(&secrets);
	pv_buffer_free(&built);
	pv_secrets_free(&secrets);
}

/* A retrieved object is the Ultravisor's, too. */
static void try_plaintext(const uint8_t *data, size_t size)
{
	size_t length;
	const uint8_t *payload = pv_secret_to_plaintext(data, size, &length);

	if (payload < data || length > size - (size_t)(payload - data))
		abort();
}

/* As it is, and with a number of entries that is there. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *repaired;
	size_t n;

	try_list(data, size);
	try_plaintext(data, size);
	if (size < 16)
		return 0;
	repaired = malloc(size);
	if (!repaired)
		return 0;
	memcpy(repaired, data, size);
	n = (size - 16) / 48;
	repaired[0] = (uint8_t)(n >> 8);
	repaired[1] = (uint8_t)n;
	repaired[2] |= repaired[0];
	repaired[3] |= repaired[1];
	try_list(repaired, size);
	free(repaired);
	return 0;
}
