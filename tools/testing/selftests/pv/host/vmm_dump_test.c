// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps that the small VMM writes of guests that crash or run: the file, and
 * what its owner reads from it.
 *
 * PV_TEST_FAULT=writer tells that the Ultravisor refuses the states of pages
 * once; the test for that is skipped otherwise.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "dump_open.h"
#include "host.h"
#include "image.h"
#include "vmm_core.h"
#include "vmm_dump_guest.h"
#include "vmm_ipl.h"

#define TEXT_MAX	8192
#define PAGE		4096
#define MEMORY		0x400000
#define NR_STATES	(MEMORY / PAGE)
#define SHORT_PSW	0x0008000180011000ULL
#define IMAGE_SIZE	0x30000
#define NOTE_CPU_DATA	0x30e
#define WAIT_MASK	0x0002000180000000ULL

/* Exit status */
#define TIMEOUT		124
#define FAILED		125
#define PANIC		134

FIXTURE(dump)
{
	char dir[64];
	char err[TEXT_MAX];
	struct image image;
	uint8_t *file;
	size_t size;
};

/* ---- the image ---- */

static void put_block(uint8_t *file, const struct image *image)
{
	struct ipl_block *block = (void *)(file + LOADER_BLOCK);
	const struct image_part *part = image->parts;

	block->size = htobe32(IPL_SIZE_MAX);
	block->type = IPL_TYPE_PROTECTED;
	block->nr_components = htobe32(1);
	block->header_addr = htobe64(LOADER_HEADER);
	block->header_size = htobe64(IMAGE_HEADER_SIZE);
	block->components[0] = (struct ipl_component){
		.tweak = htobe64(part->tweak),
		.addr = htobe64(part->addr),
		.size = htobe64(part->size),
	};
}

static int seal(struct image *image, bool crash, uint64_t flags)
{
	const char *reason;
	EVP_PKEY *host = image_host_key(&reason);
	int ret;

	if (!host)
		return -1;
	image_free(image);
	image->flags = flags;
	dump_crash = crash;
	ret = image_add(image, SECRET_ADDR, dump_secret,
			(size_t)(dump_secret_end - dump_secret));
	if (!ret)
		ret = image_seal(image, host, SECRET_ADDR);
	EVP_PKEY_free(host);
	return ret;
}

static int write_file(const char *dir, const char *name, const void *data,
		      size_t size)
{
	char path[PATH_MAX];
	ssize_t done;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0)
		return -1;
	done = write(fd, data, size);
	close(fd);
	return done == (ssize_t)size ? 0 : -1;
}

static int make_image(const char *dir, struct image *image, bool crash,
		      uint64_t flags)
{
	static uint8_t file[IMAGE_SIZE];
	uint64_t psw = htobe64(SHORT_PSW);
	int ret = seal(image, crash, flags);

	if (ret)
		return ret;
	memset(file, 0, sizeof(file));
	memcpy(file, &psw, sizeof(psw));
	memcpy(file + LOADER_ADDR, dump_loader,
	       (size_t)(dump_loader_end - dump_loader));
	put_block(file, image);
	memcpy(file + LOADER_HEADER, image->header, IMAGE_HEADER_SIZE);
	memcpy(file + SECRET_ADDR, image->parts[0].data, image->parts[0].size);
	return write_file(dir, "image", file, sizeof(file));
}

#define make(crash, flags) \
	make_image(self->dir, &self->image, (crash), (flags))

/* ---- the program ---- */

/* In the background; the one beside this program, in the test's directory */
static pid_t start_vmm(const char *dir, const char *arguments)
{
	char self[PATH_MAX] = "", line[2 * PATH_MAX];
	pid_t child;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return -1;
	snprintf(line, sizeof(line),
		 "cd %s && exec %s/vmm --memory 4 --protected %s image >out 2>err </dev/null",
		 dir, dirname(self), arguments);
	child = fork();
	if (child)
		return child;
	/* Until it waits for it */
	signal(SIGUSR2, SIG_IGN);
	execl("/bin/sh", "sh", "-c", line, NULL);
	_exit(127);
}

