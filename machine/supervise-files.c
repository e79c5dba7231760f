// SPDX-License-Identifier: MIT
/*
 * The host's end of the machine: collected files.
 *
 * A file is written under a temporary name and gets its own name when its last
 * byte has arrived.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol.h"
#include "supervise.h"

static char *temporary_name(const char *path)
{
	char *name = NULL;

	return asprintf(&name, "%s.part", path) < 0 ? NULL : name;
}

static bool open_file(struct collector *collector)
{
	char *name = temporary_name(collector->paths[collector->current]);

	if (!collector->file && name) {
		collector->file = fopen(name, "we");
		if (!collector->file)
			fprintf(stderr, "machine: %s cannot be written: %s\n",
				name, strerror(errno));
	}
	free(name);
	return collector->file;
}

static bool finish_file(struct collector *collector)
{
	const char *path = collector->paths[collector->current];
	char *name = temporary_name(path);
	bool good = open_file(collector) && name;

	if (collector->file && fclose(collector->file))
		good = false;
	collector->file = NULL;
	if (good && rename(name, path)) {
		fprintf(stderr, "machine: %s cannot be written: %s\n", path,
			strerror(errno));
		good = false;
	}
	free(name);
	collector->complete++;
	return good;
}

static void drop_file(struct collector *collector)
{
	const char *path = collector->paths[collector->current];
	char *name = temporary_name(path);

	fprintf(stderr, "machine: %s: the guest could not read its source\n",
		path);
	if (collector->file)
		fclose(collector->file);
	collector->file = NULL;
	if (name)
		unlink(name);
	free(name);
	collector->complete++;
	collector->missing = true;
}

static bool take_head(struct collector *collector)
{
	struct files_frame frame;

	memcpy(&frame, collector->head, sizeof(frame));
	collector->head_size = 0;
	collector->current = ntohl(frame.index);
	frame.length = ntohl(frame.length);
	if (collector->current >= collector->count) {
		fputs("machine: the guest sent a file nobody asked for\n",
		      stderr);
		return false;
	}
	if (frame.length == FILES_END)
		return finish_file(collector);
	if (frame.length == FILES_NONE)
		drop_file(collector);
	else
		collector->left = frame.length;
	return true;
}

static bool take_bytes(struct collector *collector, const char *data,
		       size_t size)
{
	collector->left -= (uint32_t)size;
	return open_file(collector) &&
	       fwrite(data, 1, size, collector->file) == size;
}

bool collect(struct collector *collector, int from)
{
	char data[16384];
	size_t room;
	ssize_t got;

	for (;;) {
		bool in_head = !collector->left;

		room = in_head ? sizeof(collector->head) -
				 collector->head_size : sizeof(data);
		if (!in_head && room > collector->left)
			room = collector->left;
		got = read(from, data, room);
		if (got <= 0)
			return true;
		if (!in_head) {
			if (!take_bytes(collector, data, (size_t)got))
				return false;
			continue;
		}
		memcpy(collector->head + collector->head_size, data,
		       (size_t)got);
		collector->head_size += (size_t)got;
		if (collector->head_size == sizeof(collector->head) &&
		    !take_head(collector))
			return false;
	}
}
