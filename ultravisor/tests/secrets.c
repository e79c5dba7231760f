// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "machine.h"
#include "pv/uvc.h"
#include "secrets.h"

struct fake_machine *secrets_guest(const char *profile, uint64_t scf)
{
	struct fake_machine *fake = fake_new(profile);
	struct seal_header header;
	uint8_t bytes[8192];
	size_t len;

	seal_header_init(&header, fake_keys()->customer, fake_keys()->host);
	header.scf = scf;
	len = seal_header(&header, bytes);
	fake->cpu.config = uv_guest_new(fake->uv, bytes, len, NULL);
	if (!fake->cpu.config)
		abort();
	return fake;
}

struct fake_machine *secrets_known_guest(const char *profile)
{
	struct fake_machine *fake = fake_new(profile);
	struct uv_config *config = uv_config_new(fake->uv, NULL);
	char *pem = seal_pem(fake_keys()->backup);
	struct seal_secret secret;

	if (!config ||
	    uv_machine_set_host_key(fake->uv, UV_HOST_KEY, pem, strlen(pem),
				    NULL))
		abort();
	free(pem);
	seal_secret_init(&secret, fake_keys()->customer, fake_keys()->backup);
	memcpy(&config->image.tags, secret.tags, sizeof(secret.tags));
	memset(config->uid, 0x42, sizeof(config->uid));
	fake->cpu.config = config;
	return fake;
}

void secrets_request(const struct fake_machine *fake,
		     struct seal_secret *secret)
{
	seal_secret_init(secret, fake_keys()->customer, fake_keys()->host);
	memcpy(secret->tags, &fake->cpu.config->image.tags,
	       sizeof(secret->tags));
}

uint16_t secrets_add_bytes(struct fake_machine *fake, const uint8_t *asrcb,
			   size_t size)
{
	uint8_t *block = fake_block(fake, SECRETS_BLOCK, PV_CMD_ADD_SECRET,
				    0x48);

	fake_home_put(fake, SECRETS_ASRCB, asrcb, size);
	fake_put64(block + 0x20, SECRETS_ASRCB);
	return fake_call_rc(fake, SECRETS_BLOCK);
}

uint16_t secrets_add(struct fake_machine *fake,
		     const struct seal_secret *secret)
{
	uint8_t asrcb[SEAL_MAX_ASRCB];

	return secrets_add_bytes(fake, asrcb, seal_secret(secret, asrcb));
}

uint16_t secrets_list(struct fake_machine *fake, uint16_t start,
		      uint8_t page[SECRETS_PAGE])
{
	uint8_t *block = fake_block(fake, SECRETS_BLOCK, PV_CMD_LIST_SECRETS,
				    0x48);
	uint16_t rc;

	memset(page, 0xee, SECRETS_PAGE);
	fake_home_put(fake, SECRETS_LIST, page, SECRETS_PAGE);
	fake_put16(block + 0x1e, start);
	fake_put64(block + 0x20, SECRETS_LIST);
	rc = fake_call_rc(fake, SECRETS_BLOCK);
	fake_home_get(fake, SECRETS_LIST, page, SECRETS_PAGE);
	return rc;
}

uint16_t secrets_lock(struct fake_machine *fake)
{
	return fake_simple_call(fake, PV_CMD_LOCK_SECRETS, 0x40);
}

uint16_t secrets_retrieve(struct fake_machine *fake, uint16_t index,
			  size_t size, uint8_t *object)
{
	uint8_t *block = fake_block(fake, SECRETS_BLOCK, PV_CMD_RETR_SECRET,
				    0x48);
	uint16_t rc;

	memset(object, 0xee, size + 8);
	fake_home_put(fake, SECRETS_BUFFER, object, size + 8);
	fake_put16(block + 0x18, index);
	fake_put32(block + 0x1c, (uint32_t)size);
	fake_put64(block + 0x20, SECRETS_BUFFER);
	rc = fake_call_rc(fake, SECRETS_BLOCK);
	fake_home_get(fake, SECRETS_BUFFER, object, size + 8);
	return rc;
}

void secrets_hash(const struct fake_machine *fake, uint8_t hash[64])
{
	uv_secret_store_hash(&fake->cpu.config->store, hash);
}
