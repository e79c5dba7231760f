// SPDX-License-Identifier: MIT
/*
 * What the host's calls need of SIE, as long as the library does not have it:
 * any definition there wins.
 */
#include "vcpu.h"

__attribute__((weak)) struct uv_sie_result
uv_sie_notify_uvc(struct uv_machine *machine, struct uv_vcpu *vcpu,
		  const struct pv_uvcb_share *block)
{
	(void)machine;
	(void)vcpu;
	(void)block;
	return (struct uv_sie_result){ .action = UV_SIE_EXIT };
}
