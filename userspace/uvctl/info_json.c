// SPDX-License-Identifier: MIT
/* "uvctl info --json" */
#include <inttypes.h>
#include <stdio.h>

#include "info_json.h"

static void put_string(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

static void put_member(const char *name, const char *text)
{
	printf("  \"%s\": ", name);
	put_string(text);
	puts(",");
}

static void put_known(const char *name, enum pv_known value)
{
	static const char *const words[] = {
		[PV_NO] = "false", [PV_YES] = "true", [PV_UNKNOWN] = "null",
	};

	printf("  \"%s\": %s,\n", name, words[value]);
}

static void put_requests(const struct pv_uvinfo *info)
{
	const struct pv_bit_name *name = pv_uvinfo_request_names;
	const char *separator = "";

	printf("    \"requests\": ");
	if (!info->has_calls) {
		puts("null");
		return;
	}
	putchar('{');
	for (; name->name; name++) {
		uint64_t bit = UINT64_C(1) << name->bit;

		if (!(info->calls.supp_uvio_cmds & bit))
			continue;
		printf("%s\n      \"%s\": %s", separator, name->name,
		       !name->bit || info->calls.supp_uv_cmds & bit ?
		       "true" : "false");
		separator = ",";
	}
	puts("\n    }");
}

static void put_bits(const struct pv_uvinfo_field *field,
		     const uint64_t *words, unsigned int n_words)
{
	const struct pv_bit_name *name;
	const char *separator = "";

	printf(", \"names\": [");
	for (name = field->bits; name->name; name++) {
		if (name->bit / 64 >= n_words ||
		    !(words[name->bit / 64] & PV_BIT64(name->bit % 64)))
			continue;
		printf("%s", separator);
		put_string(name->name);
		separator = ", ";
	}
	putchar(']');
}

static void put_field(const struct pv_uvinfo *info, size_t i)
{
	const struct pv_uvinfo_field *field = &pv_uvinfo_fields[i];
	unsigned int n = info->field[i].n_words;

	if (!field->hex) {
		printf("\n    \"%s\": %" PRIu64, field->name,
		       info->field[i].word[0]);
		return;
	}
	printf("\n    \"%s\": { \"hex\": \"", field->name);
	for (unsigned int w = 0; w < n; w++)
		printf("%016" PRIx64, info->field[i].word[w]);
	putchar('"');
	if (field->bits)
		put_bits(field, info->field[i].word, n);
	printf(" }");
}

static void put_fields(const struct pv_uvinfo *info)
{
	const char *separator = "";

	printf("  \"query\": {");
	for (size_t i = 0; i < pv_uvinfo_n_fields; i++) {
		if (!info->field[i].n_words)
			continue;
		fputs(separator, stdout);
		put_field(info, i);
		separator = ",";
	}
	puts("\n  }");
}

void info_json(const struct pv_uvinfo *info, const char *verdict,
	       const char *device)
{
	puts("{");
	put_member("verdict", verdict);
	put_member("reason", info->reason);
	put_member("machine", info->machine);
	put_known("facility_158", info->facility_uv);
	put_known("facility_161", info->facility_unpack);
	put_known("prot_virt_guest", info->guest);
	put_known("prot_virt_host", info->host);
	put_known("prot_virt_requested", info->requested);
	if (info->host_key[0])
		put_member("host_key_hash", info->host_key);
	if (info->backup_host_key[0])
		put_member("backup_host_key_hash", info->backup_host_key);
	printf("  \"device\": {\n    \"state\": ");
	put_string(device);
	puts(",");
	put_requests(info);
	puts("  },");
	put_fields(info);
	puts("}");
}
