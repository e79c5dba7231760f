// SPDX-License-Identifier: MIT
/*
 * Any sequence of a host's calls, with operands that are right, wrong, stale or
 * somebody else's, and guests that use their pages in between.
 *
 * Input: four bytes for each step: what, who, where, how.
 */
#include <string.h>

#include "array.h"
#include "config.h"
#include "fake_host.h"
#include "fuzz.h"
#include "handle.h"
#include "vcpu.h"

#define GUESTS		3
#define CPUS		2
#define GADDRS		4	/* pages of each guest that are used */
#define FRAMES		6
#define STEPS		96
#define CREATIONS	6	/* of guests, as long as there is storage */

/**
 * struct actor - a guest
 * @content: what it wrote into its pages last, byte by byte the same
 */
struct actor {
	struct host_guest guest;
	struct host_cpu cpus[CPUS];
	uint8_t content[GADDRS];
};

/**
 * struct play - one input
 * @frames: storage for guests; what is donated can be mapped as well
 */
struct play {
	struct fake_host *host;
	struct actor actors[GUESTS];
	uint64_t frames[FRAMES];
	unsigned int created;
};

/** struct step - four bytes of the input */
struct step {
	uint8_t what;
	uint8_t who;
	uint8_t where;
	uint8_t how;
};

static struct actor *actor(struct play *play, const struct step *step)
{
	return &play->actors[step->who % GUESTS];
}

static struct host_cpu *cpu(struct play *play, const struct step *step)
{
	return &actor(play, step)->cpus[step->who / GUESTS % CPUS];
}

static uint64_t gaddr(const struct step *step)
{
	return (uint64_t)(step->where % GADDRS) * FAKE_PAGE;
}

/* Mostly a frame for guests, sometimes anything else. */
static uint64_t frame(struct play *play, const struct step *step)
{
	const struct actor *a = actor(play, step);
	unsigned int place = step->how % (FRAMES + 6);

	switch (place) {
	case FRAMES:
		return a->guest.base;
	case FRAMES + 1:
		return a->cpus[0].storage;
	case FRAMES + 2:
		return HOST_BASE;
	case FRAMES + 3:
		return HOST_MEMORY + step->where * FAKE_PAGE;
	case FRAMES + 4:
		return HOST_BLOCK;
	case FRAMES + 5:
		return HOST_PREFIX;
	default:
		return play->frames[place];
	}
}

static struct uv_config *config_of(struct play *play, const struct actor *a)
{
	return uv_config_by_handle(play->host->uv, a->guest.handle);
}

/* ---- calls ---- */

static void create(struct play *play, const struct step *step)
{
	struct actor *a = actor(play, step);

	if (play->created == CREATIONS)
		return;
	/* A new guest while there is an old one: that is forgotten, but lives. */
	play->created++;
	if (!a->guest.segments || step->how & 1)
		a->guest = host_guest(play->host, 1);
	if (step->how & 2)
		a->guest.variable = HOST_HOME + (a->guest.base ^ FAKE_PAGE);
	if (step->how & 4)
		a->guest.base = play->frames[step->where % FRAMES];
	host_create(play->host, &a->guest);
	memset(a->content, 0, sizeof(a->content));
}

static void create_cpu(struct play *play, const struct step *step)
{
	struct host_cpu *c = cpu(play, step);
	struct host_guest *guest = &actor(play, step)->guest;

	if (step->how & 1 && c->block) {
		host_cpu_block(play->host, guest, c);
		host_call(play->host);
	} else if (play->host->next < HOST_MEMORY - HOST_MIB) {
		host_create_cpu(play->host, guest, c,
				step->who / GUESTS % CPUS);
	}
}

static void by_config(struct play *play, const struct step *step)
{
	static const uint16_t cmds[] = {
		PV_CMD_DESTROY_SEC_CONF, PV_CMD_DESTROY_SEC_CONF_FAST,
		PV_CMD_SET_UNSHARE_ALL, PV_CMD_SET_UNSHARE_ALL,
		PV_CMD_PREPARE_RESET, PV_CMD_VERIFY_IMG, PV_CMD_DUMP_INIT,
	};
	uint16_t cmd = cmds[step->how % ARRAY_SIZE(cmds)];

	host_handle_call(play->host, cmd, actor(play, step)->guest.handle);
}

