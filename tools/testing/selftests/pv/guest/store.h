/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The secret store of the guest under test, held against the ledger.
 */
#ifndef PV_SELFTEST_STORE_H
#define PV_SELFTEST_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "keeper.h"
#include "target.h"
#include "uv_ioctl.h"

/**
 * struct store - what one test needs
 * @fd: of the device
 * @target: the guest
 * @keeper: a request that is not chosen yet
 * @seed: of that request
 * @list: the latest list
 * @pages: as pages
 * @cb: control block of the latest ioctl
 */
struct store {
	int fd;
	struct target target;
	struct keeper *keeper;
	uint64_t seed;
	union {
		struct uv_list list;
		uint8_t pages[5 * UVIO_LIST_SECRETS_LEN];
	};
	struct uvio_ioctl_cb cb;
};

int store_open(struct store *store);
void store_close(struct store *store);
int store_list(struct store *store);
const char *store_check(struct store *store);
const char *store_attest(struct store *store);
int store_retrieve(struct store *store, uint16_t index, uint8_t *object,
		   uint32_t size);
const char *store_check_object(struct store *store, uint16_t index);
bool store_gives(const struct store *store, uint16_t type);
void store_must_be_empty(void);

bool all_are(uint8_t value, const void *data, size_t len);

#endif /* PV_SELFTEST_STORE_H */
