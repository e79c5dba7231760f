// SPDX-License-Identifier: MIT
/* uvctl info */
#include <inttypes.h>
#include <stdio.h>

#include "array.h"
#include "info_json.h"
#include "options.h"
#include "uvctl.h"
#include "uvinfo.h"

static const struct {
	const char *name;
	int status;
	const char *text;
} verdicts[] = {
	[PV_PROTECTED_GUEST] = { "protected-guest", 0,
		"This system is a protected guest (IBM Secure Execution)." },
	[PV_CAPABLE_HOST] = { "capable-host", 3,
		"This system is a host that can run protected guests; "
		"it is not protected itself." },
	[PV_NOT_ENABLED] = { "not-enabled", 4,
		"This system has an Ultravisor that is not enabled; it is not protected." },
	[PV_ORDINARY] = { "ordinary", 5,
		"This system is not protected and has no Ultravisor." },
	[PV_UNDETERMINED] = { "unknown", UVCTL_ERROR,
		"It cannot be determined whether this system is protected." },
};

static const char *const known_names[] = {
	[PV_NO] = "no", [PV_YES] = "yes", [PV_UNKNOWN] = "unknown",
};

static const char *const device_names[] = {
	[PV_UVDEVICE_USABLE] = "usable",
	[PV_UVDEVICE_MISSING] = "missing",
	[PV_UVDEVICE_NO_PERMISSION] = "no permission",
	[PV_UVDEVICE_NOT_A_DEVICE] = "not a device",
	[PV_UVDEVICE_FAILS] = "cannot be opened",
};

static bool bit_is_set(const uint64_t *words, unsigned int n_words,
		       unsigned int bit)
{
	return bit / 64 < n_words && words[bit / 64] & PV_BIT64(bit % 64);
}

static const char *name_of(const struct pv_bit_name *names, unsigned int bit)
{
	for (; names && names->name; names++)
		if (names->bit == bit)
			return names->name;
	return NULL;
}

static void show_bits(const struct pv_bit_name *names, const uint64_t *words,
		      unsigned int n_words)
{
	const char *name;

	for (unsigned int bit = 0; bit < 64 * n_words; bit++) {
		if (!bit_is_set(words, n_words, bit))
			continue;
		name = name_of(names, bit);
		printf("    %3u  %s\n", bit, name ? name : "(unknown)");
	}
}

static void show_field(const struct pv_uvinfo *info, size_t i)
{
	const struct pv_uvinfo_field *field = &pv_uvinfo_fields[i];
	unsigned int n = info->field[i].n_words;

	printf("  %s:", field->name);
	for (unsigned int w = 0; w < n; w++)
		printf(field->hex ? " 0x%" PRIx64 : " %" PRIu64,
		       info->field[i].word[w]);
	putchar('\n');
	if (field->bits)
		show_bits(field->bits, info->field[i].word, n);
}

static void show_device(const struct pv_uvinfo *info)
{
	const struct pv_bit_name *name = pv_uvinfo_request_names;

	printf("\n/dev/uv: %s\n", device_names[info->device]);
	if (info->device != PV_UVDEVICE_USABLE)
		printf("  %s\n", pv_uvinfo_device_advice(info));
	if (!info->has_calls)
		return;
	for (; name->name; name++) {
		uint64_t bit = UINT64_C(1) << name->bit;

		if (!(info->calls.supp_uvio_cmds & bit))
			continue;
		printf("  %-16s %s\n", name->name,
		       !name->bit || info->calls.supp_uv_cmds & bit ?
		       "available" : "not offered by the Ultravisor");
	}
}

static bool has_fields(const struct pv_uvinfo *info)
{
	for (size_t i = 0; i < pv_uvinfo_n_fields; i++)
		if (info->field[i].n_words)
			return true;
	return false;
}

static void show_text(const struct pv_uvinfo *info)
{
	printf("%s\nWhy: %s.\n\n", verdicts[info->verdict].text, info->reason);
	printf("Machine: %s\n", info->machine);
	printf("Facility 158 (Ultravisor call): %s\n",
	       known_names[info->facility_uv]);
	printf("Facility 161 (unpack): %s\n",
	       known_names[info->facility_unpack]);
	printf("Protected guest (prot_virt_guest): %s\n",
	       known_names[info->guest]);
	printf("Host for protected guests (prot_virt_host): %s\n",
	       known_names[info->host]);
	if (info->is_s390x)
		show_device(info);
	if (info->host_key[0])
		printf("\nHost key hash: %s\n", info->host_key);
	if (info->backup_host_key[0])
		printf("Backup host key hash: %s\n", info->backup_host_key);
	if (has_fields(info))
		printf("\nUltravisor (/sys/firmware/uv/query):\n");
	for (size_t i = 0; i < pv_uvinfo_n_fields; i++)
		if (info->field[i].n_words)
			show_field(info, i);
	if (info->verdict == PV_PROTECTED_GUEST)
		printf("\nA hypervisor could feign all of this; only an attestation proves it.\n");
}

struct info_options {
	const char *sysroot;
	bool json;
};

static int show(const char *path, void *target)
{
	const struct info_options *options = target;
	struct pv_uvinfo info;

	(void)path;
	pv_uvinfo_read(&info, options->sysroot ? options->sysroot : "");
	if (options->json)
		info_json(&info, verdicts[info.verdict].name,
			  device_names[info.device]);
	else
		show_text(&info);
	return verdicts[info.verdict].status;
}

int uvctl_info(const char *path, int argc, char **argv)
{
	struct info_options options = { 0 };
	const struct option_spec specs[] = {
		{ "json", 0, OPTION_FLAG, &options.json, NULL,
		  "for programs instead of people" },
		{ "sysroot", 0, OPTION_STRING, &options.sysroot, "DIR", NULL },
	};
	const struct option_table table = {
		.usage = "[--json]",
		.about =
"Tell whether this system is protected by IBM Secure Execution and why, and what\n"
"its Ultravisor offers.",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.after =
"Exit status: 0 protected guest, 3 host for protected guests, 4 Ultravisor not\n"
"enabled, 5 ordinary system, 1 error or cannot be determined.",
	};

	return options_run(path, &table, argc, argv, show, &options);
}
