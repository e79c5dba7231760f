// SPDX-License-Identifier: MIT
/* uvctl dump decrypt */
#include <inttypes.h>

#include "array.h"
#include "bytes.h"
#include "dump_decrypt.h"
#include "dump_input.h"
#include "interrupt.h"
#include "log.h"
#include "options.h"
#include "paths.h"
#include "progress.h"
#include "uvctl.h"

struct decrypt_options {
	struct string_list words;
	const char *input;
	const char *output;
	const char *cck;
	bool force;
};

static void warn(const struct pv_dump *dump)
{
	for (size_t i = 0; i < dump->n_cpus; i++)
		if (pv_get_be16(dump->registers[i].flags) &
		    PV_DUMP_CPU_PENDING)
			log_warning("CPU %zu was within an instruction that the host completes: its registers may hold partial results.",
				    i);
}

static int write_core(struct pv_output *output, const struct pv_dump *dump,
		      int cancel_fd, struct pv_error *err)
{
	struct pv_dump_decrypt_spec spec = { .cancel_fd = cancel_fd };
	struct progress progress = { 0 };
	int ret;

	if (progress_wanted()) {
		spec.progress = progress_show;
		spec.progress_ctx = &progress;
	}
	ret = pv_dump_decrypt(output, dump, &spec, err);
	progress_end(&progress);
	return ret;
}

static int write_file(const struct pv_dump *dump,
		      const struct decrypt_options *options,
		      struct pv_error *err)
{
	const unsigned int flags = PV_OUTPUT_SECRET |
				   (options->force ? PV_OUTPUT_FORCE : 0);
	const int cancel_fd = interrupt_hold();
	struct pv_output *output = pv_output_open(options->output, flags, err);
	int ret = -1;

	if (output)
		ret = write_core(output, dump, cancel_fd, err);
	if (ret == 0 && interrupt_received())
		ret = pv_fail(err, PV_ERR_IO, "Interrupted");
	if (ret == 0)
		ret = pv_output_commit(output, err);
	pv_output_close(output, ret == 0);
	return ret;
}

static int decrypt(struct pv_dump *dump, const struct decrypt_options *options)
{
	struct pv_error err = { 0 };

	if (dump_input_open(dump, options->input, options->cck, &err) < 0)
		return dump_input_explain(&err);
	warn(dump);
	if (write_file(dump, options, &err) < 0)
		return interrupt_received() ? UVCTL_ERROR : log_failure(&err);
	log_result("Successfully decrypted %s into %s: %zu CPU%s, %" PRIu64 " MiB",
		   options->input, options->output, dump->n_cpus,
		   dump->n_cpus == 1 ? "" : "s", dump->memory.size >> 20);
	return UVCTL_OK;
}

static int check_and_decrypt(const char *path, void *target)
{
	struct decrypt_options *options = target;
	struct pv_dump dump;
	int status;

	if (!options_in_out(path, &options->words, &options->input,
			    &options->output))
		return UVCTL_ERROR;
	if (!options->cck)
		return options_complain(path, "The customer communication key is needed (--cck)");
	if (pv_paths_same(options->input, options->output) ||
	    pv_paths_same(options->cck, options->output))
		return options_complain(path, "%s is read, it cannot be the output, too",
					options->output);
	status = decrypt(&dump, options);
	pv_dump_close(&dump);
	interrupt_release();
	return status;
}

int uvctl_dump_decrypt(const char *path, int argc, char **argv)
{
	struct decrypt_options options = { 0 };
	const struct option_spec specs[] = {
		{ "cck", 'k', OPTION_STRING, &options.cck, "FILE",
		  "customer communication key of the image, 32 bytes" },
		{ "key", 0, OPTION_STRING, &options.cck, "FILE", NULL },
		{ "comm-key", 0, OPTION_STRING, &options.cck, "FILE", NULL },
		{ "input", 'i', OPTION_STRING, &options.input, "FILE",
		  "dump, as the host wrote it" },
		{ "output", 'o', OPTION_STRING, &options.output, "FILE",
		  "write an ELF core there" },
		{ "force", 0, OPTION_FLAG, &options.force, NULL,
		  "replace an existing output file" },
	};
	const struct option_table table = {
		.usage = "-k FILE [--force] {-i FILE -o FILE | FILE FILE}",
		.about =
"Decrypt the dump of a protected guest.  The result is an ELF core, which crash\n"
"and gdb open.  Runs on any machine; it should be a trusted one.",
		.specs = specs,
		.n_specs = ARRAY_SIZE(specs),
		.positional = &options.words,
		.after =
"Keys and registers are authenticated, memory is not: a host that alters or\n"
"exchanges pages is not found out.\n\n"
"Exit status: 0 success, 1 error, 2 another CCK, or the dump was altered.",
	};
	int status;

	status = options_run(path, &table, argc, argv, check_and_decrypt,
			     &options);
	string_list_free(&options.words);
	return status;
}
