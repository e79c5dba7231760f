// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * UV CALL: the instruction, and the caller's storage as the Ultravisor sees it.
 *
 * Access exceptions leave a helper by longjmp.  They are therefore provoked
 * here, before the library is entered and with nothing locked; inside the
 * library translation never faults but reports.
 */
#include "qemu/osdep.h"
#include "cpu.h"
#include "s390x-internal.h"
#include "exec/helper-proto.h"
#include "exec/cpu_ldst.h"
#include "tcg_s390x.h"
#include "hw/s390x/uv-compat.h"
#include "hw/s390x/ultravisor.h"
#include "hw/s390x/uv-access.h"
#include "hw/s390x/uv-sie.h"
#include "sie.h"
#include "sie_pv.h"

/* A block that stays unreachable although the CPU reaches it is not storage. */
#define UVC_MAX_TRIES		4

static uint64_t wrap(const CPUS390XState *env, uint64_t addr)
{
	if (env->psw.mask & PSW_MASK_64)
		return addr;
	return addr & (env->psw.mask & PSW_MASK_32 ? 0x7fffffff : 0xffffff);
}

static size_t left_in_page(uint64_t addr, size_t len)
{
	return MIN(len, TARGET_PAGE_SIZE - (addr & ~TARGET_PAGE_MASK));
}

/* Raise the access exception, if there is one, for a range of the block. */
static void touch(CPUS390XState *env, uint64_t addr, size_t len,
		  MMUAccessType type, uintptr_t ra)
{
	int mmu_idx = cpu_mmu_index(env_cpu(env), false);

	while (len) {
		uint64_t page = wrap(env, addr);
		size_t part = left_in_page(page, len);

		probe_access(env, page, part, type, mmu_idx, ra);
		addr += part;
		len -= part;
	}
}

/*
 * The response is stored into the block, so all of it must be writable before
 * anything is done.  A length below that of the header is the library's to
 * refuse.
 */
static void touch_block(CPUS390XState *env, uint64_t addr, uintptr_t ra)
{
	size_t len = cpu_lduw_data_ra(env, addr, ra);

	len = MAX(len, 8);
	touch(env, addr, len, MMU_DATA_LOAD, ra);
	touch(env, addr, len, MMU_DATA_STORE, ra);
}

/*
 * A page that a protected guest's host has to bring first.  The guest makes its
 * call again afterwards.
 */
static void check_operand(CPUS390XState *env)
{
	int excp = env->sie.operand_fault;

	if (!excp)
		return;
	env->sie.operand_fault = 0;
	s390_sie_fault(env, excp, env->sie.operand_fault_tec);
	cpu_loop_exit(env_cpu(env));
}

/* One try.  Return: condition code, or UV_CALL_ACCESS for another one */
static int try_call(CPUS390XState *env, uint64_t r1, uint64_t addr,
		    uintptr_t ra)
{
	struct uv_sie_result result;
	const struct s390_uv_caller caller = { env, env->sie.vcpu, &result };
	int cc;

	touch_block(env, addr, ra);
	if (caller.vcpu) {
		cpu_restore_state(env_cpu(env), ra);
		s390_sie_pv_save(env, env->psw.addr + env->int_pgm_ilen);
	}
	cc = s390_uv_call(&caller, r1, addr);
	switch (cc) {
	case UV_CALL_SPECIFICATION:
		tcg_s390_program_interrupt(env, PGM_SPECIFICATION, ra);
	case UV_CALL_SIE:
		s390_sie_pv_apply(env, &result);
	case UV_CALL_ACCESS:
		check_operand(env);
	}
	return cc;
}

uint32_t HELPER(uvc)(CPUS390XState *env, uint32_t r1, uint32_t r2)
{
	uint64_t addr = wrap(env, env->regs[r2]);
	uintptr_t ra = GETPC();
	int tries, cc;

	if (addr & 7)
		tcg_s390_program_interrupt(env, PGM_SPECIFICATION, ra);

	for (tries = 0; tries < UVC_MAX_TRIES; tries++) {
		cc = try_call(env, env->regs[r1], addr, ra);
		if (cc >= 0)
			return cc;
		/*
		 * Another CPU changed the tables, or the touch was satisfied by
		 * a translation that the tables no longer contain.
		 */
		tlb_flush(env_cpu(env));
	}
	tcg_s390_program_interrupt(env, PGM_ADDRESSING, ra);
}

/* Absolute addresses of all pages of a range (@pages may be NULL). */
static enum uv_access translate(CPUS390XState *env, uint64_t asc, uint64_t addr,
				size_t len, MMUAccessType type, hwaddr *pages)
{
	while (len) {
		uint64_t page = wrap(env, addr);
		size_t part = left_in_page(page, len);
		target_ulong abs;
		uint64_t tec;
		int flags, excp;

		excp = mmu_translate(env, page, type, asc, &abs, &flags, &tec);
		if (excp & S390_SIE_HOST_EXCEPTION) {
			env->sie.operand_fault = excp;
			env->sie.operand_fault_tec = tec;
			return UV_ACCESS_HOST;
		}
		if (excp)
			return UV_ACCESS_FAULT;
		if (pages)
			*pages++ = abs | (page & ~TARGET_PAGE_MASK);
		addr += part;
		len -= part;
	}
	return UV_ACCESS_OK;
}

static hwaddr *new_page_list(size_t len)
{
	return g_new(hwaddr, (len >> TARGET_PAGE_BITS) + 2);
}

