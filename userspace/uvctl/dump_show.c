// SPDX-License-Identifier: MIT
/* "uvctl dump info": a dump for people and for programs. */
#include <inttypes.h>
#include <stdio.h>

#include "bytes.h"
#include "dump_show.h"
#include "encode.h"
#include "json_meta.h"

#define API_LEVEL	1

#define REGISTER(field)	offsetof(struct pv_dump_regs, field)

const struct dump_register dump_registers[] = {
	{ "psw_mask", REGISTER(psw_mask), 8, 0, true },
	{ "psw_addr", REGISTER(psw_addr), 8, 0, true },
	{ "prefix", REGISTER(prefix), 4, 0, true },
	{ "gpr", REGISTER(gr), 8, 16, false },
	{ "cr", REGISTER(cr), 8, 16, false },
	{ "ar", REGISTER(ar), 4, 16, false },
	{ "vr", REGISTER(vr), 16, 32, false },
	{ "fpc", REGISTER(fpc), 4, 0, false },
	{ "cpu_timer", REGISTER(cpu_timer), 8, 0, false },
	{ "clock_comparator", REGISTER(ckc), 8, 0, false },
	{ "tod_programmable", REGISTER(todpr), 4, 0, false },
	{ "gscb", REGISTER(gs), 8, 4, false },
	{ 0 },
};

const char *const dump_page_names[PV_DUMP_N_PAGE_KINDS] = {
	[PV_DUMP_ENCRYPTED] = "encrypted",
	[PV_DUMP_ZERO] = "zero",
	[PV_DUMP_SHARED] = "shared",
};

static bool is_partial(const struct pv_dump_regs *registers)
{
	return pv_get_be16(registers->flags) & PV_DUMP_CPU_PENDING;
}

static void text_register(const struct dump_register *what,
			  const struct pv_dump_regs *registers)
{
	const uint8_t *at = (const uint8_t *)registers + what->offset;

	printf("     %s:", what->name);
	for (size_t i = 0; i < (what->n ? what->n : 1); i++) {
		putchar(' ');
		put_hex(stdout, at + i * what->size, what->size);
	}
	putchar('\n');
}

static void text_cpu(const struct pv_dump *dump, size_t i, bool full)
{
	const struct pv_dump_regs *registers = &dump->registers[i];
	const struct dump_register *what;

	printf("   - CPU %zu%s\n", i,
	       is_partial(registers) ? ", results may be partial" : "");
	for (what = dump_registers; what->name; what++)
		if (full || what->always)
			text_register(what, registers);
}

void dump_show_text(const struct dump_facts *facts, bool full)
{
	const struct pv_dump *dump = facts->dump;

	printf("Dump of a protected guest, %s\n", dump->unlocked ?
	       "keys and CPUs verified" : "not verified");
	printf("  memory: %" PRIu64 " MiB\n", dump->memory.size >> 20);
	printf("  pages: %" PRIu64 "\n", dump->pages);
	for (size_t i = 0; i < PV_DUMP_N_PAGE_KINDS; i++)
		printf("   - %s: %" PRIu64 "\n", dump_page_names[i],
		       facts->counts[i]);
	printf("  seed: ");
	put_hex(stdout, dump->completion.seed, sizeof(dump->completion.seed));
	putchar('\n');
	if (facts->release[0])
		printf("  kernel: %s\n", facts->release);
	printf("  CPUs: %zu\n", dump->n_cpus);
	for (size_t i = 0; dump->unlocked && i < dump->n_cpus; i++)
		text_cpu(dump, i, full);
}

static void json_register(struct json *json, const struct dump_register *what,
			  const struct pv_dump_regs *registers)
{
	const uint8_t *at = (const uint8_t *)registers + what->offset;
	char name[32];

	snprintf(name, sizeof(name), "%s_hex", what->name);
	if (what->n == 0)
		return json_hex(json, name, at, what->size);
	json_open(json, name, '[');
	for (size_t i = 0; i < what->n; i++)
		json_hex(json, NULL, at + i * what->size, what->size);
	json_close(json, ']');
}

static void json_cpu(struct json *json, const struct pv_dump *dump, size_t i)
{
	const struct pv_dump_cpu *cpu = pv_dump_cpu_area(dump, i);
	const struct dump_register *what;

	json_open(json, NULL, '{');
	json_number(json, "version", pv_get_be32(cpu->version));
	json_hex(json, "iv_hex", cpu->iv, sizeof(cpu->iv));
	if (dump->unlocked) {
		json_bool(json, "partial", is_partial(&dump->registers[i]));
		for (what = dump_registers; what->name; what++)
			json_register(json, what, &dump->registers[i]);
	}
	json_close(json, '}');
}

static void json_pages(struct json *json, const struct dump_facts *facts)
{
	json_open(json, "pages", '{');
	json_number(json, "total", facts->dump->pages);
	for (size_t i = 0; i < PV_DUMP_N_PAGE_KINDS; i++)
		json_number(json, dump_page_names[i], facts->counts[i]);
	json_close(json, '}');
}

static void json_data(struct json *json, const struct dump_facts *facts)
{
	const struct pv_dump *dump = facts->dump;

	json_bool(json, "verified", dump->unlocked);
	json_number(json, "file_size", dump->size);
	json_number(json, "memory_size", dump->memory.size);
	json_pages(json, facts);
	json_number(json, "version", pv_get_be32(dump->completion.version));
	json_hex(json, "seed_hex", dump->completion.seed,
		 sizeof(dump->completion.seed));
	json_hex(json, "iv_hex", dump->completion.iv,
		 sizeof(dump->completion.iv));
	if (facts->release[0])
		json_string(json, "kernel_release", facts->release);
	else
		json_null(json, "kernel_release");
	json_open(json, "cpus", '[');
	for (size_t i = 0; i < dump->n_cpus; i++)
		json_cpu(json, dump, i);
	json_close(json, ']');
}

void dump_show_json(const struct dump_facts *facts, bool pretty)
{
	struct json json = { .out = stdout, .pretty = pretty };

	json_open(&json, NULL, '{');
	json_meta(&json, API_LEVEL);
	json_open(&json, "data", '{');
	json_data(&json, facts);
	json_close(&json, '}');
	json_close(&json, '}');
}
