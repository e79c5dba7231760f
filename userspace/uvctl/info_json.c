// SPDX-License-Identifier: MIT
/* "uvctl info --json" */
#include <inttypes.h>
#include <stdio.h>

#include "info_json.h"
#include "json.h"

static void put_known(struct json *json, const char *name, enum pv_known value)
{
	if (value == PV_UNKNOWN)
		json_null(json, name);
	else
		json_bool(json, name, value == PV_YES);
}

static void put_requests(struct json *json, const struct pv_uvinfo *info)
{
	const struct pv_bit_name *name = pv_uvinfo_request_names;

	if (!info->has_calls)
		return json_null(json, "requests");
	json_open(json, "requests", '{');
	for (; name->name; name++) {
		uint64_t bit = UINT64_C(1) << name->bit;

		if (info->calls.supp_uvio_cmds & bit)
			json_bool(json, name->name, !name->bit ||
				  info->calls.supp_uv_cmds & bit);
	}
	json_close(json, '}');
}

static void put_device(struct json *json, const struct pv_uvinfo *info,
		       const char *device)
{
	json_open(json, "device", '{');
	json_string(json, "state", device);
	put_requests(json, info);
	json_close(json, '}');
}

static void put_bits(struct json *json, const struct pv_bit_name *name,
		     const uint64_t *words, unsigned int n_words)
{
	json_open(json, "names", '[');
	for (; name->name; name++)
		if (name->bit / 64 < n_words &&
		    words[name->bit / 64] & PV_BIT64(name->bit % 64))
			json_string(json, NULL, name->name);
	json_close(json, ']');
}

static void put_field(struct json *json, const struct pv_uvinfo_field *field,
		      const uint64_t *words, unsigned int n_words)
{
	char hex[16 * PV_UVINFO_MAX_WORDS + 1] = "";

	if (!field->hex)
		return json_number(json, field->name, words[0]);
	for (unsigned int i = 0; i < n_words; i++)
		snprintf(hex + 16 * i, sizeof(hex) - 16 * i, "%016" PRIx64,
			 words[i]);
	json_open(json, field->name, '{');
	json_string(json, "hex", hex);
	if (field->bits)
		put_bits(json, field->bits, words, n_words);
	json_close(json, '}');
}

static void put_query(struct json *json, const struct pv_uvinfo *info)
{
	json_open(json, "query", '{');
	for (size_t i = 0; i < pv_uvinfo_n_fields; i++)
		if (info->field[i].n_words)
			put_field(json, &pv_uvinfo_fields[i],
				  info->field[i].word, info->field[i].n_words);
	json_close(json, '}');
}

void info_json(const struct pv_uvinfo *info, const char *verdict,
	       const char *device)
{
	struct json json = { .out = stdout, .pretty = true };

	json_open(&json, NULL, '{');
	json_string(&json, "verdict", verdict);
	json_string(&json, "reason", info->reason);
	json_string(&json, "machine", info->machine);
	put_known(&json, "facility_158", info->facility_uv);
	put_known(&json, "facility_161", info->facility_unpack);
	put_known(&json, "prot_virt_guest", info->guest);
	put_known(&json, "prot_virt_host", info->host);
	put_known(&json, "prot_virt_requested", info->requested);
	if (info->host_key[0])
		json_string(&json, "host_key_hash", info->host_key);
	if (info->backup_host_key[0])
		json_string(&json, "backup_host_key_hash",
			    info->backup_host_key);
	put_device(&json, info, device);
	put_query(&json, info);
	json_close(&json, '}');
}
