/* SPDX-License-Identifier: MIT */
/* Which response codes a command can give: for whoever tests its callers. */
#ifndef UV_CODES_H
#define UV_CODES_H

#include <stddef.h>
#include <stdint.h>

/* No command has more. */
#define UV_CODES_MAX	24

/**
 * uv_command_codes() - the response codes of a host's command
 * @cmd: PV_CMD_*
 * @codes: out: all but success, those of every command included, ascending
 *
 * Return: how many; 0 if the command is not a host's
 */
size_t uv_command_codes(uint16_t cmd, uint16_t codes[UV_CODES_MAX]);

#endif /* UV_CODES_H */
