// SPDX-License-Identifier: MIT
/* uvctl image test */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "encode.h"
#include "hostkey_options.h"
#include "image_header.h"
#include "log.h"
#include "uvctl.h"

#define KEY_HASHES	"/sys/firmware/uv/keys/all"
#define N_HASHES	15
#define HASH_SIZE	PV_PHKH_SIZE
#define DIGITS		(2 * HASH_SIZE)

struct test_options {
	struct string_list inputs;
	struct string_list documents;
	struct optional_value hashes;
};

static bool has_slot(const struct pv_se_view *view, const uint8_t *phkh)
{
	for (size_t i = 0; i < view->n_slots; i++)
		if (memcmp(pv_se_slot_phkh(view, i), phkh, HASH_SIZE) == 0)
			return true;
	return false;
}

/* Return: 1 if there is a slot, to be counted, or 0. */
static size_t show(const struct pv_se_view *view, const uint8_t *phkh,
		   const char *name)
{
	bool found = has_slot(view, phkh);

	put_hex(stdout, phkh, HASH_SIZE);
	printf("  %-5s  %s\n", found ? "match" : "none", name);
	return found;
}

static int try_documents(size_t *matches, const struct pv_se_view *view,
			 const struct string_list *documents,
			 struct pv_error *err)
{
	struct hostkey_set set = { 0 };
	uint8_t phkh[HASH_SIZE];
	int ret;

	ret = hostkey_set_load(&set, documents, err);
	for (size_t i = 0; ret == 0 && i < set.n; i++) {
		pv_hostkey_hash(set.keys[i], phkh);
		*matches += show(view, phkh, pv_hostkey_path(set.keys[i]));
	}
	hostkey_set_free(&set);
	return ret;
}

/* Moves @line behind the line, the last of which may lack its newline. */
static bool parse_line(uint8_t *hash, const char **line, const char *end)
{
	const char *text = *line;

	if (end - text < DIGITS || (end - text > DIGITS && text[DIGITS] != '\n'))
		return false;
	for (size_t i = 0; i < HASH_SIZE; i++) {
		char digits[3] = { text[2 * i], text[2 * i + 1], '\0' };

		if (!isxdigit((unsigned char)digits[0]) ||
		    !isxdigit((unsigned char)digits[1]))
			return false;
		hash[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
	*line += DIGITS + (end - text > DIGITS);
	return true;
}

/* An empty place holds zeros, which are no hash. */
static bool is_empty(const uint8_t *hash)
{
	static const uint8_t zeros[HASH_SIZE];

	return memcmp(hash, zeros, HASH_SIZE) == 0;
}

static const char *place_name(char *text, size_t size, size_t i)
{
	if (i == 0)
		return "host key";
	if (i == 1)
		return "backup host key";
	snprintf(text, size, "key %zu", i + 1);
	return text;
}

static int parse_hashes(uint8_t hashes[N_HASHES][HASH_SIZE],
			const struct pv_buffer *file, const char *path,
			struct pv_error *err)
{
	const char *line = (const char *)file->data;
	const char *end = line + file->size;

	for (size_t i = 0; i < N_HASHES; i++)
		if (!parse_line(hashes[i], &line, end))
			return pv_fail(err, PV_ERR_FORMAT,
				       "%s: line %zu is not a hash of 64 hexadecimal digits (%d such lines are needed)",
				       path, i + 1, N_HASHES);
	if (line != end)
		return pv_fail(err, PV_ERR_FORMAT,
			       "%s: more than %d lines (this is no list of host key hashes)",
			       path, N_HASHES);
	return 0;
}

static int read_hashes(struct pv_buffer *file, const char *path,
		       struct pv_error *err)
{
	if (pv_file_read(file, path, (size_t)1 << 16, err) == 0)
		return 0;
	if (strcmp(path, KEY_HASHES) == 0 && access(path, F_OK) < 0)
		pv_error_prefix(err, "This system does not tell its host keys "
				"(use --key-hashes=FILE with those of a host "
				"for protected guests)");
	return -1;
}

static int try_hashes(size_t *matches, const struct pv_se_view *view,
		      const char *path, struct pv_error *err)
{
	uint8_t hashes[N_HASHES][HASH_SIZE];
	struct pv_buffer file = { 0 };
	char name[32];
	int ret;

	ret = read_hashes(&file, path, err);
	if (ret == 0)
		ret = parse_hashes(hashes, &file, path, err);
	for (size_t i = 0; ret == 0 && i < N_HASHES; i++)
		if (!is_empty(hashes[i]))
			*matches += show(view, hashes[i],
					 place_name(name, sizeof(name), i));
	pv_buffer_free(&file);
	return ret;
}

static int report(const char *input, size_t matches)
{
	if (matches > 0) {
		log_result("%s has a key slot for %s", input,
			   matches == 1 ? "one of them" :
					  "more than one of them");
		return UVCTL_OK;
	}
	log_result("%s has no key slot for any of them: it cannot start there",
		   input);
	return UVCTL_ERROR;
}

static int test(const struct test_options *options)
{
	const char *input = options->inputs.items[0];
	const char *hashes = options->hashes.value;
	struct image_header header = { 0 };
	struct pv_error err = { 0 };
	size_t matches = 0;
	int ret;

	ret = image_header_read(&header, input, &err);
	if (ret == 0)
		ret = options->hashes.given ?
		      try_hashes(&matches, &header.view,
				 hashes ? hashes : KEY_HASHES, &err) :
		      try_documents(&matches, &header.view, &options->documents,
				    &err);
	image_header_free(&header);
	return ret < 0 ? log_failure(&err) : report(input, matches);
}

static int check_and_test(const char *path, void *target)
{
	const struct test_options *options = target;

	if (options->inputs.n != 1)
		return options_complain(path, "One image, header or disk is needed");
	if (options->hashes.given && options->documents.n > 0)
		return options_complain(path, "-k and --key-hashes exclude each other");
	if (!options->hashes.given && options->documents.n == 0)
		return options_complain(path, "A host key document (-k) or --key-hashes is needed");
	return test(options);
}

int uvctl_image_test(const char *path, int argc, char **argv)
{
	struct test_options options = { 0 };
	const struct option_spec specs[] = {
		{ "host-key-document", 'k', OPTION_LIST, &options.documents,
		  "FILE", "host key document of a machine, not verified" },
		{ "key-hashes", 0, OPTION_OPTIONAL, &options.hashes, "FILE",
		  "host key hashes of a machine, default:\n"
		  "                              " KEY_HASHES },
	};
	const struct option_table table = {
		.usage = "{-k FILE... | --key-hashes[=FILE]} IMAGE",
		.about =
"Tell which machines can start an image: those whose host key has a key slot in\n"
"the image's header.",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.positional = &options.inputs,
		.after = "Exit status: 0 at least one can, 1 none can, or an error.",
	};
	int status;

	status = options_run(path, &table, argc, argv, check_and_test,
			     &options);
	string_list_free(&options.inputs);
	string_list_free(&options.documents);
	return status;
}
