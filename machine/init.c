// SPDX-License-Identifier: MIT
/*
 * PID 1 of the machine: prepare, run one command as root, hand over its
 * streams, the files asked for and its exit status, power off.
 *
 * See protocol.h for the conversation with the host, over virtio-serial where
 * there is such a device and over the console where there is none.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "init.h"
#include "protocol.h"

#define COMMAND_PATH \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* -1 until it is open, and for ever where the console is all there is. */
static int control = -1;
static bool console_only;

static void power_off(void)
{
	sync();
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

/* The host answers when it has everything; powering off earlier loses data. */
static void wait_until_done(void)
{
	struct pollfd ready = { .fd = control, .events = POLLIN };
	struct control_line line = { .size = 0 };

	do {
		while (read_control(control, &line)) {
			if (!strcmp(line.text, "done"))
				return;
		}
	} while (poll(&ready, 1, -1) >= 0 && !(ready.revents & POLLHUP));
}

void fail(const char *format, ...)
{
	char text[CONTROL_LINE_MAX - 16];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* Also where it can be read if there is no control port. */
	dprintf(2, "PID 1: %s\n", text);
	if (console_only)
		console_fail(text);
	if (control >= 0) {
		send_control(control, CONTROL_FAIL "%s", text);
		wait_until_done();
	}
	power_off();
	_exit(1);
}

/* The kernel could not give PID 1 a console: /dev was empty then. */
static void open_console(void)
{
	int console = open("/dev/console", O_RDWR | O_NOCTTY);

	for (int fd = 0; console >= 0 && fd < 3; fd++)
		dup2(console, fd);
	if (console > 2)
		close(console);
}

static void set_environment(const char *terminal)
{
	clearenv();
	setenv("PATH", COMMAND_PATH, 1);
	setenv("HOME", "/root", 1);
	setenv("USER", "root", 1);
	setenv("LOGNAME", "root", 1);
	setenv("SHELL", "/bin/sh", 1);
	setenv("TERM", terminal ? terminal : "dumb", 1);
}

static void send_frame(int port, uint32_t index, uint32_t length)
{
	struct files_frame frame = { htonl(index), htonl(length) };

	write_port(port, &frame, sizeof(frame));
}

static void send_file(int port, uint32_t index, const char *path)
{
	char data[16384];
	ssize_t size = -1;
	int file = open(path, O_RDONLY | O_CLOEXEC);

	while (file >= 0 && (size = read(file, data, sizeof(data))) > 0) {
		send_frame(port, index, (uint32_t)size);
		write_port(port, data, (size_t)size);
	}
	send_frame(port, index, size ? FILES_NONE : FILES_END);
	if (file >= 0)
		close(file);
}

static void send_files(int port, char **paths)
{
	for (uint32_t i = 0; paths[i]; i++)
		send_file(port, i, paths[i]);
}

/* Early: a host that expects other files need not wait for the command. */
static int announce_files(char **paths)
{
	uint32_t size = 0;
	int port = open_port(PORT_FILES);

	if (port < 0)
		fail("the port for collected files is missing");
	for (char **path = paths; *path; path++)
		size += (uint32_t)strlen(*path) + 1;
	send_frame(port, FILES_LIST, size);
	for (char **path = paths; *path; path++)
		write_port(port, *path, strlen(*path) + 1);
	return port;
}

static void open_channel(void)
{
	console_only = !has_ports();
	if (console_only)
		return;
	setup_port_driver();
	control = open_port(PORT_CONTROL);
	if (control < 0)
		fail("the control port is missing");
}

static void run_over_ports(char **argv, const char *terminal)
{
	char **collect = read_list(TASK_COLLECT);
	int files = announce_files(collect);
	struct outcome outcome = run_command(control, argv, terminal);

	report_leaks();
	send_files(files, collect);
	send_control(control, "verdict %d %llu %llu", outcome.status,
		     (unsigned long long)outcome.out,
		     (unsigned long long)outcome.err);
	wait_until_done();
}

static void run_over_console(char **argv, const char *terminal)
{
	int status;

	console_begin(terminal);
	status = run_command(-1, argv, terminal).status;
	report_leaks();
	console_verdict(status);
}

int main(void)
{
	char **argv, *terminal;

	setup_mounts();
	open_console();
	open_channel();
	argv = read_list(TASK_ARGV);
	terminal = read_list(TASK_TERMINAL)[0];
	if (!argv[0])
		fail("no command was given");
	set_environment(terminal);
	(void)!chdir("/root");
	setup_modules();
	if (console_only)
		run_over_console(argv, terminal);
	else
		run_over_ports(argv, terminal);
	power_off();
	return 1;
}
