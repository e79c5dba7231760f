/* SPDX-License-Identifier: MIT */
/* A fake machine with an SE image in its storage, about to boot. */
#ifndef TESTS_BOOT_TRY_H
#define TESTS_BOOT_TRY_H

#include "fake_machine.h"
#include "seal_image.h"

/* Where the image lies. */
#define HEADER		0x14000
#define KERNEL		0x15000
#define CMDLINE		0x18000
#define STAGE3B		0x19000
#define IMAGE_END	0x1b000
#define IMAGE_PAGES	6
#define MARKER		"a marker of the kernel"

/**
 * struct try - a machine about to boot
 * @block: the parameter block; parsed by try_boot()
 * @ipib: made from it, unless @parsed
 * @before: storage before the boot
 */
struct try {
	struct fake_machine *fake;
	struct seal_image image;
	uint8_t block[4096];
	bool parsed;
	struct uv_ipib ipib;
	struct uv_psw psw;
	uint64_t code;
	struct uv_error err;
	uint8_t before[FAKE_PAGES * FAKE_PAGE];
};

/* What the components hold; the kernel is full of markers. */
#define KERNEL_SIZE	0x2345
#define STAGE3B_SIZE	0x2000

extern uint8_t try_kernel[KERNEL_SIZE];
extern uint8_t try_stage3b[STAGE3B_SIZE];
extern const uint8_t try_cmdline[15];

/** try_new() - an image of three components and six pages, garbage behind it */
struct try *try_new(void);
void try_free(struct try *try);

/** try_seal() - put the image and its block there anew */
void try_seal(struct try *try);

/** try_boot() - boot; the CPU runs in the configuration then */
struct uv_config *try_boot(struct try *try);

/** try_pages_in_state() - how many pages of the machine are in @state */
unsigned int try_pages_in_state(const struct try *try,
				enum uv_page_state state);

bool try_is_zero(const uint8_t *bytes, size_t len);

#endif /* TESTS_BOOT_TRY_H */
