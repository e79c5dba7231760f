// SPDX-License-Identifier: MIT
/* Making SE images. */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "bytes.h"
#include "keyslot.h"
#include "se_component.h"
#include "se_header.h"
#include "se_xts.h"

/**
 * struct image - an image that is being made
 * @rules: of its layout
 * @cmdline: with the NUL
 * @stage3b: with its arguments
 * @inputs: of the components that there are
 */
struct image {
	const struct pv_se_image_spec *spec;
	const struct pv_se_layout_rules *rules;
	struct pv_se_places places;
	struct pv_se_writer writer;
	struct pv_buffer cmdline;
	struct pv_buffer stage3b;
	struct pv_se_input inputs[PV_SE_N_COMPONENTS];
	bool present[PV_SE_N_COMPONENTS];
};

int pv_se_image_spec_init(struct pv_se_image_spec *spec, struct pv_error *err)
{
	memset(spec, 0, sizeof(*spec));
	spec->pcf = PV_SE_PCF_DEFAULT;
	spec->cancel_fd = -1;
	if (RAND_priv_bytes(spec->header_key, sizeof(spec->header_key)) != 1 ||
	    RAND_priv_bytes(spec->secret.cck, sizeof(spec->secret.cck)) != 1 ||
	    RAND_priv_bytes(spec->secret.xts_key,
			    sizeof(spec->secret.xts_key)) != 1) {
		pv_se_image_spec_wipe(spec);
		return pv_fail_openssl(err, PV_ERR_CRYPTO, "No random keys");
	}
	return 0;
}

void pv_se_image_spec_wipe(struct pv_se_image_spec *spec)
{
	OPENSSL_cleanse(spec->header_key, sizeof(spec->header_key));
	OPENSSL_cleanse(&spec->secret, sizeof(spec->secret));
}

/* Better now than after the encryption of a large image. */
static int check_hosts(const struct pv_se_image_spec *spec,
		       struct pv_error *err)
{
	struct pv_ec_point point;

	for (size_t i = 0; i < spec->n_hosts; i++)
		if (pv_point_from_key(&point, spec->hosts[i], err) < 0)
			return -1;
	return 0;
}

static int check_stages(const struct pv_se_stages *stages,
			struct pv_error *err)
{
	if (stages->stage3a_size <= sizeof(struct pv_stage3a_args) ||
	    stages->stage3a_size > PV_SE_IMAGE_LIMIT / 2)
		return pv_fail(err, PV_ERR_FORMAT,
			       "Boot stage 3a cannot have %zu bytes (is it the right file?)",
			       stages->stage3a_size);
	if (stages->stage3b_size <= sizeof(struct pv_stage3b_args) ||
	    stages->stage3b_size > PV_SE_IMAGE_LIMIT / 2)
		return pv_fail(err, PV_ERR_FORMAT,
			       "Boot stage 3b cannot have %zu bytes (is it the right file?)",
			       stages->stage3b_size);
	return 0;
}

static int check_image_key(const struct pv_se_image_spec *spec,
			   struct pv_error *err)
{
	const uint8_t *key = spec->secret.xts_key;
	const size_t half = sizeof(spec->secret.xts_key) / 2;

	if (CRYPTO_memcmp(key, key + half, half) == 0)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The halves of the image key are the same, which AES-XTS does not allow (use 64 random bytes)");
	return 0;
}

/* Room for the memory components, and the command line with its NUL. */
static int fill_buffers(struct image *image, struct pv_error *err)
{
	const struct pv_se_image_spec *spec = image->spec;
	const size_t size = spec->cmdline_size;
	bool terminated;

	if (pv_buffer_alloc(&image->stage3b, spec->stages.stage3b_size,
			    err) < 0)
		return -1;
	memcpy(image->stage3b.data, spec->stages.stage3b,
	       spec->stages.stage3b_size);
	if (!spec->cmdline)
		return 0;
	terminated = size > 0 && spec->cmdline[size - 1] == '\0';
	if (pv_buffer_alloc(&image->cmdline, size + !terminated, err) < 0)
		return -1;
	if (size > 0)
		memcpy(image->cmdline.data, spec->cmdline, size);
	return 0;
}

