// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "ebcdic.h"
#include "messages.h"

static bool line_fits(const char *line, size_t len)
{
	if (!len || len > TEXT_LINE)
		return false;
	for (size_t i = 0; i < len; i++)
		if (line[i] != '?' && ebcdic_of(line[i]) == ebcdic_of('?'))
			return false;
	return true;
}

bool message_fits(const struct text *text)
{
	const char *line = text->buf, *end;

	if (text->len != strlen(line) || text->len + 1 >= sizeof(text->buf))
		return false;
	for (; *line; line = end + 1) {
		end = strchr(line, '\n');
		if (!end || !line_fits(line, (size_t)(end - line))) {
			printf("# does not fit: %s\n", line);
			return false;
		}
	}
	return true;
}
