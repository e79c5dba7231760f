/* SPDX-License-Identifier: MIT */
/* "uvctl info --json" */
#ifndef UVCTL_INFO_JSON_H
#define UVCTL_INFO_JSON_H

#include "uvinfo.h"

/**
 * info_json() - print everything as one JSON object on standard output
 * @verdict: word for the verdict
 * @device: word for the state of /dev/uv
 *
 * What is unknown is null.
 */
void info_json(const struct pv_uvinfo *info, const char *verdict,
	       const char *device);

#endif /* UVCTL_INFO_JSON_H */
