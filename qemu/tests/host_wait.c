// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A host with a guest's image, for who looks at it from outside, and resets it.
 */
#include "dat.h"
#include "host.h"
#include "image.h"

static struct space guest;

int main(void)
{
	uint64_t handle, page;

	say("# started\n");
	check(are_clear(BASE_STORAGE, BASE_SIZE), "nothing is donated yet");
	make_space(&guest);
	for (page = IMAGE_START; page < IMAGE_END; page += PAGE_SIZE)
		map(&guest, page, page);
	check_equal(host_init(), 1, "init");
	check_equal(host_create(&guest, VARIABLE, &handle), 1,
		    "a configuration");
	check(host_set_params(handle) == 1 && host_unpack(handle) == 0,
	      "its image is unpacked");
	say("# waiting\n");
	for (;;)
		;
}
