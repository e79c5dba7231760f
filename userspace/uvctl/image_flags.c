// SPDX-License-Identifier: MIT
/* Control flags of SE images: the options that set them, and their names. */
#include <stdlib.h>
#include <string.h>

#include "image_flags.h"
#include "se_image.h"

#define PCF_PCKMO	(PV_PCF_PCKMO_DEA_TDEA | PV_PCF_PCKMO_AES | \
			 PV_PCF_PCKMO_ECC)

/*
 * enable, disable: names of the options
 * pcf, scf: bits that are set if the feature is on; cleared: if it is off
 */
static const struct {
	const char *enable;
	const char *enable_help;
	const char *disable;
	const char *disable_help;
	uint64_t pcf;
	uint64_t scf;
	uint64_t cleared;
} features[IMAGE_N_FEATURES] = {
	[IMAGE_DUMP] = {
		"enable-dump", "let the host take dumps, encrypted with the CCK",
		"disable-dump", "no dumps (default)",
		.pcf = PV_PCF_ALLOW_DUMPING },
	[IMAGE_CCK_EXTENSION] = {
		"enable-cck-extension-secret",
		"add-secret requests must prove to know the CCK",
		"disable-cck-extension-secret", "they need not (default)",
		.scf = PV_SCF_CCK_EXTENSION_SECRET },
	[IMAGE_CCK_UPDATE] = {
		"enable-cck-update", "the guest may replace the CCK",
		"disable-cck-update", "it may not (default)",
		.scf = PV_SCF_CCK_UPDATE },
	[IMAGE_PCKMO] = {
		"enable-pckmo",
		"protected keys for DEA, TDEA, AES and ECC (default)",
		"disable-pckmo", "none of these", .pcf = PCF_PCKMO },
	[IMAGE_PCKMO_HMAC] = {
		"enable-pckmo-hmac", "protected keys for HMAC",
		"disable-pckmo-hmac", "none of these (default)",
		.pcf = PV_PCF_PCKMO_HMAC },
	[IMAGE_BACKUP_KEYS] = {
		"enable-backup-keys",
		"a backup host key may open the image, too",
		"disable-backup-keys", "it may not (default)",
		.pcf = PV_PCF_BACKUP_TARGET_KEYS },
	[IMAGE_ENCRYPTION] = {
		"enable-image-encryption",
		"encrypt kernel, ramdisk and command line (default)",
		"disable-image-encryption",
		"only protect them from being altered",
		.cleared = PV_PCF_NO_COMPONENT_ENCRYPTION },
};

const struct image_flag_name image_pcf_names[] = {
	{ PV_PCF_ALLOW_DUMPING, "dumps may be taken" },
	{ PV_PCF_NO_COMPONENT_ENCRYPTION, "components are not encrypted" },
	{ PV_PCF_PCKMO_DEA_TDEA, "PCKMO for DEA and TDEA keys" },
	{ PV_PCF_PCKMO_AES, "PCKMO for AES keys" },
	{ PV_PCF_PCKMO_ECC, "PCKMO for ECC keys" },
	{ PV_PCF_PCKMO_HMAC, "PCKMO for HMAC keys" },
	{ PV_PCF_BACKUP_TARGET_KEYS, "backup host keys may open the image" },
	{ 0 },
};

const struct image_flag_name image_scf_names[] = {
	{ PV_SCF_CCK_EXTENSION_SECRET, "add-secret requests need the CCK" },
	{ PV_SCF_CCK_UPDATE, "the CCK may be replaced" },
	{ 0 },
};

void image_flag_option_specs(struct option_spec *specs,
			     struct image_flag_options *options)
{
	for (size_t i = 0; i < IMAGE_N_FEATURES; i++) {
		*specs++ = (struct option_spec){ features[i].enable, 0,
			OPTION_FLAG, &options->enable[i], NULL,
			features[i].enable_help };
		*specs++ = (struct option_spec){ features[i].disable, 0,
			OPTION_FLAG, &options->disable[i], NULL,
			features[i].disable_help };
	}
	*specs++ = (struct option_spec){ "x-pcf", 0, OPTION_STRING,
		&options->pcf, "HEX", NULL };
	*specs++ = (struct option_spec){ "x-scf", 0, OPTION_STRING,
		&options->scf, "HEX", NULL };
}

bool image_parse_hex(const char *path, const char *option, const char *text,
		     uint64_t *value)
{
	const char *digits = text;
	size_t len;

	if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X'))
		digits += 2;
	len = strlen(digits);
	if (len >= 1 && len <= 16 &&
	    strspn(digits, "0123456789abcdefABCDEF") == len) {
		*value = strtoull(digits, NULL, 16);
		return true;
	}
	options_complain(path, "--%s takes 1 to 16 hexadecimal digits, not %s",
			 option, text);
	return false;
}

/* Whoever names bits wants exactly these. */
static bool check_pairs(const char *path,
			const struct image_flag_options *options)
{
	const char *raw = options->pcf ? "x-pcf" : "x-scf";
	bool has_raw = options->pcf || options->scf;

	for (size_t i = 0; i < IMAGE_N_FEATURES; i++) {
		bool on = options->enable[i], off = options->disable[i];

		if (on && off) {
			options_complain(path, "--%s and --%s exclude each other",
					 features[i].enable,
					 features[i].disable);
			return false;
		}
		if (has_raw && (on || off)) {
			options_complain(path, "--%s and --%s exclude each other",
					 raw, on ? features[i].enable :
						   features[i].disable);
			return false;
		}
	}
	return true;
}

/* Some flags promise what only the owner of the CCK can make use of. */
static bool check_cck(const char *path,
		      const struct image_flag_options *options, bool cck_known)
{
	const bool *on = options->enable;
	const char *text = NULL;

	if (on[IMAGE_DUMP] && !cck_known && !on[IMAGE_CCK_UPDATE])
		text = "--enable-dump needs a CCK that you know: --cck or "
		       "--cck-out, or --enable-cck-update";
	else if (on[IMAGE_CCK_EXTENSION] && !cck_known)
		text = "--enable-cck-extension-secret needs a CCK that you "
		       "know: --cck or --cck-out";
	else if (on[IMAGE_CCK_EXTENSION] && on[IMAGE_CCK_UPDATE])
		text = "--enable-cck-extension-secret and --enable-cck-update "
		       "exclude each other";
	if (text)
		options_complain(path, "%s", text);
	return !text;
}

bool image_flags_collect(const char *path,
			 const struct image_flag_options *options,
			 bool cck_known, uint64_t *pcf, uint64_t *scf)
{
	*pcf = PV_SE_PCF_DEFAULT;
	*scf = 0;
	if (!check_pairs(path, options) || !check_cck(path, options, cck_known))
		return false;
	for (size_t i = 0; i < IMAGE_N_FEATURES; i++) {
		if (options->enable[i]) {
			*pcf = (*pcf | features[i].pcf) & ~features[i].cleared;
			*scf |= features[i].scf;
		}
		if (options->disable[i]) {
			*pcf = (*pcf & ~features[i].pcf) | features[i].cleared;
			*scf &= ~features[i].scf;
		}
	}
	return (!options->pcf ||
		image_parse_hex(path, "x-pcf", options->pcf, pcf)) &&
	       (!options->scf ||
		image_parse_hex(path, "x-scf", options->scf, scf));
}
