// SPDX-License-Identifier: MIT
/*
 * Print the table of a host's commands, for whoever makes tests of it: one a
 * line, NAME CODE CALL-BIT LENGTH RC..., all but NAME in hexadecimal.
 */
#include <stdio.h>

#include "call.h"
#include "codes.h"

static void print_row(const struct uv_command *command)
{
	uint16_t codes[UV_CODES_MAX];
	size_t n = uv_command_codes(command->code, codes);

	printf("%s 0x%04x 0x%x 0x%x", command->name, command->code,
	       command->bit, command->len);
	for (size_t i = 0; i < n; i++)
		printf(" 0x%04x", codes[i]);
	putchar('\n');
}

int main(void)
{
	const struct uv_command *command;

	for (size_t i = 0; (command = uv_command_at(i)); i++) {
		if (command->sides & UV_SIDE_HOST && command->run)
			print_row(command);
	}
	return 0;
}
