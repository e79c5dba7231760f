// SPDX-License-Identifier: MIT
/* A host moves pages of its guests: import, export, destroy, pin, unpin. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "config.h"
#include "fake_host.h"
#include "handle.h"
#include "pv/sie.h"
#include "tap.h"
#include "vcpu.h"

#define IMPORT	PV_CMD_CONV_TO_SEC_STOR
#define EXPORT	PV_CMD_CONV_FROM_SEC_STOR
#define DESTROY	PV_CMD_DESTROY_SEC_STOR
#define PIN	PV_CMD_PIN_PAGE_SHARED
#define UNPIN	PV_CMD_UNPIN_PAGE_SHARED
#define SHARE	PV_CMD_SET_SHARED_ACCESS
#define UNSHARE	PV_CMD_REMOVE_SHARED_ACCESS

#define GADDR	0x5000

/**
 * struct scene - a guest with a CPU, one page of which has a frame
 * @frame: absolute address of the frame, mapped at GADDR
 */
struct scene {
	struct fake_host *host;
	struct host_guest guest;
	struct host_cpu cpu;
	uint64_t frame;
};

static void guest_with_cpu(struct scene *scene)
{
	scene->guest = host_bring_up(scene->host, 1);
	host_create_cpu(scene->host, &scene->guest, &scene->cpu, 0);
	host_run(scene->host, &scene->guest);
	scene->frame = host_take(scene->host, FAKE_PAGE);
	host_map(scene->host, &scene->guest, GADDR, scene->frame);
}

static struct scene *set_scene(void)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	scene->host = host_initialized("z17");
	guest_with_cpu(scene);
	return scene;
}

static void end_scene(struct scene *scene)
{
	host_free(scene->host);
	free(scene);
}

static uint16_t import(struct scene *scene)
{
	return host_guest_page(scene->host, IMPORT, scene->guest.handle, GADDR);
}

static uint8_t *bytes(struct scene *scene)
{
	return scene->host->memory + scene->frame;
}

static enum uv_page_state state(const struct scene *scene)
{
	return uv_page_state(scene->host->uv, scene->frame);
}

/* What the guest would write there. */
static void fill(struct scene *scene, uint8_t seed)
{
	for (int i = 0; i < FAKE_PAGE; i++)
		bytes(scene)[i] = (uint8_t)(seed + 7 * i + i / 256);
}

static bool filled(struct scene *scene, uint8_t seed)
{
	for (int i = 0; i < FAKE_PAGE; i++) {
		if (bytes(scene)[i] != (uint8_t)(seed + 7 * i + i / 256))
			return false;
	}
	return true;
}

/* ---- import and export ---- */

static void test_first_use(void)
{
	struct scene *s = set_scene();
	unsigned int before = s->host->reduced;

	tap_equal(import(s), 1, "a page that was never used is imported");
	tap_equal(state(s), UV_PAGE_SECURE, "and is secure");
	tap_filled(bytes(s), FAKE_PAGE, 0, "and cleared");
	tap_equal(s->host->reduced, before + 1,
		  "the embedder is told once that its host lost access");
	tap_equal(s->host->reduced_page, s->frame, "and to which page");
	fill(s, 1);
	tap_equal(import(s), 1, "importing it again is a success");
	tap_ok(filled(s, 1), "that leaves its content alone");
	tap_equal(s->host->reduced, before + 1, "nobody lost anything by that");
	tap_equal(host_guest_page(s->host, IMPORT, s->guest.handle,
				  GADDR + 0x123), 1,
		  "any address within the page is accepted");
	end_scene(s);
}

