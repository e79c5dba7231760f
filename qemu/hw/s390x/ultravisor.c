// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The emulated Ultravisor of a machine: its life and its lock.
 *
 * QEMU has one machine, so there is one Ultravisor.  The library is used by one
 * thread at a time: vCPUs (calls), the main loop (reset, properties) and device
 * threads (page states) all take uv.lock.  Nothing is called with it held that
 * takes another lock, leaves by longjmp or comes back here: the callbacks reach
 * plain RAM only.
 *
 * Order: the big lock, if it is wanted at all, comes first.  A DIAGNOSE holds it
 * on its vCPU, a reset in the main loop; UV CALL and devices do without.
 *
 * A machine becomes a protected guest and ceases to be one only within a reset,
 * while every vCPU is paused.  Pages are hidden from its CPUs at no time: before,
 * nothing is, and afterwards all pages belong to the one guest there is.
 *
 * Pages of a host change hands within a reset, or by a call that one of its CPUs
 * makes while the others are outside of translated code.  So a vCPU that
 * translates, which may be the one that makes the call, looks page states up
 * without the lock; and every translation of what was taken is gone when the
 * others go on.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "qemu/guest-random.h"
#include "qemu/lockable.h"
#include "qemu/timer.h"
#include "qemu/units.h"
#include "migration/blocker.h"
#include "migration/vmstate.h"
#include "system/tcg.h"
#include "hw/s390x/uv-compat.h"
#include "hw/s390x/ultravisor.h"
#include "hw/s390x/uv-access.h"
#include "hw/s390x/uv-guest.h"
#include "hw/s390x/uv-options.h"
#include "hw/s390x/uv-sie.h"
#include "hw/s390x/uv-view.h"
#include "hw/virtio/virtio.h"
#include "cpu.h"

#define UVC_FACILITY		158
#define UNPACK_FACILITY		161

/* The same refusal is reported again after this time. */
#define REPORT_INTERVAL_NS	NANOSECONDS_PER_SECOND

/**
 * struct uv_state - the one Ultravisor
 * @lock: protects everything below once s390_uv_init() is through
 * @machine: the library's machine, NULL with role off
 * @guest: configuration of the current guest, owned by @machine; NULL while
 *	the machine is not protected.  Changed only while all vCPUs are paused
 * @unused: @guest has just been made, no CPU ran in it yet
 * @header: SE header the configuration is made from
 * @header_len: bytes of it
 * @ram_size: bytes of absolute storage
 * @denied_by: device that was refused last
 * @denied_page: page it wanted
 * @denied_time: when that was reported
 */
static struct uv_state {
	QemuMutex lock;
	struct uv_machine *machine;
	struct uv_config *guest;
	bool unused;
	char *header;
	gsize header_len;
	uint64_t ram_size;
	char *denied_by;
	hwaddr denied_page;
	int64_t denied_time;
} uv;

bool s390_uv_pages_hidden;

static Error *migration_blocker;

/* The blocker keeps state from leaving, this keeps it from being loaded. */
static const VMStateDescription vmstate_uv = {
	.name = "ultravisor",
	.unmigratable = 1,
};

bool s390_uv_active(void)
{
	return uv_options.role != UV_ROLE_OFF;
}

/**
 * struct role - what a role makes of the machine
 * @features: that the CPUs must have
 * @count: number of them
 */
static const struct role {
	S390Feat features[4];
	unsigned int count;
} roles[] = {
	[UV_ROLE_GUEST] = { { S390_FEAT_UVC }, 1 },
	[UV_ROLE_BOOT] = { { S390_FEAT_UNPACK }, 1 },
	/* Without the last one guests have their SCA below 2 GiB. */
	[UV_ROLE_HOST] = { { S390_FEAT_UVC, S390_FEAT_UNPACK, S390_FEAT_SIE_F2,
			     S390_FEAT_SIE_64BSCAO }, 4 },
};

bool s390_uv_protected(void)
{
	return qatomic_read(&uv.guest);
}

bool s390_uv_host(void)
{
	return uv_options.role == UV_ROLE_HOST;
}

bool s390_uv_callable(void)
{
	return s390_uv_host() || s390_uv_protected();
}

uint64_t s390_uv_ram_size(void)
{
	return uv.ram_size;
}

void s390_uv_cpu_features(unsigned long *features)
{
	const struct role *role = &roles[uv_options.role];
	unsigned int i;

	for (i = 0; i < role->count; i++)
		set_bit(role->features[i], features);
}

static void put_facility(uint8_t *list, unsigned int bit, bool on)
{
	uint8_t mask = 0x80 >> bit % 8;

	list[bit / 8] = on ? list[bit / 8] | mask : list[bit / 8] & ~mask;
}

