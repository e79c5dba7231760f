// SPDX-License-Identifier: MIT
/* Who wrote a JSON document, and when. */
#include <time.h>
#include <unistd.h>

#include "json_meta.h"
#include "uvctl.h"

void json_meta(struct json *json, unsigned int api_level)
{
	char host[256] = "", text[64] = "";
	time_t now = time(NULL);
	struct tm utc;

	gethostname(host, sizeof(host) - 1);
	if (gmtime_r(&now, &utc))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S+0000", &utc);
	json_open(json, "meta", '{');
	json_number(json, "api_level", api_level);
	json_string(json, "version", UVCTL_VERSION);
	json_string(json, "host", host);
	json_number(json, "time_epoch", (uint64_t)now);
	json_string(json, "time", text);
	json_close(json, '}');
}
