// SPDX-License-Identifier: GPL-2.0
/*
 * A small VMM: the dump of a protected guest into a file.
 *
 * The file is written as it is read; what takes memory here is a buffer of
 * states of pages.  It has its name when it is complete, not before.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vmm.h"
#include "vmm_core.h"

#define PART_SUFFIX	".part"
#define AREA_MAX	4096
/* Guest memory whose states are asked for at a time */
#define CHUNK_MIBS	64
#define MIB_PAGES	(VM_MIB / VM_PAGE_SIZE)

/* An entry of it: the page is in memory, or in swap space */
#define PAGEMAP		"/proc/self/pagemap"
#define PAGEMAP_USED	(3ULL << 62)

/**
 * struct dump - a dump that is being written
 * @info: lengths of what the Ultravisor stores
 * @states: room for those of a chunk
 * @pagemap: says which pages there are; -1: nobody says it
 * @used: what it says of the MiB that is looked at
 * @at: bytes of memory that are done
 * @written: bytes of it that were no zeros
 * @said: when the last word on it was said
 * @begun: the Ultravisor waits for completion
 */
struct dump {
	struct vmm *vmm;
	struct kvm_s390_pv_info_dump info;
	struct core core;
	uint8_t *states;
	int fd, pagemap;
	uint64_t used[MIB_PAGES];
	uint64_t at, written;
	time_t said;
	bool begun;
};

static int refused(const char *step, struct pv_result result)
{
	if (result.error)
		complain("dump: %s failed: %s, rc 0x%04x rrc 0x%04x", step,
			 strerror(result.error), result.rc, result.rrc);
	return result.error ? -1 : 0;
}