static int end_vmm(pid_t child)
{
	int status;

	if (waitpid(child, &status, 0) != child || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static void read_errors(const char *dir, char *text)
{
	char path[PATH_MAX];
	size_t size = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/err", dir);
	f = fopen(path, "r");
	if (f) {
		size = fread(text, 1, TEXT_MAX - 1, f);
		fclose(f);
	}
	text[size] = '\0';
}

static int run_vmm(const char *dir, const char *arguments, char *err)
{
	int status = end_vmm(start_vmm(dir, arguments));

	read_errors(dir, err);
	return status;
}

#define vmm(arguments)	run_vmm(self->dir, (arguments), self->err)
#define CRASH		"--timeout 60 --dump dump --dump-on-crash "

static bool exists(const char *dir, const char *name, struct stat *st)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return !stat(path, st);
}

static bool is_there(const char *dir, const char *name)
{
	struct stat st;

	return exists(dir, name, &st);
}

/* Ask for a dump until there is one: the guest needs its time to begin. */
static bool await_dump(const char *dir, pid_t child)
{
	const struct timespec pause = { .tv_nsec = 300 * 1000 * 1000 };

	for (int i = 0; i < 100; i++) {
		nanosleep(&pause, NULL);
		if (is_there(dir, "dump"))
			return true;
		kill(child, SIGUSR2);
	}
	return false;
}

/* ---- the file ---- */

static int map_dump(const char *dir, uint8_t **file, size_t *size)
{
	char path[PATH_MAX];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "%s/dump", dir);
	fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &st))
		return -1;
	*size = (size_t)st.st_size;
	*file = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	return *file == MAP_FAILED ? -1 : 0;
}

#define map()	map_dump(self->dir, &self->file, &self->size)

static const struct core_section *section(const uint8_t *file, const char *name)
{
	const struct core_elf *head = (const void *)file;
	const struct core_section *all = (const void *)(file + head->e_shoff);
	const char *names = (const char *)file + all[head->e_shstrndx].sh_offset;

	for (int i = 0; i < head->e_shnum; i++)
		if (!strcmp(names + all[i].sh_name, name))
			return &all[i];
	return NULL;
}

static const struct core_segment *segment(const uint8_t *file, unsigned int type)
{
	const struct core_elf *head = (const void *)file;
	const struct core_segment *all = (const void *)(file + head->e_phoff);

	for (int i = 0; i < head->e_phnum; i++)
		if (all[i].p_type == type)
			return &all[i];
	return NULL;
}

/* The area of a CPU, counted from 0 */
static const uint8_t *cpu_area(const uint8_t *file, unsigned int nr)
{
	const struct core_segment *notes = segment(file, PT_NOTE);
	const uint8_t *at = file + notes->p_offset;
	const uint8_t *end = at + notes->p_filesz;

	while (at < end) {
		const struct core_note *note = (const void *)at;

		at += sizeof(*note) + ((note->n_namesz + 3) & -4);
		if (note->n_type == NOTE_CPU_DATA && !nr--)
			return at;
		at += (note->n_descsz + 3) & -4;
	}
	return NULL;
}

static enum dump_page read_page(const uint8_t *file,
				const struct dump_keys *keys, uint64_t addr,
				uint8_t *page)
{
	const uint8_t *states = file + section(file, "pv_mem_meta")->sh_offset;

	memcpy(page, file + segment(file, PT_LOAD)->p_offset + addr, PAGE);
	return dump_open_page(keys, states + addr / PAGE * DUMP_STATE_SIZE,
			      page);
}

static uint64_t first_word(const uint8_t *page)
{
	uint64_t word;

	memcpy(&word, page, sizeof(word));
	return word;
}

static unsigned int good_pages(const uint8_t *file,
			       const struct dump_keys *keys)
{
	unsigned int good = 0;
	uint8_t page[PAGE];

	for (uint64_t i = 0; i < NR_FILLED; i++) {
		uint64_t addr = FILLED_ADDR + i * PAGE;

		good += read_page(file, keys, addr, page) ==
			DUMP_PAGE_ENCRYPTED && first_word(page) == addr;
	}
	return good;
}

static void forget(FIXTURE_DATA(dump) *self)
{
	char path[PATH_MAX];

	if (self->file != MAP_FAILED)
		munmap(self->file, self->size);
	self->file = MAP_FAILED;
	snprintf(path, sizeof(path), "%s/dump", self->dir);
	unlink(path);
}

