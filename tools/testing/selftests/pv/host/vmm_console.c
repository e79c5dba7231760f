// SPDX-License-Identifier: GPL-2.0
/*
 * The console of a guest, and the verdict in it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_macros.h"
#include "vmm_console.h"

#define ESCAPE	0x1b

static const char introducer[] = "\033_s390-pv ", terminator[] = "\033\\";

void console_open(struct console *console, int log, int output)
{
	*console = (struct console){ .fd = log, .output = output };
}

static bool pass_on(const struct console *console, const char *data,
		    size_t size)
{
	while (size) {
		ssize_t done = write(console->fd, data, size);

		if (done < 0 && errno != EINTR)
			return false;
		if (done > 0) {
			data += done;
			size -= (size_t)done;
		}
	}
	return true;
}

bool console_flush(struct console *console)
{
	bool ok = pass_on(console, console->held, console->size);

	console->size = 0;
	return ok;
}

static bool take_begin(struct console *console, const char *rest)
{
	if (*rest)
		return false;
	console->fd = console->output;
	console->begun = true;
	return true;
}

static bool take_verdict(struct console *console, const char *number)
{
	char *end;
	long status = strtol(number, &end, 10);

	if (end == number || *end || status < 0 || status > 255)
		return false;
	console->verdict = VERDICT_STATUS;
	console->status = (int)status;
	return true;
}

static bool take_fail(struct console *console, const char *text)
{
	console->verdict = VERDICT_FAIL;
	snprintf(console->text, sizeof(console->text), "%s", text);
	return true;
}

static const struct {
	const char *word;
	bool (*take)(struct console *console, const char *rest);
} words[] = {
	{ "begin", take_begin },
	{ "verdict ", take_verdict },
	{ "fail ", take_fail },
};

/* Return: false if the string is none of ours. */
static bool take_string(struct console *console, const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t size = strlen(words[i].word);

		if (!strncmp(text, words[i].word, size))
			return words[i].take(console, text + size);
	}
	return false;
}

/* Can what is held still become a string of ours? */
static bool may_become(const struct console *console)
{
	size_t known = strlen(introducer);

	if (console->size < known)
		known = console->size;
	return !memcmp(console->held, introducer, known) &&
	       console->size < sizeof(console->held);
}

static bool is_complete(const struct console *console)
{
	size_t end = strlen(terminator);

	return console->size >= strlen(introducer) + end &&
	       !memcmp(console->held + console->size - end, terminator, end);
}

static bool hold(struct console *console, char byte)
{
	console->held[console->size++] = byte;
	if (!may_become(console)) {
		/* Another string may begin where this one went wrong. */
		if (byte != ESCAPE || console->size == 1)
			return console_flush(console);
		console->size--;
		if (!console_flush(console))
			return false;
		console->held[console->size++] = byte;
		return true;
	}
	if (!is_complete(console))
		return true;
	console->held[console->size - strlen(terminator)] = '\0';
	if (take_string(console, console->held + strlen(introducer))) {
		console->size = 0;
		return true;
	}
	console->held[console->size - strlen(terminator)] = ESCAPE;
	return console_flush(console);
}

bool console_write(struct console *console, const void *data, size_t size)
{
	const char *next = data, *end = next + size, *escape;

	while (next < end) {
		if (console->size) {
			if (!hold(console, *next++))
				return false;
			continue;
		}
		escape = memchr(next, ESCAPE, (size_t)(end - next));
		if (!escape)
			escape = end;
		if (!pass_on(console, next, (size_t)(escape - next)))
			return false;
		if (escape < end && !hold(console, *escape++))
			return false;
		next = escape;
	}
	return true;
}
