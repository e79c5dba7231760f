/* SPDX-License-Identifier: MIT */
/*
 * PID 1 of the machine: what its parts offer each other.
 */
#ifndef MACHINE_INIT_H
#define MACHINE_INIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * fail - give up: say why on the control port and power off
 * @format:	one sentence, without a line end
 *
 * Never returns.  The host tells this from any exit status of the command.
 */
void fail(const char *format, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/* init-setup.c */

/**
 * setup_mounts - kernel file systems, /dev links, busybox's applets
 */
void setup_mounts(void);

/**
 * setup_port_driver - load the driver of the ports where it is a module
 */
void setup_port_driver(void);

/**
 * setup_modules - load what was asked for, then what the CPU's alias names
 *
 * The second step is what udev does at its coldplug: no module is named, so
 * that a driver is seen to load on its own.
 */
void setup_modules(void);

/**
 * read_list - read a file of NUL-terminated strings
 * @path:	the file; one that is absent is an empty list
 *
 * Return: a NULL-terminated array, never freed.
 */
char **read_list(const char *path);

/* init-leaks.c */

/**
 * report_leaks - let a kernel with kmemleak look for memory that it lost
 *
 * What it finds is in its log, which the runner reads. Takes some seconds; does
 * nothing where there is no kmemleak.
 */
void report_leaks(void);

/* init-port.c */

/**
 * open_port - open the virtio-serial port of a name
 * @name:	the name that the host gave it
 *
 * Waits until the host is connected to it.
 *
 * Return: a descriptor that does not block, or -1.
 */
int open_port(const char *name);

/**
 * write_port - write all, waiting for the host to take it
 */
void write_port(int port, const void *data, size_t size);

/**
 * send_control - send one line on the control port
 */
void send_control(int port, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * struct control_line - what was received on the control port so far
 * @text:	the line that is complete, without its line end
 * @size:	bytes in @text
 */
struct control_line {
	char text[512];
	size_t size;
};

/**
 * read_control - read on until a line is complete
 *
 * Return: true if @line->text holds one; @line->size is then 0 again.
 * False if nothing more is there for now.
 */
bool read_control(int port, struct control_line *line);

/* init-console.c */

/**
 * has_ports - has the machine a virtio-serial device?
 *
 * Without one, everything goes over the console.
 */
bool has_ports(void);

/**
 * open_console_stream - open the console for bytes of the command
 * @terminal:	for a command with a terminal: input is not taken in lines
 *
 * Return: a descriptor that does not block, or -1.
 */
int open_console_stream(bool terminal);

/**
 * console_begin - the command is going to be started
 * @terminal:	as for open_console_stream()
 *
 * From here on the other side may type.
 */
void console_begin(bool terminal);

/**
 * console_verdict - the command and its output have ended
 */
void console_verdict(int status);

/**
 * console_fail - PID 1 could not do its work
 * @text:	one sentence
 */
void console_fail(const char *text);

/* init-relay.c */

/**
 * struct outcome - how the command ended
 * @status:		as a shell counts it: 0..255, 128 + N for signal N
 * @out, @err:		bytes sent to stdout and to stderr
 */
struct outcome {
	int status;
	uint64_t out, err;
};

/**
 * run_command - run a command with its streams on the ports or the console
 * @control:	control port, or -1: the streams are the console
 * @argv:	the command
 * @terminal:	NULL, or TERM's value: give the command a terminal
 */
struct outcome run_command(int control, char **argv, const char *terminal);

#endif
