// SPDX-License-Identifier: MIT
/* Make a TEST SE header for a kernel that lies in storage as it is. */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "array.h"
#include "bytes.h"
#include "file.h"
#include "hostkey.h"
#include "se_digests.h"
#include "se_header.h"

#define KERNEL_MAX	(256u << 20)
#define KERNEL_ADDR	0
#define KERNEL_ENTRY	0x10000
#define KERNEL_TWEAK	40	/* component index in the tweak's upper bits */
#define PSW_MASK_64BIT	0x180000000
#define DEFAULT_PCF	(PV_PCF_PCKMO_DEA_TDEA | PV_PCF_PCKMO_AES | \
			 PV_PCF_PCKMO_ECC)

struct options {
	const char *documents[PV_SE_HEADER_MAX_SLOTS];
	size_t n_documents;
	const char *kernel;
	const char *output;
	const char *header_key_out;
	uint64_t pcf;
	bool force;
};

static const char usage[] =
"usage: make-header -k HOST.crt [-k ...] --kernel FILE -o HEADER [options]\n"
"\n"
"Makes a TEST SE header (version 1) for machines that are a protected guest\n"
"from reset on.  It describes the kernel as one component at address 0 that is\n"
"not encrypted (control flag 35 is always set).  Its keys are random.\n"
"\n"
"In such a machine (ultravisor=guest) nobody checks storage against the\n"
"header: what is measured is the header, not what was loaded.\n"
"\n"
"  -k, --host-key-document FILE  host that can open the header; one slot for\n"
"                                each; not verified\n"
"      --kernel FILE             what the digests are made of\n"
"  -o, --output FILE             the header\n"
"      --pcf HEX                 plaintext control flags, default e0\n"
"      --header-key-out FILE     write the header key too (32 bytes, mode 0600)\n"
"  -f, --force                   overwrite existing files\n"
"  -h, --help                    this text\n"
"\n"
"exit status: 0 done, 1 failed (nothing written), 2 wrong usage\n";

static bool parse_hex(uint64_t *value, const char *text)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 16);
	return !errno && end != text && !*end && !strchr(text, '-');
}

static int usage_error(const char *what)
{
	fprintf(stderr, "make-header: %s, see --help\n", what);
	return 2;
}

enum { OPT_KERNEL = 256, OPT_PCF, OPT_HEADER_KEY_OUT };

