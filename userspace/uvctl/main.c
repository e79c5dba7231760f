// SPDX-License-Identifier: MIT
/* uvctl: make and attest IBM Secure Execution guests, look at what is there. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "options.h"
#include "uvctl.h"

static const struct uvctl_command attest_commands[] = {
	{ "create", "make an attestation request", uvctl_attest_create, NULL },
	{ "perform", "let the Ultravisor measure this guest",
	  uvctl_attest_perform, NULL },
	{ "verify", "check the measurement in a response",
	  uvctl_attest_verify, NULL },
	{ "check", "hold a verified response against a policy",
	  uvctl_attest_check, NULL },
	{ 0 },
};

static const struct uvctl_command dump_commands[] = {
	{ "info", "show what a dump holds", uvctl_dump_info, NULL },
	{ "decrypt", "make an ELF core out of a dump", uvctl_dump_decrypt,
	  NULL },
	{ 0 },
};

static const struct uvctl_command hostkey_commands[] = {
	{ "verify", "check host key documents against their chain",
	  uvctl_hostkey_verify, NULL },
	{ 0 },
};

static const struct uvctl_command image_commands[] = {
	{ "create", "make an SE image", uvctl_image_create, NULL },
	{ "info", "show the SE header of an image", uvctl_image_info, NULL },
	{ "test", "which machines can start an image", uvctl_image_test, NULL },
	{ "extract-header", "copy the SE header out of an image or a disk",
	  uvctl_image_extract, NULL },
	{ 0 },
};

static const struct uvctl_command secret_commands[] = {
	{ "create", "make a request that adds a secret to a guest",
	  uvctl_secret_create, NULL },
	{ "add", "let the Ultravisor add a secret to this guest",
	  uvctl_secret_add, NULL },
	{ "list", "show which secrets this guest has", uvctl_secret_list,
	  NULL },
	{ "lock", "let no more secrets be added", uvctl_secret_lock, NULL },
	{ "retrieve", "get a secret of this guest, also into a keyring",
	  uvctl_secret_retrieve, NULL },
	{ "retr", "the same", uvctl_secret_retrieve, NULL },
	{ "verify", "check the user data of a request and their signature",
	  uvctl_secret_verify, NULL },
	{ 0 },
};

static const struct uvctl_command commands[] = {
	{ "attest", "attest a protected guest", NULL, attest_commands },
	{ "dump", "read dumps of protected guests", NULL, dump_commands },
	{ "hostkey", "look after host key documents", NULL, hostkey_commands },
	{ "image", "make and examine SE images", NULL, image_commands },
	{ "secret", "give secrets to a protected guest", NULL,
	  secret_commands },
	{ "info", "is this system protected, and what does it offer",
	  uvctl_info, NULL },
	{ 0 },
};

static void show_level(const char *path, const struct uvctl_command *level)
{
	printf("Usage: %s COMMAND [OPTIONS]\n\nCommands:\n", path);
	for (; level->name; level++)
		printf("  %-14s %s\n", level->name, level->summary);
	printf("\n'%s COMMAND --help' tells more about each.\n", path);
}

/* Standard output may be a full disk, and what it said must have arrived. */
static int finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	log_error("Cannot write to standard output");
	return UVCTL_ERROR;
}

static bool is_common_option(const char *word)
{
	if (strcmp(word, "--verbose") == 0 || strcmp(word, "--quiet") == 0)
		return true;
	return word[0] == '-' && word[1] &&
	       word[1 + strspn(word + 1, "vVq")] == '\0';
}

/* What every command takes may stand before its name, too: swap both. */
static void move_common_options(int argc, char **argv)
{
	int n = 1;
	char *name;

	while (n < argc && is_common_option(argv[n]))
		n++;
	if (n == argc)
		return;
	name = argv[n];
	for (; n > 1; n--)
		argv[n] = argv[n - 1];
	argv[1] = name;
}

static int run_level(const char *path, const struct uvctl_command *level,
		     int argc, char **argv)
{
	char below[128];

	move_common_options(argc, argv);
	if (argc < 2)
		return options_complain(path, "A command is needed");
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		show_level(path, level);
		return finish(UVCTL_OK);
	}
	for (; level->name; level++) {
		if (strcmp(argv[1], level->name) != 0)
			continue;
		snprintf(below, sizeof(below), "%s %s", path, level->name);
		if (level->children)
			return run_level(below, level->children, argc - 1,
					 argv + 1);
		return finish(level->run(below, argc - 1, argv + 1));
	}
	return options_complain(path, "Unknown command %s", argv[1]);
}

int main(int argc, char **argv)
{
	/* A reader that goes away is an error to report, not to die from. */
	signal(SIGPIPE, SIG_IGN);
	/* So is a file that gets larger than the user permits. */
	signal(SIGXFSZ, SIG_IGN);
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		puts("uvctl version " UVCTL_VERSION);
		return finish(UVCTL_OK);
	}
	return run_level("uvctl", commands, argc, argv);
}
