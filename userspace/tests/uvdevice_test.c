// SPDX-License-Identifier: MIT
/* /dev/uv through a transport of our own: what is sent, what is believed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pv/uvc.h>

#include "arcb.h"
#include "array.h"
#include "fake_uv.h"
#include "measurement.h"
#include "tap.h"
#include "vectors.h"

/**
 * struct fixture - a request and an Ultravisor that can answer it
 */
struct fixture {
	EVP_PKEY *host;
	struct fake_uv uv;
	struct pv_arcb_spec spec;
	struct pv_buffer arcb;
	uint8_t measurement[64];
	uint8_t additional[448];
	struct pv_uvdevice_attest attest;
};

static void set_up(struct fixture *f, uint64_t flags)
{
	struct pv_error err = { 0 };

	memset(f, 0, sizeof(*f));
	f->host = vector_synthetic_key();
	fake_uv_init(&f->uv, f->host);
	f->spec.flags = flags;
	f->spec.hosts = &f->host;
	f->spec.n_hosts = 1;
	if (pv_arcb_spec_randomize(&f->spec, &err) < 0 ||
	    pv_arcb_create(&f->arcb, &f->spec, &err) < 0)
		abort();
	f->attest.arcb = f->arcb.data;
	f->attest.arcb_len = (uint32_t)f->arcb.size;
	f->attest.measurement = f->measurement;
	f->attest.measurement_len = sizeof(f->measurement);
	f->attest.additional = f->additional;
	f->attest.additional_len = (uint32_t)pv_additional_size(flags);
}

static void tear_down(struct fixture *f)
{
	pv_buffer_free(&f->arcb);
	pv_arcb_spec_wipe(&f->spec);
	EVP_PKEY_free(f->host);
}

static bool measurement_holds(const struct fixture *f)
{
	struct pv_boot_tags tags;
	const struct pv_measured measured = {
		.boot_tags = &tags,
		.config_uid = f->attest.config_uid,
		.user_data = f->attest.user_data,
		.user_data_len = f->attest.user_data_len,
		.nonce = f->spec.flags & PV_ATTEST_FLAG_NONCE ?
			 f->spec.nonce : NULL,
		.additional = f->additional,
		.additional_len = f->attest.additional_len,
	};
	struct pv_error err = { 0 };
	uint8_t want[64];

	vector_boot_tags(&tags);
	return pv_measure(want, f->spec.meas_key, &measured, &err) == 0 &&
	       memcmp(want, f->measurement, sizeof(want)) == 0;
}

static void test_success(uint64_t flags, uint16_t user_data_len)
{
	uint8_t user_data[256], uid[16];
	struct pv_error err = { 0 };
	struct fixture f;

	set_up(&f, flags);
	memset(user_data, 0x5c, sizeof(user_data));
	memset(uid, 0x42, sizeof(uid));
	f.attest.user_data = user_data;
	f.attest.user_data_len = user_data_len;
	tap_ok(pv_uvdevice_attest(&f.uv.dev, &f.attest, &err) == 0 &&
	       f.uv.calls == 1 && measurement_holds(&f) &&
	       memcmp(f.attest.config_uid, uid, sizeof(uid)) == 0,
	       "attested: flags %016llx, %u bytes of user data",
	       (unsigned long long)flags, user_data_len);
	tear_down(&f);
}

static void test_user_data_limit(void)
{
	uint8_t user_data[257] = { 0 };
	struct pv_error err = { 0 };
	struct fixture f;

	set_up(&f, 0);
	f.attest.user_data = user_data;
	f.attest.user_data_len = sizeof(user_data);
	tap_ok(pv_uvdevice_attest(&f.uv.dev, &f.attest, &err) < 0 &&
	       err.code == PV_ERR_LIMIT && f.uv.calls == 0,
	       "257 bytes of user data never reach the driver");
	tear_down(&f);
}

static void test_rc(uint16_t rc)
{
	struct pv_error err = { 0 };
	struct fixture f;
	char number[8];

	set_up(&f, PV_ATTEST_FLAG_NONCE);
	f.uv.fail_rc = rc;
	snprintf(number, sizeof(number), "0x%04x", rc);
	tap_ok(pv_uvdevice_attest(&f.uv.dev, &f.attest, &err) < 0 &&
	       err.code == PV_ERR_UV && err.uv_rc == rc &&
	       strstr(err.text, number) &&
	       !strstr(err.text, "unknown"),
	       "rc %s is an error with a text of its own", number);
	tear_down(&f);
}