static int open_keys(const FIXTURE_DATA(dump) *self, struct dump_keys *keys)
{
	return dump_open(self->image.cck, self->file +
			 section(self->file, "pv_compl")->sh_offset, keys);
}

FIXTURE_SETUP(dump)
{
	if (!host_dumps())
		SKIP(return, "this Ultravisor has no calls for dumps");
	snprintf(self->dir, sizeof(self->dir), "/tmp/dump-test.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	self->file = MAP_FAILED;
}

FIXTURE_TEARDOWN(dump)
{
	static const char * const names[] = {
		"image", "out", "err", "dump", "dump.part",
	};
	char path[PATH_MAX];

	if (self->file != MAP_FAILED)
		munmap(self->file, self->size);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", self->dir, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/room", self->dir);
	rmdir(path);
	rmdir(self->dir);
	image_free(&self->image);
}

/* ---- a guest that crashes ---- */

TEST_F_TIMEOUT(dump, of_a_crashed_guest_has_its_memory, 120)
{
	struct dump_keys keys;
	uint8_t page[PAGE];

	ASSERT_EQ(0, make(true, IMAGE_ALLOW_DUMPING));
	ASSERT_EQ(PANIC, vmm(CRASH "--cpus 2"))
		TH_LOG("%s", self->err);
	EXPECT_NE(NULL, strstr(self->err, "dump written to dump: 4 MiB"));
	EXPECT_FALSE(is_there(self->dir, "dump.part"));
	ASSERT_EQ(0, map());
	ASSERT_NE(NULL, section(self->file, "pv_mem_meta"));
	ASSERT_NE(NULL, section(self->file, "pv_compl"));
	EXPECT_EQ(NR_STATES * DUMP_STATE_SIZE,
		  section(self->file, "pv_mem_meta")->sh_size);
	EXPECT_EQ(MEMORY, segment(self->file, PT_LOAD)->p_filesz);
	ASSERT_EQ(0, open_keys(self, &keys));
	EXPECT_EQ(NR_FILLED, good_pages(self->file, &keys));
	EXPECT_EQ(DUMP_PAGE_SHARED,
		  read_page(self->file, &keys, SHARED_ADDR, page));
	EXPECT_EQ(SECRET_REG + 2, first_word(page));
	EXPECT_EQ(DUMP_PAGE_ENCRYPTED,
		  read_page(self->file, &keys, SECRET_ADDR, page));
	EXPECT_EQ(0, memcmp(page, dump_secret, 64));
	EXPECT_EQ(DUMP_PAGE_ZERO,
		  read_page(self->file, &keys, MEMORY - PAGE, page));
}

TEST_F_TIMEOUT(dump, of_a_crashed_guest_has_its_registers, 120)
{
	struct dump_keys keys;
	struct dump_regs regs;

	ASSERT_EQ(0, make(true, IMAGE_ALLOW_DUMPING));
	ASSERT_EQ(PANIC, vmm(CRASH "--cpus 2"));
	ASSERT_EQ(0, map());
	ASSERT_EQ(0, open_keys(self, &keys));
	ASSERT_NE(NULL, cpu_area(self->file, 1));
	EXPECT_EQ(NULL, cpu_area(self->file, 2));
	ASSERT_EQ(0, dump_open_cpu(&keys, cpu_area(self->file, 0), &regs));
	for (unsigned int i = 2; i < 12; i++)
		EXPECT_EQ(i == SHARED_REG ? SHARED_ADDR : SECRET_REG + i,
			  regs.gr[i]);
	EXPECT_EQ(SECRET_REG + 2, regs.vr[0][0]);
	EXPECT_EQ((uint32_t)SECRET_REG + 2, regs.ar[5]);
	EXPECT_EQ(WAIT_MASK, regs.psw_mask & WAIT_MASK);
	EXPECT_EQ(CRASH_ADDR, regs.psw_addr);
	/* What KVM knows of the guest is no secret, and not this. */
	ASSERT_EQ(0, dump_open_cpu(&keys, cpu_area(self->file, 1), &regs));
	EXPECT_EQ(0, regs.psw_addr);
}

