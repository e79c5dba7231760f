// SPDX-License-Identifier: MIT
/* How people name secrets: names, ids, and the little file that keeps both. */
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "encode.h"
#include "log.h"
#include "secret_identity.h"
#include "yaml.h"
#include "yaml_read.h"

#define TAG_ASSOCIATION	"!Association"
#define TAG_RETRIEVABLE	"!Retrievable"

int secret_identity_set(struct secret_identity *identity, const char *name,
			bool use_name, struct pv_error *err)
{
	identity->name = name;
	if (!use_name)
		return pv_secret_id_from_name(identity->id, name, err);
	if (strlen(name) >= PV_SECRET_ID_SIZE)
		log_warning("Only the first %d bytes of the name become the id of the secret.",
			    PV_SECRET_ID_SIZE - 1);
	pv_secret_id_use_name(identity->id, name);
	return 0;
}

/* The name as a file name, without what looks like a suffix. */
static void clean(char *name)
{
	char *dot;

	for (char *c = name; *c; c++)
		if (strchr(" \t\n\v\f\r/", *c))
			*c = '_';
	dot = strrchr(name, '.');
	if (dot && dot > name)
		*dot = '\0';
}

char *secret_identity_path(const char *output, const char *name)
{
	char *folder = strdup(output), *file = strdup(name), *path = NULL;
	size_t size;

	if (!folder || !file)
		goto out;
	clean(file);
	size = strlen(output) + strlen(file) + sizeof("./.yaml");
	path = malloc(size);
	if (path && strchr(output, '/'))
		snprintf(path, size, "%s/%s.yaml", dirname(folder), file);
	else if (path)
		snprintf(path, size, "%s.yaml", file);
out:
	free(folder);
	free(file);
	return path;
}

static void write_yaml(FILE *out, const struct secret_identity *identity)
{
	const struct pv_secret_kind *kind = pv_secret_kind(identity->type);

	if (identity->type == PV_SECRET_ASSOCIATION) {
		fputs(TAG_ASSOCIATION "\n", out);
	} else {
		fputs(TAG_RETRIEVABLE "\n", out);
		fprintf(out, "kind: %d (%s)\n", identity->type,
			kind ? kind->name : "unknown");
	}
	yaml_string(out, 0, "name", identity->name);
	yaml_hex(out, 0, "id", identity->id, sizeof(identity->id));
}

int secret_identity_render(char **text, size_t *size,
			   const struct secret_identity *identity,
			   struct pv_error *err)
{
	FILE *out = open_memstream(text, size);

	if (!out)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for a file");
	write_yaml(out, identity);
	if (fclose(out) != 0)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for a file");
	return 0;
}

static int take_id(uint8_t *id, const struct yaml_text *yaml, const char *path,
		   struct pv_error *err)
{
	char value[YAML_VALUE_MAX];

	yaml_first(value, yaml);
	if (strcmp(value, TAG_ASSOCIATION) == 0)
		return pv_fail(err, PV_ERR_FORMAT,
			       "%s describes an association secret, which cannot be retrieved",
			       path);
	if (strcmp(value, TAG_RETRIEVABLE) == 0 &&
	    yaml_find(value, yaml, "id") &&
	    get_hex(id, PV_SECRET_ID_SIZE, value))
		return 0;
	return pv_fail(err, PV_ERR_FORMAT,
		       "%s does not describe a retrievable secret (give the file that 'secret create' wrote, or say --inform name)",
		       path);
}

int secret_identity_read(uint8_t *id, const char *path, struct pv_error *err)
{
	struct yaml_text yaml;
	int ret = yaml_read(&yaml, path, err);

	if (ret == 0)
		ret = take_id(id, &yaml, path, err);
	yaml_free(&yaml);
	return ret;
}

void secret_id_put(FILE *out, const uint8_t *id)
{
	char text[PV_SECRET_ID_SIZE];

	if (pv_secret_id_text(text, id))
		fprintf(out, "%s | ", text);
	fputs("0x", out);
	put_hex(out, id, PV_SECRET_ID_SIZE);
}

void secret_type_name(char *text, size_t size, unsigned int type)
{
	const struct pv_secret_kind *kind = pv_secret_kind(type);

	/* No list should hold what has no id. */
	if (type <= PV_SECRET_NULL || type == PV_SECRET_UPDATE_CCK)
		snprintf(text, size, "Invalid(0x%04x)", type);
	else if (kind)
		snprintf(text, size, "%s", kind->name);
	else
		snprintf(text, size, "Unknown(0x%04x)", type);
}
