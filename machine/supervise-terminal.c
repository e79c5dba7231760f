// SPDX-License-Identifier: MIT
/*
 * The host's end of the machine: streams that end at our own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "supervise.h"

static struct termios saved;

static void terminal_restore(void)
{
	tcsetattr(STDIN_FILENO, TCSADRAIN, &saved);
}

void terminal_raw(void)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &saved))
		return;
	raw = saved;
	cfmakeraw(&raw);
	if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0)
		atexit(terminal_restore);
}

bool terminal_size(unsigned int *rows, unsigned int *columns)
{
	struct winsize size;

	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) || !size.ws_row)
		return false;
	*rows = size.ws_row;
	*columns = size.ws_col;
	return true;
}

static bool write_all(int to, const char *data, size_t size)
{
	while (size) {
		ssize_t done = write(to, data, size);

		if (done < 0 && errno != EINTR && errno != EAGAIN)
			return false;
		if (done > 0) {
			data += done;
			size -= (size_t)done;
		}
	}
	return true;
}

/* No more than PIPE_BUF: that much fits without blocking once poll() says so. */
bool move_output(struct output *output)
{
	char data[PIPE_BUF];
	ssize_t got = read(output->from, data, sizeof(data));

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (got <= 0) {
		close(output->from);
		output->from = -1;
		return false;
	}
	output->total += (uint64_t)got;
	if (output->to >= 0 && !write_all(output->to, data, (size_t)got))
		output->to = -1;
	if (output->copy >= 0 && !write_all(output->copy, data, (size_t)got))
		output->copy = -1;
	return true;
}
