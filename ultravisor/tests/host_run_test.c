// SPDX-License-Identifier: MIT
/* From an image to a running guest, and its resets, as a host performs them. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "bytes.h"
#include "config.h"
#include "fake_host.h"
#include "handle.h"
#include "seal_image.h"
#include "tap.h"
#include "vcpu.h"

#define IMPORT		PV_CMD_CONV_TO_SEC_STOR
#define EXPORT		PV_CMD_CONV_FROM_SEC_STOR
#define SHARE		PV_CMD_SET_SHARED_ACCESS

#define OPERATING	PV_CPU_STATE_OPERATING
#define STOPPED		PV_CPU_STATE_STOPPED
#define CHECK_STOP	PV_CPU_STATE_CHECK_STOP
#define LOAD		PV_CPU_STATE_LOAD

/* The image: its header, and three pages of two components. */
#define HEADER		0x14000
#define FIRST		0x20000
#define SECOND		0x40000
#define PAGES		3

/**
 * struct scene - a guest with two CPUs, and an image for it
 * @header: home address of the SE header
 * @pages: which are to be unpacked, in this order
 */
struct scene {
	struct fake_host *host;
	struct host_guest guest;
	struct host_cpu cpus[2];
	struct seal_image image;
	uint8_t data[2 * FAKE_PAGE];
	uint8_t sealed[HOST_MIB];
	uint64_t header;
	struct {
		uint64_t gaddr;
		uint64_t prefix;
		uint64_t offset;
		uint64_t frame;
	} pages[PAGES];
};

static void seal(struct scene *s)
{
	for (size_t i = 0; i < sizeof(s->data); i++)
		s->data[i] = (uint8_t)(i * 3 + i / 256);
	s->image = (struct seal_image){
		.header_addr = HEADER,
		.components = {
			{ 0x28, FIRST, s->data, 2 * FAKE_PAGE },
			{ 0x99, SECOND, s->data + 100, FAKE_PAGE },
		},
		.count = 2,
	};
	seal_header_init(&s->image.header, fake_keys()->customer,
			 fake_keys()->host);
	memset(s->image.header.xts, 0x42, 32);
	seal_image(&s->image, s->sealed);
}

static void place(struct scene *s, unsigned int i, uint64_t gaddr,
		  uint64_t prefix, uint64_t offset)
{
	uint64_t frame = host_take(s->host, FAKE_PAGE);

	s->pages[i].gaddr = gaddr;
	s->pages[i].prefix = prefix;
	s->pages[i].offset = offset;
	s->pages[i].frame = frame;
	host_map(s->host, &s->guest, gaddr, frame);
	memcpy(s->host->memory + frame, s->sealed + gaddr, FAKE_PAGE);
}

static struct scene *set_scene(void)
{
	struct scene *s = calloc(1, sizeof(*s));
	uint64_t header;

	s->host = host_initialized("z17");
	s->guest = host_bring_up(s->host, 1);
	for (uint16_t i = 0; i < 2; i++)
		host_create_cpu(s->host, &s->guest, &s->cpus[i], i);
	seal(s);
	/* One page apart in storage, one behind the other for the host. */
	header = HOST_HOME + host_take(s->host, 0x4000) + 0xf00;
	for (size_t i = 0; i < s->image.header_len; i++) {
		uint64_t abs = (header + i - HOST_HOME) ^ FAKE_PAGE;

		s->host->memory[abs] = s->sealed[HEADER + i];
	}
	s->header = header;
	place(s, 0, FIRST, 0x28, 0);
	place(s, 1, FIRST + FAKE_PAGE, 0x28, FAKE_PAGE);
	place(s, 2, SECOND, 0x99, 0);
	return s;
}

static void end_scene(struct scene *s)
{
	host_free(s->host);
	free(s);
}

