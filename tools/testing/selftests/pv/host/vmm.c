// SPDX-License-Identifier: GPL-2.0
/*
 * A small VMM: boots a kernel, or an SE image as a protected guest, with KVM's
 * ioctls only.  The guest has CPUs, memory and a console, and no devices.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "vmm.h"

/* Exit status without a verdict of the guest, as machine/run has them */
#define STATUS_TIMEOUT	124
#define STATUS_FAILED	125
#define STATUS_PANIC	134

#define MEMORY_DEFAULT	256
#define MEMORY_MAX	65535
#define CPUS_MAX	2

/* What ends a text on a terminal */
#define END_OF_TEXT	0x04

static const char usage_text[] =
"Usage: vmm [OPTIONS] IMAGE\n"
"       vmm [OPTIONS] --kernel FILE\n"
"\n"
"Boots an SE image or a kernel with KVM. The guest has memory, CPUs and an SCLP\n"
"console (console=ttysclp0), which is stdin and stdout; no devices.\n"
"\n"
"  --protected       give IMAGE the protection it asks for; without, it is refused\n"
"  --kernel FILE     an ordinary kernel instead of an image\n"
"  --initrd FILE     its ramdisk\n"
"  --append LINE     its command line\n"
"  --memory MIB      of the guest (default: 256)\n"
"  --cpus N          1 or 2 (default: 1)\n"
"  --timeout SECONDS end the guest after that time\n"
"  --log FILE        what the guest writes before its command begins goes there\n"
"  --host-view FILE  in the end: its memory, as this host sees it\n"
"  --dump FILE       when signal SIGUSR2 comes: a confidential dump of it, for its\n"
"                    owner; the guest goes on\n"
"  --dump-on-crash   also when it stops in a wait that nothing can end\n"
"  --dump-on-end     also when it ends, however it does\n"
"  --force           replace FILE of --dump if it exists\n"
"  --help            this text\n"
"\n"
"Input goes to the guest byte for byte; its end becomes ^D. What comes from a\n"
"terminal goes there at once, all else when the guest says that its command begins.\n"
"\n"
"A guest can tell how its work goes with strings on its console, which are taken\n"
"out of the output:\n"
"  ESC _ s390-pv begin ESC \\           the output of its command begins\n"
"  ESC _ s390-pv verdict STATUS ESC \\  the command has ended\n"
"  ESC _ s390-pv fail TEXT ESC \\       it could not be started\n"
"\n"
"Exit status:\n"
"  0..255  what the guest said; without that:\n"
"  0       the guest powered off\n"
"  124     the time was over\n"
"  125     wrong usage, KVM failed, no protected guest came to be, or the guest\n"
"          said that it failed\n"
"  134     the guest stopped in a wait that nothing can end (panic)\n";

void complain(const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	fprintf(stderr, "vmm: %s\n", line);
}

/* Does not return. */
static void usage_error(const char *what)
{
	complain("%s (see vmm --help)", what);
	exit(STATUS_FAILED);
}

static unsigned int number(const char *text, unsigned int max, const char *what)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || end == text || *end || !value || value > max)
		usage_error(what);
	return (unsigned int)value;
}

enum option_id {
	OPT_PROTECTED, OPT_KERNEL, OPT_INITRD, OPT_APPEND, OPT_MEMORY, OPT_CPUS,
	OPT_TIMEOUT, OPT_LOG, OPT_HOST_VIEW, OPT_DUMP, OPT_DUMP_ON_CRASH,
	OPT_DUMP_ON_END, OPT_FORCE, OPT_HELP,
};