static void by_cpu(struct play *play, const struct step *step)
{
	static const uint16_t cmds[] = {
		PV_CMD_DESTROY_SEC_CPU, PV_CMD_CPU_RESET,
		PV_CMD_CPU_RESET_INITIAL, PV_CMD_CPU_RESET_CLEAR,
	};
	struct host_cpu *c = cpu(play, step);

	if (step->how & 0x80)
		host_set_state(play->host, c, step->how & 7);
	else
		host_handle_call(play->host,
				 cmds[step->how % ARRAY_SIZE(cmds)], c->handle);
}

static bool all_bytes(const struct play *play, uint64_t addr, uint8_t value)
{
	const uint8_t *bytes = play->host->memory + addr;

	return bytes[0] == value && !memcmp(bytes, bytes + 1, FAKE_PAGE - 1);
}

/* A page that comes back must be what its guest left. */
static void import(struct play *play, const struct step *step)
{
	struct actor *a = actor(play, step);
	struct uv_config *config = config_of(play, a);
	const struct uv_guest_page *page;
	uint8_t before;
	uint16_t rc;

	if (!config) {
		/* Busy, by policy, is no response code. */
		rc = host_guest_page(play->host, PV_CMD_CONV_TO_SEC_STOR,
				     a->guest.handle, gaddr(step));
		MUST(rc == 0x20 || !rc);
		return;
	}
	page = uv_guest_page(&config->space, gaddr(step));
	before = page->state;
	if (host_guest_page(play->host, PV_CMD_CONV_TO_SEC_STOR,
			    a->guest.handle, gaddr(step)) != 1) {
		MUST(page->state == before);
		return;
	}
	MUST(page->state == UV_GUEST_PAGE_HERE);
	MUST(before != UV_GUEST_PAGE_LOST);
	if (before == UV_GUEST_PAGE_NEW)
		a->content[step->where % GADDRS] = 0;
	if (before == UV_GUEST_PAGE_NEW || before == UV_GUEST_PAGE_EXPORTED)
		MUST(all_bytes(play, page->frame,
			       a->content[step->where % GADDRS]));
}

static void unpin(struct play *play, const struct step *step)
{
	host_guest_page(play->host, PV_CMD_UNPIN_PAGE_SHARED,
			actor(play, step)->guest.handle, gaddr(step));
}

static void by_frame(struct play *play, const struct step *step)
{
	static const uint16_t cmds[] = {
		PV_CMD_CONV_FROM_SEC_STOR, PV_CMD_DESTROY_SEC_STOR,
		PV_CMD_PIN_PAGE_SHARED,
	};

	host_page(play->host, cmds[step->where % ARRAY_SIZE(cmds)],
		  frame(play, step));
}

static void map(struct play *play, const struct step *step)
{
	struct actor *a = actor(play, step);

	if (!a->guest.segments)
		return;
	if (step->how & 0x80)
		host_unmap(play->host, &a->guest, gaddr(step));
	else
		host_map(play->host, &a->guest, gaddr(step), frame(play, step));
}

static void share(struct play *play, const struct step *step)
{
	struct host_cpu *c = cpu(play, step);

	if (uv_vcpu_find(play->host->uv, c->handle))
		host_share(play->host, c, step->how & 1 ?
			   PV_CMD_SET_SHARED_ACCESS :
			   PV_CMD_REMOVE_SHARED_ACCESS, gaddr(step));
}

/* What a page shows its host, who can store into it or not. */
static bool open_to_host(const struct play *play, uint64_t addr)
{
	return addr < HOST_MEMORY &&
	       !uv_cpu_may_access(play->host->uv, NULL, addr, 0);
}

