// SPDX-License-Identifier: MIT
/*
 * PID 1 of the machine: file systems, applets and modules.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init.h"
#include "protocol.h"

#define BUSYBOX		"/bin/busybox"
#define CPU_ALIAS	"/sys/devices/system/cpu/modalias"
#define PORTS_CLASS	"/sys/class/virtio-ports"

static const struct {
	const char *type, *where, *options;
	bool optional;
} mounts[] = {
	{ "proc", "/proc", "", false },
	{ "sysfs", "/sys", "", false },
	{ "devtmpfs", "/dev", "mode=755", false },
	{ "devpts", "/dev/pts", "mode=620,ptmxmode=666", true },
	{ "tmpfs", "/dev/shm", "mode=1777", true },
	{ "tmpfs", "/tmp", "mode=1777", false },
	{ "tmpfs", "/run", "mode=755", false },
	{ "debugfs", "/sys/kernel/debug", "", true },
	{ "tracefs", "/sys/kernel/tracing", "", true },
	{ "securityfs", "/sys/kernel/security", "", true },
};

static const struct {
	const char *target, *link;
} links[] = {
	{ "/proc/self/fd", "/dev/fd" },
	{ "/proc/self/fd/0", "/dev/stdin" },
	{ "/proc/self/fd/1", "/dev/stdout" },
	{ "/proc/self/fd/2", "/dev/stderr" },
	{ "/proc/self/mounts", "/etc/mtab" },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Return: the exit status, 128 + N for signal N, -1 if it did not start. */
static int run_quietly(char *const argv[])
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		execv(argv[0], argv);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) :
				   128 + WTERMSIG(status);
}

/* What was laid down there is not to be hidden by an empty file system. */
static bool holds_files(const char *type, const char *where)
{
	return !strcmp(type, "tmpfs") && rmdir(where) && errno == ENOTEMPTY;
}

void setup_mounts(void)
{
	static char *const install[] = { BUSYBOX, "--install", "-s", NULL };

	for (size_t i = 0; i < COUNT(mounts); i++) {
		if (holds_files(mounts[i].type, mounts[i].where))
			continue;
		mkdir(mounts[i].where, 0755);
		if (mount(mounts[i].type, mounts[i].where, mounts[i].type, 0,
			  mounts[i].options) && !mounts[i].optional)
			fail("%s cannot be mounted on %s: %s", mounts[i].type,
			     mounts[i].where, strerror(errno));
	}
	for (size_t i = 0; i < COUNT(links); i++)
		(void)!symlink(links[i].target, links[i].link);
	if (run_quietly(install))
		fail("busybox could not link its applets");
	sethostname("s390-pv", 7);
}

char **read_list(const char *path)
{
	char **list = calloc(1, sizeof(*list)), *entry = NULL;
	FILE *file = fopen(path, "re");
	size_t count = 0, room = 0;

	while (file && list && getdelim(&entry, &room, '\0', file) > 0) {
		list = realloc(list, (count + 2) * sizeof(*list));
		if (!list)
			break;
		list[count++] = entry;
		list[count] = NULL;
		entry = NULL;
		room = 0;
	}
	if (!list)
		fail("no memory for the list %s", path);
	if (file)
		fclose(file);
	return list;
}

/* One line of a sysfs attribute, without its end; empty if there is none. */
static void read_line(const char *path, char *line, int size)
{
	FILE *file = fopen(path, "re");

	line[0] = '\0';
	if (!file)
		return;
	if (!fgets(line, size, file))
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	fclose(file);
}

/* Return: what modprobe's exit status says. */
static int load_module(char *name)
{
	char quiet[] = "-q", program[] = "/sbin/modprobe";
	char *const argv[] = { program, quiet, name, NULL };

	return run_quietly(argv);
}

void setup_port_driver(void)
{
	char name[] = "virtio_console";

	if (access(PORTS_CLASS, F_OK) && load_module(name))
		fail("this kernel has no virtio_console");
}

void setup_modules(void)
{
	char alias[4096];

	for (char **name = read_list(TASK_MODULES); *name; name++) {
		if (load_module(*name))
			fail("module '%s' cannot be loaded: see the kernel log",
			     *name);
	}
	read_line(CPU_ALIAS, alias, sizeof(alias));
	/* No module for an alias is no error; the kernel log has the rest. */
	if (alias[0])
		load_module(alias);
}