TEST_F_TIMEOUT(dump, shows_nothing_and_is_for_its_owner_only, 120)
{
	const uint64_t word = SECRET_REG + 3;
	struct dump_keys keys;
	struct stat st;

	ASSERT_EQ(0, make(true, IMAGE_ALLOW_DUMPING));
	ASSERT_EQ(PANIC, vmm(CRASH));
	ASSERT_EQ(0, map());
	EXPECT_EQ(NULL, memmem(self->file, self->size, dump_secret, 16));
	EXPECT_EQ(NULL, memmem(self->file, self->size, &word, sizeof(word)));
	self->image.cck[5] ^= 1;
	EXPECT_EQ(-1, open_keys(self, &keys));
	ASSERT_TRUE(exists(self->dir, "dump", &st));
	EXPECT_EQ(0600, st.st_mode & 0777);
}

/*
 * Most of the guest was never used, which is so many pages that their states
 * are asked for in three calls.
 */
TEST_F_TIMEOUT(dump, has_holes, 120)
{
	const uint64_t mibs = 130, size = mibs * 256 * DUMP_STATE_SIZE;
	struct dump_keys keys;
	const uint8_t *states;
	uint8_t page[PAGE];
	uint64_t zeros = 0;
	struct stat st;

	ASSERT_EQ(0, make(true, IMAGE_ALLOW_DUMPING));
	ASSERT_EQ(PANIC, vmm(CRASH "--memory 130"));
	ASSERT_EQ(0, map());
	ASSERT_EQ(0, open_keys(self, &keys));
	ASSERT_EQ(size, section(self->file, "pv_mem_meta")->sh_size);
	states = self->file + section(self->file, "pv_mem_meta")->sh_offset;
	for (uint64_t i = MEMORY / PAGE; i < mibs * 256; i++)
		zeros += dump_open_page(&keys, states + i * DUMP_STATE_SIZE,
					page) == DUMP_PAGE_ZERO;
	EXPECT_EQ(mibs * 256 - MEMORY / PAGE, zeros);
	ASSERT_TRUE(exists(self->dir, "dump", &st));
	EXPECT_GT(st.st_size / 4, st.st_blocks * 512)
		TH_LOG("%lld blocks", (long long)st.st_blocks);
}

/* ---- a guest that runs ---- */

/* How far the guest of the dump has counted, 0 if it has not begun */
static uint64_t counted(FIXTURE_DATA(dump) *self, struct dump_keys *keys)
{
	uint8_t page[PAGE];

	if (map_dump(self->dir, &self->file, &self->size) ||
	    open_keys(self, keys) ||
	    read_page(self->file, keys, SHARED_ADDR, page) != DUMP_PAGE_SHARED)
		return 0;
	return first_word(page + 8);
}

/* Dumps until there is one in which it has counted beyond a number */
static uint64_t await_count(FIXTURE_DATA(dump) *self, pid_t child,
			    uint64_t from, struct dump_keys *keys)
{
	for (int i = 0; i < 20; i++) {
		uint64_t count;

		forget(self);
		if (!await_dump(self->dir, child))
			return 0;
		count = counted(self, keys);
		if (count > from)
			return count;
	}
	return 0;
}

TEST_F_TIMEOUT(dump, can_be_asked_for_and_the_guest_goes_on, 180)
{
	struct dump_keys keys;
	uint64_t first;
	pid_t child;

	ASSERT_EQ(0, make(false, IMAGE_ALLOW_DUMPING));
	child = start_vmm(self->dir, "--timeout 150 --dump dump");
	first = await_count(self, child, 0, &keys);
	EXPECT_NE(0, first);
	EXPECT_EQ(NR_FILLED, good_pages(self->file, &keys));
	EXPECT_LT(first, await_count(self, child, first, &keys));
	EXPECT_EQ(NR_FILLED, good_pages(self->file, &keys));
	kill(child, SIGTERM);
	end_vmm(child);
}

TEST_F_TIMEOUT(dump, is_written_in_the_end, 120)
{
	ASSERT_EQ(0, make(false, IMAGE_ALLOW_DUMPING));
	EXPECT_EQ(TIMEOUT, vmm("--timeout 5 --dump dump --dump-on-end"));
	EXPECT_NE(NULL, strstr(self->err, "dump written to dump"));
	EXPECT_TRUE(is_there(self->dir, "dump"));
}

