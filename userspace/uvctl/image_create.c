// SPDX-License-Identifier: MIT
/* uvctl image create */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "bytes.h"
#include "hostkey_options.h"
#include "image_flags.h"
#include "image_outputs.h"
#include "image_stages.h"
#include "interrupt.h"
#include "log.h"
#include "paths.h"
#include "progress.h"
#include "uvctl.h"

/* Far beyond what any kernel takes; the library knows the kernel's limit. */
#define CMDLINE_MAX	(1u << 20)

struct create_options {
	struct hostkey_options hostkey;
	struct image_flag_options flags;
	struct image_key_options keys;
	const char *kernel;
	const char *ramdisk;
	const char *parmfile;
	const char *cmdline;
	const char *output;
	const char *stages;
	const char *psw;
	const char *layout;
	bool no_component_check;
	bool force;
};

/* Everything that has to be freed or wiped at the end. */
struct creation {
	struct pv_se_image_spec spec;
	struct pv_se_image_map map;
	struct hostkey_set hosts;
	struct image_stages stages;
	struct pv_buffer parmfile;
	struct progress progress;
};

static const char *const layout_names[PV_SE_N_LAYOUTS] = {
	[PV_SE_LAYOUT_PVIMG] = "pvimg",
	[PV_SE_LAYOUT_GENPROTIMG] = "genprotimg",
};

static bool find_layout(const char *path, const char *name,
			enum pv_se_layout *layout)
{
	for (size_t i = 0; i < PV_SE_N_LAYOUTS; i++) {
		if (name && strcmp(name, layout_names[i]) != 0)
			continue;
		*layout = (enum pv_se_layout)i;
		return true;
	}
	options_complain(path, "Unknown layout %s (pvimg or genprotimg)", name);
	return false;
}

/* The command line, as far as it can be checked without opening a file. */
static bool check_options(const char *path,
			  const struct create_options *options)
{
	const char *text = NULL;

	if (!options->kernel)
		text = "A kernel is needed (--kernel)";
	else if (!options->output)
		text = "A name for the image is needed (--output)";
	else if (options->parmfile && options->cmdline)
		text = "--parmfile and --cmdline exclude each other";
	if (text)
		options_complain(path, "%s", text);
	return !text && hostkey_options_check(path, &options->hostkey) &&
	       image_keys_check(path, &options->keys,
				options->flags.disable[IMAGE_ENCRYPTION]);
}

/* Is one of @inputs, which may be NULL, an output, too? */
static bool check_overlap(const char *path, const char *const *inputs, size_t n,
			  const struct create_options *options)
{
	const char *const outputs[] = {
		options->output, options->keys.out[0], options->keys.out[1],
		options->keys.out[2],
	};

	for (size_t i = 0; i < n * ARRAY_SIZE(outputs); i++) {
		const char *in = inputs[i % n];
		const char *out = outputs[i / n];

		if (!in || !out || !pv_paths_same(in, out))
			continue;
		options_complain(path, "%s is read, it cannot be an output, too",
				 in);
		return false;
	}
	return true;
}

/* A slip that --force would turn into a loss. */
static bool check_inputs(const char *path, const struct create_options *options)
{
	const struct hostkey_options *hostkey = &options->hostkey;
	const struct string_list *const lists[] = {
		&hostkey->documents, &hostkey->certs, &hostkey->crls,
	};
	const char *const files[] = {
		options->kernel, options->ramdisk, options->parmfile,
		options->keys.given[0], options->keys.given[1],
		options->keys.given[2], hostkey->root_ca,
	};

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		if (!check_overlap(path, lists[i]->items, lists[i]->n, options))
			return false;
	return check_overlap(path, files, ARRAY_SIZE(files), options);
}

/* What the options say without any file. */
static bool fill_spec(const char *path, struct pv_se_image_spec *spec,
		      const struct create_options *options)
{
	const struct image_key_options *keys = &options->keys;
	bool cck_known = keys->given[IMAGE_KEY_CCK] || keys->out[IMAGE_KEY_CCK];
	uint64_t scf, psw;

	if (!image_flags_collect(path, &options->flags, cck_known, &spec->pcf,
				 &scf) ||
	    !find_layout(path, options->layout, &spec->layout))
		return false;
	spec->secret.scf = pv_put_be64(scf);
	spec->kernel = options->kernel;
	spec->ramdisk = options->ramdisk;
	spec->no_component_check = options->no_component_check;
	if (!options->psw)
		return true;
	if (!image_parse_hex(path, "x-psw", options->psw, &psw))
		return false;
	spec->secret.psw_addr = pv_put_be64(psw);
	spec->own_psw = true;
	return true;
}

