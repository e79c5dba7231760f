// SPDX-License-Identifier: MIT
#include "operand.h"

static uint16_t access_rc(struct uv_call *call, enum uv_access access,
			  uint16_t rc)
{
	switch (access) {
	case UV_ACCESS_OK:
		return PV_RC_EXECUTED;
	case UV_ACCESS_REAL_SPACE:
		return PV_RC_HOME_REAL_SPACE;
	case UV_ACCESS_HOST:
		call->end = UV_CALL_ACCESS;
		return rc;
	default:
		return rc;
	}
}

uint16_t uv_operand_read(struct uv_call *call, uint64_t addr, void *buf,
			 size_t len, uint16_t rc)
{
	if (!len)
		return PV_RC_EXECUTED;
	return access_rc(call,
			 call->machine->ops.read_home(call->cpu->opaque, addr,
						      buf, len),
			 rc);
}

uint16_t uv_operand_probe(struct uv_call *call, uint64_t addr, size_t len,
			  uint16_t rc)
{
	if (!len)
		return PV_RC_EXECUTED;
	return access_rc(call,
			 call->machine->ops.probe_home(call->cpu->opaque, addr,
						       len, true),
			 rc);
}

uint16_t uv_operand_write(struct uv_call *call, uint64_t addr,
			  const void *data, size_t len, uint16_t rc)
{
	if (!len)
		return PV_RC_EXECUTED;
	return access_rc(call,
			 call->machine->ops.write_home(call->cpu->opaque, addr,
						       data, len),
			 rc);
}

uint16_t uv_operand_store(struct uv_call *call, uint64_t addr, const void *data,
			  size_t len, uint16_t rc)
{
	uint16_t result = uv_operand_probe(call, addr, len, rc);

	return result == PV_RC_EXECUTED ?
	       uv_operand_write(call, addr, data, len, rc) : result;
}