static uint8_t *params_block(struct scene *s)
{
	uint8_t *block = host_block(s->host, PV_CMD_SET_SEC_CONF_PARAMS, 0x50);

	fake_put64(block + 0x18, s->guest.handle);
	fake_put64(block + 0x20, s->header);
	fake_put32(block + 0x28, (uint32_t)s->image.header_len);
	return block;
}

static uint16_t set_params(struct scene *s)
{
	params_block(s);
	return host_call(s->host);
}

static uint16_t unpack(struct scene *s, unsigned int i)
{
	uint8_t *block = host_block(s->host, PV_CMD_UNPACK_IMG, 0x50);

	fake_put64(block + 0x18, s->guest.handle);
	fake_put64(block + 0x20, s->pages[i].gaddr);
	fake_put64(block + 0x28, s->pages[i].prefix);
	fake_put64(block + 0x30, s->pages[i].offset);
	return host_call(s->host);
}

static uint16_t guest_call(struct scene *s, uint16_t cmd)
{
	return host_handle_call(s->host, cmd, s->guest.handle);
}

static uint16_t verify(struct scene *s)
{
	return guest_call(s, PV_CMD_VERIFY_IMG);
}

static uint16_t set_state(struct scene *s, int cpu, uint8_t state)
{
	return host_set_state(s->host, &s->cpus[cpu], state);
}

static uint16_t reset(struct scene *s, int cpu, uint16_t cmd)
{
	return host_handle_call(s->host, cmd, s->cpus[cpu].handle);
}

static struct uv_vcpu *vcpu(struct scene *s, int cpu)
{
	return uv_vcpu_find(s->host->uv, s->cpus[cpu].handle);
}

static struct uv_config *config(struct scene *s)
{
	return uv_config_by_handle(s->host->uv, s->guest.handle);
}

static struct scene *verified(void)
{
	struct scene *s = set_scene();

	set_params(s);
	for (unsigned int i = 0; i < PAGES; i++)
		unpack(s, i);
	verify(s);
	return s;
}

static struct scene *started(void)
{
	struct scene *s = verified();

	set_state(s, 0, LOAD);
	return s;
}

/* ---- image ---- */

static void test_image(void)
{
	struct scene *s = set_scene();
	unsigned int before;

	tap_equal(verify(s), 3, "verify: not before there are parameters");
	tap_equal(unpack(s, 0), 3, "unpack: not before there are parameters");
	tap_equal(set_params(s), 1, "parameters are set");
	tap_equal(set_params(s), 3, "but not twice");
	tap_equal(verify(s), 3, "verify: not before something was unpacked");
	before = s->host->reduced;
	for (unsigned int i = 0; i < PAGES; i++)
		tap_equal(unpack(s, i), 1, "page %u is unpacked", i);
	tap_equal(s->host->reduced, before + PAGES,
		  "the host lost each of them");
	tap_equal(s->host->reduced_page, s->pages[PAGES - 1].frame,
		  "one by one");
	tap_ok(!memcmp(s->host->memory + s->pages[0].frame, s->data,
		       FAKE_PAGE) &&
	       !memcmp(s->host->memory + s->pages[1].frame,
		       s->data + FAKE_PAGE, FAKE_PAGE) &&
	       !memcmp(s->host->memory + s->pages[2].frame, s->data + 100,
		       FAKE_PAGE), "and they are in clear");
	tap_equal(uv_page_state(s->host->uv, s->pages[2].frame),
		  UV_PAGE_SECURE, "and secure");
	tap_equal(host_guest_page(s->host, IMPORT, s->guest.handle, SECOND), 1,
		  "importing one of them is a success");
	tap_ok(!uv_config_may_run(config(s)), "the guest may not run yet");
	tap_equal(verify(s), 1, "the image is verified");
	tap_ok(uv_config_may_run(config(s)), "and the guest may run");
	tap_equal(verify(s), 3, "verify: not twice");
	tap_equal(unpack(s, 0), 3, "unpack: not after that");
	host_page(s->host, EXPORT, s->pages[0].frame);
	tap_ok(memcmp(s->host->memory + s->pages[0].frame, s->data, FAKE_PAGE),
	       "a page of the image can be exported");
	tap_equal(host_guest_page(s->host, IMPORT, s->guest.handle, FIRST), 1,
		  "and imported");
	tap_ok(!memcmp(s->host->memory + s->pages[0].frame, s->data,
		       FAKE_PAGE), "and has its content");
	end_scene(s);
}