static const struct option options[] = {
	{ "protected", no_argument, NULL, OPT_PROTECTED },
	{ "kernel", required_argument, NULL, OPT_KERNEL },
	{ "initrd", required_argument, NULL, OPT_INITRD },
	{ "append", required_argument, NULL, OPT_APPEND },
	{ "memory", required_argument, NULL, OPT_MEMORY },
	{ "cpus", required_argument, NULL, OPT_CPUS },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "log", required_argument, NULL, OPT_LOG },
	{ "host-view", required_argument, NULL, OPT_HOST_VIEW },
	{ "dump", required_argument, NULL, OPT_DUMP },
	{ "dump-on-crash", no_argument, NULL, OPT_DUMP_ON_CRASH },
	{ "dump-on-end", no_argument, NULL, OPT_DUMP_ON_END },
	{ "force", no_argument, NULL, OPT_FORCE },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

static bool take_dump_option(struct vmm_task *task, int id, const char *value)
{
	switch (id) {
	case OPT_DUMP:
		task->dump = value;
		return true;
	case OPT_DUMP_ON_CRASH:
		task->dump_on_crash = true;
		return true;
	case OPT_DUMP_ON_END:
		task->dump_on_end = true;
		return true;
	case OPT_FORCE:
		task->force = true;
		return true;
	default:
		return false;
	}
}

static void take_option(struct vmm_task *task, int id, const char *value)
{
	if (take_dump_option(task, id, value))
		return;
	switch (id) {
	case OPT_PROTECTED:
		task->protect = true;
		break;
	case OPT_KERNEL:
		task->kernel = value;
		break;
	case OPT_INITRD:
		task->initrd = value;
		break;
	case OPT_APPEND:
		task->append = value;
		break;
	case OPT_MEMORY:
		task->memory = number(value, MEMORY_MAX,
				      "--memory takes 1 to 65535 MiB") *
			       VM_MIB;
		break;
	case OPT_CPUS:
		task->nr_cpus = number(value, CPUS_MAX, "--cpus is 1 or 2");
		break;
	case OPT_TIMEOUT:
		task->seconds = number(value, 1000000,
				       "--timeout takes 1 to 1000000 seconds");
		break;
	case OPT_LOG:
		task->log = value;
		break;
	case OPT_HOST_VIEW:
		task->view = value;
		break;
	case OPT_HELP:
		fputs(usage_text, stdout);
		exit(0);
	default:
		usage_error("the command line was not understood");
	}
}

static void check_task(const struct vmm_task *task)
{
	if (!task->image == !task->kernel)
		usage_error("give one SE image, or --kernel");
	if (task->image && (task->initrd || task->append))
		usage_error("an SE image has its own ramdisk and command line");
	if (task->kernel && task->protect)
		usage_error("--protected needs an SE image: a plain kernel cannot be protected");
	if (task->dump && !task->protect)
		usage_error("--dump is for protected guests: add --protected or use --host-view");
	if (!task->dump &&
	    (task->dump_on_crash || task->dump_on_end || task->force))
		usage_error("--dump-on-crash, --dump-on-end and --force need --dump");
}

static struct vmm_task read_task(int argc, char **argv)
{
	struct vmm_task task = {
		.memory = MEMORY_DEFAULT * VM_MIB,
		.nr_cpus = 1,
	};
	int id;

	while ((id = getopt_long(argc, argv, "", options, NULL)) >= 0)
		take_option(&task, id, optarg);
	if (argc - optind > 1)
		usage_error("more than one image was given");
	if (optind < argc)
		task.image = argv[optind];
	check_task(&task);
	return task;
}

static void write_console(void *opaque, const void *data, size_t size)
{
	struct vmm *vmm = opaque;

	if (console_write(&vmm->console, data, size))
		return;
	complain("the guest's output cannot be passed on: %s", strerror(errno));
	vmm_finish(vmm, VMM_BROKEN);
}

static int open_output(const char *path, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	if (fd < 0)
		complain("%s cannot be written: %s", path, strerror(errno));
	return fd;
}

/* Before the guest runs: what it has done should not be lost in the end. */
static int open_outputs(struct vmm *vmm)
{
	const struct vmm_task *task = vmm->task;
	int log = STDOUT_FILENO;

	if (task->log)
		log = open_output(task->log, 0666);
	if (log >= 0 && task->view)
		vmm->view = open_output(task->view, 0600);
	if (log < 0 || vmm->view < 0 ||
	    (task->dump && vmm_check_dump(task)))
		return -1;
	console_open(&vmm->console, log, STDOUT_FILENO);
	return 0;
}

