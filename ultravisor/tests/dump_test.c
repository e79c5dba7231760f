// SPDX-License-Identifier: MIT
/* Confidential dump: known answers, order of the calls, what they give away. */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "array.h"
#include "bytes.h"
#include "config.h"
#include "crypto.h"
#include "fake_host.h"
#include "handle.h"
#include "machine.h"
#include "open_dump.h"
#include "tap.h"
#include "sie.h"

#define INIT		PV_CMD_DUMP_INIT
#define STORAGE		PV_CMD_DUMP_CONF_STOR_STATE
#define CPU		PV_CMD_DUMP_CPU
#define COMPLETE	PV_CMD_DUMP_COMPLETE
#define EXPORT		PV_CMD_CONV_FROM_SEC_STOR
#define IMPORT		PV_CMD_CONV_TO_SEC_STOR
#define PIN		PV_CMD_PIN_PAGE_SHARED
#define SHARE		PV_CMD_SET_SHARED_ACCESS

#define ALLOW		UINT64_C(0x0000000020000000)
#define AREA_LEN	0x1000
#define FRAMES		8

/**
 * struct scene - a verified guest of two MiB whose dump is allowed
 * @area: home address of an area that crosses a page
 * @frames: for pages of the guest
 */
struct scene {
	struct fake_host *host;
	struct host_guest guest;
	struct host_cpu cpus[2];
	struct uv_config *config;
	uint64_t area;
	uint64_t frames[FRAMES];
};

static struct scene set_scene_at(uint64_t origin)
{
	struct scene s = { .host = host_initialized("z17") };

	s.guest = host_guest(s.host, 2 + origin / HOST_MIB);
	s.guest.len = 2 * HOST_MIB;
	s.guest.origin = origin;
	host_create(s.host, &s.guest);
	for (uint16_t i = 0; i < 2; i++)
		host_create_cpu(s.host, &s.guest, &s.cpus[i], i);
	s.config = host_run(s.host, &s.guest);
	s.config->image.pcf = ALLOW;
	for (unsigned int i = 0; i < PV_CCK_SIZE; i++)
		s.config->image.secret.cck[i] = (uint8_t)i;
	s.area = HOST_HOME + host_take(s.host, 0x4000) + 0x800;
	for (unsigned int i = 0; i < FRAMES; i++)
		s.frames[i] = host_take(s.host, FAKE_PAGE);
	return s;
}

static struct scene set_scene(void)
{
	return set_scene_at(0);
}

static void end_scene(struct scene *s)
{
	host_free(s->host);
}

static uint16_t init(struct scene *s)
{
	return host_handle_call(s->host, INIT, s->guest.handle);
}

static uint16_t storage(struct scene *s, uint64_t gaddr)
{
	return host_dump(s->host, STORAGE, s->guest.handle, s->area, gaddr);
}

static uint16_t dump_cpu(struct scene *s, int cpu)
{
	return host_dump(s->host, CPU, s->cpus[cpu].handle, s->area, 0);
}

static uint16_t complete(struct scene *s)
{
	return host_dump(s->host, COMPLETE, s->guest.handle, s->area, 0);
}

static struct uv_vcpu *vcpu(struct scene *s, int cpu)
{
	return uv_vcpu_find(s->host->uv, s->cpus[cpu].handle);
}

static uint8_t *at(struct scene *s, uint64_t offset)
{
	return s->host->memory + ((s->area + offset - HOST_HOME) ^ FAKE_PAGE);
}

static void mark_area(struct scene *s)
{
	for (uint64_t i = 0; i <= AREA_LEN; i++)
		*at(s, i) = 0xee;
}

static bool untouched(struct scene *s)
{
	for (uint64_t i = 0; i <= AREA_LEN; i++) {
		if (*at(s, i) != 0xee)
			return false;
	}
	return true;
}

static void take_area(struct scene *s, uint8_t area[AREA_LEN])
{
	for (uint64_t i = 0; i < AREA_LEN; i++)
		area[i] = *at(s, i);
}