static void test_params_refused(void)
{
	struct scene *s = set_scene();
	uint8_t *block = params_block(s);

	s->host->hole = s->header & ~UINT64_C(0xfff);
	tap_equal(host_call(s->host), 0x103, "header: not readable");
	s->host->hole = (s->header & ~UINT64_C(0xfff)) + 0x1000;
	tap_equal(host_call(s->host), 0x103, "header: its end not readable");
	s->host->hole = 0;
	s->host->real_space = true;
	tap_equal(host_call(s->host), 0x30, "header: home is a real space");
	s->host->real_space = false;
	fake_put64(block + 0x18, s->guest.handle ^ 1);
	tap_equal(host_call(s->host), 0x20, "header: no such configuration");
	block = params_block(s);
	fake_put32(block + 0x28, 0);
	tap_ok(host_call(s->host) == 0x10a && host_rrc(s->host) == 0x31,
	       "header: of no length");
	block = params_block(s);
	fake_put64(block + 0x20, s->header + 8);
	tap_ok(host_call(s->host) == 0x10a && host_rrc(s->host) == 0x31,
	       "header: no magic");
	tap_ok(strstr(s->host->said, "set-params refused"),
	       "header: the log says so");
	tap_equal(set_params(s), 1, "header: all is well");
	end_scene(s);
}

static void test_unpack_refused(void)
{
	struct scene *s = set_scene();
	struct host_guest other = host_bring_up(s->host, 1);
	struct uv_config *owner;

	set_params(s);
	s->pages[0].gaddr = FIRST + 1;
	tap_equal(unpack(s, 0), 0x103, "unpack: not a page address");
	s->pages[0].gaddr = HOST_MIB;
	tap_equal(unpack(s, 0), 0x103, "unpack: behind the guest");
	s->pages[0].gaddr = FIRST;
	host_unmap(s->host, &s->guest, FIRST);
	tap_equal(unpack(s, 0), 0x10a, "unpack: not mapped");
	host_map(s->host, &s->guest, FIRST, s->guest.base);
	tap_equal(unpack(s, 0), 0x1f2, "unpack: a donated frame");
	host_map(s->host, &s->guest, FIRST, s->pages[0].frame);
	host_map(s->host, &other, FIRST, s->pages[0].frame);
	host_guest_page(s->host, IMPORT, other.handle, FIRST);
	tap_equal(unpack(s, 0), 0x1f2, "unpack: a frame of another guest");
	owner = uv_config_by_handle(s->host->uv, other.handle);
	uv_storage_apply(&s->host->uv->storage, s->pages[0].frame,
			 &owner->owner, UV_PAGE_SHARE);
	memcpy(s->host->memory + s->pages[0].frame, s->sealed + FIRST,
	       FAKE_PAGE);
	tap_equal(unpack(s, 0), 1, "unpack: unless that one shares it");
	tap_equal(unpack(s, 0), 0x1f2, "unpack: not twice");
	host_map(s->host, &s->guest, FIRST, host_take(s->host, FAKE_PAGE));
	tap_equal(unpack(s, 0), 0x1f2, "unpack: not into another frame");
	tap_equal(verify(s), 0x102, "verify: pages are missing");
	tap_equal(host_rrc(s->host), 0x1d, "verify: and it says so");
	unpack(s, 2);
	unpack(s, 1);
	tap_equal(verify(s), 0x102, "verify: not in this order");
	tap_equal(host_rrc(s->host), 0x1a, "verify: addresses");
	tap_equal(set_state(s, 0, LOAD), 3, "what is not verified never runs");
	tap_equal(set_state(s, 0, OPERATING), 3, "in no way");
	end_scene(s);
}

