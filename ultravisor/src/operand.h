/* SPDX-License-Identifier: MIT */
/* Operands of calls: storage of the caller's home space. */
#ifndef UV_OPERAND_H
#define UV_OPERAND_H

#include "call.h"

/*
 * Each takes the response code that an access exception of this operand has.
 * An operand of no bytes is not looked at.  When a host must first do something
 * for the operand of its guest, the call is marked to end without result,
 * whatever its handler answers.
 *
 * Return: PV_RC_EXECUTED, PV_RC_HOME_REAL_SPACE or @rc
 */
uint16_t uv_operand_read(struct uv_call *call, uint64_t addr, void *buf,
			 size_t len, uint16_t rc);
/* Can it be stored into? */
uint16_t uv_operand_probe(struct uv_call *call, uint64_t addr, size_t len,
			  uint16_t rc);
uint16_t uv_operand_write(struct uv_call *call, uint64_t addr,
			  const void *data, size_t len, uint16_t rc);
/* Stored into all of the area, or into nothing of it. */
uint16_t uv_operand_store(struct uv_call *call, uint64_t addr, const void *data,
			  size_t len, uint16_t rc);

#endif /* UV_OPERAND_H */
