// SPDX-License-Identifier: MIT
/*
 * PID 1 of the machine: start the command and carry its streams.
 *
 * The command gets pipes (or a pseudo-terminal), not the ports themselves: a
 * port can be opened only once, so that "echo > /dev/stderr" would fail.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "init.h"
#include "protocol.h"

/* Longer than the kernel's limit for one write to a port makes no sense. */
#define STREAM_ROOM	32768

/*
 * One direction of one stream.  @from is -1 once nothing more is to come.
 * @to is -1 if nobody listens any more: what comes is then thrown away.
 */
struct stream {
	int from, to;
	char data[STREAM_ROOM];
	size_t start, end;
	uint64_t read_total, limit;
};

struct relay {
	struct stream in, out, err;
	struct control_line line;
	int control, signals, master;
	pid_t child;
	int status;
	bool ended;
};

static bool stream_empty(const struct stream *stream)
{
	return stream->start == stream->end;
}

static void close_end(int *end)
{
	if (*end >= 0)
		close(*end);
	*end = -1;
}

static void stream_read(struct stream *stream)
{
	uint64_t left = stream->limit - stream->read_total;
	size_t room = left < STREAM_ROOM ? left : STREAM_ROOM;
	ssize_t got = read(stream->from, stream->data, room);

	if (got > 0) {
		stream->start = 0;
		stream->end = (size_t)got;
		stream->read_total += (uint64_t)got;
	} else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
		close_end(&stream->from);
	}
}

static void stream_write(struct stream *stream)
{
	ssize_t done = write(stream->to, stream->data + stream->start,
			     stream->end - stream->start);

	if (done > 0)
		stream->start += (size_t)done;
	else if (done < 0 && errno != EAGAIN && errno != EINTR)
		close_end(&stream->to);
}

/* The descriptor to wait for, and for what. */
static struct pollfd stream_poll(const struct stream *stream)
{
	struct pollfd wait = { .fd = -1 };

	if (!stream_empty(stream) && stream->to >= 0) {
		wait.fd = stream->to;
		wait.events = POLLOUT;
	} else if (stream_empty(stream)) {
		wait.fd = stream->from;
		wait.events = POLLIN;
	}
	return wait;
}

static void stream_move(struct stream *stream, const struct pollfd *ready)
{
	if (ready->fd >= 0 && ready->revents) {
		if (ready->events == POLLIN)
			stream_read(stream);
		else
			stream_write(stream);
	}
	if (stream->to < 0)
		stream->start = stream->end;
}

/*
 * The command's stdin ends when the last byte announced has been passed on, or
 * when the console said so.
 */
static void finish_stdin(struct stream *in, bool terminal)
{
	if (!stream_empty(in) || in->to < 0 || terminal)
		return;
	if (in->from >= 0 && in->read_total < in->limit)
		return;
	close_end(&in->to);
	close_end(&in->from);
}

static void obey_control(struct relay *relay)
{
	unsigned long long size;
	struct winsize winsize = { 0 };
	const char *text = relay->line.text;

	while (read_control(relay->control, &relay->line)) {
		if (sscanf(text, "eof %llu", &size) == 1)
			relay->in.limit = size;
		else if (sscanf(text, "winsize %hu %hu", &winsize.ws_row,
				&winsize.ws_col) == 2 && relay->master >= 0)
			ioctl(relay->master, TIOCSWINSZ, &winsize);
	}
}

/* As PID 1 this also inherits orphans. */
static void reap_children(struct relay *relay)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	(void)!read(relay->signals, &info, sizeof(info));
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != relay->child)
			continue;
		relay->ended = true;
		relay->status = WIFEXITED(status) ? WEXITSTATUS(status) :
						    128 + WTERMSIG(status);
	}
}

/*
 * One round.  After the end of the command what is still in its pipes is
 * carried, without waiting for others that may hold them open.
 * Return: false when all is done.
 */
