/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Secrets on their way to the store, and what is in there.
 */
#ifndef PV_SELFTEST_KEEPER_H
#define PV_SELFTEST_KEEPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "asrcb.h"
#include "target.h"
#include "uv_ioctl.h"

#define KEEPER_FILL		0xa5
#define KEEPER_REQUEST_MAX	0x2800
#define LEDGER_MAX		1024

/**
 * struct keeper - one secret on its way to the store
 * @req: the request, as its maker knows it
 * @asrcb: the request, sealed
 * @size: bytes of @asrcb
 * @seed: start of everything random in it
 * @cb: control block of the ioctl
 */
struct keeper {
	struct asrcb_request req;
	uint8_t asrcb[KEEPER_REQUEST_MAX];
	uint32_t size;
	uint64_t seed;
	struct uvio_ioctl_cb cb;
};

/**
 * struct deposit - a request that was accepted
 * @type: of the secret
 * @seed: its value can be made of this again
 * @size: of the object in the store
 * @plain_size: of the secret in the request
 * @id: of the secret
 * @tag: of the request
 */
struct deposit {
	uint16_t type;
	uint64_t seed;
	uint32_t size;
	uint32_t plain_size;
	uint8_t id[ASRCB_ID_SIZE];
	uint8_t tag[REQUEST_TAG_SIZE];
};

/**
 * struct ledger - what the store should hold
 * @nr_requests: number of accepted requests
 * @tags: of them, in their order
 * @nr: number of secrets that are listed
 * @deposits: these; the one at @nr may just be on its way
 * @locked: the store is
 *
 * One for all processes of a test program: each test is a process of its own,
 * but they share the store.
 */
struct ledger {
	unsigned int nr_requests;
	uint8_t tags[LEDGER_MAX][REQUEST_TAG_SIZE];
	unsigned int nr;
	struct deposit deposits[LEDGER_MAX];
	uint8_t locked;
};

extern struct ledger *ledger;

int uv_request(int fd, unsigned long cmd, void *argument, uint32_t len,
	       struct uvio_ioctl_cb *cb);

struct keeper *keeper_new(const struct target *target, uint64_t seed);
void keeper_free(struct keeper *keeper);
int keeper_choose(struct keeper *keeper, uint16_t type, uint32_t size);
int keeper_seal(struct keeper *keeper);
int keeper_send(struct keeper *keeper, int fd);
int keeper_add(struct keeper *keeper, int fd);
void keeper_describe(const struct keeper *keeper, struct deposit *deposit);
int keeper_add_new(const struct target *target, int fd, uint16_t type,
		   uint32_t size, uint64_t seed, uint16_t *rc);

uint32_t keeper_key_size(uint16_t type);
bool keeper_is_listed(uint16_t type);

void ledger_append(const struct deposit *deposit);
int ledger_hash(uint8_t *hash);
const char *ledger_compare(const struct uv_list *list, unsigned int nr);
const char *ledger_check(const struct uv_list *list, size_t size);
const char *ledger_check_object(const struct deposit *deposit,
				const uint8_t *object, size_t size);

#endif /* PV_SELFTEST_KEEPER_H */
