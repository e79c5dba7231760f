/* SPDX-License-Identifier: MIT */
/*
 * Reading the little YAML that pvattest and pvsecret write: one "key: value" a
 * line, nested by indentation.
 */
#ifndef UVCTL_YAML_READ_H
#define UVCTL_YAML_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "file.h"

#define YAML_VALUE_MAX	128

/**
 * struct yaml_text - a document
 * @text: with a NUL at the end
 */
struct yaml_text {
	char *text;
};

/**
 * yaml_read() - a file that should be YAML
 * @err: PV_ERR_IO, PV_ERR_LIMIT, PV_ERR_FORMAT, PV_ERR_MEMORY
 *
 * Return: 0, or -1 with @err set.  yaml_free() in any case.
 */
int yaml_read(struct yaml_text *yaml, const char *path, struct pv_error *err);

/**
 * yaml_parse() - what has been read already
 * @path: where it comes from, for messages
 * @err: PV_ERR_FORMAT, PV_ERR_MEMORY
 *
 * Return: 0, or -1 with @err set.  yaml_free() in any case.
 */
int yaml_parse(struct yaml_text *yaml, const struct pv_buffer *file,
	       const char *path, struct pv_error *err);

/** yaml_free() */
void yaml_free(struct yaml_text *yaml);

/**
 * yaml_first() - the first line that means something, without blanks around
 * @value: out, without quotes; empty if there is none or it is too long
 */
void yaml_first(char value[YAML_VALUE_MAX], const struct yaml_text *yaml);

/**
 * yaml_find() - value of a key, however deep it is nested
 * @value: out, without quotes
 *
 * Return: false if the key is missing, has no value in its line, or has two
 * that differ.
 */
bool yaml_find(char value[YAML_VALUE_MAX], const struct yaml_text *yaml,
	       const char *key);

#endif /* UVCTL_YAML_READ_H */
