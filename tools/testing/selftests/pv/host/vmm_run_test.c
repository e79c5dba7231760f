// SPDX-License-Identifier: GPL-2.0
/*
 * The small VMM as a program: what a plain guest of a few instructions asks of
 * it, and with which exit status it ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "vmm_guest.h"

#define KVM_PATH	"/dev/kvm"
#define TEXT_MAX	4096
#define NOBODY		65534

FIXTURE(vmm)
{
	char dir[64];
	char out[TEXT_MAX], err[TEXT_MAX];
};

static int write_file(const char *dir, const char *name, off_t at,
		      const void *data, size_t size)
{
	char path[PATH_MAX];
	ssize_t done;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0)
		return -1;
	done = pwrite(fd, data, size, at);
	close(fd);
	return done == (ssize_t)size ? 0 : -1;
}

static void read_file(const char *dir, const char *name, char *text)
{
	char path[PATH_MAX];
	size_t size = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "r");
	if (f) {
		size = fread(text, 1, TEXT_MAX - 1, f);
		fclose(f);
	}
	text[size] = '\0';
}

FIXTURE_SETUP(vmm)
{
	if (access(KVM_PATH, R_OK | W_OK))
		SKIP(return, KVM_PATH ": %s", strerror(errno));
	snprintf(self->dir, sizeof(self->dir), "/tmp/vmm-test.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	ASSERT_EQ(0, write_file(self->dir, "kernel", VMM_GUEST_ADDR, vmm_guest,
				(size_t)(vmm_guest_end - vmm_guest)));
	ASSERT_EQ(0, write_file(self->dir, "input", 0, "abc\n", 4));
}

FIXTURE_TEARDOWN(vmm)
{
	static const char * const names[] = {
		"kernel", "input", "out", "err", "log",
	};
	char path[PATH_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", self->dir, names[i]);
		unlink(path);
	}
	rmdir(self->dir);
}

/* The program beside this one, in the test's directory; its exit status. */
static int run_vmm(const char *dir, const char *arguments, char *out, char *err)
{
	char self[PATH_MAX] = "", line[2 * PATH_MAX];
	int status;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return -1;
	snprintf(line, sizeof(line),
		 "cd %s && exec %s/vmm %s >out 2>err <input", dir,
		 dirname(self), arguments);
	status = system(line);
	read_file(dir, "out", out);
	read_file(dir, "err", err);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define vmm(arguments) \
	run_vmm(self->dir, (arguments), self->out, self->err)
#define guest(what) \
	vmm("--timeout 30 --cpus 2 --kernel kernel --append " what)

TEST_F(vmm, ends_when_the_guest_powers_off)
{
	EXPECT_EQ(0, guest("p"));
	EXPECT_STREQ("", self->err);
}

TEST_F(vmm, shows_the_console)
{
	EXPECT_EQ(0, guest("h"));
	EXPECT_STREQ("hello ", self->out);
}

TEST_F(vmm, ends_as_the_guest_says)
{
	EXPECT_EQ(7, guest("v"));
	EXPECT_STREQ("out", self->out);
}

TEST_F(vmm, says_why_the_guest_failed)
{
	EXPECT_EQ(125, guest("f"));
	EXPECT_STREQ("", self->out);
	EXPECT_NE(NULL, strstr(self->err, "no reason"));
}

TEST_F(vmm, tells_a_panic)
{
	EXPECT_EQ(134, guest("w"));
	EXPECT_NE(NULL, strstr(self->err, "000000000000dead"));
}

TEST_F(vmm, ends_in_time)
{
	EXPECT_EQ(124, vmm("--timeout 1 --kernel kernel --append l"));
}

TEST_F(vmm, starts_again_from_the_files)
{
	EXPECT_EQ(124, vmm("--timeout 2 --kernel kernel --append r"));
	EXPECT_NE(NULL, strstr(self->out, "hello hello "));
}

TEST_F(vmm, resets_the_cpu)
{
	EXPECT_EQ(0, guest("0"));
	EXPECT_STREQ("cleared", self->out);
	EXPECT_EQ(0, guest("1"));
	EXPECT_STREQ("kept", self->out);
}

TEST_F(vmm, knows_when_there_is_no_block)
{
	EXPECT_EQ(0, guest("8"));
	EXPECT_STREQ("0402 0102 0902 0102 0102 ", self->out);
}

TEST_F(vmm, keeps_the_block_and_refuses_to_protect)
{
	EXPECT_EQ(125, guest("b"));
	EXPECT_STREQ("0001 0001 0a02 ", self->out);
	EXPECT_NE(NULL, strstr(self->err, "--protected"));
}

TEST_F(vmm, checks_what_a_guest_asks)
{
	EXPECT_EQ(0, guest("o"));
	EXPECT_STREQ("0006 ", self->out);
	EXPECT_EQ(0, guest("u"));
	EXPECT_STREQ("0006 ", self->out);
	EXPECT_EQ(0, guest("m"));
	EXPECT_STREQ("0005 ", self->out);
	EXPECT_EQ(0, guest("d"));
	EXPECT_STREQ("0006 ", self->out);
	EXPECT_EQ(0, guest("s"));
	EXPECT_STREQ("0006 ", self->out);
}

TEST_F(vmm, runs_a_second_cpu)
{
	EXPECT_EQ(0, guest("c"));
	EXPECT_STREQ("second stopped 0002 ", self->out);
}

TEST_F(vmm, passes_input_on)
{
	EXPECT_EQ(0, guest("i"));
	EXPECT_STREQ("abc\n\004", self->out);
}

TEST_F(vmm, ends_input_in_the_middle_of_a_line)
{
	ASSERT_EQ(0, write_file(self->dir, "input", 0, "abc", 3));
	EXPECT_EQ(0, guest("i"));
	EXPECT_STREQ("abc\004\004", self->out);
}

TEST_F(vmm, writes_a_log)
{
	EXPECT_EQ(0, guest("h --log log"));
	EXPECT_STREQ("", self->out);
	read_file(self->dir, "log", self->out);
	EXPECT_STREQ("hello ", self->out);
	EXPECT_EQ(125, guest("h --log no/log"));
	EXPECT_NE(NULL, strstr(self->err, "no/log cannot be written"));
}

/* Not the guest's status: who asked for its memory wants to have it. */
TEST_F(vmm, says_when_memory_cannot_be_saved)
{
	EXPECT_EQ(125, guest("v --host-view /dev/full"));
	EXPECT_NE(NULL, strstr(self->err, "memory cannot be written: No space"));
	EXPECT_NE(NULL, strstr(self->err, "/dev/full: "));
	EXPECT_STREQ("out", self->out);
}

TEST_F(vmm, tells_how_to_use_it)
{
	EXPECT_EQ(0, vmm("--help"));
	EXPECT_EQ(0, strncmp(self->out, "Usage: vmm ", 11));
	EXPECT_STREQ("", self->err);
}

/* As somebody who owns none of the files */
static bool nobody_is_told(const char *dir, const char *arguments,
			   const char *reason)
{
	char path[PATH_MAX], out[TEXT_MAX], err[TEXT_MAX];
	pid_t child = fork();
	int status = -1;

	if (child) {
		waitpid(child, &status, 0);
		return status == 0;
	}
	for (const char **name = (const char *[]){ "out", "err", NULL };
	     *name; name++) {
		snprintf(path, sizeof(path), "%s/%s", dir, *name);
		unlink(path);
	}
	if (chmod(dir, 0777) || setgid(NOBODY) || setuid(NOBODY))
		_exit(2);
	status = run_vmm(dir, arguments, out, err);
	_exit(status != 125 || !strstr(err, reason));
}

/* ... also when they do not let it read its input */
TEST_F(vmm, says_which_file_is_closed_to_it)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/input", self->dir);
	ASSERT_EQ(0, chmod(path, 0644));
	EXPECT_TRUE(nobody_is_told(self->dir, "--kernel kernel",
				   "kernel cannot be read: Permission denied"));
	EXPECT_TRUE(nobody_is_told(self->dir, "kernel",
				   "kernel cannot be read: Permission denied"));
	snprintf(path, sizeof(path), "%s/kernel", self->dir);
	ASSERT_EQ(0, chmod(path, 0644));
	ASSERT_EQ(0, chmod(KVM_PATH, 0600));
	EXPECT_TRUE(nobody_is_told(self->dir, "--kernel kernel",
				   "/dev/kvm: Permission denied: be root"));
}