static void test_round_trip(void)
{
	struct scene *s = set_scene();
	uint8_t view[FAKE_PAGE], first[FAKE_PAGE];
	unsigned int before;

	import(s);
	fill(s, 1);
	tap_equal((uint64_t)uv_host_view(s->host->uv, s->frame, view), 0,
		  "the host's view of it can be asked for");
	before = s->host->reduced;
	tap_equal(host_page(s->host, EXPORT, s->frame), 1, "it is exported");
	tap_equal(state(s), UV_PAGE_NORMAL, "and is normal");
	tap_equal(s->host->reduced, before + 1, "its guest lost access");
	tap_equal(s->host->reduced_page, s->frame, "to this page");
	tap_ok(!memcmp(view, bytes(s), FAKE_PAGE),
	       "the host sees what the view promised");
	tap_ok(!filled(s, 1), "which is not its content");
	memcpy(first, bytes(s), FAKE_PAGE);
	tap_equal(host_page(s->host, EXPORT, s->frame), 1,
		  "exporting a normal page is a success");
	tap_ok(!memcmp(first, bytes(s), FAKE_PAGE), "that changes nothing");
	tap_equal(import(s), 1, "it is imported again");
	tap_ok(filled(s, 1), "with its content");
	host_page(s->host, EXPORT, s->frame);
	tap_ok(memcmp(first, bytes(s), FAKE_PAGE),
	       "a second export of the same content looks different");
	end_scene(s);
}

/* The content goes into whatever frame the host finds for it. */
static void test_other_frame(void)
{
	struct scene *s = set_scene();
	uint64_t frame = host_take(s->host, FAKE_PAGE);

	import(s);
	fill(s, 3);
	host_page(s->host, EXPORT, s->frame);
	memcpy(s->host->memory + frame, bytes(s), FAKE_PAGE);
	s->frame = frame;
	host_map(s->host, &s->guest, GADDR, frame);
	tap_equal(import(s), 1, "an exported page may come back elsewhere");
	tap_ok(filled(s, 3), "with its content");
	end_scene(s);
}

static void expect_refused(struct scene *s, const char *what)
{
	uint8_t before[FAKE_PAGE];

	memcpy(before, bytes(s), FAKE_PAGE);
	tap_equal(import(s), 0x1f1, "%s is refused", what);
	tap_equal(state(s), UV_PAGE_NORMAL, "%s: the frame stays normal", what);
	tap_ok(!memcmp(before, bytes(s), FAKE_PAGE),
	       "%s: the frame stays as it is", what);
}

static void test_tampering(void)
{
	static const unsigned int places[] = { 0, 1, 2048, 4095 };
	struct scene *s = set_scene();
	uint8_t old[FAKE_PAGE], current[FAKE_PAGE];

	import(s);
	fill(s, 1);
	host_page(s->host, EXPORT, s->frame);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		bytes(s)[places[i]] ^= (uint8_t)(1 << i);
		expect_refused(s, "a page with a changed bit");
		bytes(s)[places[i]] ^= (uint8_t)(1 << i);
	}
	memcpy(old, bytes(s), FAKE_PAGE);
	tap_equal(import(s), 1, "the page itself is accepted after all that");
	fill(s, 2);
	host_page(s->host, EXPORT, s->frame);
	memcpy(current, bytes(s), FAKE_PAGE);
	memcpy(bytes(s), old, FAKE_PAGE);
	expect_refused(s, "an older version of the page");
	memset(bytes(s), 0, FAKE_PAGE);
	expect_refused(s, "a page of zeros");
	memcpy(bytes(s), current, FAKE_PAGE);
	tap_equal(import(s), 1, "the current version is accepted");
	tap_ok(filled(s, 2), "and has its content");
	end_scene(s);
}

static struct uv_vcpu *vcpu_of(const struct scene *s)
{
	return uv_vcpu_find(s->host->uv, s->cpu.handle);
}

/* A host that restarts a CPU stores an old PSW into what it exports. */
static void restart_by_host(struct scene *s)
{
	fill(s, 3);
	host_page(s->host, EXPORT, s->frame);
	memset(bytes(s) + 0x120, 0x5a, 16);
}

static void test_restart_psw(void)
{
	struct scene *s = set_scene();
	struct uv_vcpu *vcpu = vcpu_of(s);

	import(s);
	vcpu->state.prefix = GADDR;
	restart_by_host(s);
	tap_equal(import(s), 1, "the prefix page of a stopped CPU is accepted");
	tap_ok(filled(s, 3), "and its host's old PSW is not in it");
	vcpu->run = UV_VCPU_OPERATING;
	fill(s, 4);
	host_page(s->host, EXPORT, s->frame);
	tap_ok(import(s) == 1 && filled(s, 4),
	       "what was kept is not for a later export");
	restart_by_host(s);
	expect_refused(s, "an old PSW for a CPU that is operating");
	end_scene(s);

	s = set_scene();
	vcpu = vcpu_of(s);
	import(s);
	vcpu->state.prefix = GADDR;
	vcpu->run = UV_VCPU_OPERATING;
	vcpu->restart = true;
	restart_by_host(s);
	bytes(s)[0x130] ^= 1;
	expect_refused(s, "a prefix page that is changed elsewhere");
	bytes(s)[0x130] ^= 1;
	bytes(s)[0x11f] ^= 1;
	expect_refused(s, "a prefix page that is changed before it");
	bytes(s)[0x11f] ^= 1;
	tap_equal(import(s), 1, "the prefix page before a restart is accepted");
	vcpu->state.prefix = GADDR + 0x1000;
	restart_by_host(s);
	expect_refused(s, "an old PSW in another page");
	end_scene(s);
}