static int open_inputs(struct image *image, struct pv_error *err)
{
	const struct pv_se_image_spec *spec = image->spec;
	struct pv_se_input *in = image->inputs;

	if (fill_buffers(image, err) < 0)
		return -1;
	pv_se_input_memory(&in[PV_SE_STAGE3B], image->stage3b.data,
			   image->stage3b.size);
	image->present[PV_SE_STAGE3B] = true;
	pv_se_input_memory(&in[PV_SE_CMDLINE], image->cmdline.data,
			   image->cmdline.size);
	image->present[PV_SE_CMDLINE] = spec->cmdline;
	/* The kernel is looked into before, which takes a file. */
	if (pv_se_input_open(&in[PV_SE_KERNEL], spec->kernel, true, err) < 0)
		return -1;
	image->present[PV_SE_KERNEL] = true;
	if (spec->ramdisk &&
	    pv_se_input_open(&in[PV_SE_RAMDISK], spec->ramdisk, false, err) < 0)
		return -1;
	image->present[PV_SE_RAMDISK] = spec->ramdisk;
	in[PV_SE_KERNEL].cancel_fd = spec->cancel_fd;
	in[PV_SE_RAMDISK].cancel_fd = spec->cancel_fd;
	return 0;
}

static int check_inputs(const struct image *image, struct pv_error *err)
{
	const struct pv_se_input *in = image->inputs;
	const uint64_t cmdline_size = in[PV_SE_CMDLINE].size;
	uint64_t max;

	if (image->spec->no_component_check)
		return 0;
	if (pv_se_kernel_check(&in[PV_SE_KERNEL], &max, err) < 0)
		return -1;
	if (cmdline_size > max)
		return pv_fail(err, PV_ERR_LIMIT,
			       "The command line has %llu bytes with its NUL, but %s takes at most %llu (make it shorter)",
			       (unsigned long long)cmdline_size,
			       in[PV_SE_KERNEL].path, (unsigned long long)max);
	return 0;
}

/* As far as sizes are known before; what a pipe brings is counted later. */
static int check_sizes(struct image *image, struct pv_error *err)
{
	uint64_t end = image->places.next + PV_PAGE_SIZE;
	bool unknown = false;

	for (int i = 0; i < PV_SE_N_COMPONENTS; i++) {
		const struct pv_se_input *in = &image->inputs[i];

		if (!image->present[i])
			continue;
		if (in->size == PV_SE_INPUT_UNKNOWN) {
			unknown = true;
			continue;
		}
		if (in->size > PV_SE_IMAGE_LIMIT ||
		    end + pv_se_padded(in->size) > PV_SE_IMAGE_LIMIT)
			return pv_se_component_too_large(i, in->path, err);
		end += pv_se_padded(in->size);
		image->writer.total += in->size;
	}
	if (unknown)
		image->writer.total = 0;
	return 0;
}

static int prepare(struct image *image, struct pv_error *err)
{
	const struct pv_se_image_spec *spec = image->spec;
	size_t header_size;

	image->rules = pv_se_layout_rules(spec->layout);
	if (!image->rules)
		return pv_fail(err, PV_ERR_USAGE, "There is no such layout");
	if (pv_se_header_sealed_size(&header_size, spec->n_hosts, err) < 0 ||
	    check_hosts(spec, err) < 0 ||
	    check_stages(&spec->stages, err) < 0 ||
	    check_image_key(spec, err) < 0 ||
	    open_inputs(image, err) < 0 || check_inputs(image, err) < 0)
		return -1;
	pv_se_places_start(&image->places, image->rules,
			   spec->stages.stage3a_size, header_size);
	return check_sizes(image, err);
}

static int start_writer(struct image *image, struct pv_output *output,
			struct pv_error *err)
{
	struct pv_se_writer *writer = &image->writer;
	const struct pv_se_image_spec *spec = image->spec;

	writer->output = output;
	writer->stored = image->places.next;
	writer->progress = spec->progress;
	writer->progress_ctx = spec->progress_ctx;
	if (!(spec->pcf & PV_PCF_NO_COMPONENT_ENCRYPTION)) {
		writer->xts = pv_se_xts_new(spec->secret.xts_key, err);
		if (!writer->xts)
			return -1;
	}
	writer->hasher = pv_se_hasher_start(err);
	return writer->hasher ? 0 : -1;
}

/* Once everything that stage3b starts is placed. */
static void fill_stage3b(struct image *image)
{
	struct pv_buffer *stage3b = &image->stage3b;
	struct pv_stage3b_args args;

	pv_se_stage3b_args(&args, &image->places);
	memcpy(stage3b->data + stage3b->size - sizeof(args), &args,
	       sizeof(args));
}

static int write_component(struct image *image,
			   const struct pv_se_layout_component *which,
			   struct pv_error *err)
{
	struct pv_se_places *places = &image->places;
	struct pv_se_component *component = &places->components[places->n];
	uint8_t random[6];

	if (which->id == PV_SE_STAGE3B)
		fill_stage3b(image);
	if (RAND_bytes(random, sizeof(random)) != 1)
		return pv_fail_openssl(err, PV_ERR_CRYPTO, "No random tweak");
	component->id = which->id;
	component->addr = places->next;
	component->tweak_prefix = pv_se_tweak_prefix(which->index, random);
	if (pv_se_component_write(&image->writer, component,
				  &image->inputs[which->id], err) < 0)
		return -1;
	places->next += component->padded;
	places->n++;
	return 0;
}

