// SPDX-License-Identifier: MIT
#include "array.h"
#include "bytes.h"
#include "config.h"
#include "guest_memory.h"

#define PGM_PROTECTION		0x0004
#define PGM_ADDRESSING		0x0005
#define PGM_SEGMENT		0x0010
#define PGM_PAGE		0x0011
#define PGM_SPECIFICATION	0x0012	/* translation specification */
#define PGM_ASCE_TYPE		0x0038

/* Bits of an ASCE and of entries of region and segment tables. */
#define ASCE_REAL_SPACE		0x020
#define TABLE_ORIGIN		(~UINT64_C(0xfff))
#define TABLE_TYPE_SHIFT	2
#define TABLE_LENGTH		0x003
#define ENTRY_OFFSET_SHIFT	6
#define ENTRY_INVALID		0x020
#define ENTRY_PROTECTED		0x200
#define ENTRY_IS_FRAME		0x400

/* ... and of page tables, which are a quarter as long as the others. */
#define PAGE_TABLE_ORIGIN	(~UINT64_C(0x7ff))
#define PAGE_INDEX		0xff
#define PAGE_ZERO		0x800
#define PAGE_INVALID		0x400
#define PAGE_PROTECTED		0x200

#define INDEX_BITS		11
#define INDEX_MASK		((1 << INDEX_BITS) - 1)
#define QUARTER_SHIFT		(INDEX_BITS - 2)

/**
 * struct level - a table of regions or segments
 * @shift: where its index begins in an address
 * @code: program interruption if it has no entry
 */
struct level {
	uint8_t shift;
	uint16_t code;
};

/* By the type that stands in the designation and in its entries. */
static const struct level levels[] = {
	{ 20, PGM_SEGMENT },
	{ 31, 0x003b },
	{ 42, 0x003a },
	{ 53, 0x0039 },
};

/**
 * struct walk - where a translation stands
 * @origin: absolute address of the table
 * @first: quarters of the table that are missing at its start
 * @last: its last quarter
 * @protected: something above it forbids stores
 */
struct walk {
	const struct uv_machine *machine;
	uint64_t addr;
	uint64_t origin;
	unsigned int first;
	unsigned int last;
	bool protected;
};

/*
 * Only what the host can read itself: where a walk ends tells it what stood in
 * the entries.
 */
static bool read_entry(const struct walk *walk, uint64_t addr, uint64_t *entry)
{
	const struct uv_machine *machine = walk->machine;
	pv_be64 field;

	if (uv_cpu_may_access(machine, NULL, addr, 0) ||
	    machine->ops.read_abs(machine->opaque, addr, &field,
				  sizeof(field)) != UV_ACCESS_OK)
		return false;
	*entry = get64(field);
	return true;
}

/* One table further down: from that of type @type to the next. */
static uint16_t step(struct walk *walk, unsigned int type)
{
	const struct level *level = &levels[type];
	uint64_t index = walk->addr >> level->shift & INDEX_MASK;
	uint64_t entry;

	if (index >> QUARTER_SHIFT < walk->first ||
	    index >> QUARTER_SHIFT > walk->last)
		return level->code;
	if (!read_entry(walk, walk->origin + 8 * index, &entry))
		return PGM_ADDRESSING;
	if (entry & ENTRY_INVALID)
		return level->code;
	if ((entry >> TABLE_TYPE_SHIFT & 3) != type)
		return PGM_SPECIFICATION;
	/* Only frames of 4 KiB can be secure.  Larger regions are no frames. */
	if (type < 2 && entry & ENTRY_IS_FRAME)
		return level->code;
	walk->origin = entry & (type ? TABLE_ORIGIN : PAGE_TABLE_ORIGIN);
	walk->first = entry >> ENTRY_OFFSET_SHIFT & 3;
	walk->last = entry & TABLE_LENGTH;
	walk->protected |= entry & ENTRY_PROTECTED;
	return 0;
}

static uint16_t last_step(struct walk *walk, bool write, uint64_t *frame)
{
	uint64_t index = walk->addr >> PV_PAGE_SHIFT & PAGE_INDEX;
	uint64_t entry;

	if (!read_entry(walk, walk->origin + 8 * index, &entry))
		return PGM_ADDRESSING;
	if (entry & PAGE_INVALID)
		return PGM_PAGE;
	if (entry & PAGE_ZERO)
		return PGM_SPECIFICATION;
	if (write && (walk->protected || entry & PAGE_PROTECTED))
		return PGM_PROTECTION;
	*frame = entry & TABLE_ORIGIN;
	return 0;
}

