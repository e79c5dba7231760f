// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdio.h>

#include "machine.h"
#include "report.h"

int uv_fail(struct uv_error *err, uint16_t rc, uint16_t rrc, const char *fmt,
	    ...)
{
	va_list args;

	if (!err)
		return -1;
	err->rc = rc;
	err->rrc = rrc;
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return -1;
}

void uv_log(const struct uv_machine *machine, enum uv_log_level level,
	    const char *fmt, ...)
{
	char line[256];
	va_list args;

	if (!machine->ops.log)
		return;
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	machine->ops.log(machine->opaque, level, line);
}
