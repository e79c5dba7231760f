// SPDX-License-Identifier: MIT
/*
 * The host's end of the machine: collected files.
 *
 * The guest first says which files it is going to send: a ramdisk that was made
 * before knows other ones, perhaps.  A file is written under a temporary name
 * and gets its own name when its last byte has arrived.
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

static bool tell_error(const char *name)
{
	fprintf(stderr, "machine: %s cannot be written: %s\n", name,
		strerror(errno));
	return false;
}

static bool open_file(struct collector *collector)
{
	char *name = temporary_name(collector->paths[collector->current]);

	if (!collector->file && name) {
		collector->file = fopen(name, "we");
		if (!collector->file)
			tell_error(name);
	}
	free(name);
	return collector->file;
}

static bool finish_file(struct collector *collector)
{
	const char *path = collector->paths[collector->current];
	char *name = temporary_name(path);
	bool good = open_file(collector) && name;

	if (good) {
		good = !fclose(collector->file) && !rename(name, path);
		collector->file = NULL;
		if (!good) {
			tell_error(path);
			unlink(name);
		}
	}
	free(name);
	collector->complete++;
	return good;
}

void collect_end(struct collector *collector)
{
	char *name;

	if (!collector->file)
		return;
	fclose(collector->file);
	collector->file = NULL;
	name = temporary_name(collector->paths[collector->current]);
	if (name)
		unlink(name);
	free(name);
}

static void drop_file(struct collector *collector)
{
	fprintf(stderr, "machine: %s: the guest could not read its source\n",
		collector->paths[collector->current]);
	collect_end(collector);
	collector->complete++;
	collector->missing = true;
}

/* Does the list hold the sources, all of them and in their order? */
static bool list_matches(const struct collector *collector)
{
	const char *next = collector->list;
	size_t left = collector->list_size;

	for (size_t i = 0; i < collector->count; i++) {
		size_t size = strlen(collector->sources[i]) + 1;

		if (size > left || memcmp(next, collector->sources[i], size))
			return false;
		next += size;
		left -= size;
	}
	return !left;
}

static void tell_lists(struct collector *collector)
{
	const char *end = collector->list + collector->list_size;

	fputs("machine: the guest sends back other files than --collect names: it has",
	      stderr);
	for (char *path = collector->list; path < end; path += strlen(path) + 1)
		fprintf(stderr, " '%s'", path);
	fputs(collector->list_size ? ", asked for are" : " none, asked for are",
	      stderr);
	for (size_t i = 0; i < collector->count; i++)
		fprintf(stderr, " '%s'", collector->sources[i]);
	fputs(collector->count ? " (name the same, in the same order)\n" :
				 " none (name them, in this order)\n", stderr);
}

static bool finish_list(struct collector *collector)
{
	/* Whatever was sent, it ends. */
	collector->list[collector->list_size] = '\0';
	collector->listed = list_matches(collector);
	if (!collector->listed)
		tell_lists(collector);
	free(collector->list);
	collector->list = NULL;
	return collector->listed;
}

static bool start_list(struct collector *collector, uint32_t size)
{
	if (collector->listed || size > FILES_LIST_MAX) {
		fputs("machine: the guest sent no proper list of files\n",
		      stderr);
		return false;
	}
	collector->list = malloc(size + 1);
	if (!collector->list) {
		fputs("machine: no memory for the list of files\n", stderr);
		return false;
	}
	collector->list_size = size;
	collector->left = size;
	return size || finish_list(collector);
}

static bool take_head(struct collector *collector)
{
	struct files_frame frame;

	memcpy(&frame, collector->head, sizeof(frame));
	collector->head_size = 0;
	collector->current = ntohl(frame.index);
	frame.length = ntohl(frame.length);
	if (collector->current == FILES_LIST)
		return start_list(collector, frame.length);
	if (!collector->listed || collector->current >= collector->count) {
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
	if (collector->current == FILES_LIST) {
		memcpy(collector->list + collector->list_size -
		       collector->left, data, size);
		collector->left -= (uint32_t)size;
		return collector->left || finish_list(collector);
	}
	collector->left -= (uint32_t)size;
	if (!open_file(collector))
		return false;
	return fwrite(data, 1, size, collector->file) == size ||
	       tell_error(collector->paths[collector->current]);
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