static int put(struct dump *dump, const void *data, uint64_t size, uint64_t at)
{
	const uint8_t *from = data;
	ssize_t done = 1;

	for (; size && done > 0; from += done, at += done, size -= done) {
		done = pwrite(dump->fd, from, size, (off_t)at);
		if (done <= 0)
			break;
	}
	if (!size)
		return 0;
	complain("%s" PART_SUFFIX " cannot be written: %s",
		 dump->vmm->task->dump, strerror(done ? errno : EIO));
	return -1;
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void tell_progress(struct dump *dump)
{
	time_t now = seconds();

	if (now == dump->said)
		return;
	dump->said = now;
	complain("dump: %llu of %llu MiB", dump->at / VM_MIB,
		 dump->core.memory / VM_MIB);
}

/* ---- steps ---- */

static int begin(struct dump *dump)
{
	struct vm *vm = &dump->vmm->vm;

	if (refused("KVM_PV_DUMP_INIT",
		    vm_pv_dump(vm, KVM_PV_DUMP_INIT, NULL, 0, 0)))
		return -1;
	dump->begun = true;
	return 0;
}

static int put_head(struct dump *dump)
{
	uint8_t head[CORE_HEAD_SIZE], names[CORE_NAMES_SIZE];

	core_head(&dump->core, head);
	core_names(names);
	return put(dump, head, sizeof(head), 0) ||
	       put(dump, names, sizeof(names), dump->core.names_at) ? -1 : 0;
}

/* As KVM shows them: the real ones are in what the Ultravisor stores. */
static struct core_regs host_registers(const struct vm_cpu *cpu)
{
	const struct kvm_sync_regs *sync = &cpu->run->s.regs;
	struct core_regs regs = {
		.psw_mask = cpu->run->psw_mask,
		.psw_addr = cpu->run->psw_addr,
		.fpc = sync->fpc,
		.prefix = (uint32_t)sync->prefix,
		.todpr = (uint32_t)sync->todpr,
		.timer = sync->cputm,
		.comparator = sync->ckc,
	};

	memcpy(regs.gr, sync->gprs, sizeof(regs.gr));
	memcpy(regs.cr, sync->crs, sizeof(regs.cr));
	memcpy(regs.ar, sync->acrs, sizeof(regs.ar));
	memcpy(regs.vr, sync->vrs, sizeof(regs.vr));
	return regs;
}

static int put_cpu(struct dump *dump, unsigned int nr)
{
	struct vm_cpu *cpu = dump->vmm->cpus[nr].cpu;
	const struct core_regs regs = host_registers(cpu);
	uint8_t notes[CORE_NOTES_SIZE + AREA_MAX], area[AREA_MAX];

	if (refused("KVM_PV_DUMP_CPU",
		    vm_cpu_pv_dump(cpu, area, dump->core.cpu_size)))
		return -1;
	core_notes(&dump->core, nr, &regs, area, notes);
	return put(dump, notes, CORE_NOTES_SIZE + dump->core.cpu_size,
		   core_notes_at(&dump->core, nr));
}

static int put_cpus(struct dump *dump)
{
	int ret = 0;

	for (unsigned int i = 0; i < dump->core.nr_cpus && !ret; i++)
		ret = put_cpu(dump, i);
	return ret;
}

/* To look at a page that was never used would make one of it. */
static void find_used(struct dump *dump)
{
	uint64_t page = (uintptr_t)(dump->vmm->vm.memory + dump->at) /
			VM_PAGE_SIZE;
	const size_t size = sizeof(dump->used);

	if (pread(dump->pagemap, dump->used, size,
		  (off_t)(page * sizeof(page))) != (ssize_t)size)
		memset(dump->used, 0xff, size);
}

static bool is_zero(const struct dump *dump, uint64_t at)
{
	const uint8_t *page = dump->vmm->vm.memory + at;

	if (!(dump->used[at / VM_PAGE_SIZE % MIB_PAGES] & PAGEMAP_USED))
		return true;
	return !page[0] && !memcmp(page, page + 1, VM_PAGE_SIZE - 1);
}

/* Pages from here on that are zero, or are not; to the end of the MiB at most */
static uint64_t same_pages(const struct dump *dump, bool zero)
{
	const uint64_t end = (dump->at | (VM_MIB - 1)) + 1;
	uint64_t next = dump->at + VM_PAGE_SIZE;

	while (next < end && is_zero(dump, next) == zero)
		next += VM_PAGE_SIZE;
	return next - dump->at;
}

/*
 * Each page that is still secure is exported when it is looked at.  Zeros are
 * a hole in the file.
 */
static int put_memory(struct dump *dump)
{
	const uint8_t *memory = dump->vmm->vm.memory;
	uint64_t size;
	int ret = 0;
	bool zero;

	while (dump->at < dump->core.memory && !ret) {
		if (!(dump->at % VM_MIB))
			find_used(dump);
		zero = is_zero(dump, dump->at);
		size = same_pages(dump, zero);

		if (!zero) {
			ret = put(dump, memory + dump->at, size,
				  dump->core.memory_at + dump->at);
			dump->written += size;
		}
		dump->at += size;
		tell_progress(dump);
	}
	return ret;
}

/* After the memory: a state is that of the export before. */
static int put_states(struct dump *dump)
{
	const uint64_t one = dump->info.dump_config_mem_buffer_per_1m;
	uint64_t mibs = dump->core.memory / VM_MIB, count;
	struct vm *vm = &dump->vmm->vm;

	for (uint64_t mib = 0; mib < mibs; mib += count) {
		count = mibs - mib < CHUNK_MIBS ? mibs - mib : CHUNK_MIBS;
		if (refused("KVM_PV_DUMP_CONFIG_STOR_STATE",
			    vm_pv_dump(vm, KVM_PV_DUMP_CONFIG_STOR_STATE,
				       dump->states, count * one,
				       mib * VM_MIB)) ||
		    put(dump, dump->states, count * one,
			dump->core.states_at + mib * one))
			return -1;
	}
	return 0;
}

static int complete(struct dump *dump)
{
	struct vm *vm = &dump->vmm->vm;
	uint8_t area[AREA_MAX];

	if (refused("KVM_PV_DUMP_COMPLETE",
		    vm_pv_dump(vm, KVM_PV_DUMP_COMPLETE, area,
			       dump->core.complete_size, 0)))
		return -1;
	dump->begun = false;
	return put(dump, area, dump->core.complete_size,
		   dump->core.complete_at);
}

static int (*const steps[])(struct dump *dump) = {
	begin, put_head, put_cpus, put_memory, put_states, complete,
};

/* The guest can run only when the Ultravisor has completed, too. */
static void abandon(struct dump *dump)
{
	uint8_t area[AREA_MAX];
	struct pv_result result;

	if (!dump->begun)
		return;
	result = vm_pv_dump(&dump->vmm->vm, KVM_PV_DUMP_COMPLETE, area,
			    dump->core.complete_size, 0);
	refused("KVM_PV_DUMP_COMPLETE", result);
}

/* ---- the file ---- */

static void part_name(const struct vmm_task *task, char *path)
{
	snprintf(path, PATH_MAX, "%s" PART_SUFFIX, task->dump);
}

/* What is to be removed if a signal ends us meanwhile */
static char part[PATH_MAX];

static void ended(int signal_nr)
{
	unlink(part);
	signal(signal_nr, SIG_DFL);
	raise(signal_nr);
}

static void watch_signals(void (*handler)(int signal_nr))
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i], handler);
}