/* A page of the guest that is full of one byte. */
static void give_page(struct scene *s, uint64_t gaddr, unsigned int frame)
{
	gaddr += s->guest.origin;
	host_map(s->host, &s->guest, gaddr, s->frames[frame]);
	if (host_guest_page(s->host, IMPORT, s->guest.handle, gaddr) != 1)
		abort();
	memset(s->host->memory + s->frames[frame], (int)(0x50 + frame),
	       FAKE_PAGE);
}

/* ---- known answers ---- */

/* The seed 40 41 ... 7f. */
static bool known_random(void *opaque, void *buf, size_t len)
{
	uint8_t *bytes = buf;

	(void)opaque;
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(0x40 + i);
	return true;
}

static void known_export(struct uv_export *export)
{
	for (unsigned int i = 0; i < sizeof(export->key); i++)
		export->key[i] = (uint8_t)(0x80 + i);
	for (unsigned int i = 0; i < sizeof(export->nonce); i++)
		export->nonce[i] = (uint8_t)(0xc0 + i);
	EVP_CIPHER_CTX_free(export->encrypt);
	export->encrypt = uv_xts_new(export->key, true);
}

static void is_hash(const void *data, size_t len, const char *want,
		    const char *name)
{
	uint8_t hash[32];

	uv_sha256(data, len, hash);
	tap_bytes(hash, sizeof(hash), want, "%s", name);
}

static void known_cpu(struct scene *s)
{
	uint8_t area[AREA_LEN];

	memset(&vcpu(s, 0)->state, 0, sizeof(struct uv_cpu_state));
	mark_area(s);
	tap_equal(dump_cpu(s, 0), 1, "known answer: CPU");
	take_area(s, area);
	tap_bytes(area, 32,
		  "00000001000006200000000000000000"
		  "00000001000000000000000000000000",
		  "known answer: head of the CPU's area");
	tap_bytes(area + 32, 16, "ce9edd26f43e0c93a40024a303d67dcf",
		  "known answer: first bytes of the CPU");
	is_hash(area + 32, 1520,
		"8c7ca2c7865148e950d5ec1abd5ebdb36f52b2786eaf9e7744fa80001ba0469b",
		"known answer: the CPU");
	tap_bytes(area + 1552, 16, "b44160e9701bf9a4d994fd00606eb40a",
		  "known answer: tag of the CPU");
	tap_filled(area + 1568, AREA_LEN - 1568, 0, "the rest is zero");
	tap_equal(*at(s, AREA_LEN), 0xee, "and nothing behind it is stored");
}

/* Under the IV of the known answer, which is not the one that we choose. */
static void known_completion(const uint8_t *area)
{
	uint8_t head[96], data[176], tag[16];
	struct open_dump opened = { 0 };
	uint8_t cck[32];
	struct uv_sealing sealing = {
		.iv = head + 0x50, .aad = head, .aad_len = sizeof(head),
		.data = data, .len = sizeof(data), .tag = tag,
	};

	for (unsigned int i = 0; i < sizeof(cck); i++)
		cck[i] = (uint8_t)i;
	tap_ok(open_dump(cck, area, &opened), "completion data can be opened");
	memcpy(head, area, sizeof(head));
	for (unsigned int i = 0; i < 12; i++)
		head[0x50 + i] = (uint8_t)(0xe0 + i);
	memset(data, 0, sizeof(data));
	memcpy(data, opened.nonce, 16);
	memcpy(data + 16, opened.xts, 64);
	tap_ok(uv_gcm_seal(opened.key, &sealing), "and sealed again");
	tap_bytes(data, sizeof(data),
		  "c9ab751ce4a947fe6168b1131a6af7ff91a8d065b0648d1edf45a23bb87d034f"
		  "1b269af8145e278e2e72c28df46b18311a6376787474dd2b56c59c14020267bd"
		  "357422b057cbd654bc058cecc90b1f1bfdc14fa8db22d5cf46381cb7e84d6b1c"
		  "9574437a1a9162e072f02a3e136e0b3b818e18dc76fb5004a8b4dc5c06f26a7d"
		  "3a364d3558353daa020a78b55d43d4ae424fb8048b9889b6eb9f269bd9a63f92"
		  "112421b72b449963fde9c7b06271a135",
		  "known answer: completion data");
	tap_bytes(tag, sizeof(tag), "92cdf75c4451adc905c16ceeedfeeb05",
		  "known answer: tag of completion data");
}