static int collect_hosts(struct creation *new, struct pv_error *err)
{
	EVP_PKEY **hosts = calloc(new->hosts.n, sizeof(EVP_PKEY *));

	if (!hosts)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for host keys");
	for (size_t i = 0; i < new->hosts.n; i++)
		hosts[i] = pv_hostkey_public(new->hosts.keys[i]);
	new->spec.hosts = hosts;
	new->spec.n_hosts = new->hosts.n;
	return 0;
}

static int read_cmdline(struct creation *new,
			const struct create_options *options,
			struct pv_error *err)
{
	struct pv_se_image_spec *spec = &new->spec;

	if (options->cmdline) {
		spec->cmdline = (const uint8_t *)options->cmdline;
		spec->cmdline_size = strlen(options->cmdline);
	}
	if (!options->parmfile)
		return 0;
	if (pv_file_read(&new->parmfile, options->parmfile, CMDLINE_MAX,
			 err) < 0)
		return -1;
	/* An empty file is an empty command line, which is not none. */
	spec->cmdline = new->parmfile.size ? new->parmfile.data :
			(const uint8_t *)"";
	spec->cmdline_size = new->parmfile.size;
	return 0;
}

static void warn(const struct pv_se_image_spec *spec)
{
	if (spec->pcf & PV_PCF_NO_COMPONENT_ENCRYPTION)
		log_warning("The image is not encrypted: everybody can read "
			    "kernel, ramdisk and command line.");
	if (spec->no_component_check)
		log_warning("Kernel and command line are not checked: whether "
			    "the image starts is only seen when it is started.");
}

/* In the order that the manual page promises. */
static int prepare(struct creation *new, const struct create_options *options,
		   struct pv_error *err)
{
	const struct string_list *documents = &options->hostkey.documents;

	if (hostkey_set_load(&new->hosts, documents, err) < 0 ||
	    hostkey_set_verify(&new->hosts, &options->hostkey, err) < 0 ||
	    collect_hosts(new, err) < 0 ||
	    image_keys_read(&new->spec, &options->keys, err) < 0)
		return -1;
	warn(&new->spec);
	if (read_cmdline(new, options, err) < 0 ||
	    image_stages_load(&new->stages, options->stages, err) < 0)
		return -1;
	new->spec.stages = new->stages.use;
	return 0;
}

static int make_image(struct creation *new, struct image_outputs *outputs,
		      struct pv_error *err)
{
	int ret;

	if (progress_wanted()) {
		new->spec.progress = progress_show;
		new->spec.progress_ctx = &new->progress;
	}
	ret = pv_se_image_create(image_outputs_image(outputs), &new->spec,
				 &new->map, err);
	progress_end(&new->progress);
	return ret;
}

static int write_files(struct creation *new,
		       const struct create_options *options,
		       struct pv_error *err)
{
	struct image_outputs outputs = { 0 };
	int ret;

	for (size_t i = 0; i < IMAGE_N_KEYS; i++)
		outputs.paths[i] = options->keys.out[i];
	outputs.paths[IMAGE_N_KEYS] = options->output;
	new->spec.cancel_fd = interrupt_hold();
	ret = image_outputs_open(&outputs, options->force, err);
	if (ret == 0)
		ret = make_image(new, &outputs, err);
	if (ret == 0 && interrupt_received())
		ret = pv_fail(err, PV_ERR_IO, "Interrupted");
	if (ret == 0)
		ret = image_outputs_finish(&outputs, &new->spec, err);
	image_outputs_close(&outputs, ret == 0);
	return ret;
}

static void show(const struct creation *new,
		 const struct create_options *options)
{
	const struct pv_se_image_map *map = &new->map;

	log_info("  %-12s  %10s  %10s", "", "address", "bytes");
	for (size_t i = 0; i < map->n; i++)
		log_info("  %-12s  0x%08" PRIx64 "  %10" PRIu64,
			 map->entries[i].name, map->entries[i].addr,
			 map->entries[i].size);
	log_info("  %" PRIu64 " bytes, %" PRIu64 " pages are protected",
		 map->size, map->pages);
	log_result("Successfully generated the image %s for %zu host key%s",
		   options->output, new->hosts.n,
		   new->hosts.n == 1 ? "" : "s");
}