/* A host that takes a page of the image away again has no image. */
static void test_unpack_lost(void)
{
	struct scene *s = set_scene();

	for (int i = 0; i < 2; i++)
		host_handle_call(s->host, PV_CMD_DESTROY_SEC_CPU,
				 s->cpus[i].handle);
	set_params(s);
	host_map(s->host, &s->guest, FIRST, HOST_BLOCK);
	tap_equal(unpack(s, 0), 0x1f2, "unpack: not the call's own block");
	host_map(s->host, &s->guest, FIRST, HOST_PREFIX);
	tap_equal(unpack(s, 0), 0x1f2, "unpack: nor a prefix area");
	host_map(s->host, &s->guest, FIRST, s->pages[0].frame);
	for (unsigned int i = 0; i < PAGES; i++)
		unpack(s, i);
	tap_equal(host_page(s->host, PV_CMD_DESTROY_SEC_STOR,
			    s->pages[0].frame), 1,
		  "a page of the image is destroyed");
	tap_equal(verify(s), 1, "which was unpacked nevertheless");
	tap_equal(host_create_cpu(s->host, &s->guest, &s->cpus[0], 0), 1,
		  "a CPU is created");
	tap_equal(host_guest_page(s->host, IMPORT, s->guest.handle, FIRST),
		  0x1f1, "but the guest never finds zeros there");
	end_scene(s);
}

/* The address in the image is the guest's own, whatever its space. */
static void test_origin(void)
{
	struct scene *s = set_scene();
	struct host_guest high = host_guest(s->host, 2);

	high.origin = HOST_MIB;
	high.len = HOST_MIB;
	host_create(s->host, &high);
	for (unsigned int i = 0; i < PAGES; i++)
		host_map(s->host, &high, HOST_MIB + s->pages[i].gaddr,
			 s->pages[i].frame);
	s->guest = high;
	set_params(s);
	for (unsigned int i = 0; i < PAGES; i++)
		unpack(s, i);
	tap_equal(verify(s), 1, "an image is unpacked behind an origin");
	end_scene(s);
}

/* ---- CPU states ---- */

static void test_load(void)
{
	struct scene *s = verified();
	struct uv_vcpu *cpu = vcpu(s, 0);

	tap_equal(cpu->run, UV_VCPU_STOPPED, "a CPU is stopped at first");
	tap_ok(cpu->state.cr[0] == 0xe0 && cpu->state.cr[14] == 0xc2000000 &&
	       cpu->state.gbea == 1 && !cpu->state.psw.mask,
	       "and in its initial state");
	tap_equal(set_state(s, 0, 4), 0x101, "there is no state 4");
	tap_equal(set_state(s, 0, 0), 0x101, "nor 0");
	tap_equal(set_state(s, 0, 255), 0x101, "nor 255");
	tap_equal(set_state(s, 0, LOAD), 1, "the guest is loaded");
	tap_equal(cpu->run, UV_VCPU_OPERATING, "and its CPU operates");
	tap_ok(cpu->state.psw.mask ==
	       get64(config(s)->image.secret.psw_mask) &&
	       cpu->state.psw.addr ==
	       get64(config(s)->image.secret.psw_addr) && cpu->state.psw.addr,
	       "with the PSW of the SE header");
	tap_equal(set_state(s, 0, OPERATING), 1, "it does so already");
	tap_equal(set_state(s, 1, LOAD), 3, "the guest is loaded once");
	tap_equal(set_state(s, 1, OPERATING), 1, "another CPU can operate");
	tap_equal(set_state(s, 1, STOPPED), 1, "and stop");
	tap_equal(set_state(s, 1, CHECK_STOP), 1, "and check-stop");
	tap_equal(vcpu(s, 1)->run, UV_VCPU_CHECK_STOP, "which it is then");
	cpu->in_sie = true;
	tap_equal(set_state(s, 0, STOPPED), 3, "not while it is in SIE");
	cpu->in_sie = false;
	tap_equal(set_state(s, 0, STOPPED), 1, "outside it can");
	tap_equal(cpu->run, UV_VCPU_STOPPED, "and is stopped");
	s->cpus[0].handle ^= 1;
	tap_equal(set_state(s, 0, STOPPED), 0x21, "no such CPU");
	end_scene(s);
}

