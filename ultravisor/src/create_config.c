// SPDX-License-Identifier: MIT
/* Create secure configuration: checks in their order, then donations. */
#include <inttypes.h>

#include "array.h"
#include "bytes.h"
#include "handle.h"
#include "report.h"

#define MIB_SHIFT	20

#define SCA_HEADER_LEN	0x100
#define SCA_ENTRY_LEN	0x40

#define ASCE_ORIGIN	(~UINT64_C(0xfff))
#define ASCE_PRIVATE	0x100
#define ASCE_REAL_SPACE	0x020

/**
 * struct creation - a configuration that is to be
 * @origin: where its guest storage begins
 * @len: bytes of that
 * @base: absolute address of the base storage
 * @sca: absolute address of the system control area
 * @variable: frames of the variable storage
 */
struct creation {
	struct uv_call *call;
	const struct uv_host_limits *limits;
	uint64_t origin;
	uint64_t len;
	uint64_t base;
	uint64_t sca;
	struct uv_donation variable;
};

static uint16_t check_origin(struct creation *c)
{
	return c->origin > c->limits->max_guest_addr ? PV_RC_CONF_ORIGIN :
						       PV_RC_EXECUTED;
}

static uint16_t check_end(struct creation *c)
{
	return c->len && c->len - 1 > c->limits->max_guest_addr - c->origin ?
	       PV_RC_CONF_END : PV_RC_EXECUTED;
}

static uint16_t check_pages(struct creation *c)
{
	if (c->origin % PV_PAGE_SIZE)
		return PV_RC_CONF_ORIGIN;
	return c->len % PV_PAGE_SIZE ? PV_RC_CONF_END : PV_RC_EXECUTED;
}

/* The tables of a space lead to the frames of one guest. */
static bool asce_in_use(const struct uv_machine *machine, uint64_t asce)
{
	for (const struct uv_config *config = machine->configs; config;
	     config = config->next) {
		if (config->handle && !((config->asce ^ asce) & ASCE_ORIGIN))
			return true;
	}
	return false;
}

static uint16_t check_asce(struct creation *c)
{
	uint64_t asce = get64(c->call->create_conf.guest_asce);

	if (!(asce & ASCE_PRIVATE) || asce & ASCE_REAL_SPACE ||
	    asce_in_use(c->call->machine, asce))
		return PV_RC_CONF_ASCE;
	return PV_RC_EXECUTED;
}

static uint16_t check_base(struct creation *c)
{
	return c->base % PV_PAGE_SIZE ||
	       !uv_storage_normal(&c->call->machine->storage, c->base,
				  c->limits->conf_base_len) ?
	       PV_RC_CONF_BASE : PV_RC_EXECUTED;
}

static uint16_t check_base_prefix(struct creation *c)
{
	return uv_machine_is_prefix(c->call->machine, c->base,
				    c->limits->conf_base_len) ?
	       PV_RC_CONF_BASE_PREFIX : PV_RC_EXECUTED;
}

/* Of the extended format: what is common, and an entry for each CPU. */
static uint64_t sca_len(const struct creation *c)
{
	return SCA_HEADER_LEN + (uint64_t)(c->limits->max_cpu_id + 1) *
				SCA_ENTRY_LEN;
}

static bool in_sca(const struct creation *c, uint64_t addr, uint64_t len)
{
	return addr < c->sca + sca_len(c) && c->sca < addr + len;
}

/* All of it, and it must stay the host's. */
static uint16_t check_sca(struct creation *c)
{
	if (!c->sca)
		return PV_RC_CONF_NO_SCA;
	return !uv_storage_normal(&c->call->machine->storage, c->sca,
				  sca_len(c)) ||
	       in_sca(c, c->base, c->limits->conf_base_len) ?
	       PV_RC_CONF_SCA : PV_RC_EXECUTED;
}

static uint64_t variable_len(const struct creation *c)
{
	uint64_t len = c->limits->conf_var_len * (c->len >> MIB_SHIFT);

	len = (len + PV_PAGE_SIZE - 1) & ~(PV_PAGE_SIZE - 1);
	return len + c->limits->conf_virt_len;
}

/* One page of the variable storage, which is contiguous for its host only. */
static uint16_t find_variable_page(struct creation *c, uint64_t addr)
{
	const struct uv_machine *machine = c->call->machine;
	uint64_t abs;

	if (!machine->ops.home_to_abs)
		return PV_RC_TRANSLATION;
	switch (machine->ops.home_to_abs(c->call->cpu->opaque, addr, &abs)) {
	case UV_ACCESS_OK:
		break;
	case UV_ACCESS_REAL_SPACE:
		return PV_RC_HOME_REAL_SPACE;
	default:
		return PV_RC_TRANSLATION;
	}
	if (!uv_storage_page(&machine->storage, abs))
		return PV_RC_INV_ABS;
	uv_donation_add(&c->variable, abs & ~(PV_PAGE_SIZE - 1));
	return PV_RC_EXECUTED;
}

