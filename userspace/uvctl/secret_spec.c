// SPDX-License-Identifier: MIT
/* From the options of "uvctl secret create" to a request. */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "boot_tags.h"
#include "config_uid.h"
#include "key_file.h"
#include "secret_spec.h"

/* Policy reference: hash of a file, then its path. */
#define POLICY_HASH_SIZE	32
#define POLICY_PATH_MAX		(PV_ASRCB_USER_DATA_SIZE - POLICY_HASH_SIZE)
#define POLICY_FILE_MAX		(16u << 20)

static int load_hosts(struct secret_request *request,
		      const struct hostkey_options *options,
		      struct pv_error *err)
{
	struct pv_asrcb_spec *spec = &request->spec;
	struct hostkey_set *set = &request->hosts;

	if (hostkey_set_load(set, &options->documents, err) < 0 ||
	    hostkey_set_verify(set, options, err) < 0)
		return -1;
	spec->hosts = calloc(set->n, sizeof(*spec->hosts));
	if (!spec->hosts)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for host keys");
	for (size_t i = 0; i < set->n; i++)
		spec->hosts[i] = pv_hostkey_public(set->keys[i]);
	spec->n_hosts = set->n;
	return 0;
}

/* Which guest: the image it was started from, and maybe the very instance. */
static int name_guest(struct pv_asrcb_spec *spec,
		      const struct secret_options *options,
		      struct pv_error *err)
{
	if (pv_boot_tags_read(&spec->boot_tags, options->header, err) < 0)
		return -1;
	if (options->cuid)
		return config_uid_read(spec->config_uid, options->cuid, err);
	if (options->cuid_hex)
		return config_uid_parse(spec->config_uid, options->cuid_hex,
					err);
	return 0;
}

static int find_extension(struct pv_asrcb_spec *spec,
			  const struct secret_options *options,
			  struct pv_error *err)
{
	uint8_t cck[PV_CCK_SIZE];
	int ret;

	if (options->extension)
		return pv_file_read_exactly(spec->extension, options->extension,
					    PV_EXTENSION_SECRET_SIZE,
					    "extension secret", err);
	if (!options->cck)
		return 0;
	if (pv_file_read_exactly(cck, options->cck, sizeof(cck),
				 "customer communication key", err) < 0)
		return -1;
	ret = pv_extension_secret_derive(spec->extension, cck,
					 spec->boot_tags.tag, err);
	OPENSSL_cleanse(cck, sizeof(cck));
	return ret;
}

static int refer_to_policy(struct secret_request *request, const char *path,
			   struct pv_error *err)
{
	struct pv_buffer file;
	int good;

	if (strlen(path) > POLICY_PATH_MAX)
		return pv_fail(err, PV_ERR_LIMIT,
			       "The path of the policy is too long: %d bytes fit into a request",
			       POLICY_PATH_MAX);
	if (pv_file_read(&file, path, POLICY_FILE_MAX, err) < 0)
		return -1;
	good = EVP_Digest(file.data, file.size, request->policy_hash, NULL,
			  EVP_sha256(), NULL);
	pv_buffer_free(&file);
	if (good != 1)
		return pv_fail_openssl(err, PV_ERR_CRYPTO, "Cannot hash %s",
				       path);
	if (pv_buffer_alloc(&request->user_data, PV_ASRCB_USER_DATA_SIZE,
			    err) < 0)
		return -1;
	memcpy(request->user_data.data, request->policy_hash,
	       POLICY_HASH_SIZE);
	memcpy(request->user_data.data + POLICY_HASH_SIZE, path, strlen(path));
	return 0;
}

static int find_user_data(struct secret_request *request,
			  const struct secret_options *options,
			  struct pv_error *err)
{
	struct pv_asrcb_spec *spec = &request->spec;
	int ret = 0;

	if (options->policy)
		ret = refer_to_policy(request, options->policy, err);
	else if (options->user_data)
		ret = pv_file_read(&request->user_data, options->user_data,
				   PV_ASRCB_USER_DATA_SIZE, err);
	if (ret < 0)
		return -1;
	/* An empty file is empty user data, which is not none. */
	if (options->policy || options->user_data)
		spec->user_data = request->user_data.size ?
				  request->user_data.data :
				  (const uint8_t *)"";
	spec->user_data_size = request->user_data.size;
	if (!options->sign_key)
		return 0;
	spec->sign_key = key_file_private(options->sign_key, err);
	return spec->sign_key ? 0 : -1;
}

static int find_secret(struct secret_request *request,
		       const struct secret_options *options,
		       struct pv_error *err)
{
	struct pv_asrcb_spec *spec = &request->spec;

	if (secret_value_read(&request->secret, &spec->type, options, err) < 0)
		return -1;
	spec->secret = request->secret.data;
	spec->secret_size = request->secret.size;
	request->identity.type = spec->type;
	if (!options->name)
		return 0;
	if (secret_identity_set(&request->identity, options->name,
				options->use_name, err) < 0)
		return -1;
	memcpy(spec->id, request->identity.id, sizeof(spec->id));
	return 0;
}

int secret_request_prepare(struct secret_request *request,
			   const struct secret_options *options,
			   struct pv_error *err)
{
	struct pv_asrcb_spec *spec = &request->spec;

	spec->flags = options->flags;
	if (load_hosts(request, &options->hostkey, err) < 0 ||
	    name_guest(spec, options, err) < 0 ||
	    find_extension(spec, options, err) < 0 ||
	    find_user_data(request, options, err) < 0 ||
	    find_secret(request, options, err) < 0)
		return -1;
	return pv_asrcb_spec_randomize(spec, err);
}

void secret_request_free(struct secret_request *request)
{
	EVP_PKEY_free(request->spec.sign_key);
	free(request->spec.hosts);
	pv_asrcb_spec_wipe(&request->spec);
	hostkey_set_free(&request->hosts);
	pv_buffer_free(&request->secret);
	pv_buffer_free(&request->user_data);
}
