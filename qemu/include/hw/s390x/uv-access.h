/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How libultravisor reaches storage through a CPU's translation.
 *
 * Between hw/s390x/ultravisor.c and target/s390x/tcg/uv_*.c only.  The
 * signatures are those of struct uv_ops; @env is a CPUS390XState.
 */
#ifndef HW_S390X_UV_ACCESS_H
#define HW_S390X_UV_ACCESS_H

#include <ultravisor.h>

enum uv_access s390_uv_read_logical(void *env, uint64_t addr, void *buf,
				    size_t len);
enum uv_access s390_uv_write_logical(void *env, uint64_t addr, const void *buf,
				     size_t len);
enum uv_access s390_uv_probe_logical(void *env, uint64_t addr, size_t len,
				     bool write);
enum uv_access s390_uv_probe_home(void *env, uint64_t addr, size_t len,
				  bool write);
enum uv_access s390_uv_read_home(void *env, uint64_t addr, void *buf,
				 size_t len);
enum uv_access s390_uv_write_home(void *env, uint64_t addr, const void *buf,
				  size_t len);

enum uv_access s390_uv_logical_to_abs(void *env, uint64_t addr,
				      uint64_t *abs);
enum uv_access s390_uv_home_to_abs(void *env, uint64_t addr, uint64_t *abs);
bool s390_uv_is_prefix(void *opaque, uint64_t addr, uint64_t len);
bool s390_uv_others_stopped(void *env);

/**
 * s390_uv_purge_all() - drop translations, of all CPUs
 *
 * Of this and the next: other CPUs must be outside of translated code.
 */
void s390_uv_purge_all(void);

/** s390_uv_purge_page() - those of one page, by its absolute address */
void s390_uv_purge_page(uint64_t page);

/** s390_uv_cancel_sie() - no CPU is a guest's any more; they must be paused */
void s390_uv_cancel_sie(void);

/* Absolute storage; everything outside of the machine's own RAM is refused. */
enum uv_access s390_uv_read_abs(void *opaque, uint64_t addr, void *buf,
				size_t len);
enum uv_access s390_uv_write_abs(void *opaque, uint64_t addr, const void *buf,
				 size_t len);

#endif /* HW_S390X_UV_ACCESS_H */