/* What belongs to one guest address or guest is of no use for another. */
static void test_swapping(void)
{
	struct scene *s = set_scene();
	struct scene other = { .host = s->host };

	import(s);
	fill(s, 1);
	host_page(s->host, EXPORT, s->frame);
	host_map(s->host, &s->guest, GADDR + 0x1000, s->frame);
	tap_equal(host_guest_page(s->host, IMPORT, s->guest.handle,
				  GADDR + 0x1000), 1,
		  "a page of another address is cleared if that was not used");
	tap_filled(bytes(s), FAKE_PAGE, 0, "so nothing of it is seen there");
	host_page(s->host, EXPORT, s->frame);
	expect_refused(s, "another page of the same guest");

	guest_with_cpu(&other);
	import(&other);
	host_page(s->host, EXPORT, other.frame);
	memcpy(bytes(s), bytes(&other), FAKE_PAGE);
	expect_refused(s, "the same page of another guest");
	end_scene(s);
}

/* Each of these would do; all of them together leave no doubt. */
static void test_mac(void)
{
	struct scene *s = set_scene();
	const struct uv_export *export =
		&uv_config_by_handle(s->host->uv, s->guest.handle)->export;
	uint8_t mac[UV_EXPORT_MAC_SIZE], other[UV_EXPORT_MAC_SIZE];

	fill(s, 1);
	uv_export_mac(export, GADDR, 7, bytes(s), mac);
	uv_export_mac(export, GADDR, 7, bytes(s), other);
	tap_ok(!memcmp(mac, other, sizeof(mac)), "an integrity value repeats");
	uv_export_mac(export, GADDR + 0x1000, 7, bytes(s), other);
	tap_ok(memcmp(mac, other, sizeof(mac)), "another address, another one");
	uv_export_mac(export, GADDR, 8, bytes(s), other);
	tap_ok(memcmp(mac, other, sizeof(mac)), "so with another component");
	bytes(s)[FAKE_PAGE - 1] ^= 1;
	uv_export_mac(export, GADDR, 7, bytes(s), other);
	tap_ok(memcmp(mac, other, sizeof(mac)), "and with another content");
	end_scene(s);
}

static void test_import_addresses(void)
{
	struct scene *s = set_scene();
	uint64_t handle = s->guest.handle, frame = s->frame;
	struct fake_host *host = s->host;

	tap_equal(host_guest_page(host, IMPORT, handle, HOST_MIB), 0x103,
		  "import: behind the end of the guest");
	tap_equal(host_guest_page(host, IMPORT, handle, UINT64_MAX), 0x103,
		  "import: the last of all addresses");
	tap_equal(host_guest_page(host, IMPORT, handle, GADDR + 0x1000), 0x10a,
		  "import: a page that is not mapped");
	host_map(host, &s->guest, GADDR, frame | 0x200);
	tap_equal(import(s), 0x10a, "import: a page that is mapped read-only");
	host_map(host, &s->guest, GADDR, HOST_MEMORY);
	tap_equal(import(s), 0x1f2, "import: a frame beyond storage");
	host_map(host, &s->guest, GADDR, s->guest.base);
	tap_equal(import(s), 0x1f2, "import: a frame that was donated");
	host_map(host, &s->guest, GADDR, frame);
	host->read_only = frame;
	tap_equal(import(s), 0x10a, "import: a frame that is no RAM");
	host->read_only = 0;
	tap_equal(state(s), UV_PAGE_NORMAL, "refusals leave the frame alone");
	tap_equal(import(s), 1, "import: all is well now");
	host_map(host, &s->guest, GADDR + 0x1000, frame);
	tap_equal(host_guest_page(host, IMPORT, handle, GADDR + 0x1000), 0x1f2,
		  "import: a frame that has another page of the guest");
	host_map(host, &s->guest, GADDR, host_take(host, FAKE_PAGE));
	tap_equal(import(s), 0x1f2,
		  "import: a page that is in another frame at present");
	end_scene(s);
}