static const struct option long_options[] = {
	{ "host-key-document", required_argument, NULL, 'k' },
	{ "kernel", required_argument, NULL, OPT_KERNEL },
	{ "output", required_argument, NULL, 'o' },
	{ "pcf", required_argument, NULL, OPT_PCF },
	{ "header-key-out", required_argument, NULL, OPT_HEADER_KEY_OUT },
	{ "force", no_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

/* Return: 0, or an exit status, or -1 when there is nothing left to do. */
static int take_option(struct options *options, int option)
{
	switch (option) {
	case 'k':
		if (options->n_documents == PV_SE_HEADER_MAX_SLOTS)
			return usage_error("too many host key documents");
		options->documents[options->n_documents++] = optarg;
		return 0;
	case 'o':
		options->output = optarg;
		return 0;
	case 'f':
		options->force = true;
		return 0;
	case OPT_KERNEL:
		options->kernel = optarg;
		return 0;
	case OPT_PCF:
		if (parse_hex(&options->pcf, optarg))
			return 0;
		return usage_error("--pcf takes a number in hex");
	case OPT_HEADER_KEY_OUT:
		options->header_key_out = optarg;
		return 0;
	case 'h':
		fputs(usage, stdout);
		return -1;
	default:
		return 2;
	}
}

static int parse_options(struct options *options, int argc, char **argv)
{
	int option, status;

	while ((option = getopt_long(argc, argv, "k:o:fh", long_options,
				     NULL)) != -1) {
		status = take_option(options, option);
		if (status)
			return status;
	}
	if (optind != argc)
		return usage_error("surplus argument");
	if (!options->n_documents)
		return usage_error("no host key document (-k)");
	if (!options->kernel)
		return usage_error("no --kernel");
	if (!options->output)
		return usage_error("no --output");
	return 0;
}

/* Pages of the kernel, the last one padded with zeros. */
static int add_kernel(struct pv_se_digests *digests,
		      const struct pv_buffer *kernel, struct pv_error *err)
{
	uint8_t random[sizeof(uint64_t)], page[PV_PAGE_SIZE];
	uint64_t prefix = 0;

	if (RAND_bytes(random, sizeof(random)) != 1)
		return pv_fail_openssl(err, PV_ERR_CRYPTO,
				       "No random bytes for the tweak");
	random[0] = 0;
	random[1] = KERNEL_TWEAK;
	for (size_t i = 0; i < sizeof(random); i++)
		prefix = prefix << 8 | random[i];
	for (size_t at = 0; at < kernel->size; at += sizeof(page)) {
		const struct pv_se_place place = {
			KERNEL_ADDR + at, prefix, at,
		};
		size_t n = kernel->size - at;

		memset(page, 0, sizeof(page));
		memcpy(page, kernel->data + at,
		       n < sizeof(page) ? n : sizeof(page));
		if (pv_se_digests_pages(digests, page, 1, &place, err))
			return -1;
	}
	return 0;
}

static int digest_kernel(struct pv_se_header *head, const char *path,
			 struct pv_error *err)
{
	struct pv_se_digests *digests = NULL;
	struct pv_buffer kernel;
	int ret = -1;

	if (pv_file_read(&kernel, path, KERNEL_MAX, err))
		return -1;
	if (!kernel.size)
		pv_fail(err, PV_ERR_FORMAT, "%s: empty, not a kernel", path);
	else
		digests = pv_se_digests_new(err);
	if (digests && !add_kernel(digests, &kernel, err))
		ret = pv_se_digests_final(digests, head, err);
	pv_se_digests_free(digests);
	pv_buffer_free(&kernel);
	return ret;
}

static int fill_secret(struct pv_se_header_secret *secret,
		       struct pv_error *err)
{
	memset(secret, 0, sizeof(*secret));
	if (RAND_priv_bytes(secret->cck, sizeof(secret->cck)) != 1 ||
	    RAND_priv_bytes(secret->xts_key, sizeof(secret->xts_key)) != 1)
		return pv_fail_openssl(err, PV_ERR_CRYPTO, "No random keys");
	secret->psw_mask = pv_put_be64(PSW_MASK_64BIT);
	secret->psw_addr = pv_put_be64(KERNEL_ENTRY);
	return 0;
}

static int write_files(const struct options *options, const uint8_t *header,
		       size_t len, const uint8_t *header_key,
		       struct pv_error *err)
{
	const unsigned int force = options->force ? PV_OUTPUT_FORCE : 0;
	const struct pv_file_spec files[] = {
		{ options->output, header, len, force },
		{ options->header_key_out, header_key, PV_REQUEST_KEY_SIZE,
		  force | PV_OUTPUT_SECRET },
	};

	return pv_files_write(files, ARRAY_SIZE(files), err);
}

static int seal_and_write(const struct options *options, EVP_PKEY **hosts,
			  const struct pv_se_header *head, struct pv_error *err)
{
	uint8_t header_key[PV_REQUEST_KEY_SIZE], *header = NULL;
	struct pv_se_header_secret secret;
	const struct pv_se_seal_params params = {
		.head = head,
		.secret = &secret,
		.hosts = hosts,
		.n_hosts = options->n_documents,
		.header_key = header_key,
	};
	size_t len;
	int ret = -1;

	if (RAND_priv_bytes(header_key, sizeof(header_key)) != 1)
		pv_fail_openssl(err, PV_ERR_CRYPTO, "No random header key");
	else if (!fill_secret(&secret, err) &&
		 !pv_se_header_seal(&header, &len, &params, err))
		ret = write_files(options, header, len, header_key, err);
	free(header);
	OPENSSL_cleanse(header_key, sizeof(header_key));
	OPENSSL_cleanse(&secret, sizeof(secret));
	return ret;
}

static int make_header(const struct options *options, struct pv_error *err)
{
	struct pv_hostkey *keys[PV_SE_HEADER_MAX_SLOTS] = { 0 };
	EVP_PKEY *hosts[PV_SE_HEADER_MAX_SLOTS];
	struct pv_se_header head = { 0 };
	int ret = -1;

	for (size_t i = 0; i < options->n_documents; i++) {
		if (pv_hostkey_load(&keys[i], options->documents[i], err))
			goto out;
		if (pv_hostkey_warnings(keys[i]))
			fprintf(stderr, "make-header: warning: %s\n",
				pv_hostkey_warnings(keys[i]));
		hosts[i] = pv_hostkey_public(keys[i]);
	}
	head.pcf = pv_put_be64(options->pcf | PV_PCF_NO_COMPONENT_ENCRYPTION);
	if (digest_kernel(&head, options->kernel, err))
		goto out;
	ret = seal_and_write(options, hosts, &head, err);
out:
	for (size_t i = 0; i < options->n_documents; i++)
		pv_hostkey_free(keys[i]);
	return ret;
}

int main(int argc, char **argv)
{
	struct options options = { .pcf = DEFAULT_PCF };
	struct pv_error err = { 0 };
	int status = parse_options(&options, argc, argv);

	if (status)
		return status < 0 ? 0 : status;
	if (make_header(&options, &err)) {
		fprintf(stderr, "make-header: %s\n", err.text);
		return 1;
	}
	return 0;
}
