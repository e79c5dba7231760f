// SPDX-License-Identifier: MIT
/* What a CPU gets when it touches a page. */
#include "config.h"
#include "machine.h"
#include "pv/sie.h"

/* A page that belongs to somebody else, as a protected guest sees it. */
static uint16_t foreign(const struct uv_page *page)
{
	return page->state == UV_PAGE_SECURE ? PV_PGM_SECURE_VIOLATION :
					       PV_PGM_NON_SECURE_ACCESS;
}

static uint16_t from_inside(const struct uv_page *page,
			    const struct uv_config *config, uint64_t gaddr)
{
	if (page->state == UV_PAGE_NORMAL)
		return PV_PGM_NON_SECURE_ACCESS;
	if (page->state == UV_PAGE_DONATED)
		return PV_PGM_SECURE_VIOLATION;
	if (page->owner != config->owner.id)
		return foreign(page);
	/* Its own page, but its host shows it to the guest in another place. */
	return (page->gaddr ^ gaddr) >> PV_PAGE_SHIFT ?
	       PV_PGM_SECURE_VIOLATION : 0;
}

uint16_t uv_cpu_may_access(const struct uv_machine *machine,
			   const struct uv_config *config, uint64_t addr,
			   uint64_t gaddr)
{
	const struct uv_page *page = uv_storage_page(&machine->storage, addr);

	/* Beyond storage there is nothing to protect, and nothing else. */
	if (!page)
		return 0;
	if (config)
		return from_inside(page, config, gaddr);
	return page->state == UV_PAGE_SECURE || page->state == UV_PAGE_DONATED ?
	       PV_PGM_SECURE_ACCESS : 0;
}
