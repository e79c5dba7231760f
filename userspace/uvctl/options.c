// SPDX-License-Identifier: MIT
/* Table-driven options, and the help that is made from the same table. */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "log.h"
#include "options.h"
#include "uvctl.h"

#define MAX_OPTIONS	60
/* getopt values of long options, above every character */
#define FIRST_VALUE	0x100
#define HELP_COLUMN	30

/* Options that every sub-command has. */
struct common {
	bool help;
	unsigned int verbose;
	unsigned int quiet;
};

enum common_value {
	VALUE_HELP = FIRST_VALUE + MAX_OPTIONS,
	VALUE_VERBOSE,
	VALUE_QUIET,
};

void string_list_free(struct string_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free((char *)list->items[i]);
	free(list->items);
	list->items = NULL;
	list->n = 0;
}

static int list_add(struct string_list *list, const char *text, size_t len)
{
	const char **items = realloc(list->items,
				     (list->n + 1) * sizeof(*items));

	if (!items)
		return -1;
	list->items = items;
	items[list->n] = strndup(text, len);
	if (!items[list->n])
		return -1;
	list->n++;
	return 0;
}

static int list_add_split(struct string_list *list, const char *text)
{
	size_t len;

	for (;; text += len + 1) {
		len = strcspn(text, ",");
		if (len > 0 && list_add(list, text, len) < 0)
			return -1;
		if (text[len] == '\0')
			return 0;
	}
}

int options_complain(const char *path, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	log_error("%s\nTry '%s --help'.", text, path);
	return UVCTL_ERROR;
}

static size_t count_specs(const struct option_table *table)
{
	return table->n_specs + table->n_shared;
}

static const struct option_spec *spec_at(const struct option_table *table,
					 size_t i)
{
	return i < table->n_specs ? &table->specs[i] :
	       &table->shared[i - table->n_specs];
}

static void show_option(const struct option_spec *spec)
{
	static const char *const before[] = {
		[OPTION_FLAG] = "", [OPTION_STRING] = " ",
		[OPTION_LIST] = " ", [OPTION_OPTIONAL] = "[=",
	};
	char left[80];
	int len;

	len = snprintf(left, sizeof(left), "  %c%c%c --%s%s%s%s",
		       spec->letter ? '-' : ' ',
		       spec->letter ? spec->letter : ' ',
		       spec->letter ? ',' : ' ', spec->name,
		       before[spec->kind], spec->value ? spec->value : "",
		       spec->kind == OPTION_OPTIONAL ? "]" : "");
	if (len >= HELP_COLUMN)
		printf("%s\n%*s%s\n", left, HELP_COLUMN, "", spec->help);
	else
		printf("%-*s%s\n", HELP_COLUMN, left, spec->help);
}

static void show_help(const char *path, const struct option_table *table)
{
	static const struct option_spec common[] = {
		{ .name = "verbose", .letter = 'v',
		  .help = "say more (can be repeated)" },
		{ .name = "quiet", .letter = 'q',
		  .help = "say less (can be repeated)" },
		{ .name = "help", .letter = 'h', .help = "show this" },
	};

	printf("Usage: %s %s\n\n%s\n\nOptions:\n", path, table->usage,
	       table->about);
	for (size_t i = 0; i < count_specs(table); i++)
		if (spec_at(table, i)->help)
			show_option(spec_at(table, i));
	for (size_t i = 0; i < ARRAY_SIZE(common); i++)
		show_option(&common[i]);
	if (table->after)
		printf("\n%s\n", table->after);
}

/* Both forms that getopt_long() wants, from our table. */
static void build_tables(const struct option_table *table, char *letters,
			 struct option *longs)
{
	static const int has_arg[] = {
		[OPTION_FLAG] = no_argument,
		[OPTION_STRING] = required_argument,
		[OPTION_LIST] = required_argument,
		[OPTION_OPTIONAL] = optional_argument,
	};
	size_t n = 0;

	*letters++ = ':';
	for (; n < count_specs(table); n++) {
		const struct option_spec *spec = spec_at(table, n);

		longs[n] = (struct option){ .name = spec->name,
			.has_arg = has_arg[spec->kind],
			.val = FIRST_VALUE + (int)n };
		if (!spec->letter)
			continue;
		*letters++ = spec->letter;
		if (has_arg[spec->kind] == required_argument)
			*letters++ = ':';
	}
	longs[n++] = (struct option){ .name = "help", .val = VALUE_HELP };
	longs[n++] = (struct option){ .name = "verbose", .val = VALUE_VERBOSE };
	longs[n++] = (struct option){ .name = "quiet", .val = VALUE_QUIET };
	longs[n] = (struct option){ 0 };
	memcpy(letters, "hvVq", sizeof("hvVq"));
}