static enum uv_access read_space(CPUS390XState *env, uint64_t asc,
				 uint64_t addr, uint8_t *buf, size_t len)
{
	g_autofree hwaddr *pages = new_page_list(len);
	enum uv_access ret;
	size_t i, part;

	ret = translate(env, asc, addr, len, MMU_DATA_LOAD, pages);
	for (i = 0; ret == UV_ACCESS_OK && len; i++) {
		part = left_in_page(pages[i], len);
		ret = s390_uv_read_abs(NULL, pages[i], buf, part);
		buf += part;
		len -= part;
	}
	return ret;
}

static enum uv_access write_space(CPUS390XState *env, uint64_t asc,
				  uint64_t addr, const uint8_t *buf, size_t len)
{
	g_autofree hwaddr *pages = new_page_list(len);
	enum uv_access ret;
	size_t i, part;

	ret = translate(env, asc, addr, len, MMU_DATA_STORE, pages);
	for (i = 0; ret == UV_ACCESS_OK && len; i++) {
		part = left_in_page(pages[i], len);
		ret = s390_uv_write_abs(NULL, pages[i], buf, part);
		buf += part;
		len -= part;
	}
	return ret;
}

enum uv_access s390_uv_read_logical(void *opaque, uint64_t addr, void *buf,
				    size_t len)
{
	CPUS390XState *env = opaque;

	return read_space(env, env->psw.mask & PSW_MASK_ASC, addr, buf, len);
}

enum uv_access s390_uv_write_logical(void *opaque, uint64_t addr,
				     const void *buf, size_t len)
{
	CPUS390XState *env = opaque;

	return write_space(env, env->psw.mask & PSW_MASK_ASC, addr, buf, len);
}

static MMUAccessType access_type(bool write)
{
	return write ? MMU_DATA_STORE : MMU_DATA_LOAD;
}

enum uv_access s390_uv_probe_logical(void *opaque, uint64_t addr, size_t len,
				     bool write)
{
	CPUS390XState *env = opaque;

	return translate(env, env->psw.mask & PSW_MASK_ASC, addr, len,
			 access_type(write), NULL);
}

/* While DAT is off mmu_translate() takes the address as real, whatever asc. */
static enum uv_access check_home(const CPUS390XState *env)
{
	if ((env->psw.mask & PSW_MASK_DAT) &&
	    (env->cregs[13] & ASCE_REAL_SPACE))
		return UV_ACCESS_REAL_SPACE;
	return UV_ACCESS_OK;
}

enum uv_access s390_uv_probe_home(void *opaque, uint64_t addr, size_t len,
				  bool write)
{
	CPUS390XState *env = opaque;
	enum uv_access ret = check_home(env);

	if (ret != UV_ACCESS_OK)
		return ret;
	return translate(env, PSW_ASC_HOME, addr, len, access_type(write),
			 NULL);
}

enum uv_access s390_uv_read_home(void *opaque, uint64_t addr, void *buf,
				 size_t len)
{
	CPUS390XState *env = opaque;
	enum uv_access ret = check_home(env);

	if (ret != UV_ACCESS_OK)
		return ret;
	return read_space(env, PSW_ASC_HOME, addr, buf, len);
}

enum uv_access s390_uv_write_home(void *opaque, uint64_t addr, const void *buf,
				  size_t len)
{
	CPUS390XState *env = opaque;
	enum uv_access ret = check_home(env);

	if (ret != UV_ACCESS_OK)
		return ret;
	return write_space(env, PSW_ASC_HOME, addr, buf, len);
}

/*
 * Where a byte is does not depend on whom its page belongs to: a page that is
 * hidden has been found, and the library says what becomes of it.
 */
static enum uv_access to_abs(CPUS390XState *env, uint64_t asc, uint64_t addr,
			     uint64_t *abs)
{
	uint64_t page = wrap(env, addr);
	target_ulong frame;
	uint64_t tec;
	int flags, code;

	code = mmu_translate(env, page, MMU_DATA_STORE, asc, &frame, &flags,
			     &tec);
	if (code && code != PGM_SECURE_ACCESS)
		return UV_ACCESS_FAULT;
	*abs = frame | (page & ~TARGET_PAGE_MASK);
	return UV_ACCESS_OK;
}

enum uv_access s390_uv_logical_to_abs(void *opaque, uint64_t addr,
				      uint64_t *abs)
{
	CPUS390XState *env = opaque;

	return to_abs(env, env->psw.mask & PSW_MASK_ASC, addr, abs);
}

enum uv_access s390_uv_home_to_abs(void *opaque, uint64_t addr, uint64_t *abs)
{
	CPUS390XState *env = opaque;
	enum uv_access ret = check_home(env);

	return ret == UV_ACCESS_OK ? to_abs(env, PSW_ASC_HOME, addr, abs) : ret;
}

bool s390_uv_is_prefix(void *opaque, uint64_t addr, uint64_t len)
{
	CPUState *cs;

	CPU_FOREACH(cs) {
		uint64_t prefix = cpu_env(cs)->psa;

		if (addr < prefix + sizeof(LowCore) && prefix < addr + len)
			return true;
	}
	return false;
}

bool s390_uv_others_stopped(void *opaque)
{
	CPUState *cs;

	CPU_FOREACH(cs) {
		uint8_t state = s390_cpu_get_state(S390_CPU(cs));

		if (cpu_env(cs) != opaque && state != S390_CPU_STATE_STOPPED &&
		    state != S390_CPU_STATE_CHECK_STOP)
			return false;
	}
	return true;
}