/* What the machine is decides, not what its CPU model can become. */
void s390_uv_facilities(uint8_t *list)
{
	bool protected = s390_uv_protected();

	if (uv_options.role != UV_ROLE_BOOT)
		return;
	put_facility(list, UVC_FACILITY, protected);
	put_facility(list, UNPACK_FACILITY, !protected);
}

static bool in_ram(uint64_t addr, size_t len)
{
	return addr < uv.ram_size && len <= uv.ram_size - addr;
}

enum uv_access s390_uv_read_abs(void *opaque, uint64_t addr, void *buf,
				size_t len)
{
	if (!in_ram(addr, len) ||
	    address_space_read(&address_space_memory, addr,
			       MEMTXATTRS_UNSPECIFIED, buf, len) != MEMTX_OK)
		return UV_ACCESS_FAULT;
	return UV_ACCESS_OK;
}

/* Not by pointer: code that was translated from the storage must be dropped. */
enum uv_access s390_uv_write_abs(void *opaque, uint64_t addr, const void *buf,
				 size_t len)
{
	if (!in_ram(addr, len) ||
	    address_space_write(&address_space_memory, addr,
				MEMTXATTRS_UNSPECIFIED, buf, len) != MEMTX_OK)
		return UV_ACCESS_FAULT;
	return UV_ACCESS_OK;
}

