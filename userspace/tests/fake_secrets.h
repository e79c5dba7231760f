/* SPDX-License-Identifier: MIT */
/* Secrets of the Ultravisor for tests: between fake_uv.c and fake_secrets.c. */
#ifndef TESTS_FAKE_SECRETS_H
#define TESTS_FAKE_SECRETS_H

#include "fake_uv.h"

/**
 * fake_open_request() - decrypt a request
 * @plain: out, as many bytes as the request says its area has
 * @slots_at: offset of the key slots, behind the customer's key
 * @area_at: offset of the encrypted area
 *
 * Return: false if no slot is for @uv->host or a tag is wrong.
 */
bool fake_open_request(const struct fake_uv *uv, uint8_t *plain,
		       const uint8_t *request, size_t slots_at, size_t area_at);

/** fake_secrets_ioctl() - the ioctls of secrets, as the driver answers them */
int fake_secrets_ioctl(struct fake_uv *uv, unsigned long request,
		       struct pv_uvio_cb *cb);

#endif /* TESTS_FAKE_SECRETS_H */
