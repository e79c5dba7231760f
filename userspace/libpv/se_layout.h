/* SPDX-License-Identifier: MIT */
/*
 * What stands where in an SE image, and the small structures that say so: image
 * metadata, IPL parameter block, arguments of the boot stages.
 */
#ifndef LIBPV_SE_LAYOUT_H
#define LIBPV_SE_LAYOUT_H

#include "se_image.h"

enum pv_se_component_id {
	PV_SE_KERNEL,
	PV_SE_RAMDISK,
	PV_SE_CMDLINE,
	PV_SE_STAGE3B,
	PV_SE_N_COMPONENTS
};

/**
 * struct pv_se_layout_component - a component in the order of a layout
 * @id: which
 * @index: upper 16 bits of its tweaks
 */
struct pv_se_layout_component {
	enum pv_se_component_id id;
	uint16_t index;
};

/**
 * struct pv_se_layout_rules - in which the layouts differ
 * @order: of the components
 * @ipib_first: the IPIB stands before the header and fills a page, instead of
 *	behind the components; its address of the header is left to stage3a
 * @metadata: there is metadata
 * @ipib_version: what the IPIB has in its version field
 */
struct pv_se_layout_rules {
	struct pv_se_layout_component order[PV_SE_N_COMPONENTS];
	bool ipib_first;
	bool metadata;
	uint8_t ipib_version;
};

/** pv_se_layout_rules() - NULL for a layout that does not exist */
const struct pv_se_layout_rules *pv_se_layout_rules(enum pv_se_layout layout);

/**
 * struct pv_se_component - where a component was put
 * @id: which
 * @tweak_prefix: high half of its tweaks
 * @addr: page multiple
 * @size: in bytes, without padding
 * @padded: in bytes, with it; at least one page
 */
struct pv_se_component {
	enum pv_se_component_id id;
	uint64_t tweak_prefix;
	uint64_t addr;
	uint64_t size;
	uint64_t padded;
};

/**
 * struct pv_se_places - the arrangement of an image, as far as it is known
 * @stage3a_size: in bytes
 * @header_addr: of the SE header
 * @header_size: of it, in bytes
 * @ipib_addr: of the IPIB
 * @next: behind everything that has been placed
 * @components: @n of them, in order of addresses
 */
struct pv_se_places {
	uint64_t stage3a_size;
	uint64_t header_addr;
	uint64_t header_size;
	uint64_t ipib_addr;
	uint64_t next;
	struct pv_se_component components[PV_SE_N_COMPONENTS];
	size_t n;
};

/* What a component of @size bytes takes in the image: an empty one, a page. */
static inline uint64_t pv_se_padded(uint64_t size)
{
	if (size == 0)
		return PV_PAGE_SIZE;
	return (size + PV_PAGE_SIZE - 1) & ~(PV_PAGE_SIZE - 1);
}

/* High half of the tweaks of a component. */
static inline uint64_t pv_se_tweak_prefix(uint16_t index, const uint8_t *random)
{
	uint64_t prefix = index;

	for (int i = 0; i < 6; i++)
		prefix = prefix << 8 | random[i];
	return prefix;
}

/** pv_se_places_start() - place what stands before the components */
void pv_se_places_start(struct pv_se_places *places,
			const struct pv_se_layout_rules *rules,
			uint64_t stage3a_size, uint64_t header_size);

/** pv_se_places_end() - place what stands behind them */
void pv_se_places_end(struct pv_se_places *places,
		      const struct pv_se_layout_rules *rules);

/** pv_se_places_find() - a component, or NULL if there is none of that kind */
const struct pv_se_component *
pv_se_places_find(const struct pv_se_places *places,
		  enum pv_se_component_id id);

/** pv_se_places_map() - the same for people */
void pv_se_places_map(struct pv_se_image_map *map,
		      const struct pv_se_places *places,
		      const struct pv_se_layout_rules *rules);

/** pv_se_component_name() - for people */
const char *pv_se_component_name(enum pv_se_component_id id);

/**
 * pv_se_ipib_build() - the IPL parameter block
 * @page: out, PV_IPIB_MAX_LEN bytes, zeros behind the block
 *
 * Return: how many bytes of @page belong into the image.
 */
size_t pv_se_ipib_build(uint8_t *page, const struct pv_se_places *places,
			const struct pv_se_layout_rules *rules);

/** pv_se_metadata_build() - the image's metadata */
void pv_se_metadata_build(struct pv_se_metadata *metadata,
			  const struct pv_se_places *places);

/** pv_se_stage3a_args() - what stage3a is told */
void pv_se_stage3a_args(struct pv_stage3a_args *args,
			const struct pv_se_places *places);

/** pv_se_stage3b_args() - what stage3b is told; the others must be placed */
void pv_se_stage3b_args(struct pv_stage3b_args *args,
			const struct pv_se_places *places);

#endif /* LIBPV_SE_LAYOUT_H */
