// SPDX-License-Identifier: MIT
/* uvctl attest perform */
#include <string.h>

#include "arcb.h"
#include "array.h"
#include "device.h"
#include "exchange.h"
#include "log.h"
#include "options.h"
#include "uvctl.h"

struct perform_options {
	struct string_list positional;
	const char *input;
	const char *output;
	const char *user_data;
	const char *sysroot;
	bool force;
};

/**
 * struct job - buffers of one attestation
 * @file: request file
 * @request: parsed, points into @file
 */
struct job {
	struct pv_buffer file;
	struct pv_buffer user_data;
	struct pv_buffer measurement;
	struct pv_buffer additional;
	struct pv_buffer response;
	struct pv_exchange request;
};

static int parse_request(struct job *job, struct pv_error *err)
{
	const struct pv_exchange_entry *arcb;
	struct pv_error doubt = { 0 };
	struct pv_arcb_info info;

	if (pv_exchange_parse(&job->request, job->file.data, job->file.size,
			      err) < 0 ||
	    pv_exchange_check_request(&job->request, err) < 0)
		return -1;
	arcb = &job->request.item[PV_EXCHANGE_ARCB];
	if (pv_arcb_parse(&info, arcb->data, arcb->size, &doubt) == 0)
		return 0;
	/* What is new to us may be known to the Ultravisor. */
	if (doubt.code == PV_ERR_UNSUPPORTED) {
		log_info("%s", doubt.text);
		return 0;
	}
	return pv_fail(err, doubt.code, "%s", doubt.text);
}

static int read_inputs(struct job *job, const struct perform_options *options,
		       struct pv_error *err)
{
	const struct pv_exchange_entry *item = job->request.item;

	if (pv_file_read(&job->file, options->input, PV_EXCHANGE_MAX_SIZE,
			 err) < 0)
		return -1;
	if (parse_request(job, err) < 0) {
		pv_error_prefix(err, "%s", options->input);
		return -1;
	}
	if (options->user_data &&
	    pv_file_read(&job->user_data, options->user_data, PV_USER_DATA_MAX,
			 err) < 0)
		return -1;
	if (pv_buffer_alloc(&job->measurement,
			    item[PV_EXCHANGE_MEASUREMENT].size, err) < 0)
		return -1;
	return pv_buffer_alloc(&job->additional,
			       item[PV_EXCHANGE_ADDITIONAL].size, err);
}

static int attest(struct pv_uvdevice_attest *attest, struct job *job,
		  struct pv_uvdevice *dev, struct pv_error *err)
{
	const struct pv_exchange_entry *arcb =
		&job->request.item[PV_EXCHANGE_ARCB];

	memset(attest, 0, sizeof(*attest));
	attest->arcb = arcb->data;
	attest->arcb_len = arcb->size;
	attest->user_data = job->user_data.data;
	attest->user_data_len = (uint16_t)job->user_data.size;
	attest->measurement = job->measurement.data;
	attest->measurement_len = (uint32_t)job->measurement.size;
	attest->additional = job->additional.data;
	attest->additional_len = (uint32_t)job->additional.size;
	return pv_uvdevice_attest(dev, attest, err);
}

static int build_response(struct job *job,
			  const struct pv_uvdevice_attest *attest,
			  struct pv_error *err)
{
	struct pv_exchange response = job->request;
	struct pv_exchange_entry *item = response.item;

	item[PV_EXCHANGE_MEASUREMENT].data = attest->measurement;
	item[PV_EXCHANGE_ADDITIONAL].data = attest->additional;
	item[PV_EXCHANGE_ADDITIONAL].size = attest->additional_len;
	item[PV_EXCHANGE_USER_DATA].data = attest->user_data;
	item[PV_EXCHANGE_USER_DATA].size = attest->user_data_len;
	item[PV_EXCHANGE_CONFIG_UID].data = attest->config_uid;
	item[PV_EXCHANGE_CONFIG_UID].size = sizeof(attest->config_uid);
	return pv_exchange_build(&job->response, &response, err);
}

static int run(struct job *job, const struct perform_options *options,
	       struct pv_error *err)
{
	struct pv_file_spec file = {
		.path = options->output,
		.flags = options->force ? PV_OUTPUT_FORCE : 0,
	};
	struct pv_uvdevice_attest result;
	struct pv_uvdevice dev;
	int ret;

	if (read_inputs(job, options, err) < 0 ||
	    device_open(&dev, options->sysroot, err) < 0)
		return -1;
	ret = attest(&result, job, &dev, err);
	pv_uvdevice_close(&dev);
	if (ret < 0 || build_response(job, &result, err) < 0)
		return -1;
	file.data = job->response.data;
	file.size = job->response.size;
	return pv_files_write(&file, 1, err);
}

static int perform(const char *path, void *target)
{
	struct perform_options *options = target;
	struct pv_error err = { 0 };
	struct job job = { 0 };
	int status = UVCTL_OK;

	if (!options_in_out(path, &options->positional, &options->input,
			    &options->output))
		return UVCTL_ERROR;
	if (run(&job, options, &err) < 0)
		status = log_failure(&err);
	else
		log_info("The response is in %s", options->output);
	pv_buffer_free(&job.file);
	pv_buffer_free(&job.user_data);
	pv_buffer_free(&job.measurement);
	pv_buffer_free(&job.additional);
	pv_buffer_free(&job.response);
	return status;
}

int uvctl_attest_perform(const char *path, int argc, char **argv)
{
	struct perform_options options = { 0 };
	const struct option_spec specs[] = {
		{ "input", 'i', OPTION_STRING, &options.input, "FILE",
		  "request, as 'attest create' wrote it" },
		{ "output", 'o', OPTION_STRING, &options.output, "FILE",
		  "write the response there" },
		{ "user-data", 'u', OPTION_STRING, &options.user_data, "FILE",
		  "up to 256 bytes that become part of the measurement" },
		{ "x-user-data", 0, OPTION_STRING, &options.user_data, "FILE",
		  NULL },
		{ "sysroot", 0, OPTION_STRING, &options.sysroot, "DIR", NULL },
		{ "force", 0, OPTION_FLAG, &options.force, NULL,
		  "replace an existing output file" },
	};
	const struct option_table table = {
		.usage = "[-u FILE] {IN OUT | -i FILE -o FILE}",
		.about =
"Let the Ultravisor answer an attestation request.  Runs in the protected guest\n"
"that is to be attested, and needs /dev/uv (module uvdevice).",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.positional = &options.positional,
		.after = "Exit status: 0 success, 1 error.",
	};
	int status;

	status = options_run(path, &table, argc, argv, perform, &options);
	string_list_free(&options.positional);
	return status;
}
