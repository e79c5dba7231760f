/* SPDX-License-Identifier: MIT */
/*
 * Inputs that the known answers share: public TEST keys of the s390-tools test
 * suite (their private halves are public too) and synthetic ones.
 */
#ifndef TESTS_VECTORS_H
#define TESTS_VECTORS_H

#include <openssl/evp.h>

#include "asrcb.h"

/* PLD 64 x 01, ALD 64 x 02, TLD 64 x 03, tag 16 x 04. */
void vector_boot_tags(struct pv_boot_tags *tags);

/* Customer key pair: private scalar 0x01 followed by 64 bytes 0x88. */
EVP_PKEY *vector_customer_key(void);

/* Host key whose private half was never published. */
EVP_PKEY *vector_host_key(void);

/* Synthetic host key pair: private scalar 64 bytes 0x21. */
EVP_PKEY *vector_synthetic_key(void);

/* Synthetic host key pair: private scalar 0x01 followed by 64 bytes 0x77. */
EVP_PKEY *vector_synthetic_key_77(void);

/*
 * A null secret for @host with the tags above, all that is random fixed; the
 * caller frees @customer.
 */
void vector_asrcb_spec(struct pv_asrcb_spec *spec, EVP_PKEY **host);

#endif /* TESTS_VECTORS_H */