static void test_rcs(void)
{
	static const uint16_t codes[] = {
		PV_RC_INV_CMD, PV_RC_INV_STATE, PV_RC_INV_LEN,
		PV_RC_HOME_REAL_SPACE, PV_RC_TRANSLATION, PV_RC_INV_ABS,
		PV_RC_MORE_DATA,
	};
	struct pv_error err = { 0 };
	struct fixture f;

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		test_rc(codes[i]);
	for (uint16_t rc = PV_RC_ATTEST_CONT_TOKEN; rc <= PV_RC_ATTEST_ADD_LEN;
	     rc++)
		test_rc(rc);
	set_up(&f, 0);
	f.uv.fail_rc = 0x7777;
	tap_ok(pv_uvdevice_attest(&f.uv.dev, &f.attest, &err) < 0 &&
	       err.uv_rc == 0x7777 && strstr(err.text, "unknown"),
	       "an unknown rc is said to be unknown");
	tear_down(&f);
}

static void test_errno(int number, const char *part)
{
	struct pv_error err = { 0 };
	struct fixture f;

	set_up(&f, 0);
	f.uv.fail_errno = number;
	tap_ok(pv_uvdevice_attest(&f.uv.dev, &f.attest, &err) < 0 &&
	       err.code == PV_ERR_IO && strstr(err.text, part),
	       "errno %d is explained", number);
	tear_down(&f);
}

static void test_wrong_host(void)
{
	EVP_PKEY *other = vector_synthetic_key_77();
	struct pv_error err = { 0 };
	struct fixture f;

	set_up(&f, PV_ATTEST_FLAG_NONCE);
	f.uv.host = other;
	tap_ok(pv_uvdevice_attest(&f.uv.dev, &f.attest, &err) < 0 &&
	       err.uv_rc == PV_RC_ATTEST_UNSEAL,
	       "a request for another machine cannot be opened");
	tear_down(&f);
	EVP_PKEY_free(other);
}

static void test_too_much_additional(void)
{
	struct pv_error err = { 0 };
	struct fixture f;

	set_up(&f, PV_ATTEST_FLAG_ATTEST_PHKH);
	f.uv.surplus = 1;
	tap_ok(pv_uvdevice_attest(&f.uv.dev, &f.attest, &err) < 0 &&
	       err.code == PV_ERR_FORMAT,
	       "more additional data than there is room for is not believed");
	tear_down(&f);
}

static void test_less_additional(void)
{
	struct pv_error err = { 0 };
	struct fixture f;

	set_up(&f, PV_ATTEST_FLAG_ATTEST_PHKH);
	f.attest.additional_len = sizeof(f.additional);
	tap_ok(pv_uvdevice_attest(&f.uv.dev, &f.attest, &err) == 0 &&
	       f.attest.additional_len == 32,
	       "only the additional data that was stored counts");
	tear_down(&f);
}

static void test_info(void)
{
	struct pv_uvio_info info;
	struct pv_error err = { 0 };
	struct fixture f;

	set_up(&f, 0);
	tap_ok(pv_uvdevice_info(&f.uv.dev, &info, &err) == 0 &&
	       info.supp_uvio_cmds == 0x3f && info.supp_uv_cmds == 0x3e,
	       "the device says what it can do");
	f.uv.no_info = true;
	tap_ok(pv_uvdevice_info(&f.uv.dev, &info, &err) == 0 &&
	       info.supp_uvio_cmds == 2 && info.supp_uv_cmds == 2,
	       "a kernel without the info request knows attestation only");
	f.uv.fail_errno = EIO;
	tap_ok(pv_uvdevice_info(&f.uv.dev, &info, &err) < 0 &&
	       err.code == PV_ERR_IO, "any other failure is one");
	tear_down(&f);
}

static void test_open(void)
{
	struct pv_uvdevice dev;

	tap_ok(pv_uvdevice_open(&dev, "/nonexistent/uv") ==
	       PV_UVDEVICE_MISSING, "a missing device is missing");
	tap_ok(pv_uvdevice_open(&dev, "/") == PV_UVDEVICE_NOT_A_DEVICE,
	       "a directory is no device");
	tap_ok(pv_uvdevice_open(&dev, "/dev/null") == PV_UVDEVICE_USABLE,
	       "a character device can be opened");
	pv_uvdevice_close(&dev);
}

int main(void)
{
	tap_start();
	test_success(PV_ATTEST_FLAG_NONCE, 0);
	test_success(0, 1);
	test_success(0x7c00000000000000, 256);
	test_success(0x1800000000000000, 5);
	test_user_data_limit();
	test_rcs();
	test_errno(ENOTTY, "knows no attestation");
	test_errno(EINVAL, "malformed");
	test_errno(EFAULT, strerror(EFAULT));
	test_wrong_host();
	test_too_much_additional();
	test_less_additional();
	test_info();
	test_open();
	return tap_done();
}