static void known_page(const struct uv_export *export)
{
	uint8_t page[FAKE_PAGE];

	for (unsigned int i = 0; i < sizeof(page); i++)
		page[i] = (uint8_t)(7 * 2 + 13 * i);
	uv_export_page(export, 3, page);
	tap_bytes(page, 16, "afc31815084dc3906ba7c6ac7fdd0bc5",
		  "known answer: first bytes of a page");
	is_hash(page, sizeof(page),
		"a5c7c327b7a63acc4efa61865c34c2595007fa1bc477482482556c4fcaeb8ecf",
		"known answer: a page");
}

static void test_known(void)
{
	struct scene s = set_scene();
	uint8_t area[AREA_LEN];

	known_export(&s.config->export);
	s.host->uv->ops.random = known_random;
	tap_equal(init(&s), 1, "known answer: initiate");
	tap_bytes(s.config->dump.key, 32,
		  "ac3f3150ad7223ede2f4c380efc85a2b9d5ba0dbc99a13f339e5a1d97b770784",
		  "known answer: dump key");
	known_cpu(&s);
	mark_area(&s);
	tap_equal(complete(&s), 1, "known answer: complete");
	take_area(&s, area);
	tap_bytes(area, 16, "00000001000001200000000000000000",
		  "known answer: head of completion data");
	tap_filled(area + 0x50, 16, 0, "its IV is the first one");
	known_completion(area);
	tap_filled(area + 288, AREA_LEN - 288, 0, "the rest is zero");
	tap_equal(*at(&s, AREA_LEN), 0xee, "and nothing behind it is stored");
	known_page(&s.config->export);
	end_scene(&s);
}

/* ---- order ---- */

