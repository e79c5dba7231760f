// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "boot_try.h"

uint8_t try_kernel[KERNEL_SIZE];
uint8_t try_stage3b[STAGE3B_SIZE];
const uint8_t try_cmdline[15] = "root=/dev/TEST";

static void fill_components(void)
{
	for (size_t i = 0; i < sizeof(try_kernel); i++)
		try_kernel[i] = (uint8_t)(i * 7 + 1);
	for (size_t i = 0; i < sizeof(try_kernel) - 64; i += 512)
		memcpy(try_kernel + i, MARKER, sizeof(MARKER));
	memset(try_stage3b, 0xb3, sizeof(try_stage3b));
}

void try_seal(struct try *try)
{
	seal_image(&try->image, try->fake->memory);
	seal_ipib(&try->image, try->block);
}

static void init_image(struct seal_image *image)
{
	*image = (struct seal_image){
		.header_addr = HEADER,
		.components = {
			{ 0x0028123456789abc, KERNEL, try_kernel, KERNEL_SIZE },
			{ 0x003c000000000000, CMDLINE, try_cmdline,
			  sizeof(try_cmdline) },
			{ 0x0046ffffffffffff, STAGE3B, try_stage3b,
			  STAGE3B_SIZE },
		},
		.count = 3,
	};
	seal_header_init(&image->header, fake_keys()->customer,
			 fake_keys()->host);
	memset(image->header.xts, 0x42, 32);
	image->header.psw_mask = 0x180000000;
	image->header.psw_addr = STAGE3B;
}

struct try *try_new(void)
{
	struct try *try = calloc(1, sizeof(*try));

	if (!try)
		abort();
	fill_components();
	try->fake = fake_new("z17");
	init_image(&try->image);
	/* What a loader left behind. */
	memset(try->fake->memory + IMAGE_END, 0x99,
	       sizeof(try->fake->memory) - IMAGE_END);
	try_seal(try);
	return try;
}

void try_free(struct try *try)
{
	fake_free(try->fake);
	free(try);
}

struct uv_config *try_boot(struct try *try)
{
	if (!try->parsed &&
	    uv_ipib_parse(&try->ipib, try->block, sizeof(try->fake->memory),
			  &try->err))
		abort();
	memcpy(try->before, try->fake->memory, sizeof(try->before));
	try->fake->said[0] = '\0';
	try->err = (struct uv_error){ 0 };
	try->fake->cpu.config = uv_boot_image(try->fake->uv, &try->ipib,
					      &try->psw, &try->code,
					      &try->err);
	return try->fake->cpu.config;
}

unsigned int try_pages_in_state(const struct try *try,
				enum uv_page_state state)
{
	unsigned int pages = 0;

	for (uint64_t i = 0; i < FAKE_PAGES; i++)
		pages += uv_page_state(try->fake->uv, i * FAKE_PAGE) == state;
	return pages;
}

bool try_is_zero(const uint8_t *bytes, size_t len)
{
	while (len && !bytes[len - 1])
		len--;
	return !len;
}