/* Before there are threads, none of which is to take the signal. */
static void expect_dump_signal(struct vmm *vmm)
{
	sigset_t set;

	vmm->asked = -1;
	if (!vmm->task->dump)
		return;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	vmm->asked = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* The machine with nothing in its memory; 0 or -1 with the reason said. */
static int make_machine(struct vmm *vmm, const struct vmm_task *task)
{
	vmm->task = task;
	vmm->done = eventfd(0, EFD_CLOEXEC);
	expect_dump_signal(vmm);
	pthread_mutex_init(&vmm->lock, NULL);
	pthread_cond_init(&vmm->changed, NULL);
	vmm->sclp = (struct sclp){
		.memory = task->memory,
		.nr_cpus = task->nr_cpus,
		.write = write_console,
		.opaque = vmm,
	};
	if (open_outputs(vmm))
		return -1;
	if (vmm->done < 0 || vm_new(&vmm->vm, task->memory, task->nr_cpus)) {
		complain("%s", vmm->done < 0 ? strerror(errno) :
					       vmm->vm.problem);
		return -1;
	}
	if (task->protect && !vm_capability(&vmm->vm, KVM_CAP_S390_PROTECTED)) {
		complain("this host makes no protected guests: boot its kernel with prot_virt=1");
		return -1;
	}
	for (unsigned int i = 0; i < task->nr_cpus; i++) {
		vmm->cpus[i].vmm = vmm;
		vmm->cpus[i].cpu = &vmm->vm.cpus[i];
	}
	return 0;
}

/* A terminal takes it for the end only at the beginning of a line. */
static void end_input(struct vmm *vmm)
{
	static const char end[2] = { END_OF_TEXT, END_OF_TEXT };

	sclp_input(&vmm->sclp, end, vmm->in_line ? 2 : 1);
}

/* Return: false once there is no more to come. */
static bool read_input(struct vmm *vmm)
{
	uint8_t data[SCLP_INPUT_MAX];
	size_t room = sclp_room(&vmm->sclp);
	bool pending = sclp_pending(&vmm->sclp);
	ssize_t got = read(STDIN_FILENO, data, room);

	if (got < 0)
		return errno == EINTR || errno == EAGAIN;
	if (got)
		sclp_input(&vmm->sclp, data, (size_t)got);
	else
		end_input(vmm);
	vmm->in_line = got && data[got - 1] != '\n';
	/* One signal at a time; the guest is told of the rest as it reads. */
	if (!pending && sclp_pending(&vmm->sclp))
		vm_signal(&vmm->vm, KVM_S390_INT_SERVICE, SCLP_EVENT_PENDING);
	return got;
}

static int milliseconds_to(const struct timespec *end)
{
	struct timespec now;
	long long left;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left = (end->tv_sec - now.tv_sec) * 1000LL +
	       (end->tv_nsec - now.tv_nsec) / 1000000;
	return left < 0 ? 0 : (int)left;
}

/* Somebody wants a dump of a guest that runs, and will run on. */
static void dump_now(struct vmm *vmm)
{
	struct signalfd_siginfo info;

	while (read(vmm->asked, &info, sizeof(info)) > 0)
		;
	pthread_mutex_lock(&vmm->lock);
	vmm_pause(vmm);
	vmm->undumped |= vmm_dump(vmm) != 0;
	vmm_resume(vmm);
	pthread_mutex_unlock(&vmm->lock);
}

/* The main thread: input, dumps, and the end.  Return: false if the time was over. */
static bool wait_for_end(struct vmm *vmm)
{
	struct pollfd wait[3] = {
		{ .fd = vmm->done, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = vmm->asked, .events = POLLIN },
	};
	bool input = true, typed = isatty(STDIN_FILENO), ready;
	struct timespec end;
	int patience;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += vmm->task->seconds;
	for (;;) {
		pthread_mutex_lock(&vmm->lock);
		ready = sclp_room(&vmm->sclp) > 1 &&
			(typed || vmm->console.begun);
		pthread_mutex_unlock(&vmm->lock);
		wait[1].fd = input && ready ? STDIN_FILENO : -1;
		/* A guest that begins or reads does not tell this thread. */
		patience = vmm->task->seconds ? milliseconds_to(&end) : -1;
		if (input && !ready && (patience < 0 || patience > 20))
			patience = 20;
		poll(wait, 3, patience);
		if (wait[0].revents)
			return true;
		if (wait[2].revents)
			dump_now(vmm);
		if (vmm->task->seconds && !milliseconds_to(&end))
			return false;
		if (wait[1].fd < 0 || !wait[1].revents)
			continue;
		pthread_mutex_lock(&vmm->lock);
		input = read_input(vmm);
		pthread_mutex_unlock(&vmm->lock);
	}
}

/*
 * Memory that the guest leaves behind.  It is protected until the machine is
 * closed, so the kernel has each page exported as write() comes to it.
 */
static int save_view(const struct vmm *vmm)
{
	const uint8_t *memory = vmm->vm.memory;
	size_t left = vmm->task->memory;
	ssize_t done;

	if (!vmm->task->view)
		return 0;
	for (; left; memory += done, left -= (size_t)done) {
		done = write(vmm->view, memory, left < VM_MIB ? left : VM_MIB);
		if (done < 0)
			break;
	}
	if (!left && !close(vmm->view))
		return 0;
	complain("%s: the guest's memory cannot be written: %s",
		 vmm->task->view, strerror(errno));
	return -1;
}

/* The guest has ended, its configuration has not. */
static void dump_in_the_end(struct vmm *vmm)
{
	const struct vmm_task *task = vmm->task;

	if (vmm->end == VMM_PANIC ? task->dump_on_crash || task->dump_on_end :
				    task->dump_on_end)
		vmm->undumped |= vmm_dump(vmm) != 0;
}

static int exit_status(const struct vmm *vmm)
{
	switch (vmm->console.verdict) {
	case VERDICT_STATUS:
		return vmm->console.status;
	case VERDICT_FAIL:
		complain("the guest failed: %s", vmm->console.text);
		return STATUS_FAILED;
	case VERDICT_NONE:
		break;
	}
	if (vmm->refused)
		return STATUS_FAILED;
	switch (vmm->end) {
	case VMM_STOPPED:
		return 0;
	case VMM_PANIC:
		return STATUS_PANIC;
	default:
		return STATUS_FAILED;
	}
}

static int run(struct vmm *vmm)
{
	bool in_time;
	int ret;

	pthread_mutex_lock(&vmm->lock);
	ret = vmm_load(vmm);
	if (!ret)
		ret = vmm_start(vmm);
	pthread_mutex_unlock(&vmm->lock);
	if (ret)
		return STATUS_FAILED;
	in_time = wait_for_end(vmm);
	pthread_mutex_lock(&vmm->lock);
	vmm_finish(vmm, VMM_STOPPED);
	pthread_mutex_unlock(&vmm->lock);
	vmm_join(vmm);
	console_flush(&vmm->console);
	dump_in_the_end(vmm);
	/* Not the guest's status: who asked for these files wants to have them. */
	if (save_view(vmm) || vmm->undumped)
		return STATUS_FAILED;
	if (in_time)
		return exit_status(vmm);
	complain("the guest was ended after %u s", vmm->task->seconds);
	return STATUS_TIMEOUT;
}

int main(int argc, char **argv)
{
	static struct vmm vmm;
	struct vmm_task task = read_task(argc, argv);
	int status = STATUS_FAILED;

	signal(SIGPIPE, SIG_IGN);
	if (vmm_check_files(&task) || make_machine(&vmm, &task))
		return status;
	status = run(&vmm);
	vm_close(&vmm.vm);
	return status;
}