/* Nobody who has not begun a dump gets anything. */
static void test_states(void)
{
	static const struct {
		enum uv_config_state state;
		uint16_t rc;
		const char *name;
	} cases[] = {
		{ UV_CONFIG_CREATED, 3, "created" },
		{ UV_CONFIG_PARAMS_SET, 3, "parameters set" },
		{ UV_CONFIG_UNPACKING, 3, "unpacking" },
		{ UV_CONFIG_VERIFIED, 1, "verified" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *name = cases[i].name;
		struct scene s = set_scene();

		s.config->state = cases[i].state;
		mark_area(&s);
		tap_equal(storage(&s, 0), 3, "%s: dump storage", name);
		tap_equal(dump_cpu(&s, 1), 3, "%s: dump CPU", name);
		tap_equal(complete(&s), 3, "%s: complete", name);
		tap_ok(untouched(&s), "%s: nothing is stored", name);
		tap_equal(init(&s), cases[i].rc, "%s: initiate", name);
		end_scene(&s);
	}
}

static void test_dumping(void)
{
	struct scene s = set_scene();

	init(&s);
	tap_equal(init(&s), 3, "dumping: initiate");
	for (int i = 0; i < 2; i++) {
		tap_equal(dump_cpu(&s, 1), 1, "dumping: dump CPU");
		tap_equal(storage(&s, 0), 1, "dumping: dump storage");
	}
	tap_equal(complete(&s), 1, "dumping: complete");
	tap_equal(storage(&s, 0), 3, "completed: dump storage");
	tap_equal(dump_cpu(&s, 1), 3, "completed: dump CPU");
	tap_equal(init(&s), 1, "completed: initiate");
	end_scene(&s);
}

static void test_order(void)
{
	struct scene s = set_scene();
	uint64_t good = s.guest.handle;

	s.guest.handle ^= 1;
	tap_equal(init(&s), 0x20, "initiate: no such configuration");
	tap_equal(storage(&s, 1), 0x20, "storage: no such configuration");
	tap_equal(complete(&s), 0x20, "complete: no such configuration");
	s.guest.handle = good;
	s.cpus[0].handle ^= 1;
	tap_equal(dump_cpu(&s, 0), 0x21, "CPU: no such CPU");
	s.cpus[0].handle = 0;
	tap_equal(dump_cpu(&s, 0), 0x21, "CPU: handle zero");
	s.host->hole = s.area & ~UINT64_C(0xfff);
	tap_equal(storage(&s, 1), 3, "storage: state before address");
	tap_equal(dump_cpu(&s, 1), 3, "CPU: state before area");
	s.config->image.pcf = 0;
	s.config->state = UV_CONFIG_UNPACKING;
	tap_equal(init(&s), 3, "initiate: state before leave");
	s.config->state = UV_CONFIG_VERIFIED;
	vcpu(&s, 1)->in_sie = true;
	tap_equal(init(&s), 0x101, "initiate: leave before CPUs in SIE");
	s.config->image.pcf = ALLOW;
	tap_equal(init(&s), 3, "initiate: a CPU is in SIE");
	vcpu(&s, 1)->in_sie = false;
	tap_equal(init(&s), 1, "initiate: none is");
	tap_equal(storage(&s, 1), 0x103, "storage: address before area");
	end_scene(&s);
}

static void test_leave(void)
{
	struct scene s = set_scene();

	s.config->image.pcf = ~ALLOW;
	tap_equal(init(&s), 0x101, "the SE header does not allow dumps");
	tap_ok(!s.config->dump.active, "and none begins");
	s.config->image.pcf = ALLOW;
	s.config->dump_disabled = true;
	tap_equal(init(&s), 0x101, "a secret has disabled dumps");
	s.config->dump_disabled = false;
	tap_equal(init(&s), 1, "neither is the case");
	end_scene(&s);
}

static void test_profiles(void)
{
	static const uint16_t cmds[] = { INIT, STORAGE, CPU, COMPLETE };
	struct fake_host *host = host_initialized("z15");

	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++)
		tap_equal(host_dump(host, cmds[i], 1, 0, 0), 2,
			  "a z15 has no command %04x", cmds[i]);
	host_free(host);
	host = host_initialized("z16");
	for (size_t i = 0; i < ARRAY_SIZE(cmds); i++) {
		fake_put64(host_block(host, cmds[i], cmds[i] == INIT ? 0x50 :
				      0x40) + 0x18, 1);
		tap_equal(host_call(host), 5, "command %04x has one length",
			  cmds[i]);
	}
	host_free(host);
	host = host_new("z16");
	tap_equal(host_dump(host, COMPLETE, 1, 0, 0), 3,
		  "no dump before the Ultravisor is initialized");
	host_free(host);
}

/* ---- areas ---- */

static uint16_t dump_first_cpu(struct scene *s)
{
	return dump_cpu(s, 0);
}

static uint16_t first_storage(struct scene *s)
{
	return storage(s, 0);
}

