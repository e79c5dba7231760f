// SPDX-License-Identifier: GPL-2.0
/*
 * The machine's monitor: a line for each command, and one that answers it.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault_port.h"

/* Of an object in JSON */
#define KEY(name)	"\"" name "\":"
#define PORTS		"/sys/class/virtio-ports"
#define LINE_SIZE	(FAULT_ACCOUNT_SIZE + 256)

/* Is the port @entry the one that is looked for? */
static int is_monitor(const char *entry)
{
	char path[300], name[64] = "";
	FILE *f;

	snprintf(path, sizeof(path), PORTS "/%s/name", entry);
	f = fopen(path, "r");
	if (!f)
		return 0;
	if (!fgets(name, sizeof(name), f))
		name[0] = '\0';
	fclose(f);
	name[strcspn(name, "\n")] = '\0';
	return !strcmp(name, FAULT_PORT);
}

static int open_port(void)
{
	DIR *ports = opendir(PORTS);
	struct dirent *entry;
	char path[300];
	int fd = -1;

	while (ports && fd < 0 && (entry = readdir(ports))) {
		if (!is_monitor(entry->d_name))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC);
	}
	if (ports)
		closedir(ports);
	return fd;
}

/* Answers are read byte by byte: there are few of them, and all are short. */
static int read_line(int port, char line[LINE_SIZE])
{
	size_t len = 0;
	char c;

	while (read(port, &c, 1) == 1) {
		if (c == '\n') {
			line[len] = '\0';
			return 0;
		}
		if (c != '\r' && len < LINE_SIZE - 1)
			line[len++] = c;
	}
	return -1;
}

/* Between commands and their answers the monitor tells of events. */
static int command(int port, const char *text, char line[LINE_SIZE])
{
	size_t len = strlen(text);

	if (write(port, text, len) != (ssize_t)len)
		return -1;
	do {
		if (read_line(port, line))
			return -1;
		if (!strncmp(line, "{\"error\"", 8))
			return -1;
	} while (strncmp(line, "{\"return\"", 9));
	return 0;
}

/* One property of the machine; @value is for setting it. */
static int ask(int port, const char *what, const char *name, const char *value,
	       char line[LINE_SIZE])
{
	static const char form[] = "{" KEY("execute") "\"%s\","
		KEY("arguments") "{" KEY("path") "\"/machine\","
		KEY("property") "\"%s\"%s%s%s}}\n";
	char text[512];

	snprintf(text, sizeof(text), form, what, name,
		 value ? "," KEY("value") "\"" : "", value ? value : "",
		 value ? "\"" : "");
	return command(port, text, line);
}

/**
 * fault_port_open() - Begin to talk
 * @problem: out, what is wrong
 *
 * Return: a descriptor, or -1
 */
int fault_port_open(const char **problem)
{
	char line[LINE_SIZE];
	int port = open_port();

	*problem = "no virtio-serial port " FAULT_PORT
		   " (machine/run --fault-port)";
	if (port < 0)
		return -1;
	if (!command(port, "{\"execute\":\"qmp_capabilities\"}\n", line))
		return port;
	*problem = FAULT_PORT ": the machine's monitor does not answer";
	close(port);
	return -1;
}

/** fault_port_set() - Another policy; -1 if it is refused */
int fault_port_set(int port, const char *policy)
{
	char line[LINE_SIZE];

	return ask(port, "qom-set", "uv-faults", policy, line);
}

/** fault_port_account() - What the Ultravisor has, and what it was asked */
int fault_port_account(int port, char text[FAULT_ACCOUNT_SIZE])
{
	char line[LINE_SIZE];
	const char *begin;

	if (ask(port, "qom-get", "uv-account", NULL, line))
		return -1;
	begin = strchr(line + strlen("{\"return\""), '"');
	if (!begin)
		return -1;
	snprintf(text, FAULT_ACCOUNT_SIZE, "%s", begin + 1);
	text[strcspn(text, "\"")] = '\0';
	return 0;
}

/** fault_account_number() - One number of it; 0 if it is not there */
uint64_t fault_account_number(const char *text, const char *name)
{
	size_t len = strlen(name);
	const char *at = text;

	while (at) {
		at += *at == ' ';
		if (!strncmp(at, name, len) && at[len] == '=')
			return strtoull(at + len + 1, NULL, 10);
		at = strchr(at, ' ');
	}
	return 0;
}
