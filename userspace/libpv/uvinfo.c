// SPDX-License-Identifier: MIT
/* What this system says about its Ultravisor. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include <pv/uvc.h>

#include "uvinfo.h"

#define UV_DIRECTORY	"/sys/firmware/uv"
#define FACILITIES	0	/* index in pv_uvinfo_fields */

/* Content of a small file without white space at the end; false if unreadable. */
static bool read_text(char *out, size_t size, const char *sysroot,
		      const char *path)
{
	char full[PATH_MAX];
	size_t len;
	FILE *file;

	snprintf(full, sizeof(full), "%s%s", sysroot, path);
	file = fopen(full, "re");
	if (!file)
		return false;
	len = fread(out, 1, size - 1, file);
	if (ferror(file))
		len = 0;
	fclose(file);
	while (len > 0 && strchr("\t\n ", out[len - 1]))
		len--;
	out[len] = '\0';
	return len > 0;
}

static enum pv_known read_switch(const char *sysroot, const char *path)
{
	char text[16];

	if (!read_text(text, sizeof(text), sysroot, path))
		return PV_UNKNOWN;
	if (strcmp(text, "1") == 0)
		return PV_YES;
	return strcmp(text, "0") == 0 ? PV_NO : PV_UNKNOWN;
}

static void read_machine(struct pv_uvinfo *info, const char *sysroot)
{
	struct utsname name;

	if (*sysroot) {
		if (!read_text(info->machine, sizeof(info->machine), sysroot,
			       "/proc/sys/kernel/arch"))
			snprintf(info->machine, sizeof(info->machine), "unknown");
	} else if (uname(&name) == 0) {
		snprintf(info->machine, sizeof(info->machine), "%.64s",
			 name.machine);
	}
	info->is_s390x = strcmp(info->machine, "s390x") == 0;
}