static void test_area(uint16_t (*call)(struct scene *s), const char *name)
{
	struct scene s = set_scene();
	uint64_t area = s.area;

	init(&s);
	mark_area(&s);
	s.host->hole = area & ~UINT64_C(0xfff);
	tap_equal(call(&s), 0x102, "%s: area is not mapped", name);
	s.host->hole += FAKE_PAGE;
	tap_equal(call(&s), 0x102, "%s: end of the area is not mapped", name);
	s.host->hole = 0;
	s.host->real_space = true;
	tap_equal(call(&s), 0x30, "%s: home is a real space", name);
	s.host->real_space = false;
	tap_ok(untouched(&s), "%s: nothing was stored by any of that", name);
	s.area = host_home(s.frames[0]);
	give_page(&s, 0x5000, 0);
	tap_equal(call(&s), 0x102, "%s: area is a secure page", name);
	tap_filled(s.host->memory + s.frames[0], FAKE_PAGE, 0x50,
		   "%s: which keeps its content", name);
	s.area = host_home(s.guest.base);
	tap_equal(call(&s), 0x102, "%s: area is donated", name);
	s.area = area;
	tap_equal(s.config->dump.areas, 0, "%s: no IV was spent", name);
	tap_equal(call(&s), 1, "%s: good area", name);
	end_scene(&s);
}

/* ---- CPUs ---- */

static void fill_state(struct uv_cpu_state *state)
{
	for (unsigned int i = 0; i < 16; i++) {
		state->gr[i] = 0x1000 + i;
		state->cr[i] = 0x2000 + i;
		state->ar[i] = 0x3000 + i;
	}
	for (unsigned int i = 0; i < 32; i++) {
		state->vr[i][0] = 0x4000 + i;
		state->vr[i][1] = 0x5000 + i;
	}
	state->psw = (struct uv_psw){ 0x0702000180000000, 0x123456789a };
	state->prefix = 0x8000;
	state->fpc = 0x00480000;
	state->todpr = 0x77;
	state->cpu_timer = 0x7fffffff12345678;
	state->ckc = 0xaabbccdd11223344;
}

/* Offsets are those of the area, as published. */
static bool regs_fit(const uint8_t *regs)
{
	const uint8_t *area = regs - 32;
	bool fit = true;

	for (unsigned int i = 0; i < 16; i++)
		fit = fit && fake_get64(area + 32 + 8 * i) == 0x1000 + i &&
		      fake_get32(area + 224 + 4 * i) == 0x3000 + i &&
		      fake_get64(area + 288 + 8 * i) == 0x2000 + i;
	for (unsigned int i = 0; i < 32; i++)
		fit = fit && fake_get64(area + 416 + 16 * i) == 0x4000 + i &&
		      fake_get64(area + 424 + 16 * i) == 0x5000 + i;
	return fit && fake_get64(area + 160) == 0x0702000180000000 &&
	       fake_get64(area + 168) == 0x123456789a &&
	       fake_get32(area + 184) == 0x8000 &&
	       fake_get32(area + 188) == 0x00480000 &&
	       fake_get32(area + 196) == 0x77 &&
	       fake_get64(area + 200) == 0x7fffffff12345678 &&
	       fake_get64(area + 208) == 0xaabbccdd11223344;
}

static void test_cpus(void)
{
	uint8_t area[4][AREA_LEN], complete_area[AREA_LEN];
	uint8_t plain[32 + OPEN_DUMP_REGS + 16], *regs = plain + 32;
	struct scene s = set_scene();
	struct open_dump dump;

	fill_state(&vcpu(&s, 0)->state);
	init(&s);
	for (int i = 0; i < 3; i++) {
		tap_equal(dump_cpu(&s, i == 1), 1, "area %d", i);
		take_area(&s, area[i]);
	}
	vcpu(&s, 0)->pending.insn = uv_sie_insn_at(0);
	dump_cpu(&s, 0);
	take_area(&s, area[3]);
	tap_equal(complete(&s), 1, "CPUs: complete");
	take_area(&s, complete_area);
	tap_ok(open_dump(s.config->image.secret.cck, complete_area, &dump),
	       "CPUs: completion data can be opened");
	tap_ok(open_dump_cpu(&dump, area[0], regs) && regs_fit(regs),
	       "all registers are at their places");
	tap_equal(fake_get16(regs + 1504), 0, "no instruction waits");
	tap_ok(open_dump_cpu(&dump, area[1], regs) && !regs_fit(regs),
	       "the other CPU has others");
	tap_equal(fake_get64(regs + 256), 0xe0, "its CR0 for example");
	tap_ok(open_dump_cpu(&dump, area[2], regs) && regs_fit(regs),
	       "the same CPU a second time");
	tap_ok(open_dump_cpu(&dump, area[3], regs) && regs_fit(regs),
	       "and a third time");
	tap_equal(fake_get16(regs + 1504), 0x8000, "when an instruction waits");
	for (int i = 0; i < 4; i++)
		tap_equal(fake_get64(area[i] + 12), (uint64_t)i + 1,
			  "area %d has an IV of its own", i);
	area[0][40] ^= 1;
	tap_ok(!open_dump_cpu(&dump, area[0], regs), "a changed area is noticed");
	area[1][20] ^= 1;
	tap_ok(!open_dump_cpu(&dump, area[1], regs), "a changed head, too");
	end_scene(&s);
}

