// SPDX-License-Identifier: MIT
/* From the CCK to what a dump holds: keys, completion data, CPUs. */
#include <stdbool.h>

#include <pv/secret.h>

#include "bytes.h"
#include "dump_keys.h"
#include "gcm.h"
#include "hkdf.h"

int pv_dump_key_derive(uint8_t *key, const uint8_t *cck, const uint8_t *seed,
		       struct pv_error *err)
{
	const struct pv_hkdf from = {
		.key = cck, .key_size = PV_CCK_SIZE,
		.salt = seed, .salt_size = PV_DUMP_SEED_SIZE,
		.info = PV_DUMP_INFO,
	};

	return pv_hkdf_sha512(key, PV_DUMP_KEY_SIZE, &from, "the dump key",
			      err);
}

static bool all_zero(const void *data, size_t size)
{
	const uint8_t *bytes = data;

	while (size > 0 && bytes[size - 1] == 0)
		size--;
	return size == 0;
}

/* A host that ignores failures leaves nothing but zeros behind. */
static int check_version(const void *area, size_t size, pv_be32 field,
			 const char *what, struct pv_error *err)
{
	const uint32_t version = pv_get_be32(field);

	if (all_zero(area, size))
		return pv_fail(err, PV_ERR_FORMAT,
			       "The %s nothing but zeros: the host did not get it from the Ultravisor (take another dump)",
			       what);
	if (version != PV_DUMP_VERSION_1)
		return pv_fail(err, PV_ERR_UNSUPPORTED,
			       "The %s version %u, which is not known (only %u is)",
			       what, version, PV_DUMP_VERSION_1);
	return 0;
}

int pv_dump_completion_open(struct pv_dump_secret *secret,
			    const struct pv_dump_complete *completion,
			    const uint8_t *key, struct pv_error *err)
{
	const struct pv_dump_complete *from = completion;

	if (check_version(from, sizeof(*from), from->version,
			  "completion data has", err) < 0)
		return -1;
	if (pv_get_be32(from->len) != sizeof(*from))
		return pv_fail(err, PV_ERR_FORMAT,
			       "The completion data says that it has %u bytes instead of %zu: it was altered",
			       pv_get_be32(from->len), sizeof(*from));
	if (pv_gcm_open(key, from->iv, from,
			offsetof(struct pv_dump_complete, nonce),
			from->nonce, sizeof(*secret), secret, from->tag,
			err) == 0)
		return 0;
	pv_error_prefix(err, "The completion data does not open");
	return -1;
}

int pv_dump_cpu_open(struct pv_dump_regs *registers,
		     const struct pv_dump_cpu *cpu, const uint8_t *key,
		     struct pv_error *err)
{
	if (check_version(cpu, sizeof(*cpu), cpu->version, "CPU's area has",
			  err) < 0)
		return -1;
	if (pv_gcm_open(key, cpu->iv, cpu,
			offsetof(struct pv_dump_cpu, regs),
			&cpu->regs, sizeof(cpu->regs), registers,
			cpu->tag, err) == 0)
		return 0;
	pv_error_prefix(err, "The CPU's area does not open");
	return -1;
}