static uint16_t find_variable(struct creation *c)
{
	const uint64_t limit = c->limits->max_guest_addr;
	uint64_t addr = get64(c->call->create_conf.conf_virt_stor_origin);
	uint64_t len = variable_len(c);

	if (addr % PV_PAGE_SIZE || addr > limit || len - 1 > limit - addr)
		return PV_RC_TRANSLATION;
	/* What is not there cannot be donated, however much is asked for. */
	if (len >> PV_PAGE_SHIFT > c->call->machine->storage.count)
		return PV_RC_TRANSLATION;
	if (!uv_donation_init(&c->variable, len))
		return UV_RC_INTERNAL;
	for (uint64_t at = 0; at < len; at += PV_PAGE_SIZE) {
		uint16_t rc = find_variable_page(c, addr + at);

		if (rc != PV_RC_EXECUTED)
			return rc;
	}
	return PV_RC_EXECUTED;
}

static uint16_t check_variable_prefix(struct creation *c)
{
	for (size_t i = 0; i < c->variable.count; i++) {
		if (uv_machine_is_prefix(c->call->machine,
					 c->variable.pages[i], PV_PAGE_SIZE))
			return PV_RC_CONF_VIRT_PREFIX;
	}
	return PV_RC_EXECUTED;
}

static uint16_t check_variable_sca(struct creation *c)
{
	for (size_t i = 0; i < c->variable.count; i++) {
		if (in_sca(c, c->variable.pages[i], PV_PAGE_SIZE))
			return PV_RC_CONF_SCA;
	}
	return PV_RC_EXECUTED;
}

/* The answer, with the handle, must have a place. */
static uint16_t check_block(struct creation *c)
{
	if (uv_call_block_in(c->call, c->base, c->limits->conf_base_len))
		return PV_RC_CONF_BASE;
	for (size_t i = 0; i < c->variable.count; i++) {
		if (uv_call_block_in(c->call, c->variable.pages[i],
				     PV_PAGE_SIZE))
			return PV_RC_CONF_BASE;
	}
	return PV_RC_EXECUTED;
}

static uint16_t check_room(struct creation *c)
{
	uint32_t count = 0;

	for (const struct uv_config *config = c->call->machine->configs; config;
	     config = config->next)
		count++;
	return count < c->limits->max_configs ? PV_RC_EXECUTED :
						PV_RC_CONF_FULL;
}

static uint16_t (*const checks[])(struct creation *c) = {
	check_origin,
	check_end,
	check_pages,
	check_asce,
	check_base,
	check_base_prefix,
	check_sca,
	find_variable,
	check_variable_prefix,
	check_variable_sca,
	check_room,
	check_block,
};

/* Takes the variable storage's list over whatever comes out of it. */
static uint16_t donate(struct creation *c, struct uv_config *config)
{
	struct uv_machine *machine = c->call->machine;

	if (!uv_donation_range(&config->base, c->base,
			       c->limits->conf_base_len))
		return UV_RC_INTERNAL;
	if (!uv_donation_take(machine, &config->owner, &config->base)) {
		uv_donation_free(&config->base);
		return PV_RC_CONF_BASE;
	}
	if (!uv_donation_take(machine, &config->owner, &c->variable)) {
		uv_donation_cancel(machine, &config->owner, &config->base);
		return PV_RC_CONF_BASE;
	}
	config->variable = c->variable;
	c->variable = (struct uv_donation){ 0 };
	return PV_RC_EXECUTED;
}

static uint16_t set_up(struct creation *c, struct uv_config *config)
{
	const struct pv_uvcb_create_conf *block = &c->call->create_conf;

	config->handle = uv_handle_new(c->call->machine);
	if (!config->handle ||
	    !uv_guest_space_init(&config->space, c->origin, c->len))
		return UV_RC_INTERNAL;
	config->asce = get64(block->guest_asce);
	config->sca = c->sca;
	return donate(c, config);
}

static uint16_t make(struct creation *c)
{
	struct uv_call *call = c->call;
	struct uv_error err = { 0 };
	uint16_t rc;

	call->config = uv_config_new(call->machine, &err);
	if (!call->config)
		return UV_RC_INTERNAL;
	rc = set_up(c, call->config);
	if (rc != PV_RC_EXECUTED) {
		uv_config_destroy(call->machine, call->config);
		call->config = NULL;
		return rc;
	}
	uv_call_reduced(call, UV_ALL_PAGES);
	call->create_conf.guest_handle = put64(call->config->handle);
	call->stored = offsetof(struct pv_uvcb_create_conf,
				conf_base_stor_origin);
	uv_log(call->machine, UV_LOG_INFO,
	       "configuration %u created, 0x%" PRIx64 " bytes of guest storage",
	       call->config->owner.id, c->len);
	return PV_RC_EXECUTED;
}

uint16_t uv_create_config(struct uv_call *call)
{
	const struct pv_uvcb_create_conf *block = &call->create_conf;
	struct creation c = {
		.call = call,
		.limits = &call->machine->profile->host,
		.origin = get64(block->guest_stor_origin),
		.len = get64(block->guest_stor_len),
		.base = get64(block->conf_base_stor_origin),
		.sca = get64(block->guest_sca),
	};
	uint16_t rc = PV_RC_EXECUTED;

	for (size_t i = 0; i < ARRAY_SIZE(checks) && rc == PV_RC_EXECUTED; i++)
		rc = checks[i](&c);
	if (rc == PV_RC_EXECUTED)
		rc = make(&c);
	uv_donation_free(&c.variable);
	return rc;
}
