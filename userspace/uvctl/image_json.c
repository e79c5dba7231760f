// SPDX-License-Identifier: MIT
/*
 * "uvctl image info" for programs: members and their order are those of pvimg.
 * One table of members makes both the document and its schema.
 */
#include <stddef.h>
#include <stdio.h>

#include "array.h"
#include "bytes.h"
#include "image_show.h"
#include "json_meta.h"

#define API_LEVEL	1

enum member_kind {
	MEMBER_HEX,		/* @size bytes at @offset */
	MEMBER_NUMBER,		/* the same, as a number */
	MEMBER_SLOTS,		/* the array of key slots */
	MEMBER_KIND,		/* of the header: decrypted or not */
	MEMBER_VERIFIED,
	MEMBER_VERSION,
	MEMBER_OPEN,		/* begin of an object */
	MEMBER_CLOSE,		/* end of an object */
	MEMBER_AREA,		/* encrypted area */
};

struct member {
	const char *name;
	enum member_kind kind;
	size_t offset;
	size_t size;
};

#define HEAD(field)	offsetof(struct pv_se_header, field)
#define SECRET(field)	offsetof(struct pv_se_header_secret, field)

static const struct member head_members[] = {
	{ "kind", MEMBER_KIND, 0, 0 },
	{ "verified", MEMBER_VERIFIED, 0, 0 },
	{ "magic_hex", MEMBER_HEX, HEAD(magic), 8 },
	{ "version", MEMBER_VERSION, 0, 0 },
	{ "sehs", MEMBER_NUMBER, HEAD(size), 4 },
	{ "iv_hex", MEMBER_HEX, HEAD(iv), 12 },
	{ "nks", MEMBER_NUMBER, HEAD(nks), 8 },
	{ "sea", MEMBER_NUMBER, HEAD(sea), 8 },
	{ "nep", MEMBER_NUMBER, HEAD(nep), 8 },
	{ "pcf_hex", MEMBER_HEX, HEAD(pcf), 8 },
	{ "cust_pub_key", MEMBER_OPEN, 0, 0 },
	{ "coord_hex", MEMBER_HEX, HEAD(cust_pub_key), 160 },
	{ NULL, MEMBER_CLOSE, 0, 0 },
	{ "pld_hex", MEMBER_HEX, HEAD(pld), 64 },
	{ "ald_hex", MEMBER_HEX, HEAD(ald), 64 },
	{ "tld_hex", MEMBER_HEX, HEAD(tld), 64 },
	{ "keyslots", MEMBER_SLOTS, 0, 0 },
};

static const struct member sealed_members[] = {
	{ "cipher_data_b64", MEMBER_AREA, 0, 0 },
};

static const struct member secret_members[] = {
	{ "cck_hex", MEMBER_HEX, SECRET(cck), 32 },
	{ "xts_hex", MEMBER_HEX, SECRET(xts_key), 64 },
	{ "psw", MEMBER_OPEN, 0, 0 },
	{ "mask_hex", MEMBER_HEX, SECRET(psw_mask), 8 },
	{ "addr_hex", MEMBER_HEX, SECRET(psw_addr), 8 },
	{ NULL, MEMBER_CLOSE, 0, 0 },
	{ "scf_hex", MEMBER_HEX, SECRET(scf), 8 },
};

static const struct member tag_members[] = {
	{ "tag_hex", MEMBER_HEX, 0, PV_GCM_TAG_SIZE },
};

static uint64_t number_at(const uint8_t *at, size_t size)
{
	uint64_t value = 0;

	while (size--)
		value = value << 8 | *at++;
	return value;
}

#define SLOT_NAME_SIZE	16

static const char *slot_name(char *text, const struct pv_se_slot_field *field)
{
	snprintf(text, SLOT_NAME_SIZE, "%s_hex", field->name);
	return text;
}

static void put_slot(struct json *json, const struct pv_se_slot_field *field,
		     const uint8_t *slot)
{
	char name[SLOT_NAME_SIZE];

	json_open(json, NULL, '{');
	for (; field->name; field++)
		json_hex(json, slot_name(name, field), slot + field->offset,
			 field->size);
	json_close(json, '}');
}

