/* SPDX-License-Identifier: MIT */
/* Configuration UIDs as users give them. */
#ifndef UVCTL_CONFIG_UID_H
#define UVCTL_CONFIG_UID_H

#include <stdint.h>

#include <pv/attest.h>

#include "error.h"

/**
 * config_uid_read() - from a file
 * @out: PV_CONFIG_UID_SIZE bytes
 * @path: these bytes; or YAML, nothing but the hex value or what 'attest
 *	verify' writes
 * @err: PV_ERR_IO, PV_ERR_LIMIT, PV_ERR_FORMAT, PV_ERR_MEMORY
 *
 * Return: 0, or -1 with @err set.
 */
int config_uid_read(uint8_t *out, const char *path, struct pv_error *err);

/** config_uid_parse() - from hexadecimal digits; err: PV_ERR_FORMAT */
int config_uid_parse(uint8_t *out, const char *text, struct pv_error *err);

#endif /* UVCTL_CONFIG_UID_H */
