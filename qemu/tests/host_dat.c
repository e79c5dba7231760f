// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pages that are taken from a host while it translates addresses: by which
 * space the interruption names them, stale translations, tables that are
 * hidden; and storage that is donated by its virtual address.
 */
#include "dat.h"
#include "host.h"

#define VIRTUAL		(ALIAS + (1UL << 20))	/* of variable storage */
#define FRAMES		(40UL << 20)		/* where it really is */

/* In the response to a query. */
#define QUI_CONF_BASE	10
#define QUI_VIRT_FIXED	11
#define QUI_VIRT_PER_MB	12

static struct space primary, secondary, home, guest;

struct touch {
	uint64_t (*how)(uint64_t addr);
	uint64_t addr;
	unsigned int asc;
};

static uint64_t touch(uint64_t arg)
{
	const struct touch *t = (void *)arg;
	uint64_t ret;

	dat_on(t->asc);
	ret = t->how(t->addr);
	dat_off();
	return ret;
}

/* For catch_pgm(). Return: the code, 0 for none */
static uint16_t touched(uint64_t (*how)(uint64_t), uint64_t addr,
			unsigned int asc)
{
	struct touch t = { how, addr, asc };
	uint64_t ret;

	return catch_pgm(touch, (uint64_t)&t, &ret) ? pgm_code() : 0;
}

static void load_asces(void)
{
	uint64_t cr[3] = { asce(&primary), asce(&secondary), asce(&home) };

	asm volatile("lctlg 1,1,%0\n"
		     "lctlg 7,7,%1\n"
		     "lctlg 13,13,%2"
		     : : "Q" (cr[0]), "Q" (cr[1]), "Q" (cr[2]) : "memory");
}

static void map_all(uint64_t addr, uint64_t frame)
{
	map(&primary, addr, frame);
	map(&secondary, addr, frame);
	map(&home, addr, frame);
}

static void test_space(uint64_t (*how)(uint64_t), uint64_t kind,
		       unsigned int asc, const char *name)
{
	uint16_t code = touched(how, ALIAS + 0x100, asc);

	check(code == PGM_SECURE_ACCESS &&
	      pgm_teid() == (ALIAS | kind | TEID_BIT_61 | asc), name);
	show("code", code);
	show("teid", pgm_teid());
}

/* The translation is there already when the page is taken away. */
static void test_spaces(void)
{
	map_all(ALIAS, BASE_STORAGE);
	check(!touched(load, ALIAS, 0) && !touched(store, ALIAS, 2) &&
	      !touched(load, ALIAS, 3), "a page is used in all spaces");
	check_equal(host_init(), 1, "init");
	test_space(load, TEID_FETCH, 0, "load, primary space");
	test_space(store, TEID_STORE, 0, "store, primary space");
	test_space(load, TEID_FETCH, TEID_SECONDARY, "load, secondary space");
	test_space(store, TEID_STORE, TEID_SECONDARY, "store, secondary space");
	test_space(load, TEID_FETCH, TEID_HOME, "load, home space");
	test_space(store, TEID_STORE, TEID_HOME, "store, home space");
	test_space(fetch, TEID_FETCH, 0, "fetch, primary space");
	check_equal(pgm_old_addr(), ALIAS + 0x100, "fetch nullifies");
}

static void test_tables(void)
{
	uint64_t entry = home.segments[ALIAS >> 20];

	home.segments[ALIAS >> 20] = BASE_STORAGE;
	asm volatile("ptlb" : : : "memory");
	check_equal(touched(load, ALIAS, 3), PGM_ADDRESSING,
		    "tables cannot be read from a hidden page");
	home.segments[ALIAS >> 20] = entry;
	asm volatile("ptlb" : : : "memory");
	check_equal(touched(uvc, ALIAS, 0), PGM_SECURE_ACCESS,
		    "an Ultravisor call without a block");
	check_equal(pgm_old_addr(), (uint64_t)uvc_insn, "and it is nullified");
}

static uint16_t query(uint64_t *base, uint64_t *variable)
{
	static uint64_t qui[36];
	struct uvcb *b = uvcb_init(qui, UVC_QUI, sizeof(qui));

	uvc((uint64_t)b);
	*base = qui[QUI_CONF_BASE];
	*variable = qui[QUI_VIRT_FIXED] +
		(qui[QUI_VIRT_PER_MB] * (GUEST_SIZE >> 20) + PAGE_SIZE - 1) /
		PAGE_SIZE * PAGE_SIZE;
	return b->rc;
}

/* Backwards, and with gaps: the pages in between stay the host's. */
static uint64_t frame_of(uint64_t offset, uint64_t size)
{
	return FRAMES + 2 * (size - PAGE_SIZE - offset);
}

static uint64_t handle;

static uint64_t create_dat(uint64_t variable)
{
	uint16_t rc;

	dat_on(0);
	rc = host_create(&guest, variable, &handle);
	dat_off();
	return rc;
}

static uint16_t create(uint64_t variable)
{
	uint64_t rc;

	return catch_pgm(create_dat, variable, &rc) ? 0 : rc;
}

static bool scattered(uint64_t size, bool hidden)
{
	uint64_t offset, frame;

	for (offset = 0; offset < size; offset += PAGE_SIZE) {
		frame = frame_of(offset, size);
		if (is_hidden(frame) != hidden ||
		    (!hidden && !are_clear(frame, PAGE_SIZE)) ||
		    is_hidden(frame + PAGE_SIZE))
			return false;
	}
	return true;
}

static void map_variable(uint64_t size)
{
	uint64_t offset, frame;

	for (offset = 0; offset < size; offset += PAGE_SIZE) {
		frame = frame_of(offset, size);
		memset((void *)frame, 0xa5, PAGE_SIZE);
		map(&home, VIRTUAL + offset, frame);
	}
}

/* What the machine says of its prefix areas. */
static void test_prefix(void)
{
	uint64_t base[8] = { 0, 0, VIRTUAL, 0, 0, GUEST_SIZE, SCA,
			     asce(&guest) | ASCE_PRIVATE };

	check_equal(host_call(UVC_CREATE_CONF, 0x80, base, 8), 0x109,
		    "the prefix area cannot be donated");
}

static void test_variable(void)
{
	uint64_t base, size;
	uint16_t rc;

	check_equal(query(&base, &size), 1, "query");
	map_variable(size);
	map(&home, VIRTUAL + size - PAGE_SIZE, PAGE_INVALID);
	check_equal(create(VIRTUAL), 0x31, "variable storage is not mapped");
	map(&home, VIRTUAL + size - PAGE_SIZE, BASE_STORAGE);
	rc = create(VIRTUAL);
	check(rc > 0x100 && rc < 0x8000, "variable storage is donated already");
	show("rc", rc);
	check(!is_hidden(CONF_BASE) && !is_hidden(frame_of(0, size)),
	      "nothing was donated");

	map_variable(size);
	check_equal(create(VIRTUAL), 1, "a configuration");
	check(handle != 0, "it has a handle");
	check(are_hidden(CONF_BASE, base), "its base storage is hidden");
	check(scattered(size, true),
	      "its variable storage is hidden, and nothing else");
	check_equal(host_destroy(handle), 1, "it is destroyed");
	check(are_clear(CONF_BASE, base), "its base storage is back");
	check(scattered(size, false), "its variable storage is back");
}

int main(void)
{
	make_space(&primary);
	make_space(&secondary);
	make_space(&home);
	make_space(&guest);
	load_asces();
	test_spaces();
	test_tables();
	test_prefix();
	test_variable();
	plan();
	return 0;
}
