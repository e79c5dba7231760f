// SPDX-License-Identifier: MIT
/*
 * PID 1 of the machine: a machine that has nothing but a console.
 *
 * An SE image runs where it is booted: in our machine, under a VMM that knows
 * no devices, under QEMU started by hand.  So PID 1 looks for itself which
 * channels there are; kernel parameters are part of the image.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <termios.h>
#include <unistd.h>

#include "init.h"
#include "protocol.h"

#define CCW_DEVICES	"/sys/bus/ccw/devices"
/* Type and model of the control unit: virtio, and its device type console. */
#define VIRTIO_CONSOLE	"3832/03"
#define CONSOLE		"/dev/console"

/* Number of the system log's call, for which there is no header. */
#define LOG_CONSOLE_OFF	6

static bool is_virtio_console(const char *device)
{
	char path[512], type[16] = "";
	FILE *file;

	snprintf(path, sizeof(path), CCW_DEVICES "/%s/cutype", device);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(type, sizeof(type), file))
		type[0] = '\0';
	fclose(file);
	return strncmp(type, VIRTIO_CONSOLE, strlen(VIRTIO_CONSOLE)) == 0;
}

/* The kernel waits for its channel devices before it starts PID 1. */
bool has_ports(void)
{
	struct dirent *entry;
	DIR *dir = opendir(CCW_DEVICES);
	bool found = false;

	while (dir && !found && (entry = readdir(dir)))
		found = is_virtio_console(entry->d_name);
	if (dir)
		closedir(dir);
	return found;
}

/*
 * Bytes of the command are not changed.  Without a terminal of its own the
 * command's stdin comes in lines, because only so can it end.
 */
static void set_modes(int console, bool terminal)
{
	struct termios modes;

	if (tcgetattr(console, &modes))
		return;
	cfmakeraw(&modes);
	if (!terminal)
		modes.c_lflag |= ICANON;
	modes.c_cc[VEOF] = CONSOLE_EOF;
	tcsetattr(console, TCSADRAIN, &modes);
}

int open_console_stream(bool terminal)
{
	int console = open(CONSOLE, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);

	if (console >= 0)
		set_modes(console, terminal);
	return console;
}

/* In one piece, so that nothing of the kernel's gets in between. */
static void say(const char *word, const char *text)
{
	char line[CONTROL_LINE_MAX + 32];
	int console = open(CONSOLE, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	int size;

	size = snprintf(line, sizeof(line), CONSOLE_START "%s%s" CONSOLE_END,
			word, text);
	if (console < 0)
		return;
	tcdrain(console);
	(void)!write(console, line, (size_t)size);
	tcdrain(console);
	close(console);
}

void console_begin(bool terminal)
{
	int console = open_console_stream(terminal);

	/* A panic turns it on again. */
	klogctl(LOG_CONSOLE_OFF, NULL, 0);
	say(CONSOLE_BEGIN, "");
	if (console >= 0)
		close(console);
}

void console_verdict(int status)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", status);
	say(CONSOLE_VERDICT, text);
}

void console_fail(const char *text)
{
	say(CONSOLE_FAIL, text);
}