static bool relay_round(struct relay *relay)
{
	struct stream *streams[] = { &relay->in, &relay->out, &relay->err };
	struct pollfd ready[5];
	bool idle;
	int count;

	finish_stdin(&relay->in, relay->master >= 0);
	for (int i = 0; i < 3; i++)
		ready[i] = stream_poll(streams[i]);
	ready[3] = (struct pollfd){ relay->control, POLLIN, 0 };
	ready[4] = (struct pollfd){ relay->signals, POLLIN, 0 };
	idle = relay->ended && stream_empty(&relay->out) &&
	       stream_empty(&relay->err);
	if (idle)
		ready[0].fd = -1;
	count = poll(ready, 5, idle ? 0 : -1);
	if (count == 0 && idle)
		return false;
	for (int i = 0; count > 0 && i < 3; i++)
		stream_move(streams[i], &ready[i]);
	if (ready[3].revents & POLLIN)
		obey_control(relay);
	if (ready[4].revents)
		reap_children(relay);
	return true;
}

/* Runs in the child; stdin, stdout and stderr are the given descriptors. */
static void start_command(const int fds[3], char **argv, bool terminal)
{
	sigset_t none;
	int error;

	setsid();
	if (terminal)
		ioctl(fds[0], TIOCSCTTY, 0);
	for (int i = 0; i < 3; i++)
		dup2(fds[i], i);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	error = errno;
	dprintf(2, "machine: %s: %s\n", argv[0], strerror(error));
	_exit(error == ENOENT || error == ENOTDIR ? 127 : 126);
}

/* Pipes: child[] are the command's ends, the streams get the others. */
static void make_pipes(struct relay *relay, int child[3])
{
	int in[2], out[2], err[2];

	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) ||
	    pipe2(err, O_CLOEXEC))
		fail("no pipes for the command: %s", strerror(errno));
	child[0] = in[0];
	child[1] = out[1];
	child[2] = err[1];
	relay->in.to = in[1];
	relay->out.from = out[0];
	relay->err.from = err[0];
	fcntl(in[1], F_SETFL, O_NONBLOCK);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(err[0], F_SETFL, O_NONBLOCK);
}

static void make_terminal(struct relay *relay, int child[3])
{
	int slave = -1;

	relay->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC |
				     O_NONBLOCK);
	if (relay->master >= 0 && !unlockpt(relay->master))
		slave = open(ptsname(relay->master), O_RDWR | O_NOCTTY |
			     O_CLOEXEC);
	if (slave < 0)
		fail("no pseudo-terminal for the command: %s", strerror(errno));
	for (int i = 0; i < 3; i++)
		child[i] = slave;
	relay->in.to = relay->master;
	relay->out.from = dup(relay->master);
	close_end(&relay->err.from);
}

static void open_streams(struct relay *relay, bool terminal)
{
	relay->in = (struct stream){ .to = -1, .limit = UINT64_MAX };
	relay->out = (struct stream){ .from = -1, .limit = UINT64_MAX };
	relay->err = (struct stream){ .from = -1, .limit = UINT64_MAX };
	if (relay->control < 0) {
		relay->in.from = open_console_stream(terminal);
		relay->out.to = open_console_stream(terminal);
		relay->err.to = open_console_stream(terminal);
	} else {
		relay->in.from = open_port(PORT_STDIN);
		relay->out.to = open_port(PORT_STDOUT);
		relay->err.to = open_port(PORT_STDERR);
	}
	if (relay->in.from < 0 || relay->out.to < 0 || relay->err.to < 0)
		fail("the channels of stdin, stdout and stderr are missing");
}

struct outcome run_command(int control, char **argv, const char *terminal)
{
	static struct relay relay = { .master = -1 };
	sigset_t child_signal;
	int child[3];

	relay.control = control;
	open_streams(&relay, terminal);
	if (terminal)
		make_terminal(&relay, child);
	else
		make_pipes(&relay, child);
	/* A size that is already there is to be seen by the command. */
	obey_control(&relay);

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&child_signal);
	sigaddset(&child_signal, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child_signal, NULL);
	relay.signals = signalfd(-1, &child_signal, SFD_CLOEXEC | SFD_NONBLOCK);
	relay.child = fork();
	if (relay.child == 0)
		start_command(child, argv, terminal);
	if (relay.child < 0 || relay.signals < 0)
		fail("the command cannot be started: %s", strerror(errno));
	close(child[0]);
	if (!terminal) {
		close(child[1]);
		close(child[2]);
	}
	while (relay_round(&relay))
		;
	return (struct outcome){ relay.status, relay.out.read_total,
				 relay.err.read_total };
}