static void test_export_addresses(void)
{
	static const uint16_t cmds[] = { EXPORT, DESTROY, PIN };
	struct scene *s = set_scene();
	const uint64_t places[] = {
		HOST_MEMORY, UINT64_MAX - 0xfff, s->frame + 1, HOST_BASE,
		s->guest.base, s->cpu.storage, s->guest.variable - HOST_HOME,
	};

	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(places); j++)
			tap_equal(host_page(s->host, cmds[i], places[j]), 0x107,
				  "0x%04x of 0x%llx: is no page for that",
				  cmds[i], (unsigned long long)places[j]);
	}
	end_scene(s);
}

/* ---- what must stay the host's ---- */

static void test_prefix_area(void)
{
	struct scene *s = set_scene();

	for (s->frame = HOST_PREFIX; s->frame < 2 * FAKE_PAGE;
	     s->frame += FAKE_PAGE) {
		fill(s, 1);
		host_map(s->host, &s->guest, GADDR, s->frame);
		tap_equal(import(s), 0x1f2, "a prefix area is not imported");
		tap_ok(filled(s, 1) && state(s) == UV_PAGE_NORMAL,
		       "and stays as it is");
	}
	end_scene(s);
}

/* The same call with its block at another address: rc, 0 if there is no cc. */
static uint16_t call_at(struct scene *s, uint64_t addr, unsigned int len)
{
	uint8_t *block = s->host->memory + addr;

	memcpy(block, s->host->memory + HOST_BLOCK, len);
	if (uv_call(s->host->uv, &s->host->cpu, 0, addr) < 0)
		return 0;
	return fake_get16(block + 4);
}

