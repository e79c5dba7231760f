// SPDX-License-Identifier: MIT
/* What "uvctl secret create" leaves behind. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "array.h"
#include "encode.h"
#include "paths.h"
#include "secret_write.h"
#include "standard_output.h"

#define TOC_MAX		(1u << 20)

/**
 * struct outputs - all that is written
 * @asrcb: the request
 * @identity: content of the file NAME.yaml
 * @identity_path: its name
 * @toc: new content of --toc-policy
 * @toc_flags: PV_OUTPUT_* of it
 */
struct outputs {
	struct pv_buffer asrcb;
	char *identity;
	size_t identity_size;
	char *identity_path;
	char *toc;
	size_t toc_size;
	unsigned int toc_flags;
};

static bool lists(const struct string_list *inputs, const char *output)
{
	for (size_t i = 0; i < inputs->n; i++)
		if (pv_paths_same(inputs->items[i], output))
			return true;
	return false;
}

static bool reads(const struct secret_options *options, const char *output)
{
	const struct hostkey_options *hostkey = &options->hostkey;
	const char *const inputs[] = {
		options->header, options->extension, options->cck,
		options->cuid, options->user_data, options->sign_key,
		options->policy, options->secret, options->input_secret,
		hostkey->root_ca,
	};

	for (size_t i = 0; i < ARRAY_SIZE(inputs); i++)
		if (inputs[i] && pv_paths_same(inputs[i], output))
			return true;
	return lists(&hostkey->documents, output) ||
	       lists(&hostkey->certs, output) || lists(&hostkey->crls, output);
}

static bool wants_identity_file(const struct secret_options *options)
{
	return options->name && !options->to_stdout;
}

bool secret_outputs_check(const char *path,
			  const struct secret_options *options)
{
	char *identity = NULL;
	const char *culprit = NULL;

	if (wants_identity_file(options))
		identity = secret_identity_path(options->output, options->name);

	const char *const outputs[] = {
		is_standard_output(options->output) ? NULL : options->output,
		options->output_secret, options->toc, identity,
	};

	for (size_t i = 0; i < ARRAY_SIZE(outputs) && !culprit; i++)
		if (outputs[i] && reads(options, outputs[i]))
			culprit = outputs[i];
	if (culprit)
		options_complain(path, "%s is read, it cannot be an output, too",
				 culprit);
	free(identity);
	return !culprit;
}

static int make_identity(struct outputs *outputs,
			 const struct secret_request *request,
			 const struct secret_options *options,
			 struct pv_error *err)
{
	if (!options->name)
		return 0;
	if (secret_identity_render(&outputs->identity, &outputs->identity_size,
				   &request->identity, err) < 0)
		return -1;
	if (options->to_stdout)
		return 0;
	outputs->identity_path = secret_identity_path(options->output,
						      options->name);
	return outputs->identity_path ? 0 :
	       pv_fail(err, PV_ERR_MEMORY, "No memory for a file name");
}

/* What the file holds already, as whole lines. */
static void put_lines(FILE *out, const struct pv_buffer *old)
{
	if (old->size == 0)
		return;
	fwrite(old->data, 1, old->size, out);
	if (old->data[old->size - 1] != '\n')
		fputc('\n', out);
}

/* These lines, and one with the tag of the request. */
static int make_toc(struct outputs *outputs, const char *path,
		    struct pv_error *err)
{
	const struct pv_buffer *asrcb = &outputs->asrcb;
	struct pv_buffer old = { 0 };
	struct stat st;
	FILE *out;

	/* Lines are added to it, it is not lost. */
	outputs->toc_flags = PV_OUTPUT_FORCE;
	if (stat(path, &st) == 0) {
		if (pv_file_read(&old, path, TOC_MAX, err) < 0)
			return -1;
		/* It is a new file then, but not for more eyes. */
		if (!(st.st_mode & 0004))
			outputs->toc_flags |= PV_OUTPUT_SECRET;
	}
	out = open_memstream(&outputs->toc, &outputs->toc_size);
	if (out) {
		put_lines(out, &old);
		put_hex(out, asrcb->data + asrcb->size - PV_GCM_TAG_SIZE,
			PV_GCM_TAG_SIZE);
		fputc('\n', out);
	}
	pv_buffer_free(&old);
	if (!out || fclose(out) != 0)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for %s", path);
	return 0;
}

static int write_files(const struct outputs *outputs,
		       const struct secret_request *request,
		       const struct secret_options *options,
		       struct pv_error *err)
{
	unsigned int force = options->force ? PV_OUTPUT_FORCE : 0;
	bool to_stdout = is_standard_output(options->output);
	const struct pv_file_spec files[] = {
		{ options->output_secret, request->secret.data,
		  request->secret.size, PV_OUTPUT_SECRET | force },
		{ outputs->identity_path, outputs->identity,
		  outputs->identity_size, force },
		{ options->toc, outputs->toc, outputs->toc_size,
		  outputs->toc_flags },
		{ to_stdout ? NULL : options->output, outputs->asrcb.data,
		  outputs->asrcb.size, force },
	};

	if (to_stdout && output_put(NULL, outputs->asrcb.data,
				    outputs->asrcb.size, 0, err) < 0)
		return -1;
	if (options->to_stdout && output_put(NULL, outputs->identity,
					     outputs->identity_size, 0,
					     err) < 0)
		return -1;
	return pv_files_write(files, ARRAY_SIZE(files), err);
}

int secret_request_write(const struct secret_request *request,
			 const struct secret_options *options,
			 struct pv_error *err)
{
	struct outputs outputs = { 0 };
	int ret;

	ret = pv_asrcb_create(&outputs.asrcb, &request->spec, err);
	if (ret == 0)
		ret = make_identity(&outputs, request, options, err);
	if (ret == 0 && options->toc)
		ret = make_toc(&outputs, options->toc, err);
	if (ret == 0)
		ret = write_files(&outputs, request, options, err);
	pv_buffer_free(&outputs.asrcb);
	free(outputs.identity);
	free(outputs.identity_path);
	free(outputs.toc);
	return ret;
}
