// SPDX-License-Identifier: GPL-2.0
/*
 * A virtual machine as KVM's ioctls give it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vm.h"

#define KVM_PATH	"/dev/kvm"
#define PSW_CC_SHIFT	44

/* The failure of a step: words, and errno as return value. */
static int problem(struct vm *vm, const char *step, const char *advice)
{
	int error = errno;

	snprintf(vm->problem, sizeof(vm->problem), "%s: %s%s%s", step,
		 strerror(error), *advice ? ": " : "", advice);
	errno = error;
	return -error;
}

int vm_capability(const struct vm *vm, unsigned int cap)
{
	int value = ioctl(vm->fd, KVM_CHECK_EXTENSION, cap);

	return value < 0 ? 0 : value;
}

static int read_model(const struct vm *vm,
		      struct kvm_s390_vm_cpu_processor *model)
{
	struct kvm_device_attr attr = {
		.group = KVM_S390_VM_CPU_MODEL,
		.attr = KVM_S390_VM_CPU_PROCESSOR,
		.addr = (uintptr_t)model,
	};

	return ioctl(vm->fd, KVM_GET_DEVICE_ATTR, &attr) ? -errno : 0;
}

/* Facility 0 is the leftmost bit of the first doubleword. */
static uint64_t facility_bit(unsigned int nr)
{
	return 1ULL << (63 - nr % 64);
}

bool vm_has_facility(const struct vm *vm, unsigned int nr)
{
	struct kvm_s390_vm_cpu_processor model;

	return !read_model(vm, &model) && nr / 64 < 256 &&
	       model.fac_list[nr / 64] & facility_bit(nr);
}

int vm_set_facility(struct vm *vm, unsigned int nr, bool on)
{
	struct kvm_s390_vm_cpu_processor model;
	struct kvm_device_attr attr = {
		.group = KVM_S390_VM_CPU_MODEL,
		.attr = KVM_S390_VM_CPU_PROCESSOR,
		.addr = (uintptr_t)&model,
	};
	int ret = read_model(vm, &model);

	if (ret)
		return ret;
	if (nr / 64 >= 256)
		return -EINVAL;
	if (on)
		model.fac_list[nr / 64] |= facility_bit(nr);
	else
		model.fac_list[nr / 64] &= ~facility_bit(nr);
	return ioctl(vm->fd, KVM_SET_DEVICE_ATTR, &attr) ? -errno : 0;
}

/* What the guest is to see of the CPU; all of it before the first CPU. */
static int set_model(struct vm *vm)
{
	struct kvm_enable_cap vector = { .cap = KVM_CAP_S390_VECTOR_REGISTERS };
	int ret;

	if (vm_capability(vm, vector.cap) &&
	    ioctl(vm->fd, KVM_ENABLE_CAP, &vector))
		return problem(vm, "KVM_CAP_S390_VECTOR_REGISTERS", "");
	if (!vm_capability(vm, KVM_CAP_S390_PROTECTED))
		return 0;
	ret = vm_set_facility(vm, VM_FACILITY_UNPACK, true);
	if (ret) {
		errno = -ret;
		return problem(vm, "facility 161 cannot be given to the guest",
			       "");
	}
	return 0;
}

int vm_open(struct vm *vm)
{
	int ret;

	*vm = (struct vm){ .kvm = -1, .fd = -1 };
	vm->kvm = open(KVM_PATH, O_RDWR | O_CLOEXEC);
	if (vm->kvm < 0)
		return problem(vm, KVM_PATH, errno == ENOENT ?
			       "load the module kvm as root (modprobe kvm)" :
			       "be root or in the group that owns it");
	vm->fd = ioctl(vm->kvm, KVM_CREATE_VM, 0);
	if (vm->fd < 0)
		ret = problem(vm, "KVM_CREATE_VM", errno != EINVAL ? "" :
			      "link with -Wl,--s390-pgste or set vm.allocate_pgste=1");
	else
		ret = set_model(vm);
	if (ret)
		vm_close(vm);
	return ret;
}

void vm_close(struct vm *vm)
{
	for (unsigned int i = 0; i < vm->nr_cpus; i++) {
		munmap(vm->cpus[i].run, vm->run_size);
		close(vm->cpus[i].fd);
	}
	if (vm->fd >= 0)
		close(vm->fd);
	if (vm->kvm >= 0)
		close(vm->kvm);
	if (vm->map)
		munmap(vm->map, vm->map_size);
	vm->nr_cpus = 0;
	vm->fd = -1;
	vm->kvm = -1;
	vm->map = NULL;
	vm->memory = NULL;
	vm->memory_size = 0;
}

