// SPDX-License-Identifier: MIT
/*
 * An unprotected machine becomes a protected guest: what a host does for its
 * guest with the calls set parameters, unpack and verify.
 */
#include <inttypes.h>

#include <openssl/crypto.h>

#include "bytes.h"
#include "call.h"
#include "clear.h"
#include "config.h"
#include "pv/se_image.h"
#include "report.h"

/*
 * Tries of one call.  No policy for a test needs as many, and a machine must
 * not hang in its reset for ever.
 */
#define MAX_TRIES	(UINT32_C(1) << 18)

/**
 * struct boot - a boot under way
 * @config: the configuration that is to own the machine
 * @addr: page to unpack next
 * @tweak: its tweak
 * @pages: how many have been answered for
 * @code: what the guest gets if this fails
 * @error: why the last call failed
 */
struct boot {
	struct uv_machine *machine;
	struct uv_config *config;
	const struct uv_ipib *ipib;
	uint64_t addr;
	pv_be64 tweak[2];
	uint64_t pages;
	uint64_t code;
	struct uv_error error;
};

static struct uv_answer answer(const struct boot *boot, int ret)
{
	if (ret)
		return (struct uv_answer){ boot->error.rc, boot->error.rrc };
	return (struct uv_answer){ PV_RC_EXECUTED, 0 };
}

static struct uv_answer set_params(void *opaque)
{
	struct boot *boot = opaque;
	const struct uv_source header = {
		.read = boot->machine->ops.read_abs,
		.opaque = boot->machine->opaque,
		.addr = boot->ipib->header_addr,
		.len = boot->ipib->header_len,
	};

	return answer(boot, uv_image_set_params(boot->machine, boot->config,
						&header, &boot->error));
}

static struct uv_answer unpack(void *opaque)
{
	struct boot *boot = opaque;

	return answer(boot, uv_image_unpack(boot->machine, boot->config,
					    boot->addr, boot->addr,
					    boot->tweak, &boot->error));
}

static struct uv_answer verify(void *opaque)
{
	struct boot *boot = opaque;

	return answer(boot, uv_image_verify(boot->machine, boot->config,
					    &boot->error));
}

/**
 * struct step - one call of a boot
 * @number: how DIAGNOSE 308 calls it, PV_DIAG308_STEP_*
 */
struct step {
	uint16_t cmd;
	uint16_t number;
	struct uv_answer (*execute)(void *opaque);
};

static const struct step set_params_step = {
	PV_CMD_SET_SEC_CONF_PARAMS, PV_DIAG308_STEP_PARAMETERS, set_params,
};

static const struct step unpack_step = {
	PV_CMD_UNPACK_IMG, PV_DIAG308_STEP_UNPACK, unpack,
};

static const struct step verify_step = {
	PV_CMD_VERIFY_IMG, PV_DIAG308_STEP_VERIFY, verify,
};

/* A failure that no call stands for: the guest gets the bare code. */
static int fail(struct boot *boot, const char *why)
{
	boot->code = PV_DIAG308_RC_INVAL_FOR_PV;
	return uv_fail(&boot->error, 0, 0, "%s", why);
}

static int call_failed(struct boot *boot, const struct step *step,
		       struct uv_answer got)
{
	const char *name = uv_command_by_code(step->cmd)->name;
	char why[sizeof(boot->error.text)] = "the fault policy says so";

	if (boot->error.text[0] && boot->error.rc == got.rc &&
	    boot->error.rrc == got.rrc)
		OPENSSL_strlcpy(why, boot->error.text, sizeof(why));
	boot->code = (uint64_t)step->number << 48 | (uint64_t)got.rrc << 32 |
		     (uint64_t)got.rc << 16 | PV_DIAG308_RC_INVAL_FOR_PV;
	return uv_fail(&boot->error, got.rc, got.rrc,
		       "%s failed with rc 0x%04x rrc 0x%04x: %s", name, got.rc,
		       got.rrc, why);
}

/* As a host does, a call that is busy is repeated with the same block. */
static int perform(struct boot *boot, const struct step *step,
		   const void *block, size_t len)
{
	const struct uv_fault_subject subject = {
		.cmd = step->cmd,
		.block = block,
		.len = len,
	};
	struct uv_answer got = { 0 };
	uint32_t tries = 0;
	int cc;

	boot->error = (struct uv_error){ 0 };
	do {
		cc = uv_faults_run(&boot->machine->faults, &subject,
				   step->execute, boot, &got);
	} while (cc != PV_CC_OK && ++tries < MAX_TRIES);
	if (cc != PV_CC_OK)
		return fail(boot, "a call stayed busy, by fault policy");
	if (tries)
		uv_log(boot->machine, UV_LOG_CALL,
		       "boot: %s was repeated %" PRIu32 " times",
		       uv_command_by_code(step->cmd)->name, tries);
	if (got.rc != PV_RC_EXECUTED)
		return call_failed(boot, step, got);
	return 0;
}

#define HEADER(type, command) {						\
	.len = put16(sizeof(type)),					\
	.cmd = put16(command),						\
}

