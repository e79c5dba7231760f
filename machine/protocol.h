/* SPDX-License-Identifier: MIT */
/*
 * What PID 1 of the machine and the supervisor on the developer's computer
 * say to each other.
 *
 * Each stream has a virtio-serial port of its own, found by name.  stdin,
 * stdout and stderr carry nothing but the command's bytes.  The control port
 * carries lines:
 *
 *   guest: "verdict STATUS OUT ERR"  the command ended with STATUS (as a shell
 *                                    counts it) after OUT and ERR bytes
 *   guest: "fail TEXT"               PID 1 could not do its work
 *   host:  "eof N"                   stdin ends after N bytes
 *   host:  "winsize ROWS COLUMNS"    the terminal has this size
 *   host:  "done"                    everything has arrived: power off
 *
 * The verdict is sent after the last byte has been handed to the other ports;
 * its counts tell the host when it has everything, as ports are not ordered
 * among each other.
 *
 * The files port carries frames: struct files_frame and bytes.  The first one,
 * sent before the command is started, is the list of the files that are going
 * to be sent, empty or not: a ramdisk that was made before may not fit what the
 * host expects.  Then the files come one after the other, each in pieces.
 *
 * A machine without virtio-serial has nothing but its console.  There the same
 * is said with strings that terminals swallow (ECMA-48's APC), each written in
 * one piece:
 *
 *   ESC _ "s390-pv begin" ESC \      the kernel's log ends, and the bytes of
 *                                    the command's stdout and stderr follow,
 *                                    as they were written
 *   ESC _ "s390-pv verdict STATUS" ESC \    all of them have been written
 *   ESC _ "s390-pv fail TEXT" ESC \         PID 1 could not do its work
 *
 * After the last one the machine stops.  A line is typed for the command's
 * stdin, and CONSOLE_EOF at the start of a line ends it.  Files stay behind.
 */
#ifndef MACHINE_PROTOCOL_H
#define MACHINE_PROTOCOL_H

#include <stdint.h>

#define PORT_CONTROL	"s390-pv.control"
#define PORT_STDIN	"s390-pv.stdin"
#define PORT_STDOUT	"s390-pv.stdout"
#define PORT_STDERR	"s390-pv.stderr"
#define PORT_FILES	"s390-pv.files"

#define CONTROL_LINE_MAX 512
#define CONTROL_FAIL	"fail "

#define CONSOLE_START	"\033_"
#define CONSOLE_END	"\033\\"
#define CONSOLE_BEGIN	"s390-pv begin"
#define CONSOLE_VERDICT	"s390-pv verdict "
#define CONSOLE_FAIL	"s390-pv fail "
#define CONSOLE_EOF	4

/* Index of the list: NUL-terminated paths, as TASK_COLLECT has them. */
#define FILES_LIST	0xffffffffu
#define FILES_LIST_MAX	(1u << 20)	/* bytes */

/* Lengths of a file's frame that carry no bytes. */
#define FILES_END	0u		/* the file is complete */
#define FILES_NONE	0xffffffffu	/* it could not be read */

/**
 * struct files_frame - head of a piece of a collected file
 * @index:	which of the list's files, from 0, or FILES_LIST, big-endian
 * @length:	bytes that follow, or FILES_END or FILES_NONE, big-endian
 */
struct files_frame {
	uint32_t index;
	uint32_t length;
};

/* Where the host lays down what is to be done; lists are NUL-terminated. */
#define TASK_ARGV	"/.machine/argv"
#define TASK_MODULES	"/.machine/modules"
#define TASK_COLLECT	"/.machine/collect"
#define TASK_TERMINAL	"/.machine/terminal"

#endif