/* Large pages would be split again for every page made secure. */
static int map_memory(struct vm *vm, size_t size)
{
	uintptr_t start;

	vm->map_size = size + VM_SLOT_ALIGN;
	vm->map = mmap(NULL, vm->map_size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (vm->map == MAP_FAILED) {
		vm->map = NULL;
		return problem(vm, "memory of the guest", "give it less");
	}
	start = ((uintptr_t)vm->map + VM_SLOT_ALIGN - 1) & -VM_SLOT_ALIGN;
	vm->memory = (uint8_t *)start;
	vm->memory_size = size;
	/* A kernel without large pages has nothing to advise. */
	madvise(vm->memory, size, MADV_NOHUGEPAGE);
	return 0;
}

int vm_add_memory(struct vm *vm, size_t size)
{
	struct kvm_userspace_memory_region slot = { .memory_size = size };
	int ret = map_memory(vm, size);

	if (ret)
		return ret;
	slot.userspace_addr = (uintptr_t)vm->memory;
	if (!ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &slot))
		return 0;
	return problem(vm, "KVM_SET_USER_MEMORY_REGION",
		       "memory is whole mebibytes");
}

static struct kvm_run *map_run(struct vm *vm, int fd)
{
	int size = ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);

	if (size < 0)
		return MAP_FAILED;
	vm->run_size = (size_t)size;
	return mmap(NULL, vm->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		    0);
}

/* From here on user space says which CPUs run: none does by itself. */
static int stop_new(struct vm_cpu *cpu)
{
	int ret = vm_cpu_reset(cpu, KVM_S390_INITIAL_RESET);

	return ret ? ret : vm_cpu_set_state(cpu, KVM_MP_STATE_STOPPED);
}

struct vm_cpu *vm_add_cpu(struct vm *vm)
{
	struct vm_cpu cpu = { .vm = vm, .id = vm->nr_cpus };
	int ret;

	if (vm->nr_cpus == VM_MAX_CPUS) {
		errno = E2BIG;
		problem(vm, "another CPU", "there is no room for it");
		return NULL;
	}
	cpu.fd = ioctl(vm->fd, KVM_CREATE_VCPU, cpu.id);
	if (cpu.fd < 0) {
		problem(vm, "KVM_CREATE_VCPU", "");
		return NULL;
	}
	cpu.run = map_run(vm, cpu.fd);
	if (cpu.run == MAP_FAILED) {
		problem(vm, "the shared area of a CPU", "");
		close(cpu.fd);
		return NULL;
	}
	vm->cpus[vm->nr_cpus] = cpu;
	ret = stop_new(&vm->cpus[vm->nr_cpus++]);
	if (!ret)
		return &vm->cpus[vm->nr_cpus - 1];
	errno = -ret;
	problem(vm, "the reset of a new CPU", "");
	return NULL;
}

int vm_new(struct vm *vm, size_t memory, unsigned int cpus)
{
	int ret = vm_open(vm);

	if (ret)
		return ret;
	ret = vm_add_memory(vm, memory);
	for (unsigned int i = 0; !ret && i < cpus; i++)
		ret = vm_add_cpu(vm) ? 0 : -errno;
	if (ret)
		vm_close(vm);
	return ret;
}

void *vm_range(const struct vm *vm, uint64_t addr, uint64_t size)
{
	if (addr > vm->memory_size || size > vm->memory_size - addr)
		return NULL;
	return vm->memory + addr;
}

static int signal_to(int fd, uint32_t type, uint32_t parm)
{
	struct kvm_s390_interrupt irq = { .type = type, .parm = parm };

	return ioctl(fd, KVM_S390_INTERRUPT, &irq) ? -errno : 0;
}

int vm_signal(struct vm *vm, uint32_t type, uint32_t parm)
{
	return signal_to(vm->fd, type, parm);
}

int vm_cpu_signal(struct vm_cpu *cpu, uint32_t type, uint32_t parm)
{
	return signal_to(cpu->fd, type, parm);
}

int vm_cpu_reset(struct vm_cpu *cpu, unsigned long reset)
{
	return ioctl(cpu->fd, reset, 0) ? -errno : 0;
}

int vm_cpu_set_state(struct vm_cpu *cpu, uint32_t state)
{
	struct kvm_mp_state value = { .mp_state = state };

	return ioctl(cpu->fd, KVM_SET_MP_STATE, &value) ? -errno : 0;
}

void vm_cpu_set_psw(struct vm_cpu *cpu, uint64_t mask, uint64_t addr)
{
	cpu->run->psw_mask = mask;
	cpu->run->psw_addr = addr;
}

void vm_cpu_set_cc(struct vm_cpu *cpu, unsigned int cc)
{
	cpu->run->psw_mask &= ~VM_PSW_CC;
	cpu->run->psw_mask |= (uint64_t)cc << PSW_CC_SHIFT;
}