/* ---- storage ---- */

static const uint8_t *state_of(const uint8_t *area, unsigned int page)
{
	return area + 16 * page;
}

#define ZERO	"ffffffff000000000000000000000001"
#define OPEN	"ffffffff000000000000000000000002"

/* Pages 0 to 6: secure, exported, shared, pinned, away, lost, never used. */
static void all_pages(struct scene *s)
{
	for (unsigned int i = 0; i < 6; i++)
		give_page(s, i * FAKE_PAGE, i);
	host_page(s->host, EXPORT, s->frames[1]);
	for (unsigned int i = 2; i < 5; i++)
		host_share(s->host, &s->cpus[0], SHARE, i * FAKE_PAGE);
	host_page(s->host, PIN, s->frames[3]);
	host_page(s->host, EXPORT, s->frames[4]);
	uv_guest_page(&s->config->space, s->guest.origin + 5 * FAKE_PAGE)
		->state = UV_GUEST_PAGE_LOST;
}

static void read_page(struct scene *s, const struct open_dump *dump,
		      const uint8_t *state, unsigned int frame,
		      const char *name)
{
	uint8_t page[FAKE_PAGE];

	memcpy(page, s->host->memory + s->frames[frame], sizeof(page));
	open_dump_page(dump, state, page);
	tap_filled(page, sizeof(page), (uint8_t)(0x50 + frame), "%s", name);
}

static void test_pages(uint64_t origin)
{
	uint8_t area[AREA_LEN], complete_area[AREA_LEN];
	struct scene s = set_scene_at(origin);
	struct open_dump dump;

	all_pages(&s);
	init(&s);
	tap_equal(storage(&s, 0), 1, "state of the first MiB");
	take_area(&s, area);
	complete(&s);
	take_area(&s, complete_area);
	tap_ok(open_dump(s.config->image.secret.cck, complete_area, &dump),
	       "pages: completion data can be opened");
	tap_bytes(state_of(area, 2), 16, OPEN, "a shared page");
	tap_bytes(state_of(area, 3), 16, OPEN, "a pinned page");
	tap_bytes(state_of(area, 4), 16, OPEN, "a page that left shared");
	tap_bytes(state_of(area, 5), 16, ZERO, "a destroyed page");
	tap_bytes(state_of(area, 6), 16, ZERO, "a page never used");
	tap_bytes(state_of(area, 255), 16, ZERO, "the last of the MiB");
	tap_ok(memcmp(state_of(area, 0), state_of(area, 1), 16),
	       "encrypted pages have states of their own");
	read_page(&s, &dump, state_of(area, 1), 1,
		  "a page exported before can be read");
	host_page(s.host, EXPORT, s.frames[0]);
	read_page(&s, &dump, state_of(area, 0), 0,
		  "a page exported afterwards can be read as well");
	host_guest_page(s.host, IMPORT, s.guest.handle, origin + FAKE_PAGE);
	host_page(s.host, EXPORT, s.frames[1]);
	init(&s);
	memcpy(complete_area, state_of(area, 1), 16);
	storage(&s, 0);
	take_area(&s, area);
	tap_ok(memcmp(state_of(area, 1), complete_area, 16),
	       "a page that was back has another state");
	read_page(&s, &dump, state_of(area, 1), 1,
		  "and can be read with the keys of the first dump");
	end_scene(&s);
}