uint16_t uv_walk(const struct uv_machine *machine, uint64_t asce, uint64_t addr,
		 bool write, uint64_t *frame)
{
	unsigned int type = asce >> TABLE_TYPE_SHIFT & 3;
	unsigned int covered = levels[type].shift + INDEX_BITS;
	struct walk walk = {
		.machine = machine,
		.addr = addr,
		.origin = asce & TABLE_ORIGIN,
		.last = asce & TABLE_LENGTH,
	};

	if (asce & ASCE_REAL_SPACE ||
	    (type + 1 < ARRAY_SIZE(levels) && addr >> covered))
		return PGM_ASCE_TYPE;
	for (int i = type; i >= 0; i--) {
		uint16_t code = step(&walk, i);

		if (code)
			return code;
	}
	return last_step(&walk, write, frame);
}

static uint16_t find_frame(const struct uv_machine *machine,
			   const struct uv_config *config, uint64_t gaddr,
			   bool write, uint64_t *frame)
{
	uint16_t code = uv_walk(machine, config->asce, gaddr, write, frame);

	if (code)
		return code;
	if (!uv_storage_page(&machine->storage, *frame))
		return PGM_ADDRESSING;
	return uv_cpu_may_access(machine, config, *frame, gaddr);
}

uint16_t uv_guest_frame(const struct uv_machine *machine,
			const struct uv_config *config, uint64_t gaddr,
			bool write, uint64_t *frame,
			struct uv_guest_fault *fault)
{
	uint16_t code = find_frame(machine, config, gaddr, write, frame);

	if (code && fault)
		*fault = (struct uv_guest_fault){
			.code = code,
			.gaddr = gaddr & ~(PV_PAGE_SIZE - 1),
			.store = write,
		};
	return code;
}

/**
 * struct stretch - bytes of guest storage
 * @in: where to read to, or NULL
 * @out: what to store, or NULL
 */
struct stretch {
	uint64_t gaddr;
	size_t len;
	uint8_t *in;
	const uint8_t *out;
};

static size_t in_this_page(const struct stretch *stretch)
{
	size_t room = PV_PAGE_SIZE - stretch->gaddr % PV_PAGE_SIZE;

	return stretch->len < room ? stretch->len : room;
}

static enum uv_access copy(const struct uv_machine *machine, uint64_t addr,
			   const struct stretch *stretch, size_t len)
{
	if (stretch->out)
		return machine->ops.write_abs(machine->opaque, addr,
					      stretch->out, len);
	if (stretch->in)
		return machine->ops.read_abs(machine->opaque, addr,
					     stretch->in, len);
	return UV_ACCESS_OK;
}

/* With neither @in nor @out it only looks whether it can be done. */
static uint16_t go_through(const struct uv_machine *machine,
			   const struct uv_config *config,
			   struct stretch stretch, bool write,
			   struct uv_guest_fault *fault)
{
	while (stretch.len) {
		size_t len = in_this_page(&stretch);
		uint64_t frame;
		uint16_t code = uv_guest_frame(machine, config, stretch.gaddr,
					       write, &frame, fault);

		if (code)
			return code;
		if (copy(machine, frame + stretch.gaddr % PV_PAGE_SIZE,
			 &stretch, len) != UV_ACCESS_OK) {
			if (fault)
				*fault = (struct uv_guest_fault){
					PGM_ADDRESSING, stretch.gaddr &
					~(PV_PAGE_SIZE - 1), write };
			return PGM_ADDRESSING;
		}
		stretch.gaddr += len;
		stretch.len -= len;
		if (stretch.in)
			stretch.in += len;
		if (stretch.out)
			stretch.out += len;
	}
	return 0;
}

uint16_t uv_guest_read(const struct uv_machine *machine,
		       const struct uv_config *config, uint64_t gaddr,
		       void *buf, size_t len, struct uv_guest_fault *fault)
{
	struct stretch stretch = { .gaddr = gaddr, .len = len, .in = buf };

	return go_through(machine, config, stretch, false, fault);
}

uint16_t uv_guest_write(const struct uv_machine *machine,
			const struct uv_config *config, uint64_t gaddr,
			const void *data, size_t len,
			struct uv_guest_fault *fault)
{
	struct stretch stretch = { .gaddr = gaddr, .len = len };
	uint16_t code = go_through(machine, config, stretch, true, fault);

	if (code)
		return code;
	stretch.out = data;
	return go_through(machine, config, stretch, true, fault);
}