uint64_t vm_cpu_gpr(const struct vm_cpu *cpu, unsigned int nr)
{
	return cpu->run->s.regs.gprs[nr];
}

void vm_cpu_set_gpr(struct vm_cpu *cpu, unsigned int nr, uint64_t value)
{
	cpu->run->s.regs.gprs[nr] = value;
	cpu->run->kvm_dirty_regs |= KVM_SYNC_GPRS;
}

int vm_cpu_run(struct vm_cpu *cpu)
{
	return ioctl(cpu->fd, KVM_RUN, 0) ? -errno : 0;
}

bool vm_cpu_intercepted(const struct vm_cpu *cpu, unsigned int code)
{
	return cpu->run->exit_reason == KVM_EXIT_S390_SIEIC &&
	       cpu->run->s390_sieic.icptcode == code;
}

static int sida(struct vm_cpu *cpu, uint32_t op, uint32_t offset,
		uintptr_t buf, uint32_t size)
{
	struct kvm_s390_mem_op mem_op = {
		.op = op,
		.size = size,
		.buf = buf,
		.sida_offset = offset,
	};

	return ioctl(cpu->fd, KVM_S390_MEM_OP, &mem_op) ? -errno : 0;
}

int vm_cpu_sida_read(struct vm_cpu *cpu, uint32_t offset, void *to,
		     uint32_t size)
{
	return sida(cpu, KVM_S390_MEMOP_SIDA_READ, offset, (uintptr_t)to, size);
}

int vm_cpu_sida_write(struct vm_cpu *cpu, uint32_t offset, const void *from,
		      uint32_t size)
{
	return sida(cpu, KVM_S390_MEMOP_SIDA_WRITE, offset, (uintptr_t)from,
		    size);
}

struct pv_result vm_pv(struct vm *vm, uint32_t cmd, const void *data)
{
	struct kvm_pv_cmd pv = { .cmd = cmd, .data = (uintptr_t)data };
	int error = ioctl(vm->fd, KVM_S390_PV_COMMAND, &pv) ? errno : 0;

	return (struct pv_result){ error, pv.rc, pv.rrc };
}

struct pv_result vm_pv_parameters(struct vm *vm, const void *header,
				  size_t size)
{
	struct kvm_s390_pv_sec_parm parameters = {
		.origin = (uintptr_t)header,
		.length = size,
	};

	return vm_pv(vm, KVM_PV_SET_SEC_PARMS, &parameters);
}

struct pv_result vm_pv_unpack(struct vm *vm, uint64_t addr, uint64_t size,
			      uint64_t tweak)
{
	struct kvm_s390_pv_unp unpack = {
		.addr = addr,
		.size = size,
		.tweak = tweak,
	};

	return vm_pv(vm, KVM_PV_UNPACK, &unpack);
}

struct pv_result vm_pv_dump(struct vm *vm, uint64_t step, void *buf,
			    uint64_t size, uint64_t gaddr)
{
	struct kvm_s390_pv_dmp dump = {
		.subcmd = step,
		.buff_addr = (uintptr_t)buf,
		.buff_len = size,
		.gaddr = gaddr,
	};

	return vm_pv(vm, KVM_PV_DUMP, &dump);
}

/* Kernels up to 6.12 write the codes to where the command stands. */
struct pv_result vm_cpu_pv_dump(struct vm_cpu *cpu, void *buf, uint64_t size)
{
	struct kvm_s390_pv_dmp dump = {
		.subcmd = KVM_PV_DUMP_CPU,
		.buff_addr = (uintptr_t)buf,
		.buff_len = size,
	};
	struct kvm_pv_cmd pv = {
		.cmd = KVM_PV_DUMP,
		.data = (uintptr_t)&dump,
	};
	struct pv_result result;

	result.error = ioctl(cpu->fd, KVM_S390_PV_CPU_COMMAND, &pv) ? errno : 0;
	result.rc = pv.rc;
	result.rrc = pv.rrc;
	if (pv.cmd != KVM_PV_DUMP) {
		result.rc = (uint16_t)(pv.cmd >> 16);
		result.rrc = (uint16_t)pv.cmd;
	}
	return result;
}

int vm_pv_dump_info(struct vm *vm, struct kvm_s390_pv_info_dump *info)
{
	struct kvm_s390_pv_info query = {
		.header.id = KVM_PV_INFO_DUMP,
		.header.len_max = sizeof(query.header) + sizeof(query.dump),
	};
	struct pv_result result = vm_pv(vm, KVM_PV_INFO, &query);

	*info = query.dump;
	return -result.error;
}
