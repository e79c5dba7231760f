// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include <openssl/crypto.h>

#include "config.h"
#include "fake_guest.h"

#define INVALID_PAGE	0x400

uint8_t *fake_guest_entry(struct fake_guest *guest, uint64_t table,
			  uint64_t index)
{
	return guest->fake->memory + table + 8 * index;
}

static void make_tables(struct fake_guest *guest)
{
	for (unsigned int i = 0; i < 2048; i++) {
		for (uint64_t table = FAKE_SEGMENT_TABLE;
		     table <= FAKE_FIRST_TABLE; table += 4 * FAKE_PAGE)
			fake_put64(fake_guest_entry(guest, table, i), 0x20);
	}
	for (unsigned int i = 0; i < 256; i++)
		fake_put64(fake_guest_entry(guest, FAKE_PAGE_TABLE, i),
			   INVALID_PAGE);
	fake_put64(fake_guest_entry(guest, FAKE_SEGMENT_TABLE, 0),
		   FAKE_PAGE_TABLE);
}

static struct uv_config *make_config(struct uv_machine *uv)
{
	struct uv_error err;
	struct uv_config *config = uv_config_new(uv, &err);

	if (!config)
		abort();
	config->state = UV_CONFIG_VERIFIED;
	config->handle = FAKE_CONFIG_HANDLE;
	config->asce = FAKE_SEGMENT_TABLE | 0x103;
	if (!uv_guest_space_init(&config->space, 0, 1 << 20))
		abort();
	return config;
}

struct fake_guest *fake_guest_new(void)
{
	struct fake_guest *guest = calloc(1, sizeof(*guest));

	if (!guest)
		abort();
	guest->fake = fake_new("z16");
	guest->config = make_config(guest->fake->uv);
	make_tables(guest);
	return guest;
}

void fake_guest_free(struct fake_guest *guest)
{
	fake_free(guest->fake);
	free(guest);
}

struct uv_vcpu *fake_guest_vcpu(struct fake_guest *guest, uint16_t number)
{
	struct uv_vcpu *vcpu = OPENSSL_zalloc(sizeof(*vcpu));
	uint64_t page = FAKE_BLOCKS + 2 * number;
	struct pv_sie_block *block;

	if (!vcpu)
		abort();
	vcpu->config = guest->config;
	vcpu->handle = UINT64_C(0x1020304050607080) + number;
	vcpu->number = number;
	vcpu->block = page * FAKE_PAGE;
	vcpu->run = UV_VCPU_OPERATING;
	vcpu->next = guest->config->vcpus;
	guest->config->vcpus = vcpu;
	block = fake_guest_block(guest, vcpu);
	fake_put64(block->pv_handle_cpu.byte, vcpu->handle);
	fake_put64(block->pv_handle_config.byte, FAKE_CONFIG_HANDLE);
	fake_put64(block->sidad.byte, (page + 1) * FAKE_PAGE);
	block->sdf = PV_SIE_FORMAT_PROTECTED;
	return vcpu;
}

struct pv_sie_block *fake_guest_block(struct fake_guest *guest,
				      const struct uv_vcpu *vcpu)
{
	return (struct pv_sie_block *)(guest->fake->memory + vcpu->block);
}

uint8_t *fake_guest_sida(struct fake_guest *guest, const struct uv_vcpu *vcpu)
{
	return guest->fake->memory + vcpu->block + FAKE_PAGE;
}

void fake_guest_map(struct fake_guest *guest, uint64_t gaddr, unsigned int page)
{
	struct uv_storage *storage = &guest->fake->uv->storage;

	uv_storage_apply(storage, page * FAKE_PAGE, &guest->config->owner,
			 UV_PAGE_IMPORT);
	uv_storage_place(storage, page * FAKE_PAGE, gaddr);
	fake_put64(fake_guest_entry(guest, FAKE_PAGE_TABLE, gaddr / FAKE_PAGE),
		   page * FAKE_PAGE);
}

void fake_guest_export(struct fake_guest *guest, unsigned int page)
{
	uv_storage_apply(&guest->fake->uv->storage, page * FAKE_PAGE, NULL,
			 UV_PAGE_EXPORT);
}

void fake_guest_unmap(struct fake_guest *guest, uint64_t gaddr)
{
	fake_put64(fake_guest_entry(guest, FAKE_PAGE_TABLE, gaddr / FAKE_PAGE),
		   INVALID_PAGE);
}

uint8_t *fake_guest_at(struct fake_guest *guest, uint64_t gaddr)
{
	uint64_t entry = fake_get64(fake_guest_entry(guest, FAKE_PAGE_TABLE,
						     gaddr / FAKE_PAGE));

	return guest->fake->memory + (entry & ~UINT64_C(0xfff)) +
	       gaddr % FAKE_PAGE;
}
