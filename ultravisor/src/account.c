// SPDX-License-Identifier: MIT
/* What the Ultravisor has, and what it was asked for. */
#include <inttypes.h>
#include <stdio.h>

#include "call.h"
#include "config.h"
#include "machine.h"
#include "vcpu.h"

/**
 * struct account - pages that a host does not have
 * @configurations: base and variable storage of live configurations
 * @cpus: storage of their CPUs
 * @hidden: guest pages that are secure, whoever owns them
 * @open: guest pages that are shared, pinned or not
 */
struct account {
	size_t configurations;
	size_t cpus;
	size_t hidden;
	size_t open;
};

static void add_configurations(struct account *account,
			       const struct uv_machine *machine)
{
	const struct uv_config *config;
	const struct uv_vcpu *vcpu;

	for (config = machine->configs; config; config = config->next) {
		account->configurations += config->base.count +
					   config->variable.count;
		for (vcpu = config->vcpus; vcpu; vcpu = vcpu->next)
			account->cpus += vcpu->storage.count;
	}
}

static void add_pages(struct account *account, const struct uv_storage *storage)
{
	for (uint64_t i = 0; i < storage->count; i++) {
		uint8_t state = storage->pages[i].state;

		account->hidden += state == UV_PAGE_SECURE;
		account->open += state == UV_PAGE_SHARED ||
				 state == UV_PAGE_PINNED;
	}
}

struct text {
	char *at;
	size_t size;
	size_t len;
};

static void put(struct text *text, const char *name, uint64_t value)
{
	size_t room = text->len < text->size ? text->size - text->len : 0;
	int n = snprintf(room ? text->at + text->len : NULL, room,
			 "%s%s=%" PRIu64, text->len ? " " : "", name, value);

	text->len += n > 0 ? (size_t)n : 0;
}

static void put_calls(struct text *text, const struct uv_faults *faults)
{
	const struct uv_command *command;

	for (size_t i = 0; (command = uv_command_at(i)); i++)
		put(text, command->name, faults->executions[i]);
}

size_t uv_machine_account(const struct uv_machine *machine, char *buf,
			  size_t size)
{
	struct text text = { .at = buf, .size = size };
	struct account account = { 0 };

	add_configurations(&account, machine);
	add_pages(&account, &machine->storage);
	put(&text, "base", machine->base.count);
	put(&text, "configuration", account.configurations);
	put(&text, "cpu", account.cpus);
	put(&text, "secure", account.hidden);
	put(&text, "shared", account.open);
	put(&text, "struck", uv_faults_struck(&machine->faults));
	put_calls(&text, &machine->faults);
	return text.len;
}