/* In a /dev of its own */
TEST_F(vmm, says_that_there_is_no_kvm)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount("none", "/dev", "tmpfs", 0, NULL));
	EXPECT_EQ(125, vmm("--kernel kernel"));
	EXPECT_NE(NULL, strstr(self->err, "/dev/kvm: No such file"));
	EXPECT_NE(NULL, strstr(self->err, "load the module kvm"));
}

TEST_F(vmm, refuses_wrong_usage)
{
	static const struct {
		const char *arguments, *reason;
	} wrong[] = {
		{ "", "give one SE image, or --kernel" },
		{ "a b", "more than one image" },
		{ "--kernel kernel image", "give one SE image, or --kernel" },
		{ "--protected --kernel kernel", "needs an SE image" },
		{ "--append x image", "has its own" },
		{ "--dump d image", "--dump is for protected guests" },
		{ "--dump d --kernel kernel", "--dump is for protected guests" },
		{ "--protected --dump-on-crash image", "need --dump" },
		{ "--force --kernel kernel", "need --dump" },
		{ "--cpus 3 --kernel kernel", "--cpus is 1 or 2" },
		{ "--cpus 0 --kernel kernel", "--cpus is 1 or 2" },
		{ "--memory 1x --kernel kernel", "--memory takes" },
		{ "--unknown", "was not understood" },
		{ "none", "none cannot be read: No such file" },
		{ "--kernel none", "none cannot be read: No such file" },
		{ "--kernel kernel --initrd none", "none cannot be read: No" },
		{ ".", ". cannot be read: Is a directory" },
		{ "--kernel .", ". cannot be read: Is a directory" },
		{ "--kernel kernel --initrd .", ". cannot be read: Is a dir" },
		{ "out", "out is no SE image" },
		{ "--kernel out", "out is no s390x kernel" },
		{ "--timeout 0 --kernel kernel", "--timeout takes" },
		{ "--memory 65536 --kernel kernel", "--memory takes" },
		{ "--log . --kernel kernel", ". cannot be written: Is a dir" },
		{ "--host-view no/view --kernel kernel",
		  "no/view cannot be written: No such file" },
		{ "--protected kernel", "kernel is no SE image" },
		{ "kernel", "kernel is no SE image" },
		{ "--kernel input", "input is no s390x kernel" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		EXPECT_EQ(125, vmm(wrong[i].arguments));
		EXPECT_NE(NULL, strstr(self->err, wrong[i].reason)) {
			TH_LOG("'%s': %s", wrong[i].arguments, self->err);
		}
		EXPECT_STREQ("", self->out);
	}
}

TEST_F(vmm, says_what_does_not_fit)
{
	char line[1200] = "--kernel kernel --append ";

	EXPECT_EQ(125, vmm("--memory 1 --initrd kernel --kernel kernel"));
	EXPECT_NE(NULL, strstr(self->err, "does not fit into memory"));
	ASSERT_EQ(0, write_file(self->dir, "input", 0x1fffff, "", 1));
	EXPECT_EQ(125, vmm("--memory 17 --initrd input --kernel kernel"));
	EXPECT_NE(NULL, strstr(self->err, "input does not fit into memory"));
	memset(line + strlen(line), 'x', 896);
	EXPECT_EQ(125, vmm(line));
	EXPECT_NE(NULL, strstr(self->err, "limited to 895 characters"));
}

TEST_HARNESS_MAIN