static void put_slots(struct json *json, const char *name,
		      const struct pv_se_view *view)
{
	const uint32_t version = pv_get_be32(view->head->version);

	json_open(json, name, '[');
	for (size_t i = 0; i < view->n_slots; i++)
		put_slot(json, pv_se_slot_fields(version), pv_se_slot(view, i));
	json_close(json, ']');
}

static void put_version(struct json *json, const char *name,
			const struct pv_se_header *head)
{
	char text[16];

	snprintf(text, sizeof(text), "V%u", pv_get_be32(head->version) >> 8);
	json_string(json, name, text);
}

static void put_member(struct json *json, const struct member *member,
		       const struct image_facts *facts, const uint8_t *base)
{
	const uint8_t *at = base + member->offset;
	const char *name = member->name;

	switch (member->kind) {
	case MEMBER_HEX:
		return json_hex(json, name, at, member->size);
	case MEMBER_NUMBER:
		return json_number(json, name, number_at(at, member->size));
	case MEMBER_SLOTS:
		return put_slots(json, name, facts->view);
	case MEMBER_KIND:
		return json_string(json, name, facts->secret ?
				   "decrypted_se_hdr" : "se_hdr");
	case MEMBER_VERIFIED:
		return json_bool(json, name, facts->verified);
	case MEMBER_VERSION:
		return put_version(json, name, facts->view->head);
	case MEMBER_OPEN:
		return json_open(json, name, '{');
	case MEMBER_CLOSE:
		return json_close(json, '}');
	case MEMBER_AREA:
		return json_base64(json, name, at, facts->view->area_len);
	}
}

static void put_members(struct json *json, const struct member *members,
			size_t n, const struct image_facts *facts,
			const void *base)
{
	for (size_t i = 0; i < n; i++)
		put_member(json, &members[i], facts, base);
}

void image_show_json(const struct image_facts *facts, bool pretty)
{
	struct json json = { .out = stdout, .pretty = pretty };
	const struct pv_se_view *view = facts->view;

	json_open(&json, NULL, '{');
	json_meta(&json, API_LEVEL);
	json_open(&json, "data", '{');
	put_members(&json, head_members, ARRAY_SIZE(head_members), facts,
		    view->head);
	if (facts->secret)
		put_members(&json, secret_members, ARRAY_SIZE(secret_members),
			    facts, facts->secret);
	else
		put_members(&json, sealed_members, ARRAY_SIZE(sealed_members),
			    facts, view->area);
	put_members(&json, tag_members, ARRAY_SIZE(tag_members), facts,
		    view->tag);
	json_close(&json, '}');
	json_close(&json, '}');
}

/* The rest of this file: a JSON schema (draft 7) out of the same tables. */

static void open_object(struct json *json, const char *name)
{
	json_open(json, name, '{');
	json_string(json, "type", "object");
	json_bool(json, "additionalProperties", false);
}

static void type_of(struct json *json, const char *name, const char *type)
{
	json_open(json, name, '{');
	json_string(json, "type", type);
	json_close(json, '}');
}

static void pattern_of(struct json *json, const char *name, const char *pattern)
{
	json_open(json, name, '{');
	json_string(json, "type", "string");
	json_string(json, "pattern", pattern);
	json_close(json, '}');
}

static void hex_of(struct json *json, const char *name, size_t size)
{
	char pattern[40];

	snprintf(pattern, sizeof(pattern), "^[0-9a-f]{%zu}$", 2 * size);
	pattern_of(json, name, pattern);
}

static size_t skip_object(const struct member *members, size_t i)
{
	while (members[i].kind != MEMBER_CLOSE)
		i++;
	return i;
}

static void schema_required(struct json *json, const struct member *members,
			    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		json_string(json, NULL, members[i].name);
		if (members[i].kind == MEMBER_OPEN)
			i = skip_object(members, i);
	}
}

static void schema_slot(struct json *json, const char *name,
			const struct pv_se_slot_field *fields)
{
	const struct pv_se_slot_field *field;
	char text[SLOT_NAME_SIZE];

	open_object(json, name);
	json_open(json, "required", '[');
	for (field = fields; field->name; field++)
		json_string(json, NULL, slot_name(text, field));
	json_close(json, ']');
	json_open(json, "properties", '{');
	for (field = fields; field->name; field++)
		hex_of(json, slot_name(text, field), field->size);
	json_close(json, '}');
	json_close(json, '}');
}

