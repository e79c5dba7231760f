// SPDX-License-Identifier: MIT
/*
 * The host's end of the machine: start QEMU, carry the command's streams, wait
 * for the verdict, and end with it.
 *
 * machine/run makes the command line; see there and in README.md.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "protocol.h"
#include "supervise.h"

/* How long the guest may take to power off once told to, on a busy computer too. */
#define POWER_OFF_MS	30000
#define ESCAPE_KEY	0x1d

struct options {
	const char *log, *outcome, *qemu_log;
	bool verbose, terminal;
	long timeout;
	char **sources, **paths;
	size_t collect_count;
};

struct verdict {
	bool known;
	int status;
	unsigned long long out, err;
};

struct session {
	struct options options;
	int channels[CHANNELS];
	struct output out, err, console;
	struct collector files;
	struct verdict verdict;
	char line[CONTROL_LINE_MAX];
	size_t line_size;
	char in_data[PIPE_BUF];
	size_t in_start, in_end;
	unsigned long long in_total;
	bool in_ended, done_sent, outcome_said, interrupted;
	int signals, status;
	pid_t machine;
	bool machine_ended;
	long deadline;
};

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * What happened goes, besides to the user, where machine/run looks for it. The
 * first failure is the reason of those that follow.
 */
static void say_outcome(struct session *session, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say_outcome(struct session *session, const char *format, ...)
{
	char text[CONTROL_LINE_MAX + 64];
	va_list args;
	FILE *file;

	if (session->outcome_said)
		return;
	session->outcome_said = true;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(stderr, "machine: %s%s\n", text,
		session->options.terminal ? "\r" : "");
	file = fopen(session->options.outcome, "we");
	if (!file)
		return;
	fprintf(file, "%s\n", text);
	fclose(file);
}

static void stop_machine(struct session *session, int status)
{
	session->status = status;
	if (!session->machine_ended)
		kill(session->machine, SIGKILL);
}

/* Lines this short always fit into the socket. */
static void send_line(struct session *session, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void send_line(struct session *session, const char *format, ...)
{
	char line[CONTROL_LINE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	(void)!write(session->channels[CHANNEL_CONTROL], line, strlen(line));
}

static void send_size(struct session *session)
{
	unsigned int rows, columns;

	if (session->options.terminal && terminal_size(&rows, &columns))
		send_line(session, "winsize %u %u\n", rows, columns);
}

static void obey_line(struct session *session, const char *line)
{
	struct verdict verdict = { .known = true };

	if (sscanf(line, "verdict %d %llu %llu", &verdict.status, &verdict.out,
		   &verdict.err) == 3) {
		session->verdict = verdict;
	} else if (!strncmp(line, CONTROL_FAIL, strlen(CONTROL_FAIL))) {
		say_outcome(session, "the guest could not do its work: %s",
			    line + strlen(CONTROL_FAIL));
		session->status = STATUS_MACHINE;
		session->done_sent = true;
		send_line(session, "done\n");
		session->deadline = now_ms() + POWER_OFF_MS;
	}
}

static void read_lines(struct session *session)
{
	char data[CONTROL_LINE_MAX];
	ssize_t got = read(session->channels[CHANNEL_CONTROL], data,
			   sizeof(data));

	for (ssize_t i = 0; i < got; i++) {
		if (data[i] == '\n') {
			session->line[session->line_size] = '\0';
			session->line_size = 0;
			obey_line(session, session->line);
		} else if (session->line_size < sizeof(session->line) - 1) {
			session->line[session->line_size++] = data[i];
		}
	}
}

static void read_stdin(struct session *session)
{
	ssize_t got = read(STDIN_FILENO, session->in_data,
			   sizeof(session->in_data));

	if (got > 0) {
		session->in_start = 0;
		session->in_end = (size_t)got;
		session->in_total += (size_t)got;
		if (session->options.terminal &&
		    memchr(session->in_data, ESCAPE_KEY, (size_t)got)) {
			say_outcome(session, "ended by Ctrl-]");
			stop_machine(session, 130);
		}
	} else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
		session->in_ended = true;
		send_line(session, "eof %llu\n", session->in_total);
	}
}

static void write_stdin(struct session *session)
{
	ssize_t done = write(session->channels[CHANNEL_STDIN],
			     session->in_data + session->in_start,
			     session->in_end - session->in_start);

	if (done > 0)
		session->in_start += (size_t)done;
	else if (done < 0 && errno != EAGAIN && errno != EINTR)
		session->in_start = session->in_end;
}

/*
 * The first one counts: a Ctrl-C reaches machine/run as well, which passes it
 * on as another signal.
 */
static void end_by_signal(struct session *session, unsigned int number)
{
	if (session->interrupted)
		return;
	session->interrupted = true;
	say_outcome(session, "ended by signal %u", number);
	stop_machine(session, 128 + (int)number);
}

static void obey_signal(struct session *session)
{
	struct signalfd_siginfo info;

	while (read(session->signals, &info, sizeof(info)) == sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGCHLD:
			if (waitpid(session->machine, NULL, WNOHANG) > 0)
				session->machine_ended = true;
			break;
		case SIGWINCH:
			send_size(session);
			break;
		default:
			end_by_signal(session, info.ssi_signo);
		}
	}
}

/* What comes after a failure makes no sense any more. */
static void take_files(struct session *session)
{
	int *from = &session->channels[CHANNEL_FILES];

	if (collect(&session->files, *from))
		return;
	close(*from);
	*from = -1;
	stop_machine(session, STATUS_MACHINE);
}

/* Everything that the verdict announced has arrived: let the guest go. */
static void finish_verdict(struct session *session)
{
	const struct verdict *verdict = &session->verdict;

	if (!verdict->known || session->done_sent || session->status >= 0 ||
	    !session->files.listed ||
	    session->out.total < verdict->out ||
	    session->err.total < verdict->err ||
	    session->files.complete < session->files.count)
		return;
	session->status = verdict->status;
	if (session->files.missing && !session->status) {
		say_outcome(session, "not all files could be collected");
		session->status = STATUS_MACHINE;
	}
	session->done_sent = true;
	send_line(session, "done\n");
	session->deadline = now_ms() + POWER_OFF_MS;
}

static void check_deadline(struct session *session)
{
	if (now_ms() < session->deadline || session->machine_ended)
		return;
	if (session->done_sent) {
		/* Nothing is missing any more. The log is read all the same. */
		fprintf(stderr, "machine: note: the guest does not power off, "
			"so it is ended%s\n",
			session->options.terminal ? "\r" : "");
		stop_machine(session, session->status);
	} else {
		say_outcome(session, "time limit of %ld s reached",
			    session->options.timeout);
		stop_machine(session, STATUS_TIMEOUT);
	}
	/* Killed: its end is all that is waited for now. */
	session->deadline = now_ms() + POWER_OFF_MS;
	session->done_sent = true;
}

/* Take from the machine only what can be passed on without waiting. */
static struct pollfd output_poll(const struct output *output, bool *writable)
{
	struct pollfd wait = { output->from, POLLIN, 0 };
	struct pollfd sink = { output->to, POLLOUT, 0 };

	*writable = true;
	if (output->from >= 0 && output->to >= 0 && poll(&sink, 1, 0) == 0) {
		*writable = false;
		wait = (struct pollfd){ output->to, POLLOUT, 0 };
	}
	return wait;
}

static struct pollfd stdin_poll(const struct session *session)
{
	if (session->in_start < session->in_end)
		return (struct pollfd){ session->channels[CHANNEL_STDIN],
					POLLOUT, 0 };
	return (struct pollfd){ session->in_ended ? -1 : STDIN_FILENO, POLLIN,
				0 };
}

static bool session_round(struct session *session)
{
	struct output *outputs[] = { &session->out, &session->err,
				     &session->console };
	struct pollfd ready[7];
	bool writable[3];
	long left = session->deadline - now_ms();

	for (int i = 0; i < 3; i++)
		ready[i] = output_poll(outputs[i], &writable[i]);
	ready[3] = stdin_poll(session);
	ready[4] = (struct pollfd){ session->channels[CHANNEL_CONTROL],
				    POLLIN, 0 };
	ready[5] = (struct pollfd){ session->channels[CHANNEL_FILES], POLLIN,
				    0 };
	ready[6] = (struct pollfd){ session->signals, POLLIN, 0 };
	poll(ready, 7, left > 0 ? (int)left : 0);

	for (int i = 0; i < 3; i++)
		if (ready[i].revents && writable[i])
			move_output(outputs[i]);
	if (ready[3].revents && session->in_start < session->in_end)
		write_stdin(session);
	else if (ready[3].revents)
		read_stdin(session);
	if (ready[4].revents & POLLIN)
		read_lines(session);
	if (ready[5].revents & POLLIN)
		take_files(session);
	if (ready[6].revents)
		obey_signal(session);
	finish_verdict(session);
	check_deadline(session);
	return !session->machine_ended;
}

/* What the machine had said before it ended. */
static void drain(struct session *session)
{
	while (session->console.from >= 0 && move_output(&session->console))
		;
	read_lines(session);
	while (session->out.from >= 0 && move_output(&session->out))
		;
	while (session->err.from >= 0 && move_output(&session->err))
		;
	finish_verdict(session);
	collect_end(&session->files);
	if (session->status < 0) {
		say_outcome(session, "the machine stopped without a verdict of the command");
		session->status = STATUS_MACHINE;
	}
}

static bool open_session(struct session *session)
{
	int log = open(session->options.log,
		       O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	sigset_t signals;

	if (log < 0) {
		fprintf(stderr, "machine: %s cannot be written: %s\n",
			session->options.log, strerror(errno));
		return false;
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGWINCH);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	session->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	session->console.copy = -1;
	if (session->options.verbose)
		session->console.copy = STDERR_FILENO;
	session->console.to = log;
	return session->signals >= 0;
}

static int supervise(struct session *session, char **argv)
{
	if (!open_session(session))
		return STATUS_MACHINE;
	session->deadline = now_ms() + session->options.timeout * 1000;
	session->status = -1;
	session->machine = spawn_machine(argv, session->options.qemu_log,
					 session->channels);
	if (session->machine < 0)
		return STATUS_MACHINE;
	session->out = (struct output){ session->channels[CHANNEL_STDOUT],
					STDOUT_FILENO, -1, 0 };
	session->err = (struct output){ session->channels[CHANNEL_STDERR],
					STDERR_FILENO, -1, 0 };
	session->console.from = session->channels[CHANNEL_CONSOLE];
	session->files.sources = session->options.sources;
	session->files.paths = session->options.paths;
	session->files.count = session->options.collect_count;
	if (session->options.terminal)
		terminal_raw();
	send_size(session);
	while (session_round(session))
		;
	drain(session);
	return session->status;
}

static void usage(FILE *to)
{
	fputs("Usage: supervise --log FILE --outcome FILE [--qemu-log FILE]\n"
	      "                 [--timeout SECONDS] [--verbose] [--terminal]\n"
	      "                 [--collect SOURCE:FILE]...\n"
	      "                 -- QEMU ARGUMENT...\n"
	      "Runs a machine whose PID 1 is machine/init; use machine/run.\n",
	      to);
}

static bool add_collect(struct options *options, char *entry)
{
	char *colon = strchr(entry, ':');

	if (!colon)
		return false;
	*colon = '\0';
	options->sources[options->collect_count] = entry;
	options->paths[options->collect_count++] = colon + 1;
	return true;
}

static bool read_options(struct options *options, int argc, char **argv)
{
	static const struct option names[] = {
		{ "log", required_argument, NULL, 'l' },
		{ "outcome", required_argument, NULL, 'o' },
		{ "qemu-log", required_argument, NULL, 'q' },
		{ "timeout", required_argument, NULL, 't' },
		{ "collect", required_argument, NULL, 'c' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "terminal", no_argument, NULL, 'T' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	options->sources = calloc((size_t)argc, sizeof(char *));
	options->paths = calloc((size_t)argc, sizeof(char *));
	if (!options->sources || !options->paths)
		return false;
	while ((option = getopt_long(argc, argv, "+", names, NULL)) != -1) {
		if (option == 'l')
			options->log = optarg;
		else if (option == 'o')
			options->outcome = optarg;
		else if (option == 'q')
			options->qemu_log = optarg;
		else if (option == 't')
			options->timeout = strtol(optarg, NULL, 10);
		else if (option == 'c' && add_collect(options, optarg))
			continue;
		else if (option == 'v')
			options->verbose = true;
		else if (option == 'T')
			options->terminal = true;
		else
			return false;
	}
	return options->log && options->outcome && options->timeout > 0 &&
	       optind < argc;
}

int main(int argc, char **argv)
{
	static struct session session = { .options.timeout = 300 };
	int status;

	if (argc == 2 && !strcmp(argv[1], "--help")) {
		usage(stdout);
		return 0;
	}
	if (!read_options(&session.options, argc, argv)) {
		usage(stderr);
		return STATUS_USAGE;
	}
	status = supervise(&session, argv + optind);
	free(session.options.sources);
	free(session.options.paths);
	return status;
}