static int call_set_params(struct boot *boot)
{
	const struct pv_uvcb_set_params block = {
		.header = HEADER(block, set_params_step.cmd),
		.guest_handle = put64(boot->config->owner.id),
		.header_addr = put64(boot->ipib->header_addr),
		.header_len = put32(boot->ipib->header_len),
	};

	if (perform(boot, &set_params_step, &block, sizeof(block)))
		return -1;
	uv_log(boot->machine, UV_LOG_CALL,
	       "boot: set-params, header of %" PRIu32 " bytes at 0x%" PRIx64 ": done",
	       boot->ipib->header_len, boot->ipib->header_addr);
	return 0;
}

static int call_unpack(struct boot *boot)
{
	const struct pv_uvcb_unpack block = {
		.header = HEADER(block, unpack_step.cmd),
		.guest_handle = put64(boot->config->owner.id),
		.gaddr = put64(boot->addr),
		.tweak = { boot->tweak[0], boot->tweak[1] },
	};

	return perform(boot, &unpack_step, &block, sizeof(block));
}

/*
 * Each page can be unpacked once, but a policy that answers for it could go on
 * to the end of a component of 2^64 bytes.
 */
static int count_page(struct boot *boot)
{
	if (++boot->pages <= boot->machine->storage.count)
		return 0;
	return fail(boot,
		    "more pages than there are were unpacked, by fault policy");
}

/* One line for all pages of a component: nobody would read one for each. */
static int unpack_component(struct boot *boot,
			    const struct uv_ipib_component *component)
{
	boot->tweak[0] = put64(component->tweak_prefix);
	for (uint64_t at = 0; at < component->size; at += PV_PAGE_SIZE) {
		boot->addr = component->addr + at;
		boot->tweak[1] = put64(at);
		if (call_unpack(boot) || count_page(boot))
			return -1;
	}
	uv_log(boot->machine, UV_LOG_CALL,
	       "boot: unpack, %" PRIu64 " pages at 0x%" PRIx64 ": done",
	       component->size >> PV_PAGE_SHIFT, component->addr);
	return 0;
}

static int unpack_all(struct boot *boot)
{
	for (uint32_t i = 0; i < boot->ipib->count; i++) {
		if (unpack_component(boot, &boot->ipib->components[i]))
			return -1;
	}
	return 0;
}

static int call_verify(struct boot *boot)
{
	const struct pv_uvcb_verify block = {
		.header = HEADER(block, verify_step.cmd),
		.guest_handle = put64(boot->config->owner.id),
	};

	if (perform(boot, &verify_step, &block, sizeof(block)))
		return -1;
	/* A policy can answer for a call, but what is not verified never runs. */
	if (boot->config->state != UV_CONFIG_VERIFIED)
		return fail(boot,
			    "verify was answered by fault policy, but not executed");
	uv_log(boot->machine, UV_LOG_CALL,
	       "boot: verify, %" PRIu64 " pages: done",
	       boot->config->image.nep);
	return 0;
}

static int load(struct boot *boot)
{
	if (boot->machine->configs || boot->machine->initialized)
		return fail(boot,
			    "the machine has a configuration already, or is a host: reset the machine first");
	boot->config = uv_config_new(boot->machine, &boot->error);
	if (!boot->config)
		return -1;
	if (call_set_params(boot) || unpack_all(boot))
		return -1;
	return call_verify(boot);
}

/* Whatever else the loader left in storage is not part of the image. */
static void take_rest(struct boot *boot)
{
	uv_clear_pages(boot->machine, 0);
	uv_storage_apply_all(&boot->machine->storage, &boot->config->owner,
			     UV_PAGE_GIVE);
	uv_machine_rights_reduced(boot->machine, UV_ALL_PAGES);
}

static void give_up(struct boot *boot, uint64_t *code, struct uv_error *err)
{
	uv_log(boot->machine, UV_LOG_INFO, "boot refused: %s",
	       boot->error.text);
	if (boot->config)
		uv_config_destroy(boot->machine, boot->config);
	*code = boot->code;
	if (err)
		*err = boot->error;
}

struct uv_config *uv_boot_image(struct uv_machine *machine,
				const struct uv_ipib *ipib, struct uv_psw *psw,
				uint64_t *code, struct uv_error *err)
{
	struct boot boot = {
		.machine = machine,
		.ipib = ipib,
		.code = PV_DIAG308_RC_INVAL_FOR_PV,
	};
	const struct pv_se_header_secret *secret;

	if (load(&boot)) {
		give_up(&boot, code, err);
		return NULL;
	}
	take_rest(&boot);
	secret = &boot.config->image.secret;
	psw->mask = get64(secret->psw_mask);
	psw->addr = get64(secret->psw_addr);
	uv_log(machine, UV_LOG_INFO,
	       "configuration %u owns the machine, %" PRIu64 " pages unpacked, start at 0x%" PRIx64,
	       boot.config->owner.id, boot.config->image.nep, psw->addr);
	return boot.config;
}