static void test_addresses(void)
{
	struct scene s = set_scene();
	uint8_t area[AREA_LEN];

	give_page(&s, HOST_MIB + FAKE_PAGE, 0);
	init(&s);
	mark_area(&s);
	tap_equal(storage(&s, FAKE_PAGE), 0x103, "storage: no MiB");
	tap_equal(storage(&s, 2 * HOST_MIB), 0x103, "storage: behind the guest");
	tap_equal(storage(&s, UINT64_C(0xfffffffffff00000)), 0x103,
		  "storage: far behind the guest");
	tap_ok(untouched(&s), "storage: nothing was stored");
	tap_equal(storage(&s, HOST_MIB), 1, "storage: the last MiB");
	tap_equal(*at(&s, AREA_LEN), 0xee, "storage: as long as promised");
	take_area(&s, area);
	tap_bytes(state_of(area, 0), 16, ZERO, "storage: a page never used");
	tap_equal(fake_get64(state_of(area, 1)), 1, "storage: the first secure");
	s.config->space.len -= HOST_MIB - FAKE_PAGE;
	tap_equal(storage(&s, HOST_MIB), 1, "storage: part of a MiB");
	take_area(&s, area);
	tap_bytes(state_of(area, 1), 16, ZERO, "storage: behind the end: zero");
	s.config->space.len += HOST_MIB - FAKE_PAGE;
	end_scene(&s);
}

/* ---- more than one, and the end ---- */

static void test_twice(void)
{
	uint8_t first[AREA_LEN], second[AREA_LEN];
	struct scene s = set_scene();
	struct open_dump dump, again;
	uint8_t *cck = s.config->image.secret.cck;

	init(&s);
	s.host->hole = s.area & ~UINT64_C(0xfff);
	tap_equal(complete(&s), 0x102, "completion data cannot be stored");
	tap_ok(s.config->dump.active, "and the dump goes on");
	s.host->hole = 0;
	tap_equal(complete(&s), 1, "completion data are asked for again");
	take_area(&s, first);
	tap_filled(&s.config->dump, sizeof(s.config->dump), 0,
		   "the keys of the dump are wiped");
	tap_equal(complete(&s), 3, "it is complete only once");
	tap_ok(open_dump(cck, first, &dump), "it can be opened");
	cck[31] ^= 1;
	tap_ok(!open_dump(cck, first, &again), "not with another CCK");
	tap_equal(init(&s), 1, "a second dump, after an update of the CCK");
	complete(&s);
	take_area(&s, second);
	tap_ok(open_dump(cck, second, &again), "it can be opened with that");
	tap_ok(memcmp(first + 0x10, second + 0x10, 64) &&
	       memcmp(dump.key, again.key, 32), "its seed and key differ");
	tap_ok(!memcmp(dump.xts, again.xts, 64) &&
	       !memcmp(dump.nonce, again.nonce, 16), "those of pages do not");
	end_scene(&s);
}