static void test_states_before(void)
{
	struct scene *s = set_scene();

	tap_equal(set_state(s, 0, STOPPED), 1,
		  "stopping is possible in every state");
	tap_equal(set_state(s, 0, OPERATING), 3,
		  "operating is not before the image is verified");
	tap_equal(set_state(s, 0, LOAD), 3, "nor is loading");
	tap_equal(reset(s, 0, PV_CMD_CPU_RESET), 1, "resetting is");
	end_scene(s);
}

/* ---- CPU resets ---- */

static void dirty(struct uv_vcpu *cpu)
{
	memset(&cpu->state, 0xaa, sizeof(cpu->state));
	cpu->pending.text = 1;
	cpu->run = UV_VCPU_OPERATING;
}

static bool initial(const struct uv_cpu_state *state)
{
	for (int i = 1; i < 14; i++) {
		if (state->cr[i])
			return false;
	}
	return !state->psw.mask && !state->psw.addr && state->cr[0] == 0xe0 &&
	       state->cr[14] == 0xc2000000 && !state->cr[15] && !state->fpc &&
	       !state->prefix && !state->todpr && !state->cpu_timer &&
	       !state->ckc && state->gbea == 1 && !state->pp;
}

static void test_resets(void)
{
	static const struct {
		uint16_t cmd;
		bool initial;
		bool clear;
		const char *name;
	} kinds[] = {
		{ PV_CMD_CPU_RESET, false, false, "CPU reset" },
		{ PV_CMD_CPU_RESET_INITIAL, true, false, "initial reset" },
		{ PV_CMD_CPU_RESET_CLEAR, true, true, "clear reset" },
	};
	struct scene *s = verified();
	struct uv_vcpu *cpu = vcpu(s, 0);

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		dirty(cpu);
		cpu->in_sie = true;
		tap_equal(reset(s, 0, kinds[i].cmd), 3, "%s: not in SIE",
			  kinds[i].name);
		cpu->in_sie = false;
		tap_equal(reset(s, 0, kinds[i].cmd), 1, "%s is done",
			  kinds[i].name);
		tap_ok(cpu->run == UV_VCPU_STOPPED && !cpu->pending.text,
		       "%s: the CPU is stopped and nothing pending",
		       kinds[i].name);
		tap_equal(initial(&cpu->state), kinds[i].initial,
			  "%s: control registers and the like", kinds[i].name);
		tap_filled(cpu->state.gr, sizeof(cpu->state.gr),
			   kinds[i].clear ? 0 : 0xaa,
			   "%s: general registers", kinds[i].name);
		tap_filled(cpu->state.vr, sizeof(cpu->state.vr),
			   kinds[i].clear ? 0 : 0xaa, "%s: vector registers",
			   kinds[i].name);
		tap_filled(cpu->state.ar, sizeof(cpu->state.ar),
			   kinds[i].clear ? 0 : 0xaa, "%s: access registers",
			   kinds[i].name);
	}
	end_scene(s);
}

/* ---- the guest's reset ---- */

static void put_reset_psw(struct scene *s, uint64_t psw)
{
	uint64_t frame = host_take(s->host, FAKE_PAGE);

	host_map(s->host, &s->guest, 0, frame);
	host_guest_page(s->host, IMPORT, s->guest.handle, 0);
	fake_put64(s->host->memory + frame, psw);
}

