// SPDX-License-Identifier: MIT
/* Configuration UIDs as users give them. */
#include <string.h>

#include "config_uid.h"
#include "encode.h"
#include "file.h"
#include "yaml_read.h"

/* Zeros mean "any instance": surely not what somebody who names one wants. */
static int check_bound(const uint8_t *uid, const char *source,
		       struct pv_error *err)
{
	static const uint8_t zeros[PV_CONFIG_UID_SIZE];

	if (memcmp(uid, zeros, sizeof(zeros)) != 0)
		return 0;
	return pv_fail(err, PV_ERR_FORMAT,
		       "%s: a configuration UID of zeros binds to no instance (leave the option out if that is wanted)",
		       source);
}

int config_uid_parse(uint8_t *out, const char *text, struct pv_error *err)
{
	if (!get_hex(out, PV_CONFIG_UID_SIZE, text))
		return pv_fail(err, PV_ERR_FORMAT,
			       "A configuration UID has %d hexadecimal digits, unlike %s",
			       2 * PV_CONFIG_UID_SIZE, text);
	return check_bound(out, text, err);
}

static int none(const char *path, struct pv_error *err)
{
	return pv_fail(err, PV_ERR_FORMAT,
		       "%s holds no configuration UID (neither %d bytes nor the output of 'attest verify')",
		       path, PV_CONFIG_UID_SIZE);
}

static int parse_yaml(uint8_t *out, const struct pv_buffer *file,
		      const char *path, struct pv_error *err)
{
	char value[YAML_VALUE_MAX];
	struct yaml_text yaml;
	int ret;

	ret = yaml_parse(&yaml, file, path, err);
	if (ret == 0 && !yaml_find(value, &yaml, "cuid"))
		yaml_first(value, &yaml);
	if (ret == 0 && !get_hex(out, PV_CONFIG_UID_SIZE, value))
		ret = none(path, err);
	yaml_free(&yaml);
	return ret;
}

int config_uid_read(uint8_t *out, const char *path, struct pv_error *err)
{
	struct pv_buffer file;
	int ret = 0;

	if (pv_file_read(&file, path, 0x10000, err) < 0)
		return -1;
	if (file.size == PV_CONFIG_UID_SIZE)
		memcpy(out, file.data, PV_CONFIG_UID_SIZE);
	else if (file.size > 0 && memchr(file.data, 0, file.size))
		ret = none(path, err);
	else
		/* From the same bytes: a pipe cannot be read again. */
		ret = parse_yaml(out, &file, path, err);
	pv_buffer_free(&file);
	return ret < 0 ? -1 : check_bound(out, path, err);
}
