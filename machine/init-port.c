// SPDX-License-Identifier: MIT
/*
 * PID 1 of the machine: virtio-serial ports.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "init.h"
#include "protocol.h"

#define PORTS_DIR	"/sys/class/virtio-ports"
#define WAIT_STEP_US	2000
#define WAIT_STEPS	5000

static bool port_has_name(const char *device, const char *name)
{
	char path[512], text[64] = "";
	FILE *file;

	snprintf(path, sizeof(path), PORTS_DIR "/%s/name", device);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
	return strcmp(text, name) == 0;
}

static int open_named(const char *name)
{
	char path[512] = "";
	struct dirent *entry;
	DIR *dir = opendir(PORTS_DIR);

	if (!dir)
		return -1;
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] != '.' &&
		    port_has_name(entry->d_name, name)) {
			snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
			break;
		}
	}
	closedir(dir);
	return path[0] ? open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK) : -1;
}

/* The host's end counts as hung up until its "open" message has arrived. */
static bool port_connected(int port)
{
	struct pollfd poll_port = { .fd = port, .events = POLLIN };

	return poll(&poll_port, 1, 0) >= 0 && !(poll_port.revents & POLLHUP);
}

int open_port(const char *name)
{
	int port = -1;

	for (int i = 0; i < WAIT_STEPS; i++) {
		if (port < 0)
			port = open_named(name);
		if (port >= 0 && port_connected(port))
			return port;
		usleep(WAIT_STEP_US);
	}
	return -1;
}

void write_port(int port, const void *data, size_t size)
{
	const char *next = data;

	while (size) {
		struct pollfd poll_port = { .fd = port, .events = POLLOUT };
		ssize_t done = write(port, next, size);

		if (done > 0) {
			next += done;
			size -= (size_t)done;
			continue;
		}
		if (done < 0 && errno != EAGAIN && errno != EINTR)
			return;
		poll(&poll_port, 1, -1);
	}
}

void send_control(int port, const char *format, ...)
{
	char line[CONTROL_LINE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line) - 1, format, args);
	va_end(args);
	line[strcspn(line, "\n")] = '\0';
	strcat(line, "\n");
	write_port(port, line, strlen(line));
}

bool read_control(int port, struct control_line *line)
{
	char byte;

	while (read(port, &byte, 1) == 1) {
		if (byte == '\n') {
			line->text[line->size] = '\0';
			line->size = 0;
			return true;
		}
		if (line->size < sizeof(line->text) - 1)
			line->text[line->size++] = byte;
	}
	return false;
}
