// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel comes across storage that is not its own any more: pages of a
 * protected guest, which it gets encrypted, and what it donated to the
 * Ultravisor, which nobody gets.  /dev/mem makes it go there.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "kselftest_harness.h"
#include "defect.h"
#include "guest.h"
#include "guest_words.h"
#include "host.h"

#define WORD		0x5ec2e75ec2e7ULL
/* An entry of pagemap */
#define PM_PRESENT	0x8000000000000000ULL
#define PM_PFN		0x007fffffffffffffULL
/* Read at a time; an error is looked for page by page. */
#define CHUNK		(256 * 1024)
#define CPUS_EACH	2

FIXTURE(memory) {
	int fd;
	uint8_t *buf;
};

FIXTURE_SETUP(memory)
{
	uint64_t word;

	self->fd = open("/dev/mem", O_RDONLY);
	if (self->fd < 0)
		SKIP(return, "/dev/mem: %s", strerror(errno));
	if (pread(self->fd, &word, sizeof(word), VM_MIB) != sizeof(word))
		SKIP(return, "the kernel does not show its memory (CONFIG_STRICT_DEVMEM)");
	self->buf = malloc(CHUNK);
	ASSERT_NE(NULL, self->buf);
}

FIXTURE_TEARDOWN(memory)
{
	close(self->fd);
}

/* In one chunk */
static long nr_closed_pages(int fd, uint8_t *buf, uint64_t addr, size_t size)
{
	long nr = 0;

	if (pread(fd, buf, size, (off_t)addr) == (ssize_t)size)
		return 0;
	for (; size; addr += VM_PAGE_SIZE, size -= VM_PAGE_SIZE)
		if (pread(fd, buf, VM_PAGE_SIZE, (off_t)addr) != VM_PAGE_SIZE)
			nr++;
	return nr;
}

/* Of all memory that the machine has */
static long nr_closed(int fd, uint8_t *buf)
{
	unsigned long long start, end;
	char line[160];
	long nr = 0;
	FILE *f = fopen("/proc/iomem", "r");

	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%llx-%llx : System RAM", &start, &end) != 2 ||
		    !strstr(line, "System RAM"))
			continue;
		for (; start < end; start += CHUNK)
			nr += nr_closed_pages(fd, buf, start,
					      end + 1 - start < CHUNK ?
					      end + 1 - start : CHUNK);
	}
	fclose(f);
	return nr;
}

/*
 * Neither the first page of what was allocated nor any other is different, and
 * all of them are readable again when they come back.
 */
TEST_F_TIMEOUT(memory, that_is_donated_cannot_be_read, 120)
{
	uint64_t each = host_number(UV_FIRMWARE "/query/uv_query_dump_cpu_len",
				    "%llx") / VM_PAGE_SIZE;
	long before, donated;
	struct vm vm;

	DEADLY_DEFECT(return, "the kernel reads donated storage for ever");
	ASSERT_EQ(0, vm_new(&vm, VM_MIB, CPUS_EACH))
		TH_LOG("%s", vm.problem);
	before = nr_closed(self->fd, self->buf);
	EXPECT_LE(VM_MIB / VM_PAGE_SIZE, before);
	ASSERT_EQ(0, vm_pv(&vm, KVM_PV_ENABLE, NULL).error);
	donated = nr_closed(self->fd, self->buf) - before;
	EXPECT_LT(CPUS_EACH * each, donated);
	ASSERT_EQ(0, vm_pv(&vm, KVM_PV_DISABLE, NULL).error);
	EXPECT_EQ(before, nr_closed(self->fd, self->buf));
	vm_close(&vm);
}

/* Where the page at @addr of this process lies, or 0 */
static uint64_t real_address(const void *addr)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t page = 0;

	if (pread(fd, &page, sizeof(page), (off_t)((uintptr_t)addr /
		  VM_PAGE_SIZE * sizeof(page))) != sizeof(page))
		page = 0;
	close(fd);
	return page & PM_PRESENT ? (page & PM_PFN) * VM_PAGE_SIZE : 0;
}

TEST_F(memory, of_a_guest_is_ciphertext)
{
	struct guest guest;
	uint64_t addr;

	ASSERT_EQ(0, guest_new(&guest, 1))
		TH_LOG("%s", guest.problem);
	ASSERT_EQ(0, guest_protect(&guest).error);
	ASSERT_EQ(0, guest_start(guest.vm.cpus));
	ASSERT_EQ(STOP_ORDER, guest_await(guest.vm.cpus).stop);
	ASSERT_TRUE(store(guest.vm.cpus, GUEST_DATA, WORD));
	addr = real_address(guest.vm.memory + GUEST_DATA);
	if (!addr)
		SKIP(return, "the kernel does not say where pages are (CONFIG_PROC_PAGE_MONITOR)");
	ASSERT_EQ(VM_PAGE_SIZE, pread(self->fd, self->buf, VM_PAGE_SIZE,
				      (off_t)addr));
	EXPECT_EQ(NULL, memmem(self->buf, VM_PAGE_SIZE, &(uint64_t){ WORD },
			       sizeof(uint64_t)));
	EXPECT_EQ(0, memcmp(self->buf, guest.vm.memory + GUEST_DATA,
			    VM_PAGE_SIZE));
	EXPECT_EQ(WORD, load(guest.vm.cpus, GUEST_DATA));
	guest_free(&guest);
}

int main(int argc, char **argv)
{
	pv_host_needed();
	return test_harness_run(argc, argv);
}
