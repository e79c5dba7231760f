// SPDX-License-Identifier: MIT
/* IPL parameter blocks of type 5: where the parts of an SE image lie. */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "array.h"
#include "bytes.h"
#include "pv/se_header.h"
#include "pv/se_image.h"
#include "report.h"

static_assert(UV_IPIB_MAX_COMPONENTS == PV_IPIB_MAX_COMPONENTS,
	      "room for all components of a block");

/* What the inner length counts before the components. */
#define FIXED_BLOCK	(sizeof(struct pv_ipib) - PV_IPIB_BLOCK_START)

/**
 * struct parsing - a block on its way through the checks
 * @head: its fixed part
 * @raw: the components that follow
 */
struct parsing {
	struct uv_ipib *ipib;
	const struct pv_ipib *head;
	const struct pv_ipib_component *raw;
	uint64_t memory_size;
	struct uv_error *err;
};

static int check_len(struct parsing *p)
{
	uint32_t len = get32(p->head->len);

	if (len >= PV_IPIB_MIN_LEN && len <= PV_IPIB_MAX_LEN)
		return 0;
	return uv_fail(p->err, 0, 0,
		       "the IPL parameter block has %" PRIu32 " bytes, not %d to %d",
		       len, PV_IPIB_MIN_LEN, PV_IPIB_MAX_LEN);
}

static int check_type(struct parsing *p)
{
	if (p->head->type == PV_IPIB_TYPE)
		return 0;
	return uv_fail(p->err, 0, 0,
		       "the IPL parameter block has type %u, an SE image needs %d",
		       p->head->type, PV_IPIB_TYPE);
}

static int check_block_len(struct parsing *p)
{
	uint32_t block_len = get32(p->head->block_len);

	if (block_len >= FIXED_BLOCK &&
	    block_len <= get32(p->head->len) - PV_IPIB_BLOCK_START)
		return 0;
	return uv_fail(p->err, 0, 0,
		       "the inner length %" PRIu32 " of the IPL parameter block does not fit",
		       block_len);
}

/* What fits the inner length fits the outer one and the array as well. */
static int check_count(struct parsing *p)
{
	size_t room = (get32(p->head->block_len) - FIXED_BLOCK) /
		      sizeof(*p->raw);

	p->ipib->count = get32(p->head->num_components);
	if (p->ipib->count && p->ipib->count <= room)
		return 0;
	return uv_fail(p->err, 0, 0,
		       "the IPL parameter block holds %zu components, but claims %" PRIu32,
		       room, p->ipib->count);
}

/*
 * An empty header passes: the block is in order, and it is for "set
 * parameters" to say that there is no header.
 */
static int check_header(struct parsing *p)
{
	uint64_t addr = get64(p->head->se_header_addr);
	uint64_t len = get64(p->head->se_header_len);

	if (len > PV_SE_HEADER_MAX_SIZE)
		return uv_fail(p->err, 0, 0,
			       "an SE header of %" PRIu64 " bytes is too long, the most is %d",
			       len, PV_SE_HEADER_MAX_SIZE);
	if (addr > p->memory_size || len > p->memory_size - addr)
		return uv_fail(p->err, 0, 0,
			       "the SE header at 0x%" PRIx64 " lies beyond storage",
			       addr);
	p->ipib->header_addr = addr;
	p->ipib->header_len = (uint32_t)len;
	return 0;
}

static int bad_component(const struct parsing *p, uint32_t index,
			 const char *why)
{
	return uv_fail(p->err, 0, 0,
		       "component %" PRIu32 " of the IPL parameter block %s",
		       index, why);
}

/* A component beyond storage passes: the unpack call refuses its pages. */
static int check_place(struct parsing *p, uint32_t index,
		       struct uv_ipib_component *component)
{
	const uint64_t mask = PV_PAGE_SIZE - 1;

	if (component->addr & mask)
		return bad_component(p, index,
				     "does not start at a page boundary");
	if (!component->size)
		return bad_component(p, index, "is empty");
	if (component->size > UINT64_MAX - mask)
		return bad_component(p, index, "is larger than any storage");
	component->size = (component->size + mask) & ~mask;
	if (component->size - 1 > UINT64_MAX - component->addr)
		return bad_component(p, index, "ends beyond all addresses");
	return 0;
}

static int check_component(struct parsing *p, uint32_t index)
{
	struct uv_ipib_component *component = &p->ipib->components[index];
	const struct pv_ipib_component *raw = &p->raw[index];

	*component = (struct uv_ipib_component){
		.tweak_prefix = get64(raw->tweak_prefix),
		.addr = get64(raw->addr),
		.size = get64(raw->size),
	};
	if (check_place(p, index, component))
		return -1;
	/* Equal prefixes would mean equal tweaks for different pages. */
	if (index && component->tweak_prefix <= component[-1].tweak_prefix)
		return bad_component(p, index,
				     "has a tweak prefix that is not above that of the one before it");
	return 0;
}

static int check_components(struct parsing *p)
{
	for (uint32_t i = 0; i < p->ipib->count; i++) {
		if (check_component(p, i))
			return -1;
	}
	return 0;
}

/*
 * The order of the checks.  Each relies on those before it; components are
 * checked one after the other: address, size, end, tweak prefix.
 */
static int (*const steps[])(struct parsing *) = {
	check_len,
	check_type,
	check_block_len,
	check_count,
	check_header,
	check_components,
};

int uv_ipib_parse(struct uv_ipib *ipib, const uint8_t block[4096],
		  uint64_t memory_size, struct uv_error *err)
{
	const struct pv_ipib *head = (const void *)block;
	struct parsing parsing = {
		.ipib = ipib,
		.head = head,
		.raw = (const void *)(head + 1),
		.memory_size = memory_size,
		.err = err,
	};
	int ret = 0;

	memset(ipib, 0, sizeof(*ipib));
	for (size_t i = 0; !ret && i < ARRAY_SIZE(steps); i++)
		ret = steps[i](&parsing);
	if (ret)
		memset(ipib, 0, sizeof(*ipib));
	return ret;
}