/* The schema is that of the header version which it calls V1. */
static void schema_slots(struct json *json, const char *name)
{
	json_open(json, name, '{');
	json_string(json, "type", "array");
	json_number(json, "minItems", 1);
	schema_slot(json, "items", pv_se_slot_fields(PV_SE_HEADER_VERSION_1));
	json_close(json, '}');
}

static void schema_member(struct json *json, const struct member *member)
{
	switch (member->kind) {
	case MEMBER_HEX:
		return hex_of(json, member->name, member->size);
	case MEMBER_NUMBER:
		return type_of(json, member->name, "integer");
	case MEMBER_SLOTS:
		return schema_slots(json, member->name);
	case MEMBER_KIND:
		return pattern_of(json, member->name, "^(decrypted_)?se_hdr$");
	case MEMBER_VERIFIED:
		return type_of(json, member->name, "boolean");
	case MEMBER_VERSION:
		return pattern_of(json, member->name, "^V1$");
	case MEMBER_AREA:
		return pattern_of(json, member->name, "^[0-9A-Za-z+/]+=*$");
	case MEMBER_OPEN:
	case MEMBER_CLOSE:
		break;
	}
}

static void schema_object(struct json *json, const char *name,
			  const struct member *members, size_t n);

static void schema_members(struct json *json, const struct member *members,
			   size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t end;

		if (members[i].kind != MEMBER_OPEN) {
			schema_member(json, &members[i]);
			continue;
		}
		end = skip_object(members, i);
		schema_object(json, members[i].name, &members[i + 1],
			      end - i - 1);
		i = end;
	}
}

static void schema_object(struct json *json, const char *name,
			  const struct member *members, size_t n)
{
	open_object(json, name);
	json_open(json, "required", '[');
	schema_required(json, members, n);
	json_close(json, ']');
	json_open(json, "properties", '{');
	schema_members(json, members, n);
	json_close(json, '}');
	json_close(json, '}');
}

/* One of the two forms of "data". */
static void schema_form(struct json *json, const struct member *middle,
			size_t n_middle)
{
	open_object(json, NULL);
	json_open(json, "required", '[');
	schema_required(json, head_members, ARRAY_SIZE(head_members));
	schema_required(json, middle, n_middle);
	schema_required(json, tag_members, ARRAY_SIZE(tag_members));
	json_close(json, ']');
	json_open(json, "properties", '{');
	schema_members(json, head_members, ARRAY_SIZE(head_members));
	schema_members(json, middle, n_middle);
	schema_members(json, tag_members, ARRAY_SIZE(tag_members));
	json_close(json, '}');
	json_close(json, '}');
}

static void schema_meta(struct json *json)
{
	static const struct {
		const char *name;
		const char *type;
	} members[] = {
		{ "api_level", "integer" }, { "version", "string" },
		{ "host", "string" }, { "time_epoch", "integer" },
		{ "time", "string" },
	};

	open_object(json, "meta");
	json_open(json, "required", '[');
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		json_string(json, NULL, members[i].name);
	json_close(json, ']');
	json_open(json, "properties", '{');
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		type_of(json, members[i].name, members[i].type);
	json_close(json, '}');
	json_close(json, '}');
}

void image_show_schema(void)
{
	struct json json = { .out = stdout, .pretty = true };

	json_open(&json, NULL, '{');
	json_string(&json, "$schema", "http://json-schema.org/draft-07/schema#");
	json_string(&json, "title", "uvctl image info");
	json_string(&json, "type", "object");
	json_bool(&json, "additionalProperties", false);
	json_open(&json, "required", '[');
	json_string(&json, NULL, "meta");
	json_string(&json, NULL, "data");
	json_close(&json, ']');
	json_open(&json, "properties", '{');
	schema_meta(&json);
	json_open(&json, "data", '{');
	json_open(&json, "oneOf", '[');
	schema_form(&json, sealed_members, ARRAY_SIZE(sealed_members));
	schema_form(&json, secret_members, ARRAY_SIZE(secret_members));
	json_close(&json, ']');
	json_close(&json, '}');
	json_close(&json, '}');
	json_close(&json, '}');
}