static bool list_has(const char *list, const char *number)
{
	size_t len = strlen(number);

	for (const char *at = list; (at = strstr(at, number)); at += len)
		if ((at == list || at[-1] == ' ') &&
		    (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

/* The line "facilities      : 0 1 2 ..." of /proc/cpuinfo. */
static void read_facilities(struct pv_uvinfo *info, const char *sysroot)
{
	char text[16384], *line, *end;

	info->facility_uv = info->is_s390x ? PV_UNKNOWN : PV_NO;
	info->facility_unpack = info->facility_uv;
	if (!info->is_s390x ||
	    !read_text(text, sizeof(text), sysroot, "/proc/cpuinfo"))
		return;
	line = strstr(text, "\nfacilities");
	if (!line)
		return;
	line++;
	end = strchr(line, '\n');
	if (end)
		*end = '\0';
	line = strchr(line, ':');
	if (!line)
		return;
	info->facility_uv = list_has(line + 1, "158") ? PV_YES : PV_NO;
	info->facility_unpack = list_has(line + 1, "161") ? PV_YES : PV_NO;
}

static enum pv_known directory_exists(const char *sysroot, const char *path)
{
	char full[PATH_MAX];
	struct stat st;

	snprintf(full, sizeof(full), "%s%s", sysroot, path);
	if (stat(full, &st) == 0)
		return PV_YES;
	return errno == ENOENT ? PV_NO : PV_UNKNOWN;
}

/*
 * Containers often get an empty directory instead of /sys/firmware, and
 * sandboxes no /sys at all.  A real sysfs always has something there on s390x
 * (the IPL information), so an empty one says nothing.
 */
static void read_sysfs(struct pv_uvinfo *info, const char *sysroot)
{
	info->sysfs = directory_exists(sysroot, UV_DIRECTORY);
	if (info->sysfs == PV_NO &&
	    directory_exists(sysroot, "/sys/firmware/ipl") != PV_YES)
		info->sysfs = PV_UNKNOWN;
	info->guest = read_switch(sysroot, UV_DIRECTORY "/prot_virt_guest");
	info->host = read_switch(sysroot, UV_DIRECTORY "/prot_virt_host");
}

static unsigned int parse_words(uint64_t *words, const char *text, int base)
{
	unsigned int n = 0;
	char *end;

	while (n < PV_UVINFO_MAX_WORDS) {
		errno = 0;
		words[n] = strtoull(text, &end, base);
		if (end == text || errno)
			break;
		n++;
		text = end;
	}
	return n;
}

static void read_fields(struct pv_uvinfo *info, const char *sysroot)
{
	char path[128], text[256];

	for (size_t i = 0; i < pv_uvinfo_n_fields; i++) {
		snprintf(path, sizeof(path), UV_DIRECTORY "/query/%s",
			 pv_uvinfo_fields[i].name);
		if (!read_text(text, sizeof(text), sysroot, path))
			continue;
		info->field[i].n_words =
			parse_words(info->field[i].word, text,
				    pv_uvinfo_fields[i].hex ? 16 : 10);
	}
}

static void read_key(char out[65], const char *sysroot, const char *path)
{
	if (!read_text(out, 65, sysroot, path) ||
	    strspn(out, "0123456789abcdef") != 64)
		out[0] = '\0';
}

static void read_requested(struct pv_uvinfo *info, const char *sysroot)
{
	char text[4096], *word, *rest;

	info->requested = PV_UNKNOWN;
	if (!read_text(text, sizeof(text), sysroot, "/proc/cmdline"))
		return;
	info->requested = PV_NO;
	for (word = strtok_r(text, "\n ", &rest); word;
	     word = strtok_r(NULL, "\n ", &rest)) {
		if (strncmp(word, "prot_virt=", 10) != 0)
			continue;
		/* As the kernel reads it; a later "=0" does not undo it. */
		word += 10;
		if ((*word && strchr("1yY", *word)) ||
		    strncasecmp(word, "on", 2) == 0)
			info->requested = PV_YES;
	}
}

static void read_device(struct pv_uvinfo *info, const char *sysroot)
{
	struct pv_error err = { 0 };
	struct pv_uvdevice dev;
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s" PV_UVDEVICE_PATH, sysroot);
	info->device = pv_uvdevice_open(&dev, path);
	if (info->device != PV_UVDEVICE_USABLE)
		return;
	info->has_calls = pv_uvdevice_info(&dev, &info->calls, &err) == 0;
	pv_uvdevice_close(&dev);
}

/* Calls that exist for protected guests only give them away. */
static bool has_guest_calls(const struct pv_uvinfo *info)
{
	if (info->field[FACILITIES].n_words > 0)
		return info->field[FACILITIES].word[0] &
		       PV_BIT64(PV_CALL_SET_SHARED_ACCESS);
	return info->has_calls && info->calls.supp_uvio_cmds & 1 &&
	       info->calls.supp_uv_cmds & 1u << PV_UVIO_NR_ATT;
}

static void set_verdict(struct pv_uvinfo *info, enum pv_verdict verdict,
			const char *reason)
{
	info->verdict = verdict;
	snprintf(info->reason, sizeof(info->reason), "%s", reason);
}

static void judge_not_enabled(struct pv_uvinfo *info)
{
	if (info->requested == PV_YES)
		set_verdict(info, PV_NOT_ENABLED,
			    "there is an Ultravisor and prot_virt=1 was given, but the kernel could not enable it (see dmesg)");
	else
		set_verdict(info, PV_NOT_ENABLED,
			    "there is an Ultravisor, but this kernel was not started with prot_virt=1");
}

static void judge_without_sysfs(struct pv_uvinfo *info)
{
	if (info->facility_uv == PV_NO && info->facility_unpack == PV_YES)
		set_verdict(info, PV_ORDINARY,
			    "no Ultravisor facility (158); the machine could start an SE image (facility 161)");
	else if (info->facility_uv == PV_NO)
		set_verdict(info, PV_ORDINARY,
			    "no Ultravisor facility (158)");
	else if (info->sysfs == PV_NO && info->facility_uv == PV_UNKNOWN)
		set_verdict(info, PV_ORDINARY,
			    "the kernel has no " UV_DIRECTORY);
	else if (has_guest_calls(info))
		set_verdict(info, PV_PROTECTED_GUEST,
			    UV_DIRECTORY " is hidden, but /dev/uv offers "
			    "attestation, which only protected guests have");
	else
		set_verdict(info, PV_UNDETERMINED,
			    UV_DIRECTORY " is not visible (in a container?) "
			    "and nothing else tells");
}

static void judge(struct pv_uvinfo *info)
{
	if (!info->is_s390x)
		set_verdict(info, PV_ORDINARY,
			    "this is no s390x machine");
	else if (info->guest == PV_YES)
		set_verdict(info, PV_PROTECTED_GUEST,
			    UV_DIRECTORY "/prot_virt_guest is 1");
	else if (info->host == PV_YES)
		set_verdict(info, PV_CAPABLE_HOST,
			    UV_DIRECTORY "/prot_virt_host is 1");
	else if (info->guest == PV_NO && has_guest_calls(info))
		set_verdict(info, PV_UNDETERMINED,
			    UV_DIRECTORY "/prot_virt_guest is 0, but the Ultravisor "
			    "offers calls that only protected guests have");
	else if (info->guest == PV_NO && info->host == PV_NO)
		judge_not_enabled(info);
	else
		judge_without_sysfs(info);
}

void pv_uvinfo_read(struct pv_uvinfo *info, const char *sysroot)
{
	memset(info, 0, sizeof(*info));
	read_machine(info, sysroot);
	read_facilities(info, sysroot);
	read_sysfs(info, sysroot);
	read_fields(info, sysroot);
	read_key(info->host_key, sysroot, UV_DIRECTORY "/keys/host_key");
	read_key(info->backup_host_key, sysroot,
		 UV_DIRECTORY "/keys/backup_host_key");
	read_requested(info, sysroot);
	read_device(info, sysroot);
	judge(info);
}

const char *pv_uvinfo_device_advice(const struct pv_uvinfo *info)
{
	if (!info->is_s390x)
		return "this is no s390x machine; perform the attestation in the protected guest";
	switch (info->device) {
	case PV_UVDEVICE_USABLE:
		return "it can be used";
	case PV_UVDEVICE_NO_PERMISSION:
		return "no permission to open it; run as root, or as a member of its group";
	case PV_UVDEVICE_NOT_A_DEVICE:
		return "it is no device; remove it and reload the module uvdevice";
	case PV_UVDEVICE_FAILS:
		return "it exists but cannot be opened";
	case PV_UVDEVICE_MISSING:
		break;
	}
	if (info->facility_uv == PV_NO)
		return "this machine has no Ultravisor facility (158), so this "
		       "is no protected guest; start it from an SE image";
	return "it does not exist; load the module (modprobe uvdevice), or "
	       "make it visible in this container";
}
