/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the sources of the Ultravisor in hw/s390x/ know of each other.
 */
#ifndef HW_S390X_UV_GUEST_H
#define HW_S390X_UV_GUEST_H

#include <ultravisor.h>

/** s390_uv_ram_size() - bytes of absolute storage */
uint64_t s390_uv_ram_size(void);

/** s390_uv_info() - a line for who wants to know, see uv-log */
void s390_uv_info(const char *format, ...) G_GNUC_PRINTF(1, 2);

/**
 * s390_uv_boot() - make the machine the guest that an image describes
 * @ipib: where it lies
 * @psw: out, where the guest starts
 * @code: out, why it does not
 *
 * All CPUs must be stopped.
 *
 * Return: true with @psw set, or false with @code set
 */
bool s390_uv_boot(const struct uv_ipib *ipib, struct uv_psw *psw,
		  uint64_t *code);

/**
 * s390_uv_read_view() - a page as the untrusted side sees it
 * @addr: its absolute address
 * @page: out
 */
bool s390_uv_read_view(hwaddr addr, uint8_t page[TARGET_PAGE_SIZE]);

/** s390_uv_forget_ipl_block() - that of DIAGNOSE 308 subcode 8 */
void s390_uv_forget_ipl_block(void);

/**
 * s390_uv_drop_translations() - what the machine knows as instructions changes
 *
 * Done before any CPU executes an instruction again.  CPUs must be paused.
 */
void s390_uv_drop_translations(void);

#endif /* HW_S390X_UV_GUEST_H */
