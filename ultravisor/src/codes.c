// SPDX-License-Identifier: MIT
/*
 * The table of response codes.  It says what a caller has to reckon with, not
 * only what this library answers by itself: a real machine may know more
 * reasons, and a fault policy gives any of them.
 */
#include <stdlib.h>

#include "array.h"
#include "call.h"
#include "codes.h"

/* What a command names, and so can name wrongly */
enum operand_bit {
	CONFIG	= 1 << 0,	/* a configuration */
	CPU	= 1 << 1,	/* a secure CPU */
	HOME	= 1 << 2,	/* storage in the caller's home space */
	EARLY	= 1 << 3,	/* nothing, and needs no initialization */
};

#define OWN_CODES	10

/* Codes of its own, 0 behind the last one */
static const struct row {
	uint16_t cmd;
	unsigned int operands;
	uint16_t own[OWN_CODES];
} rows[] = {
	{ PV_CMD_QUI, EARLY, { PV_RC_MORE_DATA } },
	{ PV_CMD_QUERY_KEYS, EARLY, { 0 } },
	{ PV_CMD_INIT_UV, EARLY,
	  { PV_RC_INIT_DONE, PV_RC_INIT_CPUS, PV_RC_INIT_LEN,
	    PV_RC_INIT_ORIGIN, PV_RC_INIT_END, PV_RC_INIT_LOW } },
	/* Whoever gets the flag has a handle to destroy. */
	{ PV_CMD_CREATE_SEC_CONF, HOME,
	  { PV_RC_CONF_ORIGIN, PV_RC_CONF_END, PV_RC_CONF_ASCE,
	    PV_RC_CONF_BASE, PV_RC_CONF_BASE_PREFIX, PV_RC_CONF_NO_SCA,
	    PV_RC_CONF_SCA, PV_RC_CONF_VIRT_PREFIX, PV_RC_CONF_FULL,
	    PV_RC_NEED_DESTROY | PV_RC_CONF_BASE } },
	{ PV_CMD_DESTROY_SEC_CONF, CONFIG, { 0 } },
	/* Crypto queues are bound still. */
	{ PV_CMD_DESTROY_SEC_CONF_FAST, CONFIG, { 0x0104 } },
	{ PV_CMD_CREATE_SEC_CPU, CONFIG,
	  { PV_RC_CPU_NUMBER, PV_RC_CPU_DEFINED, PV_RC_CPU_STORAGE,
	    PV_RC_CPU_STORAGE_PREFIX, PV_RC_CPU_STATE_BLOCK,
	    PV_RC_CPU_FULL } },
	{ PV_CMD_DESTROY_SEC_CPU, CPU, { 0 } },
	{ PV_CMD_CONV_TO_SEC_STOR, CONFIG,
	  { PV_RC_PAGE_GADDR, PV_RC_PAGE_NOT_MAPPED, PV_RC_PAGE_INTEGRITY,
	    PV_RC_PAGE_TAKEN } },
	{ PV_CMD_CONV_FROM_SEC_STOR, 0, { PV_RC_PAGE_HOST } },
	{ PV_CMD_DESTROY_SEC_STOR, 0,
	  { PV_RC_PAGE_HOST, PV_RC_PAGE_OWNER_LIVES } },
	{ PV_CMD_SET_SEC_CONF_PARAMS, CONFIG | HOME,
	  { PV_RC_PARAMS_ACCESS, PV_RC_PARAMS_VERSION, PV_RC_PARAMS_PCF,
	    PV_RC_PARAMS_SLOT, PV_RC_PARAMS_SCF, PV_RC_PARAMS_HEADER } },
	{ PV_CMD_UNPACK_IMG, CONFIG,
	  { PV_RC_UNPACK_ADDR, PV_RC_UNPACK_NOT_MAPPED,
	    PV_RC_UNPACK_OWNED } },
	{ PV_CMD_VERIFY_IMG, CONFIG, { PV_RC_VERIFY_MISMATCH } },
	{ PV_CMD_CPU_RESET, CPU, { 0 } },
	{ PV_CMD_CPU_RESET_INITIAL, CPU, { 0 } },
	{ PV_CMD_CPU_RESET_CLEAR, CPU, { 0 } },
	{ PV_CMD_PREPARE_RESET, CONFIG, { 0 } },
	{ PV_CMD_CPU_SET_STATE, CPU, { PV_RC_CPU_STATE, 0x010a } },
	{ PV_CMD_SET_UNSHARE_ALL, CONFIG, { 0 } },
	{ PV_CMD_PIN_PAGE_SHARED, 0, { PV_RC_PAGE_HOST } },
	{ PV_CMD_UNPIN_PAGE_SHARED, CONFIG,
	  { PV_RC_PAGE_GADDR, PV_RC_PAGE_NOT_MAPPED, PV_RC_PAGE_HOST } },
	/* Not allowed, no access to the area, address */
	{ PV_CMD_DUMP_INIT, CONFIG, { 0x0101 } },
	{ PV_CMD_DUMP_CONF_STOR_STATE, CONFIG | HOME, { 0x0102, 0x0103 } },
	{ PV_CMD_DUMP_CPU, CPU | HOME, { 0x0102 } },
	{ PV_CMD_DUMP_COMPLETE, CONFIG | HOME, { 0x0102 } },
};

/* Given by all commands whose operands have any of these bits; 0: by all */
static const struct {
	unsigned int operands;
	uint16_t code;
} common[] = {
	{ 0, PV_RC_INV_CMD },
	{ 0, PV_RC_INV_LEN },
	{ CONFIG, PV_RC_INV_GHANDLE },
	{ CPU, PV_RC_INV_CHANDLE },
	{ HOME, PV_RC_HOME_REAL_SPACE },
	{ HOME, PV_RC_TRANSLATION },
	{ HOME, PV_RC_INV_ABS },
};

static const struct row *find_row(uint16_t cmd)
{
	const struct uv_command *command = uv_command_by_code(cmd);

	if (!command || !(command->sides & UV_SIDE_HOST))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].cmd == cmd)
			return &rows[i];
	}
	return NULL;
}

static int ascending(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

size_t uv_command_codes(uint16_t cmd, uint16_t codes[UV_CODES_MAX])
{
	const struct row *row = find_row(cmd);
	size_t n = 0;

	if (!row)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(common); i++) {
		if (!common[i].operands || common[i].operands & row->operands)
			codes[n++] = common[i].code;
	}
	if (!(row->operands & EARLY))
		codes[n++] = PV_RC_INV_STATE;
	for (size_t i = 0; i < OWN_CODES && row->own[i]; i++)
		codes[n++] = row->own[i];
	qsort(codes, n, sizeof(*codes), ascending);
	return n;
}
