// SPDX-License-Identifier: MIT
/* uvctl attest create */
#include <stdlib.h>
#include <string.h>

#include "arcb.h"
#include "array.h"
#include "exchange.h"
#include "hostkey_options.h"
#include "log.h"
#include "measurement.h"
#include "uvctl.h"

struct create_options {
	struct hostkey_options hostkey;
	struct string_list add_data;
	const char *output;
	const char *arpk;
	bool phkh_img;		/* spelling of pvattest's C generation */
	bool phkh_att;
	bool force;
};

static const struct {
	const char *name;
	uint64_t flag;
} add_data_names[] = {
	{ "phkh-img", PV_ATTEST_FLAG_IMAGE_PHKH },
	{ "phkh-att", PV_ATTEST_FLAG_ATTEST_PHKH },
	{ "secret-store-hash", PV_ATTEST_FLAG_SECRET_STORE },
	{ "firmware-state", PV_ATTEST_FLAG_FIRMWARE_STATE },
};

static bool add_flag(uint64_t *flags, const char *name)
{
	size_t n = ARRAY_SIZE(add_data_names);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(add_data_names[i].name, name) != 0)
			continue;
		*flags |= add_data_names[i].flag;
		return true;
	}
	return false;
}

static bool collect_flags(const char *path, uint64_t *flags,
			  const struct create_options *options)
{
	*flags = PV_ATTEST_FLAG_NONCE;
	if (options->phkh_img)
		*flags |= PV_ATTEST_FLAG_IMAGE_PHKH;
	if (options->phkh_att)
		*flags |= PV_ATTEST_FLAG_ATTEST_PHKH;
	for (size_t i = 0; i < options->add_data.n; i++) {
		if (add_flag(flags, options->add_data.items[i]))
			continue;
		options_complain(path, "Unknown additional data %s",
				 options->add_data.items[i]);
		return false;
	}
	return true;
}

static int seal_request(struct pv_buffer *file, struct pv_arcb_spec *spec,
			const struct hostkey_set *set, struct pv_error *err)
{
	EVP_PKEY **hosts = calloc(set->n, sizeof(EVP_PKEY *));
	struct pv_exchange exchange = { 0 };
	struct pv_buffer arcb = { 0 };
	int ret = -1;

	if (!hosts)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for host keys");
	for (size_t i = 0; i < set->n; i++)
		hosts[i] = pv_hostkey_public(set->keys[i]);
	spec->hosts = hosts;
	spec->n_hosts = set->n;
	if (pv_arcb_spec_randomize(spec, err) < 0 ||
	    pv_arcb_create(&arcb, spec, err) < 0)
		goto out;
	exchange.item[PV_EXCHANGE_ARCB].data = arcb.data;
	exchange.item[PV_EXCHANGE_ARCB].size = (uint32_t)arcb.size;
	exchange.item[PV_EXCHANGE_MEASUREMENT].size = PV_ATTEST_MEASUREMENT_SIZE;
	exchange.item[PV_EXCHANGE_ADDITIONAL].size =
		(uint32_t)pv_additional_size(spec->flags);
	ret = pv_exchange_build(file, &exchange, err);
out:
	pv_buffer_free(&arcb);
	free(hosts);
	return ret;
}

/* A request without its key is of no use to anybody. */
static int write_files(const struct create_options *options,
		       const struct pv_buffer *file, const uint8_t *arpk,
		       struct pv_error *err)
{
	unsigned int force = options->force ? PV_OUTPUT_FORCE : 0;
	const struct pv_file_spec files[] = {
		{ options->arpk, arpk, PV_REQUEST_KEY_SIZE,
		  PV_OUTPUT_SECRET | force },
		{ options->output, file->data, file->size, force },
	};

	return pv_files_write(files, 2, err);
}

static int create(const struct create_options *options, uint64_t flags)
{
	struct pv_arcb_spec spec = { .flags = flags };
	struct hostkey_set set = { 0 };
	struct pv_buffer file = { 0 };
	struct pv_error err = { 0 };
	int status = UVCTL_ERROR;

	if (hostkey_set_load(&set, &options->hostkey.documents, &err) < 0 ||
	    hostkey_set_verify(&set, &options->hostkey, &err) < 0 ||
	    seal_request(&file, &spec, &set, &err) < 0 ||
	    write_files(options, &file, spec.arpk, &err) < 0) {
		log_failure(&err);
		goto out;
	}
	log_result("Successfully generated the request");
	status = UVCTL_OK;
out:
	pv_arcb_spec_wipe(&spec);
	pv_buffer_free(&file);
	hostkey_set_free(&set);
	return status;
}

static int check_and_create(const char *path, void *target)
{
	const struct create_options *options = target;
	uint64_t flags;

	if (!hostkey_options_check(path, &options->hostkey) ||
	    !collect_flags(path, &flags, options))
		return UVCTL_ERROR;
	if (!options->output || !options->arpk)
		return options_complain(path, "--output and --arpk are needed");
	return create(options, flags);
}

int uvctl_attest_create(const char *path, int argc, char **argv)
{
	struct create_options options = { 0 };
	struct option_spec hostkey_specs[HOSTKEY_N_SPECS];
	const struct option_spec specs[] = {
		{ "output", 'o', OPTION_STRING, &options.output, "FILE",
		  "write the request there" },
		{ "arpk", 'a', OPTION_STRING, &options.arpk, "FILE",
		  "write the secret key that protects the request there" },
		{ "add-data", 0, OPTION_LIST, &options.add_data, "KIND",
		  "also let be measured: phkh-img, phkh-att,\n"
		  "                              secret-store-hash, firmware-state" },
		{ "x-phkh-img", 0, OPTION_FLAG, &options.phkh_img, NULL, NULL },
		{ "x-phkh-att", 0, OPTION_FLAG, &options.phkh_att, NULL, NULL },
		{ "force", 0, OPTION_FLAG, &options.force, NULL,
		  "replace existing output files" },
	};
	const struct option_table table = {
		.usage = "-k FILE... {-C FILE... | --no-verify} -o FILE -a FILE [OPTIONS]",
		.about =
"Make an attestation request that only the given machines can answer.  Runs on\n"
"any machine; it should be a trusted one.  -k, -C, --crl and --add-data can be\n"
"repeated, and take lists separated by commas.",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.shared = hostkey_specs,
		.n_shared = ARRAY_SIZE(hostkey_specs),
		.after =
"The key (--arpk) is needed to verify the response.  Keep it secret: with it,\n"
"responses can be forged.\n\n"
"Exit status: 0 success, 1 error.",
	};
	int status;

	hostkey_option_specs(hostkey_specs, &options.hostkey);
	status = options_run(path, &table, argc, argv, check_and_create,
			     &options);
	hostkey_options_free(&options.hostkey);
	string_list_free(&options.add_data);
	return status;
}
