// SPDX-License-Identifier: GPL-2.0
/*
 * A small VMM: what stands in memory when the machine is switched on.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm.h"

/* An SE image: file offset is address; it starts as this says. */
#define IMAGE_SHORT_PSW		0x0008000180011000ULL
#define IMAGE_ENTRY		0x11000
#define IMAGE_MIN		0x14000

/* A kernel: file offset is address, too. */
#define KERNEL_ENTRY		0x10000
#define KERNEL_MAGIC		"S390EP"
#define KERNEL_MAGIC_AT		0x10008
#define KERNEL_INITRD_START	0x10408
#define KERNEL_INITRD_SIZE	0x10410
#define KERNEL_CMDLINE_MAX	0x10430
#define KERNEL_CMDLINE		0x10480
#define KERNEL_CMDLINE_DEFAULT	896

/* Between a compressed kernel, which moves itself, and its ramdisk. */
#define INITRD_MIN		(16 * VM_MIB)
#define INITRD_GAP		(8 * VM_MIB)

/* A file that can be read as such, with its size; 0 or -1 with the reason said */
static int open_input(const char *path, struct stat *st)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int error = fd < 0 || fstat(fd, st) ? errno : 0;

	if (!error && S_ISDIR(st->st_mode))
		error = EISDIR;
	if (!error)
		return fd;
	complain("%s cannot be read: %s", path, strerror(error));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Return: 1 if the file has the bytes, 0 if not, -1 with the reason said */
static int has_bytes(const char *path, off_t min, off_t at, const void *bytes,
		     size_t size)
{
	char found[16];
	struct stat st;
	int fd = open_input(path, &st);
	bool same;

	if (fd < 0)
		return -1;
	same = st.st_size > min &&
	       pread(fd, found, size, at) == (ssize_t)size &&
	       !memcmp(found, bytes, size);
	close(fd);
	return same;
}

static int check_image(const char *path)
{
	uint64_t psw = htobe64(IMAGE_SHORT_PSW);
	int ret = has_bytes(path, IMAGE_MIN, 0, &psw, sizeof(psw));

	if (!ret)
		complain("%s is no SE image: make one with uvctl, or start a kernel with --kernel",
			 path);
	return ret == 1 ? 0 : -1;
}

static int check_kernel(const char *path)
{
	int ret = has_bytes(path, 0, KERNEL_MAGIC_AT, KERNEL_MAGIC,
			    strlen(KERNEL_MAGIC));

	if (!ret)
		complain("%s is no s390x kernel: take the compressed one (bzImage, vmlinuz)",
			 path);
	return ret == 1 ? 0 : -1;
}

int vmm_check_files(const struct vmm_task *task)
{
	struct stat st;
	int fd;

	if (task->initrd) {
		fd = open_input(task->initrd, &st);
		if (fd < 0)
			return -1;
		close(fd);
	}
	return task->image ? check_image(task->image) :
			     check_kernel(task->kernel);
}

static int read_all(int fd, uint8_t *to, size_t room, size_t *size)
{
	ssize_t got = 1;

	for (*size = 0; got > 0 && *size < room; *size += (size_t)got) {
		got = read(fd, to + *size, room - *size);
		if (got < 0)
			return -errno;
	}
	return got > 0 ? -EFBIG : 0;
}

/* A file to its address; the last byte of memory stays free. */
static int load(struct vmm *vmm, const char *path, uint64_t at, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int ret = fd < 0 ? -errno : -EFBIG;

	if (fd >= 0 && at < vmm->vm.memory_size)
		ret = read_all(fd, vmm->vm.memory + at,
			       vmm->vm.memory_size - at, size);
	if (fd >= 0)
		close(fd);
	if (ret == -EFBIG)
		complain("%s does not fit into memory: give more with --memory",
			 path);
	else if (ret)
		complain("%s: %s", path, strerror(-ret));
	return ret ? -1 : 0;
}

static void put64(struct vmm *vmm, uint64_t at, uint64_t value)
{
	value = htobe64(value);
	memcpy(vmm->vm.memory + at, &value, sizeof(value));
}

static int put_cmdline(struct vmm *vmm, const char *append)
{
	uint64_t max;

	memcpy(&max, vmm->vm.memory + KERNEL_CMDLINE_MAX, sizeof(max));
	max = be64toh(max);
	if (!max)
		max = KERNEL_CMDLINE_DEFAULT;
	if (strlen(append) >= max) {
		complain("the kernel's command line is limited to %llu characters",
			 (unsigned long long)max - 1);
		return -1;
	}
	memcpy(vmm->vm.memory + KERNEL_CMDLINE, append, strlen(append) + 1);
	return 0;
}

static int load_kernel(struct vmm *vmm, const struct vmm_task *task)
{
	size_t size, initrd_size;
	uint64_t initrd;

	if (load(vmm, task->kernel, 0, &size))
		return -1;
	if (task->append && put_cmdline(vmm, task->append))
		return -1;
	if (!task->initrd)
		return 0;
	initrd = (size + INITRD_GAP + VM_MIB - 1) & -VM_MIB;
	if (initrd < INITRD_MIN)
		initrd = INITRD_MIN;
	if (load(vmm, task->initrd, initrd, &initrd_size))
		return -1;
	put64(vmm, KERNEL_INITRD_START, initrd);
	put64(vmm, KERNEL_INITRD_SIZE, initrd_size);
	return 0;
}

int vmm_load(struct vmm *vmm)
{
	const struct vmm_task *task = vmm->task;
	size_t size;
	int ret;

	/* Anonymous memory that is given up reads as zeros. */
	if (madvise(vmm->vm.memory, vmm->vm.memory_size, MADV_DONTNEED)) {
		complain("the guest's memory cannot be cleared: %s",
			 strerror(errno));
		return -1;
	}
	ret = task->image ? load(vmm, task->image, 0, &size) :
			    load_kernel(vmm, task);
	if (ret)
		return ret;
	for (unsigned int i = 0; i < vmm->vm.nr_cpus && !ret; i++)
		ret = vm_cpu_reset(vmm->cpus[i].cpu, KVM_S390_CLEAR_RESET);
	if (ret) {
		complain("a CPU cannot be reset: %s", strerror(-ret));
		return -1;
	}
	sclp_reset(&vmm->sclp);
	vmm->ipl_block_size = 0;
	vm_cpu_set_psw(vmm->cpus[0].cpu, VM_PSW_64BIT,
		       task->image ? IMAGE_ENTRY : KERNEL_ENTRY);
	ret = vmm_operate(&vmm->cpus[0]);
	if (ret)
		complain("CPU 0 cannot be started: %s", strerror(-ret));
	return ret ? -1 : 0;
}