static int open_part(const struct vmm_task *task)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
	char path[PATH_MAX];
	int fd;

	part_name(task, path);
	fd = open(path, flags | (task->force ? O_TRUNC : O_EXCL), 0600);
	if (fd < 0)
		complain("%s cannot be made: %s%s", path, strerror(errno),
			 errno == EEXIST ? ": remove it, or give --force" : "");
	return fd;
}

static void remove_part(const struct vmm_task *task)
{
	char path[PATH_MAX];

	part_name(task, path);
	unlink(path);
}

static int name_file(const struct vmm_task *task)
{
	unsigned int flags = task->force ? 0 : RENAME_NOREPLACE;
	char path[PATH_MAX];

	part_name(task, path);
	if (!renameat2(AT_FDCWD, path, AT_FDCWD, task->dump, flags))
		return 0;
	complain("%s cannot be made: %s%s", task->dump, strerror(errno),
		 errno == EEXIST ? ": give --force" : "");
	return -1;
}

static bool lengths_fit(const struct kvm_s390_pv_info_dump *info)
{
	return info->dump_cpu_buffer_len && info->dump_config_finalize_len &&
	       info->dump_config_mem_buffer_per_1m &&
	       info->dump_cpu_buffer_len <= AREA_MAX &&
	       info->dump_config_finalize_len <= AREA_MAX;
}

static int prepare(struct dump *dump)
{
	const struct vm *vm = &dump->vmm->vm;
	int ret = vm_pv_dump_info(&dump->vmm->vm, &dump->info);

	if (ret || !lengths_fit(&dump->info)) {
		complain("dump: this host cannot dump protected guests");
		return -1;
	}
	dump->core = (struct core){
		.nr_cpus = vm->nr_cpus,
		.memory = vm->memory_size,
		.cpu_size = dump->info.dump_cpu_buffer_len,
		.states_size = vm->memory_size / VM_MIB *
			       dump->info.dump_config_mem_buffer_per_1m,
		.complete_size = dump->info.dump_config_finalize_len,
	};
	core_place(&dump->core);
	dump->states = malloc(CHUNK_MIBS *
			      dump->info.dump_config_mem_buffer_per_1m);
	if (dump->states)
		return 0;
	complain("dump: no memory for the states of pages");
	return -1;
}

static int take_steps(struct dump *dump)
{
	int ret = 0;

	for (size_t i = 0; i < ARRAY_SIZE(steps) && !ret; i++)
		ret = steps[i](dump);
	if (ret)
		abandon(dump);
	return ret;
}

/* On the medium before it gets its name */
static int close_part(struct dump *dump)
{
	int error = fsync(dump->fd) && errno != EINVAL ? errno : 0;

	if (close(dump->fd) && !error)
		error = errno;
	if (error)
		complain("%s" PART_SUFFIX " cannot be written: %s",
			 dump->vmm->task->dump, strerror(error));
	return error ? -1 : 0;
}

static int write_dump(struct dump *dump)
{
	const struct vmm_task *task = dump->vmm->task;
	int ret;

	dump->fd = open_part(task);
	if (dump->fd < 0)
		return -1;
	dump->pagemap = open(PAGEMAP, O_RDONLY | O_CLOEXEC);
	part_name(task, part);
	watch_signals(ended);
	ret = take_steps(dump);
	if (close_part(dump))
		ret = -1;
	if (!ret)
		ret = name_file(task);
	if (ret)
		remove_part(task);
	watch_signals(SIG_DFL);
	if (dump->pagemap >= 0)
		close(dump->pagemap);
	return ret;
}

int vmm_dump(struct vmm *vmm)
{
	struct dump dump = { .vmm = vmm, .said = seconds() };
	time_t start = dump.said;
	int ret;

	if (!vmm->protected) {
		complain("no dump is written: the guest is not protected");
		return -1;
	}
	ret = prepare(&dump);
	if (!ret)
		ret = write_dump(&dump);
	if (!ret)
		complain("dump written to %s: %llu MiB, %llu KiB of them no zeros, in %lld s",
			 vmm->task->dump, dump.core.memory / VM_MIB,
			 (unsigned long long)dump.written / 1024,
			 (long long)(seconds() - start));
	free(dump.states);
	return ret;
}

int vmm_check_dump(const struct vmm_task *task)
{
	int fd;

	if (strlen(task->dump) > PATH_MAX - sizeof(PART_SUFFIX)) {
		complain("%s cannot be made: %s", task->dump,
			 strerror(ENAMETOOLONG));
		return -1;
	}
	if (!task->force && !access(task->dump, F_OK)) {
		complain("%s exists: give --force to have it replaced",
			 task->dump);
		return -1;
	}
	fd = open_part(task);
	if (fd < 0)
		return -1;
	close(fd);
	remove_part(task);
	return 0;
}
