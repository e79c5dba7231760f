// SPDX-License-Identifier: MIT
/* Reading the little YAML that pvattest and pvsecret write. */
#include <stdlib.h>
#include <string.h>

#include "yaml_read.h"

#define YAML_FILE_MAX	0x10000

int yaml_parse(struct yaml_text *yaml, const struct pv_buffer *file,
	       const char *path, struct pv_error *err)
{
	yaml->text = NULL;
	if (file->size > 0 && memchr(file->data, 0, file->size))
		return pv_fail(err, PV_ERR_FORMAT, "%s is no text", path);
	yaml->text = calloc(1, file->size + 1);
	if (!yaml->text)
		return pv_fail(err, PV_ERR_MEMORY, "No memory to read %s",
			       path);
	if (file->size > 0)
		memcpy(yaml->text, file->data, file->size);
	return 0;
}

int yaml_read(struct yaml_text *yaml, const char *path, struct pv_error *err)
{
	struct pv_buffer file;
	int ret;

	yaml->text = NULL;
	if (pv_file_read(&file, path, YAML_FILE_MAX, err) < 0)
		return -1;
	ret = yaml_parse(yaml, &file, path, err);
	pv_buffer_free(&file);
	return ret;
}

void yaml_free(struct yaml_text *yaml)
{
	free(yaml->text);
	yaml->text = NULL;
}

/* Return: start of the next line with content, after blanks; or NULL */
static const char *significant(const char *line)
{
	size_t len;

	for (; *line; line += len + (line[len] == '\n')) {
		len = strcspn(line, "\n");
		line += strspn(line, " \t");
		len = strcspn(line, "\n");
		if (len > 0 && line[0] != '#' && line[0] != '\r' &&
		    strncmp(line, "---", 3) != 0)
			return line;
	}
	return NULL;
}

static const char *after(const char *line)
{
	line += strcspn(line, "\n");
	return *line ? line + 1 : line;
}

/* A scalar up to the end of its line: quoted, or without a comment behind. */
static bool take_scalar(char value[YAML_VALUE_MAX], const char *text)
{
	const char *end;
	size_t len;

	text += strspn(text, " \t");
	if (*text == '\'' || *text == '"') {
		end = strpbrk(text + 1, *text == '"' ? "\"\n" : "'\n");
		if (!end || *end == '\n')
			return false;
		text++;
		len = (size_t)(end - text);
	} else {
		len = strcspn(text, "#\r\n");
		while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
			len--;
	}
	if (len == 0 || len >= YAML_VALUE_MAX)
		return false;
	memcpy(value, text, len);
	value[len] = '\0';
	return true;
}

void yaml_first(char value[YAML_VALUE_MAX], const struct yaml_text *yaml)
{
	const char *line = significant(yaml->text);

	if (!line || !take_scalar(value, line))
		value[0] = '\0';
}

bool yaml_find(char value[YAML_VALUE_MAX], const struct yaml_text *yaml,
	       const char *key)
{
	const char *line = significant(yaml->text);
	char next[YAML_VALUE_MAX];
	size_t len = strlen(key);
	bool found = false;

	for (; line; line = significant(after(line))) {
		if (strncmp(line, key, len) != 0 || line[len] != ':')
			continue;
		if (!take_scalar(next, line + len + 1) ||
		    (found && strcmp(next, value) != 0))
			return false;
		memcpy(value, next, strlen(next) + 1);
		found = true;
	}
	return found;
}