TEST_F_TIMEOUT(dump, is_not_written_unasked, 120)
{
	ASSERT_EQ(0, make(true, IMAGE_ALLOW_DUMPING));
	EXPECT_EQ(PANIC, vmm("--timeout 60 --dump dump"));
	EXPECT_FALSE(is_there(self->dir, "dump"));
	ASSERT_EQ(0, make(false, IMAGE_ALLOW_DUMPING));
	EXPECT_EQ(TIMEOUT, vmm("--timeout 5 --dump dump --dump-on-crash"));
	EXPECT_FALSE(is_there(self->dir, "dump"));
}

/* ---- failures ---- */

TEST_F_TIMEOUT(dump, needs_the_leave_of_the_owner, 120)
{
	ASSERT_EQ(0, make(true, 0));
	EXPECT_EQ(FAILED, vmm(CRASH));
	EXPECT_NE(NULL, strstr(self->err,
			       "KVM_PV_DUMP_INIT failed: Invalid argument, rc 0x0101"));
	EXPECT_FALSE(is_there(self->dir, "dump"));
	EXPECT_FALSE(is_there(self->dir, "dump.part"));
}

TEST_F_TIMEOUT(dump, replaces_a_file_only_by_force, 120)
{
	struct stat st;

	ASSERT_EQ(0, make(true, IMAGE_ALLOW_DUMPING));
	ASSERT_EQ(0, write_file(self->dir, "dump", "mine", 4));
	EXPECT_EQ(FAILED, vmm(CRASH));
	EXPECT_NE(NULL, strstr(self->err, "dump exists: give --force"));
	EXPECT_TRUE(exists(self->dir, "dump", &st) && st.st_size == 4);
	EXPECT_EQ(PANIC, vmm(CRASH "--force"));
	EXPECT_TRUE(exists(self->dir, "dump", &st) && st.st_size > MEMORY);
	forget(self);
	ASSERT_EQ(0, write_file(self->dir, "dump.part", "mine", 4));
	EXPECT_EQ(FAILED, vmm(CRASH));
	EXPECT_NE(NULL, strstr(self->err, "dump.part cannot be made: File exi"));
	EXPECT_TRUE(is_there(self->dir, "dump.part"));
}

/* A file system with room for the image, not for the dump */
TEST_F_TIMEOUT(dump, that_has_no_room_is_no_file, 120)
{
	char room[80];

	snprintf(room, sizeof(room), "%s/room", self->dir);
	ASSERT_EQ(0, mkdir(room, 0700));
	ASSERT_EQ(0, make(true, IMAGE_ALLOW_DUMPING));
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount("none", room, "tmpfs", 0, "size=64k"));
	EXPECT_EQ(FAILED, vmm("--timeout 60 --dump-on-crash --dump room/dump"));
	EXPECT_NE(NULL, strstr(self->err,
			       "room/dump.part cannot be written: No space"));
	EXPECT_FALSE(is_there(room, "dump"));
	EXPECT_FALSE(is_there(room, "dump.part"));
	EXPECT_EQ(FAILED, vmm("--dump no/dump"));
	EXPECT_NE(NULL, strstr(self->err,
			       "no/dump.part cannot be made: No such file"));
}

/* The first attempt fails in the middle; the guest runs on, to the second. */
TEST_F_TIMEOUT(dump, that_fails_leaves_the_guest_running, 180)
{
	const char *active = getenv("PV_TEST_FAULT");
	struct dump_keys keys;
	pid_t child;

	if (!active || strcmp(active, "writer"))
		SKIP(return, "needs PV_TEST_FAULT=writer");
	ASSERT_EQ(0, make(false, IMAGE_ALLOW_DUMPING));
	child = start_vmm(self->dir, "--timeout 150 --dump dump");
	EXPECT_NE(0, await_count(self, child, 0, &keys));
	kill(child, SIGTERM);
	end_vmm(child);
	read_errors(self->dir, self->err);
	EXPECT_NE(NULL, strstr(self->err, "STOR_STATE failed: Invalid argu"));
	EXPECT_NE(NULL, strstr(self->err, "rc 0x0103"));
	EXPECT_FALSE(is_there(self->dir, "dump.part"));
	EXPECT_EQ(NR_FILLED, good_pages(self->file, &keys));
}

int main(int argc, char **argv)
{
	pv_host_needed();
	return test_harness_run(argc, argv);
}
