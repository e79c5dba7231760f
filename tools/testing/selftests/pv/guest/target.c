// SPDX-License-Identifier: GPL-2.0
/*
 * Where the tests learn about the guest they run in:
 *
 * PV_TEST_HOST_KEY	certificate or public key of the machine, PEM
 *			(default: /etc/pv-test/host.crt)
 * PV_TEST_SE_HEADER	SE header the guest was started with
 *			(default: /etc/pv-test/se.hdr)
 * /sys/firmware/uv	what its Ultravisor supports
 */
#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "kselftest.h"
#include "target.h"
#include "uv_ioctl.h"

#define SE_HEADER_MAX	8192

/* Bits of the calls behind the requests of the device, by request number. */
static const unsigned int call_bits[] = { 64, 28, 29, 30, 31, 33 };

/* Start of the SE header, as far as measurements depend on it. */
struct se_header {
	char magic[8];
	uint32_t version;
	uint32_t size;
	uint8_t more[0xd0];
	uint8_t digests[3 * 64];	/* 0xe0 */
};

static_assert(offsetof(struct se_header, digests) == 0xe0, "SE header");

static const char *path_of(const char *variable, const char *path)
{
	const char *value = getenv(variable);

	return value && *value ? value : path;
}

static int read_host_key(struct target *target, const char *path)
{
	FILE *f = fopen(path, "r");
	X509 *cert;

	if (!f) {
		snprintf(target->reason, sizeof(target->reason),
			 "%s: %s (PV_TEST_HOST_KEY)", path, strerror(errno));
		return -1;
	}
	cert = PEM_read_X509(f, NULL, NULL, NULL);
	if (cert) {
		target->host = X509_get_pubkey(cert);
		X509_free(cert);
	} else {
		rewind(f);
		target->host = PEM_read_PUBKEY(f, NULL, NULL, NULL);
	}
	fclose(f);
	if (!target->host)
		snprintf(target->reason, sizeof(target->reason),
			 "%s: neither a certificate nor a public key", path);
	return target->host ? 0 : -1;
}

static int take_boot_tags(struct target *target, const uint8_t *header,
			  size_t len)
{
	const struct se_header *head = (const struct se_header *)header;
	size_t digests = sizeof(head->digests);
	size_t tag = ARCB_BOOT_TAGS_SIZE - digests;

	if (len < sizeof(*head) + tag || be32toh(head->size) != len ||
	    memcmp(head->magic, "IBMSecEx", sizeof(head->magic)))
		return -1;
	memcpy(target->boot_tags, head->digests, digests);
	memcpy(target->boot_tags + digests, header + len - tag, tag);
	return 0;
}

static int read_se_header(struct target *target, const char *path)
{
	uint8_t header[SE_HEADER_MAX];
	FILE *f = fopen(path, "r");
	size_t len;

	if (!f) {
		snprintf(target->reason, sizeof(target->reason),
			 "%s: %s (PV_TEST_SE_HEADER)", path, strerror(errno));
		return -1;
	}
	len = fread(header, 1, sizeof(header), f);
	fclose(f);
	if (!take_boot_tags(target, header, len))
		return 0;
	snprintf(target->reason, sizeof(target->reason),
		 "%s: not an SE header", path);
	return -1;
}

/* First number of a file of /sys/firmware/uv/query. */
static int read_number(struct target *target, const char *name,
		       const char *format, uint64_t *value)
{
	unsigned long long number = 0;
	char path[64];
	FILE *f;
	int n;

	snprintf(path, sizeof(path), "/sys/firmware/uv/query/%s", name);
	f = fopen(path, "r");
	n = f ? fscanf(f, format, &number) : 0;
	if (f)
		fclose(f);
	*value = number;
	if (n != 1)
		snprintf(target->reason, sizeof(target->reason),
			 "%s: cannot be read", path);
	return n == 1 ? 0 : -1;
}

static int read_query(struct target *target, const char *name, uint64_t *value)
{
	return read_number(target, name, "%llx", value);
}

/** target_has_call() - The guest's Ultravisor has the call of request @nr */
bool target_has_call(const struct target *target, unsigned int nr)
{
	if (nr >= ARRAY_SIZE(call_bits) || call_bits[nr] > 63)
		return false;
	return target->calls >> (63 - call_bits[nr]) & 1;
}

/** target_attests() - The guest's Ultravisor has the attestation call */
bool target_attests(const struct target *target)
{
	return target_has_call(target, UVIO_IOCTL_ATT_NR);
}

/** target_has_type() - The guest's Ultravisor takes secrets of a type */
bool target_has_type(const struct target *target, unsigned int type)
{
	return type < 64 && target->types >> (63 - type) & 1;
}

/*
 * Linux before 6.13 knows nothing of retrievable secrets.  A number that is not
 * there is 0, for unknown.
 */
static void read_store(struct target *target)
{
	if (read_number(target, "max_assoc_secrets", "%llu",
			&target->max_association))
		read_number(target, "max_secrets", "%llu",
			    &target->max_association);
	read_number(target, "max_retr_secrets", "%llu",
		    &target->max_retrievable);
	read_query(target, "supp_secret_types", &target->types);
}

/**
 * target_find() - Collect what is known about the guest
 * @target: out; to be released with target_free() in any case
 *
 * Return: 0, or -1 with the reason in @target
 */
int target_find(struct target *target)
{
	static const uint8_t unlocked;

	memset(target, 0, sizeof(*target));
	SHA512(&unlocked, 1, target->store);
	read_store(target);
	if (read_query(target, "facilities", &target->calls) ||
	    read_query(target, "supp_att_pflags", &target->flags))
		return -1;
	if (!target_attests(target)) {
		snprintf(target->reason, sizeof(target->reason),
			 "the Ultravisor cannot attest");
		return -1;
	}
	if (read_host_key(target, path_of("PV_TEST_HOST_KEY",
					  "/etc/pv-test/host.crt")))
		return -1;
	return read_se_header(target, path_of("PV_TEST_SE_HEADER",
					      "/etc/pv-test/se.hdr"));
}

/** target_free() - Release what target_find() collected */
void target_free(struct target *target)
{
	EVP_PKEY_free(target->host);
	target->host = NULL;
}
