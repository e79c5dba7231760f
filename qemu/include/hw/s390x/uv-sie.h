/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The library's calls for protected guests in SIE, one at a time.
 *
 * Between hw/s390x/ultravisor.c and target/s390x/tcg/sie_pv.c only.  Each takes
 * and drops the Ultravisor's lock and never jumps out.  ultravisor/include/
 * uv_sie.h says what they do.
 */
#ifndef HW_S390X_UV_SIE_H
#define HW_S390X_UV_SIE_H

#include <uv_sie.h>

struct uv_sie_result s390_uv_sie_enter(const struct uv_sie_entry *entry,
				       struct uv_vcpu **vcpu);
struct uv_sie_result s390_uv_sie_instruction(struct uv_vcpu *vcpu,
					     uint64_t text, unsigned int len,
					     const uint64_t operand[2]);
void s390_uv_sie_leave(struct uv_vcpu *vcpu, enum uv_sie_reason reason);

#endif /* HW_S390X_UV_SIE_H */