/* An area that is not the host's gets nothing, whatever the call is. */
static void dump(struct play *play, const struct step *step)
{
	static const uint16_t cmds[] = {
		PV_CMD_DUMP_CONF_STOR_STATE, PV_CMD_DUMP_CPU,
		PV_CMD_DUMP_COMPLETE,
	};
	struct actor *a = actor(play, step);
	uint16_t cmd = cmds[step->where % ARRAY_SIZE(cmds)];
	uint64_t area = frame(play, step);
	bool mine = open_to_host(play, area);
	uint16_t rc;

	/* It would store over its own block. */
	if (area == HOST_BLOCK)
		return;
	rc = host_dump(play->host, cmd, cmd == PV_CMD_DUMP_CPU ?
		       cpu(play, step)->handle : a->guest.handle,
		       host_home(area), (step->how & 0x80) * HOST_MIB);
	MUST(mine || rc != 1);
}

/* Any bytes in any call. */
static void anything(struct play *play, const struct step *step)
{
	uint8_t *block = host_block(play->host, (uint16_t)
				    (step->who << 8 | step->where),
				    (uint16_t)(8 * (step->how & 0x1f)));

	memset(block + 8, step->how, 0x78);
	host_call(play->host);
}

/* ---- what is no call ---- */

/* A guest fills a page that it has, as far as the library lets it. */
static void guest_stores(struct play *play, const struct step *step)
{
	struct actor *a = actor(play, step);
	struct uv_config *config = config_of(play, a);
	const struct uv_guest_page *page;

	if (!config)
		return;
	page = uv_guest_page(&config->space, gaddr(step));
	if (page->state != UV_GUEST_PAGE_HERE)
		return;
	MUST(!uv_cpu_may_access(play->host->uv, config, page->frame,
				gaddr(step)));
	memset(play->host->memory + page->frame, step->how, FAKE_PAGE);
	a->content[step->where % GADDRS] = step->how;
}

/* A host stores into a page that is open to it, which spoils shared ones. */
static void host_stores(struct play *play, const struct step *step)
{
	uint64_t addr = play->frames[step->where % FRAMES];

	if (!uv_cpu_may_access(play->host->uv, NULL, addr, 0))
		play->host->memory[addr + step->how] ^= 1;
}

static void change(struct play *play, const struct step *step)
{
	static const char *const policies[] = {
		"", "cmd=create-conf:rc=0x108:late", "cmd=import:busy=1",
		"cmd=create-conf:rc=0x8108", "cmd=create-cpu:rc=0x105:late",
		"cmd=dump-init:rc=0x101:late", "cmd=dump-complete:rc=2:late",
	};
	struct uv_config *config = config_of(play, actor(play, step));

	switch (step->how % 4) {
	case 0:
		play->host->read_only = step->where & 1 ?
			play->frames[step->where % FRAMES] : 0;
		break;
	case 1:
		uv_machine_set_faults(play->host->uv,
				      policies[step->where %
					       ARRAY_SIZE(policies)], NULL);
		break;
	case 2:
		if (config)
			uv_config_ask_reset(config);
		break;
	default:
		if (!config)
			break;
		config->state = UV_CONFIG_VERIFIED;
		config->image.pcf = step->where & 1 ? 0 : PV_PCF_ALLOW_DUMPING;
	}
}

static void (*const acts[])(struct play *play, const struct step *step) = {
	create, create_cpu, by_config, by_cpu, import, import, unpin, by_frame,
	by_frame, map, map, share, share, guest_stores, host_stores, change,
	anything, dump, dump,
};

/* ---- promises ---- */

static uint64_t donated(const struct play *play,
			const struct uv_donation *donation, uint32_t owner)
{
	const struct uv_storage *storage = &play->host->uv->storage;

	for (size_t i = 0; i < donation->count; i++) {
		const struct uv_page *page =
			uv_storage_page(storage, donation->pages[i]);

		MUST(page->state == UV_PAGE_DONATED && page->owner == owner);
	}
	return donation->count;
}

static uint64_t donated_to(const struct play *play,
			   const struct uv_config *config)
{
	uint64_t count = donated(play, &config->base, config->owner.id) +
			 donated(play, &config->variable, config->owner.id);

	for (const struct uv_vcpu *vcpu = config->vcpus; vcpu;
	     vcpu = vcpu->next)
		count += donated(play, &vcpu->storage, config->owner.id);
	return count;
}

