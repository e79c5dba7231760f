/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The console of a guest: a stream of bytes in which its PID 1 may say how the
 * work ended.
 *
 * A guest without devices has nothing but its console.  There it is said with
 * APC strings, which a terminal would swallow:
 *
 *	ESC _ s390-pv begin ESC \		from here on it is the command's
 *	ESC _ s390-pv verdict STATUS ESC \	the command ended so: 0..255
 *	ESC _ s390-pv fail TEXT ESC \		PID 1 could not do its work
 *
 * They are taken out of the stream; all else is passed on unchanged.
 */
#ifndef PV_SELFTEST_VMM_CONSOLE_H
#define PV_SELFTEST_VMM_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONSOLE_STRING_MAX	512

enum verdict {
	VERDICT_NONE,
	VERDICT_STATUS,
	VERDICT_FAIL,
};

/**
 * struct console - the stream, and what was found in it
 * @fd: where it goes now
 * @output: where it goes once the command has begun
 * @begun: the command has begun
 * @verdict: the last one that was said
 * @status: the command's, with VERDICT_STATUS
 * @text: why, with VERDICT_FAIL
 * @held: bytes that may become a verdict
 * @size: number of them
 */
struct console {
	int fd, output;
	bool begun;
	enum verdict verdict;
	int status;
	char text[CONSOLE_STRING_MAX];
	char held[CONSOLE_STRING_MAX];
	size_t size;
};

/* console_open - a stream that goes to @log first and later to @output */
void console_open(struct console *console, int log, int output);

/* console_write - what the guest wrote; false if it could not be passed on */
bool console_write(struct console *console, const void *data, size_t size);

/* console_flush - at the end: pass on what did not become a verdict */
bool console_flush(struct console *console);

#endif /* PV_SELFTEST_VMM_CONSOLE_H */