static void test_reset(void)
{
	struct scene *s = started();
	struct uv_vcpu *cpu = vcpu(s, 0);

	put_reset_psw(s, UINT64_C(0x0008000180012345));
	set_state(s, 1, OPERATING);
	uv_config_ask_reset(config(s));
	tap_ok(!uv_config_may_run(config(s)), "a guest that resets waits");
	tap_equal(guest_call(s, PV_CMD_SET_UNSHARE_ALL), 3,
		  "unshare all: not while CPUs operate");
	set_state(s, 0, STOPPED);
	tap_equal(guest_call(s, PV_CMD_SET_UNSHARE_ALL), 3,
		  "unshare all: nor while one does");
	set_state(s, 1, STOPPED);
	tap_equal(set_state(s, 0, OPERATING), 3, "no CPU may operate again");
	tap_equal(guest_call(s, PV_CMD_PREPARE_RESET), 3,
		  "prepare: not before all is unshared");
	vcpu(s, 1)->in_sie = true;
	tap_equal(guest_call(s, PV_CMD_SET_UNSHARE_ALL), 3,
		  "unshare all: not while a CPU is in SIE");
	vcpu(s, 1)->in_sie = false;
	tap_equal(guest_call(s, PV_CMD_SET_UNSHARE_ALL), 1, "all is unshared");
	tap_equal(set_state(s, 0, LOAD), 3, "load: not before it is prepared");
	config(s)->sccb = 0x8000;
	tap_equal(guest_call(s, PV_CMD_PREPARE_RESET), 1, "it is prepared");
	tap_equal(config(s)->sccb, 0, "and no service call waits any more");
	tap_ok(!uv_config_may_run(config(s)), "but the guest waits");
	tap_equal(set_state(s, 0, LOAD), 3, "load: not before CPUs are reset");
	tap_equal(reset(s, 0, PV_CMD_CPU_RESET_INITIAL), 1, "one is reset");
	tap_equal(set_state(s, 0, LOAD), 3, "load: not before all are");
	tap_equal(reset(s, 1, PV_CMD_CPU_RESET), 1, "the other one is reset");
	tap_equal(set_state(s, 1, OPERATING), 3,
		  "operating: not without a load");
	tap_equal(set_state(s, 0, LOAD), 1, "the guest is loaded");
	tap_ok(cpu->state.psw.mask == UINT64_C(0x0000000180000000) &&
	       cpu->state.psw.addr == 0x12345,
	       "with the PSW at its address 0");
	tap_ok(uv_config_may_run(config(s)), "and may run");
	tap_equal(set_state(s, 1, OPERATING), 1, "as may the other CPU");
	set_state(s, 0, STOPPED);
	set_state(s, 1, STOPPED);
	tap_equal(guest_call(s, PV_CMD_PREPARE_RESET), 3,
		  "the next reset begins with the first step");
	end_scene(s);
}

static void test_reset_psw(void)
{
	struct scene *s = started();

	set_state(s, 0, STOPPED);
	guest_call(s, PV_CMD_SET_UNSHARE_ALL);
	tap_equal(guest_call(s, PV_CMD_PREPARE_RESET), 1,
		  "a host may reset a guest that did not ask for it");
	tap_ok(!uv_config_may_run(config(s)), "which waits then as well");
	tap_equal(set_state(s, 0, OPERATING), 3, "and cannot go on");
	reset(s, 0, PV_CMD_CPU_RESET_CLEAR);
	reset(s, 1, PV_CMD_CPU_RESET_CLEAR);
	tap_equal(set_state(s, 0, LOAD), 0x10a,
		  "load: the page of the PSW must be there");
	tap_equal(vcpu(s, 0)->run, UV_VCPU_STOPPED, "load: nothing happened");
	put_reset_psw(s, UINT64_C(0x0000000180012345));
	tap_equal(set_state(s, 0, LOAD), 1, "load: then it is done");
	tap_ok(vcpu(s, 0)->state.psw.mask & PV_BIT64(12),
	       "a PSW that is not a short one stays invalid");
	end_scene(s);
}