static void test_meanwhile(void)
{
	struct scene s = set_scene();
	struct host_guest other = host_bring_up(s.host, 1);
	struct uv_config *config = host_run(s.host, &other);

	config->image.pcf = ALLOW;
	give_page(&s, 0, 0);
	init(&s);
	tap_equal(host_page(s.host, EXPORT, s.frames[0]), 1,
		  "meanwhile: export");
	tap_equal(host_guest_page(s.host, IMPORT, s.guest.handle, 0), 1,
		  "meanwhile: import");
	tap_equal(host_handle_call(s.host, INIT, other.handle), 1,
		  "meanwhile: a dump of another guest");
	tap_equal(host_dump(s.host, CPU, s.cpus[1].handle, s.area, 0), 1,
		  "meanwhile: a CPU of the first");
	tap_equal(host_handle_call(s.host, PV_CMD_DESTROY_SEC_CPU,
				   s.cpus[1].handle), 1,
		  "meanwhile: a CPU is destroyed");
	tap_equal(host_handle_call(s.host, PV_CMD_DESTROY_SEC_CONF,
				   other.handle), 1,
		  "meanwhile: the other guest is destroyed");
	tap_equal(storage(&s, 0), 1, "meanwhile: the first goes on");
	tap_equal(host_handle_call(s.host, PV_CMD_DESTROY_SEC_CPU,
				   s.cpus[0].handle), 1, "its last CPU ends");
	tap_equal(host_handle_call(s.host, PV_CMD_DESTROY_SEC_CONF,
				   s.guest.handle), 1, "and it, dump and all");
	tap_equal(complete(&s), 0x20, "there is nothing to complete");
	end_scene(&s);
}

/* ---- faults ---- */

static void test_faults(void)
{
	static const struct {
		const char *policy;
		uint16_t rc[4];
	} cases[] = {
		{ "cmd=dump-init:rc=0x101", { 0x101, 3, 3, 3 } },
		{ "cmd=dump-storage:rc=0x103:rrc=7", { 1, 0x103, 1, 1 } },
		{ "cmd=dump-cpu:rc=0x102", { 1, 1, 0x102, 1 } },
		{ "cmd=dump-complete:rc=0x102", { 1, 1, 1, 0x102 } },
		{ "cmd=dump-init:rc=0x1ff:late", { 0x1ff, 3, 3, 3 } },
		{ "cmd=dump-complete:rc=0x1ff:late", { 1, 1, 1, 0x1ff } },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scene s = set_scene();
		const uint16_t *rc = cases[i].rc;

		uv_machine_set_faults(s.host->uv, cases[i].policy, NULL);
		tap_ok(init(&s) == rc[0] && storage(&s, 0) == rc[1] &&
		       dump_cpu(&s, 0) == rc[2] && complete(&s) == rc[3],
		       "%s", cases[i].policy);
		tap_equal(s.config->dump.active, i == 3,
			  "%s: is there a dump", cases[i].policy);
		end_scene(&s);
	}
}

static void test_busy(void)
{
	struct scene s = set_scene();

	uv_machine_set_faults(s.host->uv, "cmd=dump-init:busy=1", NULL);
	fake_put64(host_block(s.host, INIT, 0x40) + 0x18, s.guest.handle);
	tap_equal((uint64_t)uv_call(s.host->uv, &s.host->cpu, 0, HOST_BLOCK),
		  PV_CC_BUSY, "initiate is busy");
	tap_ok(!s.config->dump.active, "no dump has begun");
	tap_equal(host_call(s.host), 1, "and then does it");
	end_scene(&s);
}

static bool no_random(void *opaque, void *buf, size_t len)
{
	(void)opaque;
	memset(buf, 0x5a, len);
	return false;
}

static void test_failure(void)
{
	struct scene s = set_scene();

	s.host->uv->ops.random = no_random;
	tap_equal(init(&s), 0x1f0, "without random bytes no dump");
	tap_filled(&s.config->dump, sizeof(s.config->dump), 0,
		   "and nothing of it is kept");
	end_scene(&s);
}

int main(void)
{
	tap_begin();
	test_known();
	test_states();
	test_dumping();
	test_order();
	test_leave();
	test_profiles();
	test_area(first_storage, "storage");
	test_area(dump_first_cpu, "CPU");
	test_area(complete, "complete");
	test_cpus();
	test_pages(0);
	test_pages(HOST_MIB);
	test_addresses();
	test_twice();
	test_meanwhile();
	test_faults();
	test_busy();
	test_failure();
	return tap_end();
}
