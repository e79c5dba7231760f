// SPDX-License-Identifier: MIT
/* What stands where in an SE image, and the small structures that say so. */
#include <string.h>

#include "array.h"
#include "bytes.h"
#include "se_layout.h"

static const struct pv_se_layout_rules layouts[PV_SE_N_LAYOUTS] = {
	[PV_SE_LAYOUT_PVIMG] = {
		.order = {
			{ PV_SE_KERNEL, 40 },
			{ PV_SE_RAMDISK, 50 },
			{ PV_SE_CMDLINE, 60 },
			{ PV_SE_STAGE3B, 70 },
		},
		.metadata = true,
		.ipib_version = 1,
	},
	[PV_SE_LAYOUT_GENPROTIMG] = {
		.order = {
			{ PV_SE_KERNEL, 0 },
			{ PV_SE_CMDLINE, 1 },
			{ PV_SE_RAMDISK, 2 },
			{ PV_SE_STAGE3B, 3 },
		},
		.ipib_first = true,
	},
};

static const char *const names[PV_SE_N_COMPONENTS] = {
	[PV_SE_KERNEL] = "kernel",
	[PV_SE_RAMDISK] = "ramdisk",
	[PV_SE_CMDLINE] = "command line",
	[PV_SE_STAGE3B] = "stage3b",
};

const struct pv_se_layout_rules *pv_se_layout_rules(enum pv_se_layout layout)
{
	return (size_t)layout < ARRAY_SIZE(layouts) ? &layouts[layout] : NULL;
}

const char *pv_se_component_name(enum pv_se_component_id id)
{
	return names[id];
}

void pv_se_places_start(struct pv_se_places *places,
			const struct pv_se_layout_rules *rules,
			uint64_t stage3a_size, uint64_t header_size)
{
	const uint64_t end = PV_SE_IMAGE_STAGE3A + pv_se_padded(stage3a_size);

	memset(places, 0, sizeof(*places));
	places->stage3a_size = stage3a_size;
	places->header_size = header_size;
	if (rules->ipib_first) {
		places->ipib_addr = end;
		places->header_addr = end + PV_PAGE_SIZE;
	} else {
		/* Old search tools do not look below. */
		places->header_addr = end > PV_SE_IMAGE_HEADER ? end :
				      PV_SE_IMAGE_HEADER;
	}
	places->next = places->header_addr + pv_se_padded(header_size);
}

void pv_se_places_end(struct pv_se_places *places,
		      const struct pv_se_layout_rules *rules)
{
	if (rules->ipib_first)
		return;
	places->ipib_addr = places->next;
	places->next += sizeof(struct pv_ipib) +
			places->n * sizeof(struct pv_ipib_component);
}

const struct pv_se_component *
pv_se_places_find(const struct pv_se_places *places,
		  enum pv_se_component_id id)
{
	for (size_t i = 0; i < places->n; i++)
		if (places->components[i].id == id)
			return &places->components[i];
	return NULL;
}

static void map_add(struct pv_se_image_map *map, const char *name,
		    uint64_t addr, uint64_t size)
{
	map->entries[map->n++] = (struct pv_se_image_entry){ name, addr, size };
}

void pv_se_places_map(struct pv_se_image_map *map,
		      const struct pv_se_places *places,
		      const struct pv_se_layout_rules *rules)
{
	const uint64_t ipib_size = sizeof(struct pv_ipib) +
				   places->n * sizeof(struct pv_ipib_component);

	memset(map, 0, sizeof(*map));
	map_add(map, "short PSW", 0, sizeof(pv_be64));
	if (rules->metadata)
		map_add(map, "metadata", PV_SE_IMAGE_METADATA,
			sizeof(struct pv_se_metadata));
	map_add(map, "stage3a", PV_SE_IMAGE_STAGE3A, places->stage3a_size);
	if (rules->ipib_first)
		map_add(map, "IPIB", places->ipib_addr, ipib_size);
	map_add(map, "SE header", places->header_addr, places->header_size);
	for (size_t i = 0; i < places->n; i++) {
		map_add(map, names[places->components[i].id],
			places->components[i].addr, places->components[i].size);
		map->pages += places->components[i].padded / PV_PAGE_SIZE;
	}
	if (!rules->ipib_first)
		map_add(map, "IPIB", places->ipib_addr, ipib_size);
	map->size = places->next;
}

size_t pv_se_ipib_build(uint8_t *page, const struct pv_se_places *places,
			const struct pv_se_layout_rules *rules)
{
	struct pv_ipib *ipib = (struct pv_ipib *)page;
	struct pv_ipib_component *out = (void *)(page + sizeof(*ipib));
	const size_t used = sizeof(*ipib) + places->n * sizeof(*out);
	const size_t len = rules->ipib_first ? PV_IPIB_MAX_LEN : used;

	memset(page, 0, PV_IPIB_MAX_LEN);
	ipib->len = pv_put_be32((uint32_t)len);
	ipib->header_version = 1;
	ipib->block_len = pv_put_be32((uint32_t)used - PV_IPIB_BLOCK_START);
	ipib->type = PV_IPIB_TYPE;
	ipib->version = rules->ipib_version;
	ipib->num_components = pv_put_be32((uint32_t)places->n);
	if (!rules->ipib_first)
		ipib->se_header_addr = pv_put_be64(places->header_addr);
	ipib->se_header_len = pv_put_be64(places->header_size);
	for (size_t i = 0; i < places->n; i++) {
		const struct pv_se_component *from = &places->components[i];

		out[i].tweak_prefix = pv_put_be64(from->tweak_prefix);
		out[i].addr = pv_put_be64(from->addr);
		out[i].size = pv_put_be64(from->padded);
	}
	return len;
}

void pv_se_metadata_build(struct pv_se_metadata *metadata,
			  const struct pv_se_places *places)
{
	memcpy(metadata->magic, PV_SE_METADATA_MAGIC, sizeof(metadata->magic));
	metadata->header_offset = pv_put_be64(places->header_addr);
	metadata->version = pv_put_be32(PV_SE_METADATA_VERSION);
	metadata->ipib_offset = pv_put_be64(places->ipib_addr);
}

void pv_se_stage3a_args(struct pv_stage3a_args *args,
			const struct pv_se_places *places)
{
	const uint64_t here = PV_SE_IMAGE_STAGE3A + places->stage3a_size -
			      sizeof(*args);

	args->header_offset = pv_put_be64(places->header_addr - here);
	args->header_size = pv_put_be64(places->header_size);
	args->ipib_offset = pv_put_be64(places->ipib_addr - here);
}

static struct pv_stage3b_part part_of(const struct pv_se_places *places,
				      enum pv_se_component_id id)
{
	const struct pv_se_component *from = pv_se_places_find(places, id);
	struct pv_stage3b_part part = { 0 };

	if (from) {
		part.src = pv_put_be64(from->addr);
		part.size = pv_put_be64(from->size);
	}
	return part;
}

void pv_se_stage3b_args(struct pv_stage3b_args *args,
			const struct pv_se_places *places)
{
	args->kernel = part_of(places, PV_SE_KERNEL);
	args->cmdline = part_of(places, PV_SE_CMDLINE);
	args->initrd = part_of(places, PV_SE_RAMDISK);
	args->psw_mask = pv_put_be64(PV_PSW_MASK_64BIT);
	args->psw_addr = pv_put_be64(PV_KERNEL_ENTRY);
}
