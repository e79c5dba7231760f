// SPDX-License-Identifier: MIT
/*
 * The host's end of the machine: start QEMU with its streams.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol.h"
#include "supervise.h"

#define MAX_ARGS	256
#define SERIAL_BUS	"serial0"
#define PORT_DEVICE	"virtserialport,bus=" SERIAL_BUS ".0"

static const char *const port_names[CHANNELS] = {
	[CHANNEL_CONTROL] = PORT_CONTROL,
	[CHANNEL_STDIN] = PORT_STDIN,
	[CHANNEL_STDOUT] = PORT_STDOUT,
	[CHANNEL_STDERR] = PORT_STDERR,
	[CHANNEL_FILES] = PORT_FILES,
	[CHANNEL_CONSOLE] = NULL,
};

struct arguments {
	char *list[MAX_ARGS];
	size_t count;
};

static void add(struct arguments *args, char *text)
{
	if (args->count < MAX_ARGS - 1)
		args->list[args->count++] = text;
	else
		args->count = MAX_ARGS;
}

static void add_pair(struct arguments *args, char *option,
		     const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void add_pair(struct arguments *args, char *option,
		     const char *format, ...)
{
	char *text = NULL;
	va_list values;

	va_start(values, format);
	if (vasprintf(&text, format, values) < 0)
		text = NULL;
	va_end(values);
	add(args, option);
	if (text)
		add(args, text);
	else
		args->count = MAX_ARGS;
}

static void add_channel(struct arguments *args, int channel, int fd)
{
	add_pair(args, "-chardev", "socket,id=channel%d,fd=%d", channel, fd);
	if (port_names[channel])
		add_pair(args, "-device",
			 PORT_DEVICE ",nr=%d,chardev=channel%d,name=%s",
			 channel + 1, channel, port_names[channel]);
	else
		add_pair(args, "-device", "sclpconsole,chardev=channel%d",
			 channel);
}

/* A protected guest refuses virtio devices that bypass its bounce buffers. */
static bool build_arguments(struct arguments *args, char **argv,
			    const int theirs[CHANNELS])
{
	while (*argv)
		add(args, *argv++);
	add_pair(args, "-device", "virtio-serial-ccw,id=" SERIAL_BUS
		 ",max_ports=8,iommu_platform=on");
	for (int i = 0; i < CHANNELS; i++)
		add_channel(args, i, theirs[i]);
	return args->count < MAX_ARGS;
}

/* Never returns. The arguments live until the program is replaced. */
static void become_machine(char **argv, const char *log,
			   const int theirs[CHANNELS])
{
	struct arguments args = { .count = 0 };
	int null = open("/dev/null", O_RDWR);
	int messages = log ? open(log, O_WRONLY | O_CREAT | O_APPEND, 0644) :
			     dup(STDERR_FILENO);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	dup2(null, STDIN_FILENO);
	dup2(messages, STDOUT_FILENO);
	dup2(messages, STDERR_FILENO);
	for (int i = 0; i < CHANNELS; i++)
		fcntl(theirs[i], F_SETFD, 0);
	if (build_arguments(&args, argv, theirs))
		execv(args.list[0], args.list);
	else
		errno = E2BIG;
	fprintf(stderr, "machine: %s cannot be started: %s\n", argv[0],
		strerror(errno));
	_exit(127);
}

static bool make_channels(int ours[CHANNELS], int theirs[CHANNELS])
{
	for (int i = 0; i < CHANNELS; i++) {
		int pair[2];

		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
			return false;
		ours[i] = pair[0];
		theirs[i] = pair[1];
		fcntl(ours[i], F_SETFL, O_NONBLOCK);
	}
	return true;
}

pid_t spawn_machine(char **argv, const char *log, int ours[CHANNELS])
{
	int theirs[CHANNELS];
	pid_t machine;

	if (!make_channels(ours, theirs)) {
		perror("machine: no streams for the machine");
		return -1;
	}
	machine = fork();
	if (machine == 0)
		become_machine(argv, log, theirs);
	if (machine < 0)
		perror("machine: fork");
	for (int i = 0; i < CHANNELS; i++)
		close(theirs[i]);
	return machine;
}