static int write_components(struct image *image, struct pv_error *err)
{
	for (int i = 0; i < PV_SE_N_COMPONENTS; i++) {
		const struct pv_se_layout_component *which =
			&image->rules->order[i];

		if (image->present[which->id] &&
		    write_component(image, which, err) < 0)
			return -1;
	}
	/* Whoever boots it reads a whole page where the IPIB stands. */
	if (image->places.next + PV_PAGE_SIZE > PV_SE_IMAGE_LIMIT)
		return pv_se_component_too_large(PV_SE_RAMDISK,
						 image->spec->ramdisk, err);
	pv_se_places_end(&image->places, image->rules);
	return 0;
}

static int write_header(struct image *image, struct pv_error *err)
{
	const struct pv_se_image_spec *spec = image->spec;
	struct pv_se_header head = { .pcf = pv_put_be64(spec->pcf) };
	struct pv_se_header_secret secret = spec->secret;
	const struct pv_se_seal_params params = {
		.hosts = spec->hosts,
		.n_hosts = spec->n_hosts,
		.head = &head,
		.secret = &secret,
		.header_key = spec->header_key,
	};
	const struct pv_se_component *stage3b =
		pv_se_places_find(&image->places, PV_SE_STAGE3B);
	uint8_t *header = NULL;
	size_t size;
	int ret = -1;

	secret.psw_mask = pv_put_be64(PV_PSW_MASK_64BIT);
	if (!spec->own_psw)
		secret.psw_addr = pv_put_be64(stage3b->addr);
	if (!pv_se_hasher_finish(image->writer.hasher, &head, err) &&
	    !pv_se_header_seal(&header, &size, &params, err))
		ret = pv_output_write_at(image->writer.output,
					 image->places.header_addr, header,
					 size, err);
	free(header);
	OPENSSL_cleanse(&secret, sizeof(secret));
	return ret;
}

static int write_stage3a(struct image *image, struct pv_error *err)
{
	const struct pv_se_stages *stages = &image->spec->stages;
	const size_t args_at = stages->stage3a_size -
			       sizeof(struct pv_stage3a_args);
	struct pv_stage3a_args args;

	pv_se_stage3a_args(&args, &image->places);
	if (pv_output_write_at(image->writer.output, PV_SE_IMAGE_STAGE3A,
			       stages->stage3a, args_at, err) < 0)
		return -1;
	return pv_output_write_at(image->writer.output,
				  PV_SE_IMAGE_STAGE3A + args_at, &args,
				  sizeof(args), err);
}

/* What tells loaders and readers where everything is. */
static int write_signposts(struct image *image, struct pv_error *err)
{
	const pv_be64 psw = pv_put_be64(PV_SE_IMAGE_SHORT_PSW);
	struct pv_output *output = image->writer.output;
	uint8_t ipib[PV_IPIB_MAX_LEN];
	struct pv_se_metadata metadata;
	size_t size;

	size = pv_se_ipib_build(ipib, &image->places, image->rules);
	if (pv_output_write_at(output, image->places.ipib_addr, ipib, size,
			       err) < 0 ||
	    pv_output_write_at(output, 0, &psw, sizeof(psw), err) < 0)
		return -1;
	if (!image->rules->metadata)
		return 0;
	pv_se_metadata_build(&metadata, &image->places);
	return pv_output_write_at(output, PV_SE_IMAGE_METADATA, &metadata,
				  sizeof(metadata), err);
}

static void release(struct image *image)
{
	pv_se_hasher_free(image->writer.hasher);
	EVP_CIPHER_CTX_free(image->writer.xts);
	for (int i = 0; i < PV_SE_N_COMPONENTS; i++)
		pv_se_input_close(&image->inputs[i]);
	pv_buffer_free(&image->cmdline);
	pv_buffer_free(&image->stage3b);
}

int pv_se_image_create(struct pv_output *output,
		       const struct pv_se_image_spec *spec,
		       struct pv_se_image_map *map, struct pv_error *err)
{
	struct image image = { .spec = spec };
	int ret = -1;

	for (int i = 0; i < PV_SE_N_COMPONENTS; i++)
		image.inputs[i].fd = -1;
	if (!prepare(&image, err) && !start_writer(&image, output, err) &&
	    !write_components(&image, err) && !write_header(&image, err) &&
	    !write_stage3a(&image, err) && !write_signposts(&image, err))
		ret = pv_output_sync(output, err);
	if (ret == 0 && map)
		pv_se_places_map(map, &image.places, image.rules);
	release(&image);
	return ret;
}
