/* SPDX-License-Identifier: MIT */
/*
 * What this system says about its Ultravisor: /sys/firmware/uv, /dev/uv and the
 * facility list.  None of it is proof, a hypervisor can lie about all of it; an
 * attestation is.
 */
#ifndef LIBPV_UVINFO_H
#define LIBPV_UVINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uvdevice.h"

enum pv_known {
	PV_NO,
	PV_YES,
	PV_UNKNOWN,
};

enum pv_verdict {
	PV_PROTECTED_GUEST,
	PV_CAPABLE_HOST,	/* the Ultravisor was given its storage */
	PV_NOT_ENABLED,		/* an Ultravisor, but nobody uses it */
	PV_ORDINARY,		/* no Ultravisor */
	PV_UNDETERMINED,	/* too much is hidden from us */
};

#define PV_UVINFO_MAX_WORDS	4

/**
 * struct pv_bit_name - what a bit means
 * @bit: number, 0 is leftmost (or rightmost, where that is said)
 * @name: short name
 */
struct pv_bit_name {
	unsigned int bit;
	const char *name;
};

/**
 * struct pv_uvinfo_field - a file of /sys/firmware/uv/query
 * @name: of the file
 * @hex: a word of bits or an address, else a decimal number
 * @bits: meaning of the bits, ended by an entry without a name; or NULL
 */
struct pv_uvinfo_field {
	const char *name;
	bool hex;
	const struct pv_bit_name *bits;
};

extern const struct pv_uvinfo_field pv_uvinfo_fields[];
extern const size_t pv_uvinfo_n_fields;
/* Bits of struct pv_uvio_info, counted from the right. */
extern const struct pv_bit_name pv_uvinfo_request_names[];

#define PV_UVINFO_MAX_FIELDS	24

/**
 * struct pv_uvinfo - all that could be found out
 * @machine: architecture as uname says
 * @is_s390x: it is the right one
 * @facility_uv: facility 158, Ultravisor call
 * @facility_unpack: facility 161, can become a protected guest
 * @sysfs: /sys/firmware/uv is there
 * @guest: prot_virt_guest
 * @host: prot_virt_host
 * @requested: the kernel was started with prot_virt=1
 * @device: of /dev/uv
 * @has_calls: @calls is known
 * @calls: what the device can do
 * @field: indexed as pv_uvinfo_fields; @n_words 0 if unknown
 * @host_key: hash of the machine's host key in hex, or empty
 * @backup_host_key: the same for the backup key
 * @verdict: what follows from it
 * @reason: why, a sentence
 */
struct pv_uvinfo {
	char machine[65];
	bool is_s390x;
	enum pv_known facility_uv;
	enum pv_known facility_unpack;
	enum pv_known sysfs;
	enum pv_known guest;
	enum pv_known host;
	enum pv_known requested;
	enum pv_uvdevice_state device;
	bool has_calls;
	struct pv_uvio_info calls;
	struct {
		uint64_t word[PV_UVINFO_MAX_WORDS];
		unsigned int n_words;
	} field[PV_UVINFO_MAX_FIELDS];
	char host_key[65];
	char backup_host_key[65];
	enum pv_verdict verdict;
	char reason[256];
};

/**
 * pv_uvinfo_read() - find out what can be found out
 * @info: out
 * @sysroot: prefix of every path, "" for this system.  With a prefix the
 *	architecture is read from proc/sys/kernel/arch below it.
 */
void pv_uvinfo_read(struct pv_uvinfo *info, const char *sysroot);

/**
 * pv_uvinfo_device_advice() - why the device cannot be used, and what to do
 * @info: of this system
 *
 * Return: a sentence, never NULL.
 */
const char *pv_uvinfo_device_advice(const struct pv_uvinfo *info);

#endif /* LIBPV_UVINFO_H */