/* Each page of a guest that is here has a frame that knows of it. */
static uint64_t pages_of(const struct play *play, struct uv_config *config)
{
	const struct uv_guest_page *page;
	uint64_t count = 0;

	for (uint64_t at = config->space.origin;
	     (page = uv_guest_page_next(&config->space, &at));
	     at += FAKE_PAGE) {
		const struct uv_page *frame;

		if (page->state != UV_GUEST_PAGE_HERE)
			continue;
		frame = uv_storage_page(&play->host->uv->storage, page->frame);
		MUST(frame->owner == config->owner.id && frame->gaddr == at);
		MUST(frame->state != UV_PAGE_DONATED);
		count++;
	}
	return count;
}

/* Keys of dumps live exactly as long as the dumps. */
static void check_dump(const struct uv_config *config)
{
	static const struct uv_dump none;

	MUST(config->dump.active ? config->state == UV_CONFIG_VERIFIED :
	     !memcmp(&config->dump, &none, sizeof(none)));
}

/* Every page has the owner that says it has the page, and nobody else. */
static void check(const struct play *play)
{
	struct uv_machine *uv = play->host->uv;
	uint64_t donations = donated(play, &uv->base, UV_OWNER_ULTRAVISOR);
	uint64_t owned = 0;

	for (struct uv_config *config = uv->configs; config;
	     config = config->next) {
		check_dump(config);
		donations += donated_to(play, config);
		owned += pages_of(play, config);
	}
	MUST(uv_page_state(uv, HOST_BLOCK) == UV_PAGE_NORMAL);
	MUST(uv_page_state(uv, HOST_PREFIX) == UV_PAGE_NORMAL);
	for (uint64_t i = 0; i < HOST_PAGES; i++) {
		const struct uv_page *page = &uv->storage.pages[i];

		MUST((page->state == UV_PAGE_NORMAL) == !page->owner);
		if (page->state == UV_PAGE_DONATED)
			donations--;
		else if (page->owner && uv_config_find(uv, page->owner))
			owned--;
	}
	MUST(!donations && !owned);
}

/* Whatever happened, a host can end it all and has everything back. */
static void end_all(struct play *play)
{
	struct uv_machine *uv = play->host->uv;

	play->host->read_only = 0;
	uv_machine_set_faults(uv, "", NULL);
	while (uv->configs) {
		struct uv_config *config = uv->configs;

		while (config->vcpus)
			MUST(host_handle_call(play->host,
					      PV_CMD_DESTROY_SEC_CPU,
					      config->vcpus->handle) == 1);
		MUST(host_handle_call(play->host, PV_CMD_DESTROY_SEC_CONF,
				      config->handle) == 1);
	}
	for (uint64_t i = 0; i < HOST_PAGES; i++) {
		uint64_t addr = i * FAKE_PAGE;
		bool base = addr - HOST_BASE < HOST_MIB;

		if (uv_page_state(uv, addr) == UV_PAGE_NORMAL)
			continue;
		MUST(host_page(play->host, PV_CMD_DESTROY_SEC_STOR, addr) ==
		     (base ? 0x107 : 1));
		MUST(uv_page_state(uv, addr) ==
		     (base ? UV_PAGE_DONATED : UV_PAGE_NORMAL));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fake_host *host;
	static uint64_t first;
	struct play play = { 0 };
	struct step step;

	if (!host) {
		host = host_new("z17");
		first = host->next;
	}
	play.host = host;
	host->next = first;
	MUST(host_init(host) == 1);
	for (int i = 0; i < FRAMES; i++)
		play.frames[i] = host_take(host, FAKE_PAGE);
	for (int i = 0; i < STEPS && size >= sizeof(step); i++) {
		memcpy(&step, data, sizeof(step));
		data += sizeof(step);
		size -= sizeof(step);
		acts[step.what % ARRAY_SIZE(acts)](&play, &step);
	}
	check(&play);
	end_all(&play);
	uv_machine_reset(host->uv);
	return 0;
}
