/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UV CALL, in all the ways it can be executed.
 */
#ifndef UVC_H
#define UVC_H

#include "bare.h"

#define UVC_QUI		0x0001
#define UVC_SHARE	0x1000
#define UVC_UNSHARE	0x1001
#define UVC_ATTEST	0x1020
#define UVC_ADD_SECRET	0x1031
#define UVC_LIST	0x1033
#define UVC_LOCK	0x1034
#define UVC_RETR_SECRET	0x1035

#define NOT_STORED	0xfefe

/* Common part, and the operand of share, unshare, and the calls for secrets. */
struct uvcb {
	uint16_t len;
	uint16_t cmd;
	uint16_t rc;
	uint16_t rrc;
	uint64_t reserved08[3];
	uint64_t paddr;
	uint64_t reserved28;
};

/* Label in front of the UV CALL of uvc(), for PSW comparisons. */
extern char uvc_insn[];

/** uvc() - execute it; for catch_pgm(). Return: condition code */
uint64_t uvc(uint64_t block);
/** uvc_m3(), uvc_m4() - with a reserved field that is not zero */
uint64_t uvc_m3(uint64_t block);
uint64_t uvc_m4(uint64_t block);
/** uvc_problem() - in the problem state; uvc_problem_m3() wrong as well */
uint64_t uvc_problem(uint64_t block);
uint64_t uvc_problem_m3(uint64_t block);

/** uvcb_init() - an empty block whose response says NOT_STORED */
struct uvcb *uvcb_init(void *at, uint16_t cmd, uint16_t len);
/** uvc_share() - UVC_SHARE or UVC_UNSHARE. Return: rc */
uint16_t uvc_share(uint16_t cmd, uint64_t page);

#endif /* UVC_H */