static void test_prepare_before(void)
{
	struct scene *s = set_scene();

	tap_equal(guest_call(s, PV_CMD_SET_UNSHARE_ALL), 3,
		  "unshare all: not before verify");
	tap_equal(guest_call(s, PV_CMD_PREPARE_RESET), 3,
		  "what was never verified is not reset");
	end_scene(s);
}

static void test_unshare_all(void)
{
	struct scene *s = started();
	uint64_t frames[2] = { s->pages[0].frame, s->pages[1].frame };
	unsigned int before;

	host_share(s->host, &s->cpus[0], SHARE, FIRST);
	host_share(s->host, &s->cpus[0], SHARE, FIRST + FAKE_PAGE);
	host_page(s->host, PV_CMD_PIN_PAGE_SHARED, frames[1]);
	set_state(s, 0, STOPPED);
	before = s->host->reduced;
	tap_equal(guest_call(s, PV_CMD_SET_UNSHARE_ALL), 1, "all is unshared");
	tap_equal(s->host->reduced, before + 1, "its host lost it, told once");
	tap_equal(s->host->reduced_page, UV_ALL_PAGES, "for all pages");
	tap_equal(uv_page_state(s->host->uv, frames[0]), UV_PAGE_SECURE,
		  "a shared page is secure");
	tap_equal(uv_page_state(s->host->uv, frames[1]), UV_PAGE_SECURE,
		  "a pinned page as well");
	tap_ok(!memcmp(s->host->memory + frames[0], s->data, FAKE_PAGE),
	       "with their content");
	tap_equal(guest_call(s, PV_CMD_SET_UNSHARE_ALL), 1, "again");
	tap_equal(s->host->reduced, before + 1, "which takes nothing");
	set_state(s, 1, OPERATING);
	set_state(s, 1, STOPPED);
	tap_equal(guest_call(s, PV_CMD_PREPARE_RESET), 3,
		  "what was unshared before a CPU operated does not count");
	end_scene(s);
}

/* ---- operands of a guest that its host must bring in first ---- */

static int list_secrets(struct scene *s, uint64_t list)
{
	uint8_t *block = host_block(s->host, PV_CMD_LIST_SECRETS, 0x48);
	struct uv_cpu cpu = s->host->cpu;

	cpu.vcpu = vcpu(s, 0);
	fake_put64(block + 0x20, list);
	return uv_call(s->host->uv, &cpu, 0, HOST_BLOCK);
}

static void test_operand(void)
{
	struct scene *s = started();
	uint64_t page = HOST_HOME + host_take(s->host, FAKE_PAGE);
	struct uv_error err;

	uv_machine_set_faults(s->host->uv, "cmd=list-secrets:nth=2:rc=0x142",
			      &err);
	s->host->needs_host = page;
	for (int i = 0; i < 3; i++) {
		tap_equal((uint64_t)list_secrets(s, page),
			  (uint64_t)UV_CALL_ACCESS,
			  "an operand that is not there: the access is repeated");
		tap_equal(fake_get16(s->host->memory + HOST_BLOCK + 4), 0,
			  "and no answer stored");
	}
	s->host->needs_host = 0;
	tap_equal((uint64_t)list_secrets(s, page), 0, "then the call is done");
	tap_equal((uint64_t)list_secrets(s, page), 1,
		  "and only then a policy counts it");
	end_scene(s);
}

int main(void)
{
	tap_begin();
	test_image();
	test_params_refused();
	test_unpack_refused();
	test_unpack_lost();
	test_origin();
	test_load();
	test_states_before();
	test_resets();
	test_reset();
	test_reset_psw();
	test_prepare_before();
	test_unshare_all();
	test_operand();
	return tap_end();
}