static void test_own_block(void)
{
	static const struct {
		int64_t at;
		uint16_t rc;
		const char *name;
	} cases[] = {
		{ 0, 0x1f2, "at its start" },
		{ FAKE_PAGE - 0x28, 0x1f2, "at its end" },
		{ -8, 0x1f2, "that ends in it" },
		{ FAKE_PAGE - 8, 0x1f2, "that begins in it" },
		{ FAKE_PAGE, 1, "right behind it" },
		{ -0x28, 1, "right before it" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene *s = set_scene();
		uint64_t around = host_take(s->host, 3 * FAKE_PAGE);

		s->frame = around + FAKE_PAGE;
		host_map(s->host, &s->guest, GADDR, s->frame);
		fake_put64(host_block(s->host, IMPORT, 0x28) + 0x18,
			   s->guest.handle);
		fake_put64(s->host->memory + HOST_BLOCK + 0x20, GADDR);
		tap_equal(call_at(s, s->frame + (uint64_t)cases[i].at, 0x28),
			  cases[i].rc, "import of a page, with a block %s",
			  cases[i].name);
		tap_equal(state(s) == UV_PAGE_SECURE, cases[i].rc == 1,
			  "the block %s: is the page secure?", cases[i].name);
		end_scene(s);
	}
}

/* Where a walk ends would tell the host what stands in a table. */
static void test_hidden_tables(void)
{
	struct scene *s = set_scene();
	struct scene other = { .host = s->host };
	uint64_t free = host_take(s->host, FAKE_PAGE);

	guest_with_cpu(&other);
	import(&other);
	for (int i = 0; i < 256; i++)
		fake_put64(bytes(&other) + 8 * i, free);
	fake_put64(s->host->memory + s->guest.segments, other.frame);
	tap_equal(import(s), 0x10a, "a secure page is no page table");
	tap_equal(uv_page_state(s->host->uv, free), UV_PAGE_NORMAL,
		  "what stands there is not followed");
	host_page(s->host, EXPORT, other.frame);
	for (int i = 0; i < 256; i++)
		fake_put64(bytes(&other) + 8 * i, free);
	tap_equal(import(s), 1, "a page of the host is one");
	end_scene(s);
}

/* ---- destroy ---- */

static void test_destroy(void)
{
	struct scene *s = set_scene();
	unsigned int before;

	import(s);
	fill(s, 1);
	tap_equal(host_page(s->host, DESTROY, s->frame), 0x1f4,
		  "a page is not destroyed while its owner has CPUs");
	tap_ok(filled(s, 1) && state(s) == UV_PAGE_SECURE, "nor changed");
	host_handle_call(s->host, PV_CMD_DESTROY_SEC_CPU, s->cpu.handle);
	tap_equal(host_page(s->host, DESTROY, s->frame), 1,
		  "it is when the last CPU is gone");
	tap_filled(bytes(s), FAKE_PAGE, 0, "it is cleared");
	tap_equal(state(s), UV_PAGE_NORMAL, "and normal");
	bytes(s)[0] = 1;
	tap_equal(host_page(s->host, DESTROY, s->frame), 1,
		  "destroying a normal page is a success");
	tap_equal(bytes(s)[0], 1, "that changes nothing");
	fill(s, 9);
	before = s->host->reduced;
	tap_equal(import(s), 0x1f1, "the guest's page does not come back");
	tap_ok(filled(s, 9) && state(s) == UV_PAGE_NORMAL &&
	       s->host->reduced == before, "and the frame stays as it is");
	host_create_cpu(s->host, &s->guest, &s->cpu, 0);
	tap_equal(import(s), 0x1f1, "not even when there are CPUs again");
	end_scene(s);
}

static void test_abandoned(void)
{
	struct scene *s = set_scene();
	uint64_t second = host_take(s->host, FAKE_PAGE);
	struct scene other = { .host = s->host };
	uint8_t view[FAKE_PAGE];

	import(s);
	fill(s, 1);
	host_map(s->host, &s->guest, GADDR + 0x1000, second);
	host_guest_page(s->host, IMPORT, s->guest.handle, GADDR + 0x1000);
	host_handle_call(s->host, PV_CMD_DESTROY_SEC_CPU, s->cpu.handle);
	tap_equal(host_handle_call(s->host, PV_CMD_DESTROY_SEC_CONF_FAST,
				   s->guest.handle), 1,
		  "a configuration is destroyed without its pages");
	tap_equal(state(s), UV_PAGE_SECURE, "which stay secure");
	guest_with_cpu(&other);
	host_map(s->host, &other.guest, GADDR, s->frame);
	tap_equal(import(&other), 0x1f2, "and are not for anybody else");
	tap_equal(host_page(s->host, DESTROY, s->frame), 1,
		  "one of them can be destroyed");
	tap_filled(bytes(s), FAKE_PAGE, 0, "and is cleared");
	s->frame = second;
	memset(bytes(s), 0x77, FAKE_PAGE);
	tap_equal((uint64_t)uv_host_view(s->host->uv, second, view), 0,
		  "a view of another can be asked for");
	tap_filled(view, FAKE_PAGE, 0, "and shows nothing");
	tap_equal(host_page(s->host, EXPORT, second), 1,
		  "it can be exported");
	tap_filled(bytes(s), FAKE_PAGE, 0,
		   "which gives nothing, as its keys are gone");
	tap_equal(state(s), UV_PAGE_NORMAL, "and it is normal");
	end_scene(s);
}

/* ---- shared pages ---- */

static void test_guest_shares(void)
{
	struct scene *s = set_scene();
	int result = host_share(s->host, &s->cpu, SHARE, GADDR);

	tap_ok(result == UV_CALL_SIE && s->host->sie.action == UV_SIE_FAULT &&
	       s->host->sie.code == PV_PGM_NON_SECURE_ACCESS &&
	       s->host->sie.gaddr == GADDR && s->host->sie.store,
	       "sharing a page that is not there is the host's fault");
	import(s);
	fill(s, 1);
	tap_equal((uint64_t)host_share(s->host, &s->cpu, SHARE, GADDR), 1,
		  "then the guest shares it");
	tap_equal(state(s), UV_PAGE_SHARED, "and it is shared");
	tap_ok(filled(s, 1), "with its content");
	tap_equal(import(s), 1, "importing a shared page is a success");
	tap_equal(state(s), UV_PAGE_SHARED, "that leaves it shared");
	tap_equal((uint64_t)host_share(s->host, &s->cpu, SHARE, GADDR + 1),
		  0x101, "an address that is no page is refused");
	tap_equal((uint64_t)host_share(s->host, &s->cpu, SHARE, HOST_MIB),
		  0x101, "an address behind the guest is refused");
	result = host_share(s->host, &s->cpu, SHARE, GADDR + 0x1000);
	tap_ok(result == UV_CALL_SIE && s->host->sie.action == UV_SIE_FAULT &&
	       s->host->sie.code == 0x11,
	       "a page that the host has not mapped is a fault of the host");
	tap_equal((uint64_t)host_share(s->host, &s->cpu, UNSHARE, GADDR), 1,
		  "the guest unshares its page");
	tap_equal(state(s), UV_PAGE_SECURE, "and it is secure");
	end_scene(s);
}

static void test_pin(void)
{
	struct scene *s = set_scene();

	tap_equal(host_page(s->host, PIN, s->frame), 0x107,
		  "a normal page is not pinned");
	import(s);
	tap_equal(host_page(s->host, PIN, s->frame), 0x107,
		  "nor is a secure one");
	tap_equal(host_guest_page(s->host, UNPIN, s->guest.handle, GADDR),
		  0x107, "nor can it be unpinned");
	host_share(s->host, &s->cpu, SHARE, GADDR);
	tap_equal(host_guest_page(s->host, UNPIN, s->guest.handle, GADDR), 1,
		  "unpinning a shared page is a success");
	tap_equal(host_page(s->host, PIN, s->frame), 1, "it can be pinned");
	tap_equal(state(s), UV_PAGE_PINNED, "and is pinned");
	tap_equal(host_page(s->host, PIN, s->frame), 1, "twice");
	tap_ok(host_share(s->host, &s->cpu, UNSHARE, GADDR) == UV_CALL_SIE &&
	       s->host->sie.action == UV_SIE_EXIT,
	       "the host is asked when the guest wants to unshare it");
	tap_equal(state(s), UV_PAGE_PINNED, "which has not happened yet");
	tap_equal(host_guest_page(s->host, UNPIN, s->guest.handle, HOST_MIB),
		  0x103, "unpin: behind the end of the guest");
	tap_equal(host_guest_page(s->host, UNPIN, s->guest.handle,
				  GADDR + 0x1000), 0x10a,
		  "unpin: a page that is not mapped");
	tap_equal(host_guest_page(s->host, UNPIN, s->guest.handle, GADDR), 1,
		  "the host unpins it");
	tap_equal((uint64_t)host_share(s->host, &s->cpu, UNSHARE, GADDR), 1,
		  "then the guest's repeated call succeeds");
	tap_equal(state(s), UV_PAGE_SECURE, "and the page is secure");
	end_scene(s);
}

/* A host may unmap a shared page without the guest noticing. */
static void test_shared_away(void)
{
	struct scene *s = set_scene();
	uint64_t frame = host_take(s->host, FAKE_PAGE);
	unsigned int before;

	import(s);
	host_share(s->host, &s->cpu, SHARE, GADDR);
	host_page(s->host, PIN, s->frame);
	fill(s, 1);
	tap_equal(host_page(s->host, EXPORT, s->frame), 1,
		  "a shared page, even a pinned one, can be exported");
	tap_ok(filled(s, 1) && state(s) == UV_PAGE_NORMAL,
	       "and its content stays in clear");
	tap_ok(host_share(s->host, &s->cpu, UNSHARE, GADDR) == UV_CALL_SIE &&
	       s->host->sie.code == PV_PGM_NON_SECURE_ACCESS,
	       "it must come back before the guest can unshare it");
	before = s->host->reduced;
	s->frame = frame;
	fill(s, 2);
	host_map(s->host, &s->guest, GADDR, frame);
	tap_equal(import(s), 1, "it comes back in another frame");
	tap_ok(filled(s, 2) && state(s) == UV_PAGE_SHARED,
	       "shared, with what stands there");
	tap_equal(s->host->reduced, before, "nobody lost access by that");
	host_page(s->host, EXPORT, s->frame);
	tap_equal(host_handle_call(s->host, PV_CMD_SET_UNSHARE_ALL,
				   s->guest.handle), 1, "all is unshared");
	tap_equal(import(s), 1, "then it comes back");
	tap_filled(bytes(s), FAKE_PAGE, 0, "as one that was never used");
	tap_equal(state(s), UV_PAGE_SECURE, "and secure");
	end_scene(s);
}

/* Another guest gets a frame that a guest shares. */
static void test_takeover(void)
{
	struct scene *s = set_scene();
	struct scene other = { .host = s->host };
	unsigned int before;

	guest_with_cpu(&other);
	host_map(s->host, &other.guest, GADDR, s->frame);
	import(s);
	tap_equal(import(&other), 0x1f2, "a secure page is not taken over");
	host_share(s->host, &s->cpu, SHARE, GADDR);
	before = s->host->reduced;
	tap_equal(import(&other), 1, "a shared page is");
	tap_equal(s->host->reduced, before + 1, "one guest lost it");
	tap_equal(s->host->reduced_page, s->frame, "and nothing else");
	tap_equal(state(s), UV_PAGE_SECURE, "the other one has it for itself");
	tap_filled(bytes(s), FAKE_PAGE, 0, "cleared");
	tap_equal(uv_cpu_may_access(s->host->uv,
				    uv_config_by_handle(s->host->uv,
							s->guest.handle),
				    s->frame, GADDR), PV_PGM_SECURE_VIOLATION,
		  "the first one would be stopped there");
	s->frame = host_take(s->host, FAKE_PAGE);
	fill(s, 4);
	host_map(s->host, &s->guest, GADDR, s->frame);
	tap_ok(import(s) == 1 && state(s) == UV_PAGE_SHARED && filled(s, 4),
	       "the first one's page is still a shared one");
	end_scene(s);
}

/* ---- who may touch what ---- */

static uint16_t from_guest(const struct scene *s, const struct scene *whose,
			   uint64_t gaddr)
{
	return uv_cpu_may_access(s->host->uv,
				 uv_config_by_handle(s->host->uv,
						     whose->guest.handle),
				 s->frame, gaddr);
}

static void expect_access(const struct scene *s, const struct scene *other,
			  const uint16_t want[4], const char *what)
{
	tap_equal(uv_cpu_may_access(s->host->uv, NULL, s->frame, 0), want[0],
		  "%s page: its host", what);
	tap_equal(from_guest(s, s, GADDR + 0xfff), want[1], "%s page: its guest",
		  what);
	tap_equal(from_guest(s, s, GADDR + 0x1000), want[2],
		  "%s page: its guest, at another address", what);
	tap_equal(from_guest(s, other, GADDR), want[3],
		  "%s page: another guest", what);
	tap_equal(uv_device_may_access(s->host->uv, s->frame, 1), !want[0],
		  "%s page: a device", what);
}

static void test_access(void)
{
	struct scene *s = set_scene();
	struct scene other = { .host = s->host }, donated;

	guest_with_cpu(&other);
	expect_access(s, &other, (uint16_t []){ 0, 0x3e, 0x3e, 0x3e },
		      "normal");
	import(s);
	expect_access(s, &other, (uint16_t []){ 0x3d, 0, 0x3f, 0x3f },
		      "secure");
	host_share(s->host, &s->cpu, SHARE, GADDR);
	expect_access(s, &other, (uint16_t []){ 0, 0, 0x3f, 0x3e }, "shared");
	host_page(s->host, PIN, s->frame);
	expect_access(s, &other, (uint16_t []){ 0, 0, 0x3f, 0x3e }, "pinned");
	donated = *s;
	donated.frame = s->guest.base;
	expect_access(&donated, &other,
		      (uint16_t []){ 0x3d, 0x3f, 0x3f, 0x3f }, "donated");
	tap_equal(uv_cpu_may_access(s->host->uv, NULL, HOST_MEMORY, 0), 0,
		  "there is nothing to protect beyond storage");
	end_scene(s);
}

int main(void)
{
	tap_begin();
	test_first_use();
	test_round_trip();
	test_other_frame();
	test_tampering();
	test_restart_psw();
	test_swapping();
	test_mac();
	test_import_addresses();
	test_export_addresses();
	test_prefix_area();
	test_own_block();
	test_hidden_tables();
	test_destroy();
	test_abandoned();
	test_guest_shares();
	test_pin();
	test_shared_away();
	test_takeover();
	test_access();
	return tap_end();
}