static uint64_t clock_ns(void *opaque)
{
	return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

void s390_uv_info(const char *format, ...)
{
	g_autofree char *line = NULL;
	va_list args;

	if (uv_options.log < UV_LOG_INFO)
		return;
	va_start(args, format);
	line = g_strdup_vprintf(format, args);
	va_end(args);
	info_report("ultravisor: %s", line);
}

static void log_line(void *opaque, enum uv_log_level level, const char *line)
{
	if (level == UV_LOG_ERROR)
		error_report("ultravisor: %s", line);
	else if (level <= uv_options.log)
		info_report("ultravisor: %s", line);
}

/*
 * Devices look page states up at each access, CPUs only when they translate.  In
 * other roles they do not look at all: the guest owns every page while CPUs run
 * in it.  How pages are translated is not known until one is hidden.
 */
static void rights_reduced(void *opaque, uint64_t page)
{
	if (!s390_uv_host())
		return;
	if (qatomic_xchg(&s390_uv_pages_hidden, true) && page != UV_ALL_PAGES)
		s390_uv_purge_page(page);
	else
		s390_uv_purge_all();
}

static const struct uv_ops uv_ops = {
	.read_abs = s390_uv_read_abs,
	.write_abs = s390_uv_write_abs,
	.read_logical = s390_uv_read_logical,
	.write_logical = s390_uv_write_logical,
	.probe_logical = s390_uv_probe_logical,
	.logical_to_abs = s390_uv_logical_to_abs,
	.probe_home = s390_uv_probe_home,
	.read_home = s390_uv_read_home,
	.write_home = s390_uv_write_home,
	.home_to_abs = s390_uv_home_to_abs,
	.is_prefix = s390_uv_is_prefix,
	.others_stopped = s390_uv_others_stopped,
	.rights_reduced = rights_reduced,
	.time_ns = clock_ns,
	.log = log_line,
};

static bool set_host_key(enum uv_host_key which, const char *option,
			 const char *path, Error **errp)
{
	struct uv_error err = {};
	gsize len;
	char *pem;
	int ret;

	if (!path)
		return true;
	pem = s390_uv_read_file(option, path, &len, errp);
	if (!pem)
		return false;
	ret = uv_machine_set_host_key(uv.machine, which, pem, len, &err);
	if (ret)
		error_setg(errp, "%s: '%s': %s", option, path, err.text);
	s390_uv_wipe(pem, len);
	return !ret;
}

static bool set_firmware_state(const char *path, Error **errp)
{
	const gsize want = 320;
	gsize len;
	char *state;

	if (!path)
		return true;
	state = s390_uv_read_file("uv-firmware-state", path, &len, errp);
	if (!state)
		return false;
	if (len == want)
		uv_machine_set_firmware_state(uv.machine, (uint8_t *)state);
	else
		error_setg(errp, "uv-firmware-state: '%s' has %zu bytes, %zu are needed",
			   path, len, want);
	g_free(state);
	return len == want;
}

bool s390_uv_set_faults(const char *policy, Error **errp)
{
	struct uv_error err = {};
	int ret = 0;

	if (!uv.machine)
		return true;
	WITH_QEMU_LOCK_GUARD(&uv.lock) {
		ret = uv_machine_set_faults(uv.machine, policy, &err);
	}
	if (ret)
		error_setg(errp, "uv-faults: %s", err.text);
	return !ret;
}

char *s390_uv_account(void)
{
	const size_t size = 4096;
	char *text = g_malloc0(size);

	if (!uv.machine)
		return text;
	WITH_QEMU_LOCK_GUARD(&uv.lock) {
		uv_machine_account(uv.machine, text, size);
	}
	return text;
}

static bool make_guest(Error **errp)
{
	struct uv_error err = {};

	uv.guest = uv_guest_new(uv.machine, uv.header, uv.header_len, &err);
	if (!uv.guest)
		error_setg(errp, "uv-header: '%s': %s", uv_options.header,
			   err.text);
	return uv.guest;
}

/* A machine that ends there has no other storage to give. */
static bool may_donate_low_storage(void)
{
	if (uv_options.low_base_storage == ON_OFF_AUTO_AUTO)
		return uv.ram_size <= 2 * GiB;
	return uv_options.low_base_storage == ON_OFF_AUTO_ON;
}

static bool make_machine(Error **errp)
{
	struct uv_machine_params params = {
		.profile = uv_options.profile ?: "z17",
		.memory_size = uv.ram_size,
		.low_base_storage = may_donate_low_storage(),
		.seed = uv_options.seed,
		.ops = uv_ops,
	};
	struct uv_error err = {};

	uv.machine = uv_machine_new(&params, &err);
	if (!uv.machine) {
		error_setg(errp, "ultravisor: %s", err.text);
		return false;
	}
	return set_host_key(UV_HOST_KEY, "uv-host-key", uv_options.host_key,
			    errp) &&
	       set_host_key(UV_HOST_KEY_BACKUP, "uv-backup-host-key",
			    uv_options.backup_host_key, errp) &&
	       set_firmware_state(uv_options.firmware_state, errp) &&
	       s390_uv_set_faults(uv_options.faults ?: "", errp);
}

static bool check_features(Error **errp)
{
	const struct role *role = &roles[uv_options.role];
	unsigned int i;

	for (i = 0; i < role->count; i++) {
		if (s390_has_feat(role->features[i]))
			continue;
		error_setg(errp, "ultravisor=%s needs the CPU feature '%s': use -cpu max",
			   s390_uv_role_name(),
			   s390_feat_def(role->features[i])->name);
		return false;
	}
	return true;
}

/* What an Ultravisor cannot be combined with. */
static bool check_machine(const MachineState *ms, Error **errp)
{
	if (!tcg_enabled()) {
		error_setg(errp, "ultravisor=%s needs -accel tcg",
			   s390_uv_role_name());
		return false;
	}
	if (!check_features(errp))
		return false;
	if (!ms->kernel_filename && !ms->firmware) {
		error_setg(errp, "ultravisor=%s cannot boot from a device: add -kernel",
			   s390_uv_role_name());
		return false;
	}
	if (ms->maxram_size != ms->ram_size) {
		error_setg(errp, "ultravisor=%s does not support -m maxmem=",
			   s390_uv_role_name());
		return false;
	}
	error_setg(&migration_blocker,
		   "a machine with an emulated Ultravisor cannot be migrated");
	return migrate_add_blocker(&migration_blocker, errp) == 0;
}

static void choose_seed(void)
{
	if (uv_options.have_seed)
		return;
	qemu_guest_getrandom_nofail(&uv_options.seed, sizeof(uv_options.seed));
	if (uv_options.log >= UV_LOG_INFO)
		info_report("ultravisor: repeat this run with uv-seed=%" PRIu64,
			    uv_options.seed);
}

void s390_uv_init(MachineState *ms)
{
	s390_uv_check_options(&error_fatal);
	if (!s390_uv_active())
		return;

	check_machine(ms, &error_fatal);
	qemu_mutex_init(&uv.lock);
	uv.ram_size = ms->ram_size;
	if (uv_options.header)
		uv.header = s390_uv_read_file("uv-header", uv_options.header,
					      &uv.header_len, &error_fatal);
	choose_seed();
	make_machine(&error_fatal);
	/* Before the first reset, so that mistakes are told at once. */
	if (uv.header)
		make_guest(&error_fatal);
	uv.unused = true;
	s390_uv_view_init(uv_options.host_view);

	vmstate_register(NULL, 0, &vmstate_uv, &uv);
	if (!s390_uv_host())
		object_register_sugar_prop(TYPE_VIRTIO_DEVICE, "iommu_platform",
					   "on", false);
}

/* Every configuration ends, and what it had is cleared. */
static void reset_machine(void)
{
	uv_machine_reset(uv.machine);
	qatomic_set(&s390_uv_pages_hidden, false);
}

/* What is cleared here is refilled, where it is, from -kernel and -initrd. */
void s390_uv_end_guest(void)
{
	if (!s390_uv_active())
		return;
	s390_uv_forget_ipl_block();
	s390_uv_cancel_sie();
	WITH_QEMU_LOCK_GUARD(&uv.lock) {
		if (uv.unused)
			return;
		uv.guest = NULL;
		reset_machine();
	}
	s390_uv_drop_translations();
}

void s390_uv_start_guest(void)
{
	if (!s390_uv_active())
		return;
	QEMU_LOCK_GUARD(&uv.lock);
	if (uv.header && !uv.guest)
		make_guest(&error_fatal);
	uv.unused = false;
}

static void reset_host(void)
{
	s390_uv_cancel_sie();
	WITH_QEMU_LOCK_GUARD(&uv.lock) {
		reset_machine();
	}
	s390_uv_drop_translations();
}

void s390_uv_prepare_reset(void)
{
	CPUState *cs;

	if (s390_uv_host())
		reset_host();
	if (!s390_uv_protected())
		return;
	CPU_FOREACH(cs)
		s390_cpu_set_state(S390_CPU_STATE_STOPPED, S390_CPU(cs));
	QEMU_LOCK_GUARD(&uv.lock);
	uv_config_reset(uv.machine, uv.guest);
}

bool s390_uv_boot(const struct uv_ipib *ipib, struct uv_psw *psw,
		  uint64_t *code)
{
	struct uv_error err = {};

	QEMU_LOCK_GUARD(&uv.lock);
	uv.guest = uv_boot_image(uv.machine, ipib, psw, code, &err);
	return uv.guest;
}

bool s390_uv_read_view(hwaddr addr, uint8_t page[TARGET_PAGE_SIZE])
{
	QEMU_LOCK_GUARD(&uv.lock);
	return uv_host_view(uv.machine, addr, page) == 0;
}

int s390_uv_call(const struct s390_uv_caller *caller, uint64_t r1,
		 uint64_t addr)
{
	QEMU_LOCK_GUARD(&uv.lock);
	struct uv_cpu cpu = { .opaque = caller->env, .config = uv.guest };

	if (caller->vcpu) {
		cpu.config = uv_vcpu_config(caller->vcpu);
		cpu.vcpu = caller->vcpu;
		cpu.sie = caller->sie;
	}
	return uv_call(uv.machine, &cpu, r1, addr);
}

struct uv_sie_result s390_uv_sie_enter(const struct uv_sie_entry *entry,
				       struct uv_vcpu **vcpu)
{
	QEMU_LOCK_GUARD(&uv.lock);
	return uv_sie_enter(uv.machine, entry, vcpu);
}

struct uv_sie_result s390_uv_sie_instruction(struct uv_vcpu *vcpu,
					     uint64_t text, unsigned int len,
					     const uint64_t operand[2])
{
	QEMU_LOCK_GUARD(&uv.lock);
	return uv_sie_instruction(uv.machine, vcpu, text, len, operand);
}

void s390_uv_sie_leave(struct uv_vcpu *vcpu, enum uv_sie_reason reason)
{
	QEMU_LOCK_GUARD(&uv.lock);
	uv_sie_leave(uv.machine, vcpu, reason);
}

/*
 * Without the lock: see above.  The debugger sees everything, and it is not
 * stopped while page states change.
 */
int s390_uv_guest_access(const struct uv_config *config, hwaddr addr,
			 uint64_t gaddr)
{
	if (!current_cpu)
		return 0;
	return uv_cpu_may_access(uv.machine, config, addr, gaddr);
}

bool s390_uv_host_may_access(hwaddr addr, hwaddr len)
{
	return !s390_uv_host() || s390_uv_page_open(addr, len);
}

bool s390_uv_page_open(hwaddr addr, hwaddr len)
{
	if (!s390_uv_active())
		return true;
	QEMU_LOCK_GUARD(&uv.lock);
	return uv_device_may_access(uv.machine, addr, len);
}

void s390_uv_report_denied(const char *device, hwaddr addr)
{
	int64_t now = qemu_clock_get_ns(QEMU_CLOCK_REALTIME);
	hwaddr page = addr & TARGET_PAGE_MASK;

	WITH_QEMU_LOCK_GUARD(&uv.lock) {
		if (!g_strcmp0(uv.denied_by, device) &&
		    uv.denied_page == page &&
		    now - uv.denied_time < REPORT_INTERVAL_NS)
			return;
		g_free(uv.denied_by);
		uv.denied_by = g_strdup(device);
		uv.denied_page = page;
		uv.denied_time = now;
	}
	error_report("ultravisor: %s: access to page 0x%" HWADDR_PRIx
		     " refused, it is secure", device, page);
}
