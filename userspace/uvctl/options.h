/* SPDX-License-Identifier: MIT */
/* Table-driven options, and the help that is made from the same table. */
#ifndef UVCTL_OPTIONS_H
#define UVCTL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct string_list - strings, in the order given
 * @items: @n of them, not followed by NULL
 * @n: their number
 */
struct string_list {
	const char **items;
	size_t n;
};

/** string_list_free() - the list and its strings */
void string_list_free(struct string_list *list);

enum option_kind {
	OPTION_FLAG,		/* target: bool */
	OPTION_STRING,		/* target: const char *, may be given once */
	OPTION_LIST,		/* target: struct string_list, also a,b,c */
	OPTION_OPTIONAL,	/* target: struct optional_value, --name or --name=value */
};

/**
 * struct optional_value - an option that may come with a value
 * @given: it is there
 * @value: what follows the equals sign, or NULL
 */
struct optional_value {
	bool given;
	const char *value;
};

/**
 * struct option_spec - an option of a sub-command
 * @name: long name
 * @letter: short name, or 0
 * @kind: what the target is
 * @target: where the value goes
 * @value: name of the value in the help; NULL for flags
 * @help: sentence for the help; NULL hides the option (other spellings)
 */
struct option_spec {
	const char *name;
	char letter;
	enum option_kind kind;
	void *target;
	const char *value;
	const char *help;
};

/**
 * struct option_table - the command line of a sub-command
 * @usage: what follows the command's words
 * @about: paragraph for the help
 * @specs: @n_specs options
 * @shared: @n_shared more, those of a topic that several commands have
 * @positional: takes words that are no options; NULL if none are allowed
 * @after: paragraph at the end of the help, or NULL
 */
struct option_table {
	const char *usage;
	const char *about;
	const struct option_spec *specs;
	size_t n_specs;
	const struct option_spec *shared;
	size_t n_shared;
	struct string_list *positional;
	const char *after;
};

/**
 * options_run() - read a command line, and do what it says
 * @path: the words of the command, for messages
 * @table: what is possible; targets must be zeroed
 * @run: called when the command line is right, unless it asks for help;
 *	returns an exit status
 * @options: for @run
 *
 * Handles --help, --verbose and --quiet by itself.
 *
 * Return: exit status.
 */
int options_run(const char *path, const struct option_table *table, int argc,
		char **argv, int (*run)(const char *path, void *options),
		void *options);

/**
 * options_words() - arguments that can be given as words or as options
 * @path: for messages
 * @positional: words given
 * @targets: @n values of options; those that are NULL take the words in turn
 *
 * Return: true, or false after a message if there are too many words.
 */
bool options_words(const char *path, const struct string_list *positional,
		   const char **const targets[], size_t n);

/**
 * options_in_out() - input and output, as two words or as two options
 * @path: for messages
 * @positional: words given
 * @in: value of --input, or NULL; replaced by the first word
 * @out: value of --output, or NULL; replaced by the next word
 *
 * Return: true if both are known now, false after a message.
 */
bool options_in_out(const char *path, const struct string_list *positional,
		    const char **in, const char **out);

/** options_complain() - a usage error; Return: UVCTL_ERROR */
int options_complain(const char *path, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* UVCTL_OPTIONS_H */
