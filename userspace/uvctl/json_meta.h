/* SPDX-License-Identifier: MIT */
/* Who wrote a JSON document, and when. */
#ifndef UVCTL_JSON_META_H
#define UVCTL_JSON_META_H

#include "json.h"

/** json_meta() - the member "meta"; @api_level: of what follows */
void json_meta(struct json *json, unsigned int api_level);

#endif /* UVCTL_JSON_META_H */