static void finish(struct creation *new)
{
	free(new->spec.hosts);
	pv_se_image_spec_wipe(&new->spec);
	pv_buffer_free(&new->parmfile);
	image_stages_free(&new->stages);
	hostkey_set_free(&new->hosts);
}

static int create(struct creation *new, const struct create_options *options)
{
	struct pv_error err = { 0 };

	if (prepare(new, options, &err) < 0 ||
	    write_files(new, options, &err) < 0)
		return interrupt_received() ? UVCTL_ERROR : log_failure(&err);
	show(new, options);
	return UVCTL_OK;
}

static int check_and_create(const char *path, void *target)
{
	const struct create_options *options = target;
	struct creation new = { 0 };
	struct pv_error err = { 0 };
	int status = UVCTL_ERROR;

	if (!check_options(path, options) || !check_inputs(path, options))
		return UVCTL_ERROR;
	if (pv_se_image_spec_init(&new.spec, &err) < 0)
		log_failure(&err);
	else if (fill_spec(path, &new.spec, options))
		status = create(&new, options);
	finish(&new);
	interrupt_release();
	return status;
}

#define N_OWN_SPECS	12
#define N_SPECS		(N_OWN_SPECS + IMAGE_KEY_N_SPECS + IMAGE_FLAG_N_SPECS)

static void fill_specs(struct option_spec *specs,
		       struct create_options *options)
{
	const struct option_spec own[N_OWN_SPECS] = {
		{ "kernel", 'i', OPTION_STRING, &options->kernel, "FILE",
		  "raw kernel for s390x (not an ELF file)" },
		{ "image", 0, OPTION_STRING, &options->kernel, "FILE", NULL },
		{ "ramdisk", 'r', OPTION_STRING, &options->ramdisk, "FILE",
		  "initial RAM disk" },
		{ "parmfile", 'p', OPTION_STRING, &options->parmfile, "FILE",
		  "file with the kernel's command line" },
		{ "cmdline", 0, OPTION_STRING, &options->cmdline, "STRING",
		  "the command line itself" },
		{ "output", 'o', OPTION_STRING, &options->output, "FILE",
		  "write the image there" },
		{ "force", 0, OPTION_FLAG, &options->force, NULL,
		  "replace existing output files" },
		{ "overwrite", 0, OPTION_FLAG, &options->force, NULL,
		  "the same" },
		{ "no-component-check", 0, OPTION_FLAG,
		  &options->no_component_check, NULL,
		  "take kernel and command line as they are" },
		{ "x-bootloader-directory", 0, OPTION_STRING, &options->stages,
		  "DIR", NULL },
		{ "x-psw", 0, OPTION_STRING, &options->psw, "HEX", NULL },
		{ "x-layout", 0, OPTION_STRING, &options->layout, "NAME",
		  NULL },
	};

	memcpy(specs, own, sizeof(own));
	specs += N_OWN_SPECS;
	image_key_option_specs(specs, &options->keys);
	image_flag_option_specs(specs + IMAGE_KEY_N_SPECS, &options->flags);
}

int uvctl_image_create(const char *path, int argc, char **argv)
{
	struct create_options options = { 0 };
	struct option_spec hostkey_specs[HOSTKEY_N_SPECS];
	struct option_spec specs[N_SPECS];
	const struct option_table table = {
		.usage = "-i FILE [-r FILE] [-p FILE] -o FILE -k FILE...\n"
			 "       {-C FILE... | --no-verify} [OPTIONS]",
		.about =
"Make an IBM Secure Execution image that only the given machines can start.  It\n"
"should be made on a trusted machine, of any kind.  -k, -C and --crl can be\n"
"repeated, and take lists separated by commas.",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.shared = hostkey_specs,
		.n_shared = ARRAY_SIZE(hostkey_specs),
		.after =
"Keys that are not given are drawn, and forgotten unless an option has them\n"
"written to a file.  All files appear, or none.\n\n"
"Exit status: 0 success, 1 error.",
	};
	int status;

	hostkey_option_specs(hostkey_specs, &options.hostkey);
	fill_specs(specs, &options);
	status = options_run(path, &table, argc, argv, check_and_create,
			     &options);
	hostkey_options_free(&options.hostkey);
	return status;
}
