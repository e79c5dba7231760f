/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One attestation: request, buffers, ioctl, verification.
 */
#ifndef PV_SELFTEST_ATTESTER_H
#define PV_SELFTEST_ATTESTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arcb.h"
#include "target.h"
#include "uv_ioctl.h"

/* What buffers hold before a call, so that every stored byte shows. */
#define ATTESTER_FILL	0xa5
/* Bytes behind each result buffer that nobody may touch. */
#define ATTESTER_GUARD	64

/**
 * struct attester - one attestation
 * @req: the request, as its maker knows it
 * @arcb: the request, sealed
 * @meas: buffer for the measurement and a guard
 * @add: buffer for the additional data and a guard
 * @att: argument of the ioctl; what it points to may be changed by the test
 * @asked: copy of @att as it was when the ioctl was called
 * @cb: control block of the ioctl
 */
struct attester {
	struct arcb_request req;
	uint8_t arcb[UVIO_ATT_ARCB_MAX_LEN];
	uint8_t meas[UVIO_ATT_MEASUREMENT_MAX_LEN + ATTESTER_GUARD];
	uint8_t add[UVIO_ATT_ADDITIONAL_MAX_LEN + ATTESTER_GUARD];
	struct uvio_attest att;
	struct uvio_attest asked;
	struct uvio_ioctl_cb cb;
};

uint64_t attester_seed(void);
void attester_bytes(uint64_t seed, char purpose, uint8_t *out, size_t len);
struct attester *attester_new(uint64_t seed);
void attester_free(struct attester *at);
int attester_seal(struct attester *at, const struct target *target,
		  uint64_t flags);
int attester_call(struct attester *at, int fd);

const char *attester_verify(const struct attester *at,
			    const struct target *target);
bool attester_inputs_intact(const struct attester *at);
bool attester_guards_intact(const struct attester *at);
bool attester_results_zero(const struct attester *at);
bool attester_results_untouched(const struct attester *at);

#endif /* PV_SELFTEST_ATTESTER_H */