static const struct option_spec *find_spec(const struct option_table *table,
					   int value)
{
	size_t n = count_specs(table);

	if (value >= FIRST_VALUE && value < FIRST_VALUE + (int)n)
		return spec_at(table, (size_t)(value - FIRST_VALUE));
	for (size_t i = 0; i < n; i++)
		if (value != 0 && spec_at(table, i)->letter == value)
			return spec_at(table, i);
	return NULL;
}

static bool store(const char *path, const struct option_spec *spec,
		  const char *value)
{
	struct optional_value *optional = spec->target;
	const char **string = spec->target;

	switch (spec->kind) {
	case OPTION_FLAG:
		*(bool *)spec->target = true;
		return true;
	case OPTION_LIST:
		if (list_add_split(spec->target, value) == 0)
			return true;
		log_error("No memory");
		return false;
	case OPTION_OPTIONAL:
		optional->given = true;
		string = &optional->value;
		break;
	case OPTION_STRING:
		break;
	}
	if (*string && value) {
		options_complain(path, "--%s can be given once only",
				 spec->name);
		return false;
	}
	if (value)
		*string = value;
	return true;
}

static bool store_common(struct common *common, int value)
{
	switch (value) {
	case 'h':
	case VALUE_HELP:
		common->help = true;
		return true;
	case 'v':
	case 'V':
	case VALUE_VERBOSE:
		common->verbose++;
		return true;
	case 'q':
	case VALUE_QUIET:
		common->quiet++;
		return true;
	}
	return false;
}

static bool take_option(const char *path, const struct option_table *table,
			struct common *common, int value, char **argv)
{
	const struct option_spec *spec = find_spec(table, value);

	if (spec)
		return store(path, spec, optarg);
	if (store_common(common, value))
		return true;
	if (value == ':')
		options_complain(path, "%s needs a value", argv[optind - 1]);
	else if (optopt >= FIRST_VALUE)
		options_complain(path, "%s: this option takes no value",
				 argv[optind - 1]);
	else if (optopt > 0)
		options_complain(path, "Unknown option -%c", optopt);
	else
		options_complain(path, "Unknown or ambiguous option %s",
				 argv[optind - 1]);
	return false;
}

static bool take_positional(const char *path, const struct option_table *table,
			    int argc, char **argv)
{
	for (int i = optind; i < argc; i++) {
		if (!table->positional) {
			options_complain(path, "Unexpected argument %s",
					 argv[i]);
			return false;
		}
		if (list_add(table->positional, argv[i], strlen(argv[i])) < 0) {
			log_error("No memory");
			return false;
		}
	}
	return true;
}

static bool parse(const char *path, const struct option_table *table,
		  struct common *common, int argc, char **argv)
{
	struct option longs[MAX_OPTIONS + 4];
	char letters[2 * MAX_OPTIONS + 8];
	int value;

	if (count_specs(table) > MAX_OPTIONS)
		abort();
	build_tables(table, letters, longs);
	optind = 0;
	opterr = 0;
	while ((value = getopt_long(argc, argv, letters, longs, NULL)) != -1)
		if (!take_option(path, table, common, value, argv))
			return false;
	if (common->help)
		return true;
	if (common->verbose && common->quiet) {
		options_complain(path, "--verbose and --quiet exclude each other");
		return false;
	}
	return take_positional(path, table, argc, argv);
}

int options_run(const char *path, const struct option_table *table, int argc,
		char **argv, int (*run)(const char *path, void *options),
		void *options)
{
	struct common common = { 0 };

	if (!parse(path, table, &common, argc, argv))
		return UVCTL_ERROR;
	if (common.help) {
		show_help(path, table);
		return UVCTL_OK;
	}
	log_set_level((int)common.verbose - (int)common.quiet);
	return run(path, options);
}

bool options_words(const char *path, const struct string_list *positional,
		   const char **const targets[], size_t n)
{
	size_t used = 0;

	for (size_t i = 0; i < n && used < positional->n; i++)
		if (!*targets[i])
			*targets[i] = positional->items[used++];
	if (used == positional->n)
		return true;
	options_complain(path, "Unexpected argument %s",
			 positional->items[used]);
	return false;
}

bool options_in_out(const char *path, const struct string_list *positional,
		    const char **in, const char **out)
{
	const char **const targets[] = { in, out };

	if (!options_words(path, positional, targets, ARRAY_SIZE(targets)))
		return false;
	if (*in && *out)
		return true;
	options_complain(path, "An input and an output file are needed");
	return false;
}
