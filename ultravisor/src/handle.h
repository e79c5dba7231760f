/* SPDX-License-Identifier: MIT */
/* How a host names configurations and secure CPUs. */
#ifndef UV_HANDLE_H
#define UV_HANDLE_H

#include "call.h"
#include "config.h"

/**
 * uv_handle_new() - a number that nobody can predict and that names nothing yet
 *
 * Return: 0 on failure
 */
uint64_t uv_handle_new(struct uv_machine *machine);

/** uv_config_by_handle() - the configuration, NULL if there is none */
struct uv_config *uv_config_by_handle(const struct uv_machine *machine,
				      uint64_t handle);

#endif /* UV_HANDLE_H */
