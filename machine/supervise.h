/* SPDX-License-Identifier: MIT */
/*
 * The host's end of the machine: what its parts offer each other.
 */
#ifndef MACHINE_SUPERVISE_H
#define MACHINE_SUPERVISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* Exit statuses beside the command's own; see machine/README.md. */
#define STATUS_USAGE	2
#define STATUS_TIMEOUT	124
#define STATUS_MACHINE	125

/* One per stream of the machine, in the order of the device numbers. */
enum channel {
	CHANNEL_CONTROL,
	CHANNEL_STDIN,
	CHANNEL_STDOUT,
	CHANNEL_STDERR,
	CHANNEL_FILES,
	CHANNEL_CONSOLE,
	CHANNELS,
};

/**
 * spawn_machine - start QEMU with our ends of all streams attached
 * @argv:	QEMU's command line, NULL-terminated, without the streams
 * @log:	file for QEMU's own messages, or NULL: our stderr
 * @ours:	filled: our end of each stream, not blocking
 *
 * QEMU gets a process group of its own, so that Ctrl-C reaches us only, and
 * dies with us.
 *
 * Return: its process id, or -1 after a message.
 */
pid_t spawn_machine(char **argv, const char *log, int ours[CHANNELS]);

/**
 * struct output - a stream that leaves through us
 * @from:	the machine's end, -1 when it has ended
 * @to:		where it goes; -1 throws it away
 * @copy:	second place, or -1
 * @total:	bytes received
 */
struct output {
	int from, to, copy;
	uint64_t total;
};

/**
 * move_output - carry what is there, at most PIPE_BUF bytes
 *
 * Return: true if something was moved.
 */
bool move_output(struct output *output);

/**
 * struct collector - the files that come back
 * @sources:	their paths in the guest, one per file asked for
 * @paths:	where they go
 * @count:	how many
 * @listed:	the guest has announced exactly these
 * @complete:	how many have ended
 * @missing:	the guest could not read at least one
 */
struct collector {
	char **sources, **paths;
	size_t count, complete;
	bool listed, missing;
	/* Private: head and list being read, and the file being written. */
	unsigned char head[8];
	size_t head_size;
	uint32_t left;
	char *list;
	size_t list_size;
	FILE *file;
	uint32_t current;
};

/**
 * collect - take what is there on the files port
 *
 * Return: false if it is not what a guest of ours sends, if the guest has
 * other files than were asked for, or if one cannot be written; after a
 * message.
 */
bool collect(struct collector *collector, int from);

/**
 * collect_end - nothing more will come: leave no half of a file behind
 */
void collect_end(struct collector *collector);

/**
 * terminal_raw - hand every key to the machine
 *
 * Undone at exit.
 */
void terminal_raw(void);

/**
 * terminal_size - the size of our terminal
 *
 * Return: false if there is none.
 */
bool terminal_size(unsigned int *rows, unsigned int *columns);

#endif
