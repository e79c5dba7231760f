// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "clear.h"
#include "donation.h"
#include "machine.h"

bool uv_donation_init(struct uv_donation *donation, uint64_t len)
{
	uint64_t count = (len + PV_PAGE_SIZE - 1) >> PV_PAGE_SHIFT;

	*donation = (struct uv_donation){ 0 };
	donation->pages = calloc(count ? count : 1, sizeof(*donation->pages));
	return donation->pages;
}

void uv_donation_add(struct uv_donation *donation, uint64_t addr)
{
	donation->pages[donation->count++] = addr;
}

bool uv_donation_range(struct uv_donation *donation, uint64_t addr,
		       uint64_t len)
{
	if (!uv_donation_init(donation, len))
		return false;
	for (uint64_t at = 0; at < len; at += PV_PAGE_SIZE)
		uv_donation_add(donation, addr + at);
	return true;
}

/* The first @count pages become normal again. */
static void give_back(struct uv_machine *machine, struct uv_owner *owner,
		      const struct uv_donation *donation, size_t count)
{
	for (size_t i = 0; i < count; i++)
		uv_storage_apply(&machine->storage, donation->pages[i], owner,
				 UV_PAGE_RETURN);
}

bool uv_donation_take(struct uv_machine *machine, struct uv_owner *owner,
		      const struct uv_donation *donation)
{
	for (size_t i = 0; i < donation->count; i++) {
		if (uv_storage_apply(&machine->storage, donation->pages[i],
				     owner, UV_PAGE_DONATE) ==
		    UV_PAGE_REFUSED) {
			give_back(machine, owner, donation, i);
			return false;
		}
	}
	return true;
}

void uv_donation_cancel(struct uv_machine *machine, struct uv_owner *owner,
			struct uv_donation *donation)
{
	give_back(machine, owner, donation, donation->count);
	uv_donation_free(donation);
}

void uv_donation_return(struct uv_machine *machine, struct uv_owner *owner,
			struct uv_donation *donation)
{
	for (size_t i = 0; i < donation->count; i++)
		uv_clear_page(machine, donation->pages[i]);
	uv_donation_cancel(machine, owner, donation);
}

void uv_donation_free(struct uv_donation *donation)
{
	free(donation->pages);
	*donation = (struct uv_donation){ 0 };
}
