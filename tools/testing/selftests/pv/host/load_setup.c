// SPDX-License-Identifier: GPL-2.0
/*
 * What a host needs so that it runs short of memory: swap and a disk, both of
 * memory that is compressed, and a limit.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/swap.h>

#include "account.h"
#include "load.h"

/* The first of these devices is the swap, the second a disk. */
#define SWAP_PATH	"/dev/zram0"
#define DISK_PATH	"/dev/zram1"
#define HOT_ADD		"/sys/class/zram-control/hot_add"
#define DISK_SIZE	"/sys/block/zram0/disksize"
#define DISK_SIZE_1	"/sys/block/zram1/disksize"
#define SWAP_SIZE	(64 * VM_MIB)

#define LARGE_PAGES	"/sys/kernel/mm/transparent_hugepage"
#define LARGE_ROOT	"/tmp/pv-large"
#define LARGE_FILE	LARGE_ROOT "/guest"

/* The first page of a swap device: version and last page, and its end */
#define SWAP_HEADER	1024
#define SWAP_MAGIC	"SWAPSPACE2"

static bool make_swap(void)
{
	uint8_t page[VM_PAGE_SIZE] = {};
	const uint32_t header[] = { 1, SWAP_SIZE / VM_PAGE_SIZE - 1 };
	size_t magic = sizeof(SWAP_MAGIC) - 1;
	int fd = open(SWAP_PATH, O_WRONLY);
	bool ok;

	memcpy(page + SWAP_HEADER, header, sizeof(header));
	memcpy(page + VM_PAGE_SIZE - magic, SWAP_MAGIC, magic);
	ok = fd >= 0 && write(fd, page, sizeof(page)) == sizeof(page);
	return fd >= 0 && !close(fd) && ok;
}

/**
 * load_swap_on() - Give the host swap, if it has none yet
 *
 * Return: NULL, or what is missing
 */
const char *load_swap_on(void)
{
	if (access(SWAP_PATH, F_OK))
		return SWAP_PATH " (module zram)";
	if (host_number(DISK_SIZE, "%llu"))
		return NULL;
	if (!account_write(DISK_SIZE, "64M") || !make_swap() ||
	    swapon(SWAP_PATH, 0))
		return "swap";
	return NULL;
}

/**
 * load_swap_plain() - Look through all that was ever swapped
 * @pages: out, how many pages have content
 *
 * Return: NULL, or what is wrong with it
 */
const char *load_swap_plain(unsigned long *pages)
{
	uint64_t page[VM_PAGE_SIZE / 8];
	int fd = open(SWAP_PATH, O_RDONLY);
	const char *problem = fd < 0 ? SWAP_PATH : NULL;

	*pages = 0;
	while (!problem && read(fd, page, sizeof(page)) == sizeof(page)) {
		*pages += page[0] != 0;
		if (load_is_plain(page))
			problem = "the swap has what the guest has written";
	}
	close(fd);
	return problem;
}

/* load_count_memory - that of this process, from here on; NULL or what is missing */
const char *load_count_memory(void)
{
	return account_join() ? NULL : "control group of memory";
}

/**
 * load_limit_memory() - What is counted is reclaimed when it is more than that
 *
 * Return: NULL, or what is missing
 */
const char *load_limit_memory(size_t size)
{
	char text[24];

	snprintf(text, sizeof(text), "%zu", size);
	return account_write(ACCOUNT_GROUP "/memory.high", text) ? NULL :
	       "limit of memory";
}

/* load_has_large_pages - does the kernel make them of small ones? */
bool load_has_large_pages(void)
{
	return !access(LARGE_PAGES, F_OK);
}

/* load_open_disk - past the page cache; -1: there is none */
int load_open_disk(void)
{
	if (access(DISK_PATH, F_OK))
		host_number(HOT_ADD, "%llu");
	if (!host_number(DISK_SIZE_1, "%llu") &&
	    !account_write(DISK_SIZE_1, "4M"))
		return -1;
	return open(DISK_PATH, O_RDWR | O_DIRECT);
}

/* load_open_file - memory for the guest, in large pages if there are such */
int load_open_file(bool large)
{
	int fd;

	if (!large)
		return memfd_create("guest", 0);
	mkdir("/tmp", 0755);
	mkdir(LARGE_ROOT, 0755);
	if (mount("none", LARGE_ROOT, "tmpfs", 0, "huge=always"))
		return -1;
	fd = open(LARGE_FILE, O_RDWR | O_CREAT | O_TRUNC, 0600);
	/* What is open remains. */
	umount2(LARGE_ROOT, MNT_DETACH);
	return fd;
}
