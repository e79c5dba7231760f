// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/uv: every error in its documented order, and attestation that works.
 *
 * Where the order of two checks shows, a test violates both and expects the
 * error of the first.  Requests are sealed here, for the host key of the
 * machine; see target.c for what that needs.
 */
#include <fcntl.h>

#include "kselftest_harness.h"
#include "attester.h"
#include "device.h"
#include "pages.h"
#include "target.h"
#include "uv_ioctl.h"
#include "uvdevice_variants.h"

static int uv_ioctl(int fd, unsigned long cmd, void *cb)
{
	return ioctl(fd, cmd, cb) ? -errno : 0;
}

FIXTURE_SETUP(no_request)
{
	self->fd = open(UV_PATH, O_RDWR);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(no_request)
{
	close(self->fd);
}

TEST_F(no_request, is_refused_before_the_control_block_is_read)
{
	struct uvio_ioctl_cb cb = {};

	EXPECT_EQ(-ENOTTY, uv_ioctl(self->fd, variant->cmd, &cb));
	EXPECT_EQ(-ENOTTY, uv_ioctl(self->fd, variant->cmd, NULL));
}

/* What holds for the control block of every request. */
FIXTURE(control_block) {
	int fd;
	struct uvio_ioctl_cb *cb;
	uint8_t *pages;
};

/* @error is that of an argument at NULL. */
FIXTURE_VARIANT(control_block) {
	unsigned long cmd;
	uint32_t len;
	int error;
};

FIXTURE_VARIANT_ADD(control_block, info) {
	.cmd = UVIO_IOCTL_UVDEV_INFO,
	.len = sizeof(struct uvio_uvdev_info),
	.error = -EFAULT,
};

FIXTURE_VARIANT_ADD(control_block, attest) {
	.cmd = UVIO_IOCTL_ATT,
	.len = sizeof(struct uvio_attest),
	.error = -EFAULT,
};

FIXTURE_VARIANT_ADD(control_block, add_secret) {
	.cmd = UVIO_IOCTL_ADD_SECRET,
	.len = 0x600,
	.error = -EFAULT,
};

FIXTURE_VARIANT_ADD(control_block, list_secrets) {
	.cmd = UVIO_IOCTL_LIST_SECRETS,
	.len = UVIO_LIST_SECRETS_LEN,
	.error = -EFAULT,
};

/* The only request without an argument: one is an error. */
FIXTURE_VARIANT_ADD(control_block, lock_secrets) {
	.cmd = UVIO_IOCTL_LOCK_SECRETS,
	.len = 1,
	.error = -EINVAL,
};

FIXTURE_VARIANT_ADD(control_block, retrieve_secret) {
	.cmd = UVIO_IOCTL_RETR_SECRET,
	.len = 64,
	.error = -EFAULT,
};

/* The control block ends where a page that cannot be accessed begins. */
FIXTURE_SETUP(control_block)
{
	self->fd = open(UV_PATH, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->pages = pages_new(2);
	ASSERT_NE(MAP_FAILED, self->pages);
	ASSERT_EQ(0, pages_protect(self->pages, 1, PROT_NONE));
	self->cb = (void *)(self->pages + getpagesize() - sizeof(*self->cb));
	self->cb->argument_len = variant->len;
}

FIXTURE_TEARDOWN(control_block)
{
	close(self->fd);
	pages_free(self->pages, 2);
}

TEST_F(control_block, is_read_to_its_last_byte)
{
	uint8_t *end = self->pages + getpagesize();

	/* Argument at NULL: the control block was fine. */
	EXPECT_EQ(variant->error, uv_ioctl(self->fd, variant->cmd, self->cb));
	EXPECT_EQ(-EFAULT, uv_ioctl(self->fd, variant->cmd, NULL));
	EXPECT_EQ(-EFAULT, uv_ioctl(self->fd, variant->cmd, end));
	/* Every field that could be refused is refused only after reading. */
	memset(self->cb, 0xff, sizeof(*self->cb));
	EXPECT_EQ(-EINVAL, uv_ioctl(self->fd, variant->cmd, self->cb));
	EXPECT_EQ(-EFAULT, uv_ioctl(self->fd, variant->cmd, end - 63));
}

TEST_F(control_block, flags_are_refused_before_the_argument_is_touched)
{
	for (unsigned int bit = 0; bit < 32; bit++) {
		self->cb->flags = 1U << bit;
		EXPECT_EQ(-EINVAL, uv_ioctl(self->fd, variant->cmd, self->cb));
	}
}

TEST_F(control_block, reserved_bytes_are_refused_before_the_argument)
{
	for (size_t i = 0; i < sizeof(self->cb->reserved14); i++) {
		self->cb->reserved14[i] = 0x80;
		EXPECT_EQ(-EINVAL, uv_ioctl(self->fd, variant->cmd, self->cb));
		self->cb->reserved14[i] = 0;
	}
}

TEST_F(control_block, is_left_alone_by_an_error)
{
	struct uvio_ioctl_cb before;

	self->cb->uv_rc = 0x1234;
	self->cb->uv_rrc = 0x5678;
	before = *self->cb;
	EXPECT_EQ(variant->error, uv_ioctl(self->fd, variant->cmd, self->cb));
	EXPECT_EQ(0, memcmp(&before, self->cb, sizeof(before)));
}

FIXTURE(info) {
	int fd;
	struct uvio_ioctl_cb cb;
	struct uvio_uvdev_info info;
	uint8_t guard[64];
};

FIXTURE_SETUP(info)
{
	self->fd = open(UV_PATH, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->cb.argument_addr = (uintptr_t)&self->info;
	self->cb.argument_len = sizeof(self->info);
	memset(&self->info, ATTESTER_FILL,
	       sizeof(self->info) + sizeof(self->guard));
}

FIXTURE_TEARDOWN(info)
{
	close(self->fd);
}

TEST_F(info, names_the_requests_of_the_driver)
{
	self->cb.uv_rrc = 0x5678;
	ASSERT_EQ(0, uv_ioctl(self->fd, UVIO_IOCTL_UVDEV_INFO, &self->cb));
	EXPECT_EQ(UV_RC_EXECUTED, self->cb.uv_rc);
	EXPECT_EQ(0x5678, self->cb.uv_rrc);
	EXPECT_EQ(3, self->info.supp_uvio_cmds & 3);
	/* No call of the Ultravisor stands behind INFO itself. */
	EXPECT_EQ(0, self->info.supp_uv_cmds & 1);
	EXPECT_EQ(0, self->info.supp_uv_cmds & ~self->info.supp_uvio_cmds);
}

TEST_F(info, names_the_calls_that_the_kernel_sees)
{
	struct target target;

	target_find(&target);
	target_free(&target);
	if (!target.calls)
		SKIP(return, "%s", target.reason);
	ASSERT_EQ(0, uv_ioctl(self->fd, UVIO_IOCTL_UVDEV_INFO, &self->cb));
	for (unsigned int nr = 0; nr < 64; nr++) {
		if (self->info.supp_uvio_cmds >> nr & 1)
			EXPECT_EQ(target_has_call(&target, nr),
				  self->info.supp_uv_cmds >> nr & 1);
	}
}

/*
 * PV_TEST_DRIVER=in-tree: the driver of Linux 6.5 to 6.12, which has all
 * requests but the last one.
 */
TEST_F(info, retrieval_of_secrets_is_there_as_it_says)
{
	const char *driver = getenv("PV_TEST_DRIVER");
	bool missing = driver && !strcmp(driver, "in-tree");
	uint16_t index = 0;

	ASSERT_EQ(0, uv_ioctl(self->fd, UVIO_IOCTL_UVDEV_INFO, &self->cb));
	EXPECT_EQ(missing ? 0x1f : 0x3f, self->info.supp_uvio_cmds);
	self->cb.argument_addr = (uintptr_t)&index;
	self->cb.argument_len = sizeof(index);
	EXPECT_EQ(missing ? -ENOTTY : 0,
		  uv_ioctl(self->fd, UVIO_IOCTL_RETR_SECRET, &self->cb));
}

TEST_F(info, requests_it_does_not_name_do_not_exist)
{
	ASSERT_EQ(0, uv_ioctl(self->fd, UVIO_IOCTL_UVDEV_INFO, &self->cb));
	for (unsigned int nr = 0; nr < 64; nr++) {
		if (self->info.supp_uvio_cmds >> nr & 1)
			continue;
		EXPECT_EQ(-ENOTTY, uv_ioctl(self->fd, UVIO_IOCTL(nr), NULL));
	}
}

TEST_F(info, is_there_in_every_access_mode)
{
	static const int modes[] = { O_RDONLY, O_WRONLY, O_ACCMODE };

	for (size_t i = 0; i < ARRAY_SIZE(modes); i++) {
		int fd = open(UV_PATH, modes[i]);

		ASSERT_LE(0, fd);
		EXPECT_EQ(0, uv_ioctl(fd, UVIO_IOCTL_UVDEV_INFO, &self->cb));
		close(fd);
	}
}

TEST_F(info, a_longer_argument_is_filled_as_far_as_known)
{
	size_t more = sizeof(self->guard);

	self->cb.argument_len = sizeof(self->info) + more;
	ASSERT_EQ(0, uv_ioctl(self->fd, UVIO_IOCTL_UVDEV_INFO, &self->cb));
	EXPECT_EQ(3, self->info.supp_uvio_cmds & 3);
	while (more--)
		EXPECT_EQ(ATTESTER_FILL, self->guard[more]);
}

TEST_F(info, a_short_argument_is_refused_before_it_is_written)
{
	self->cb.argument_len = sizeof(self->info) - 1;
	EXPECT_EQ(-EINVAL,
		  uv_ioctl(self->fd, UVIO_IOCTL_UVDEV_INFO, &self->cb));
	EXPECT_EQ(ATTESTER_FILL, *(uint8_t *)&self->info);
	self->cb.argument_addr = 0;
	EXPECT_EQ(-EINVAL,
		  uv_ioctl(self->fd, UVIO_IOCTL_UVDEV_INFO, &self->cb));
	self->cb.argument_len = 0;
	EXPECT_EQ(-EINVAL,
		  uv_ioctl(self->fd, UVIO_IOCTL_UVDEV_INFO, &self->cb));
}

TEST_F(info, is_stored_before_the_control_block)
{
	uint8_t *page = pages_new(1);

	ASSERT_NE(MAP_FAILED, page);
	memcpy(page, &self->cb, sizeof(self->cb));
	ASSERT_EQ(0, pages_protect(page, 0, PROT_READ));
	EXPECT_EQ(-EFAULT, uv_ioctl(self->fd, UVIO_IOCTL_UVDEV_INFO, page));
	EXPECT_EQ(3, self->info.supp_uvio_cmds & 3);
	pages_free(page, 1);
}

/* Arguments of an attestation that does not need a sealed request. */
FIXTURE(argument) {
	int fd;
	struct attester *at;
	struct uvio_attest *att;
	uint8_t *pages;
};

/* A copy of the argument ends where a page without access begins. */
FIXTURE_SETUP(argument)
{
	self->fd = open(UV_PATH, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->at = attester_new(attester_seed());
	ASSERT_NE(NULL, self->at);
	self->at->att.arcb_len = 0x180;
	self->at->att.add_data_len = 32;
	self->pages = pages_new(2);
	ASSERT_NE(MAP_FAILED, self->pages);
	ASSERT_EQ(0, pages_protect(self->pages, 1, PROT_NONE));
	self->att = (void *)(self->pages + getpagesize() - sizeof(*self->att));
	*self->att = self->at->att;
}

FIXTURE_TEARDOWN(argument)
{
	close(self->fd);
	pages_free(self->pages, 2);
	attester_free(self->at);
}

/* What an Ultravisor that cannot attest says to every request. */
static uint16_t rc_without_a_request(void)
{
	struct target target;

	target_find(&target);
	target_free(&target);
	return !target.calls || target_attests(&target) ? UV_RC_ATT_VERSION :
							  UV_RC_NO_CALL;
}

TEST_F(argument, without_a_request_is_answered_by_the_ultravisor)
{
	ASSERT_EQ(0, attester_call(self->at, self->fd));
	EXPECT_EQ(rc_without_a_request(), self->at->cb.uv_rc);
	EXPECT_TRUE(attester_results_zero(self->at));
	EXPECT_TRUE(attester_guards_intact(self->at));
	EXPECT_TRUE(attester_inputs_intact(self->at));
}

TEST_F(argument, of_wrong_size_is_refused_before_it_is_read)
{
	static const uint32_t sizes[] = {
		0, 1, sizeof(struct uvio_attest) - 1,
		sizeof(struct uvio_attest) + 1, 0x80000000, UINT32_MAX,
	};

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		self->at->cb.argument_len = sizes[i];
		EXPECT_EQ(-EINVAL, attester_call(self->at, self->fd));
		self->at->cb.argument_addr = 0;
		EXPECT_EQ(-EINVAL, attester_call(self->at, self->fd));
		self->at->cb.argument_addr = (uintptr_t)&self->at->att;
	}
	EXPECT_TRUE(attester_results_untouched(self->at));
}

TEST_F(argument, is_read_to_its_last_byte)
{
	self->at->cb.argument_addr = (uintptr_t)self->att;
	EXPECT_EQ(0, attester_call(self->at, self->fd));
	memset(self->att, 0xff, sizeof(*self->att));
	EXPECT_EQ(-EINVAL, attester_call(self->at, self->fd));
	self->at->cb.argument_addr = (uintptr_t)self->att + 1;
	EXPECT_EQ(-EFAULT, attester_call(self->at, self->fd));
	self->at->cb.argument_addr = (uintptr_t)(self->att + 1);
	EXPECT_EQ(-EFAULT, attester_call(self->at, self->fd));
	self->at->cb.argument_addr = 0;
	EXPECT_EQ(-EFAULT, attester_call(self->at, self->fd));
}

TEST_F(argument, arcb_is_read_to_its_last_byte)
{
	uint8_t *end = self->pages + getpagesize();

	self->at->att.arcb_addr = (uintptr_t)end - self->at->att.arcb_len;
	EXPECT_EQ(0, attester_call(self->at, self->fd));
	memset(self->at->meas, ATTESTER_FILL, sizeof(self->at->meas));
	memset(self->at->add, ATTESTER_FILL, sizeof(self->at->add));
	self->at->att.arcb_addr++;
	EXPECT_EQ(-EFAULT, attester_call(self->at, self->fd));
	self->at->att.arcb_addr = (uintptr_t)end;
	EXPECT_EQ(-EFAULT, attester_call(self->at, self->fd));
	self->at->att.arcb_addr = 0;
	EXPECT_EQ(-EFAULT, attester_call(self->at, self->fd));
	EXPECT_EQ(ATTESTER_FILL, self->at->meas[0]);
	EXPECT_EQ(ATTESTER_FILL, self->at->add[0]);
}

TEST_F(argument, measurement_is_stored_first)
{
	uint8_t *end = self->pages + getpagesize();

	self->at->att.meas_addr = (uintptr_t)end - ARCB_MEAS_SIZE;
	EXPECT_EQ(0, attester_call(self->at, self->fd));
	memset(self->at->add, ATTESTER_FILL, sizeof(self->at->add));
	memset(self->at->att.config_uid, ATTESTER_FILL, ARCB_UID_SIZE);
	self->at->cb.uv_rc = 0;
	self->at->att.meas_addr++;
	EXPECT_EQ(-EFAULT, attester_call(self->at, self->fd));
	self->at->att.meas_addr = 0;
	EXPECT_EQ(-EFAULT, attester_call(self->at, self->fd));
	EXPECT_TRUE(attester_results_untouched(self->at));
	EXPECT_EQ(0, self->at->cb.uv_rc);
}

TEST_F(argument, additional_data_is_stored_second)
{
	uint8_t *end = self->pages + getpagesize();

	self->at->att.add_data_addr = (uintptr_t)end - 32;
	EXPECT_EQ(0, attester_call(self->at, self->fd));
	memset(self->at->meas, ATTESTER_FILL, sizeof(self->at->meas));
	memset(self->at->att.config_uid, ATTESTER_FILL, ARCB_UID_SIZE);
	self->at->att.add_data_addr++;
	EXPECT_EQ(-EFAULT, attester_call(self->at, self->fd));
	EXPECT_EQ(0, self->at->meas[0]);
	EXPECT_EQ(ATTESTER_FILL, self->at->att.config_uid[0]);
}

TEST_F(argument, additional_data_address_is_not_used_without_a_length)
{
	self->at->att.add_data_addr = 0;
	EXPECT_EQ(-EFAULT, attester_call(self->at, self->fd));
	self->at->att.add_data_len = 0;
	EXPECT_EQ(0, attester_call(self->at, self->fd));
}

TEST_F(argument, control_block_is_stored_last)
{
	uint8_t *page = pages_new(1);

	ASSERT_NE(MAP_FAILED, page);
	memcpy(page, &self->at->cb, sizeof(self->at->cb));
	ASSERT_EQ(0, pages_protect(page, 0, PROT_READ));
	self->at->asked = self->at->att;
	EXPECT_EQ(-EFAULT, uv_ioctl(self->fd, UVIO_IOCTL_ATT, page));
	EXPECT_TRUE(attester_results_zero(self->at));
	pages_free(page, 1);
}

FIXTURE_SETUP(bad_argument)
{
	self->fd = open(UV_PATH, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->at = attester_new(attester_seed());
	ASSERT_NE(NULL, self->at);
	self->at->att.arcb_len = 0x180;
	self->at->att.add_data_len = 32;
	self->at->att.arcb_addr = 0;
}

FIXTURE_TEARDOWN(bad_argument)
{
	close(self->fd);
	attester_free(self->at);
}

static void set_field(struct uvio_attest *att, size_t offset, bool half,
		      uint32_t value)
{
	void *field = (uint8_t *)att + offset;

	if (half)
		*(uint16_t *)field = (uint16_t)value;
	else
		*(uint32_t *)field = value;
}

TEST_F(bad_argument, is_refused_before_the_arcb_is_read)
{
	set_field(&self->at->att, variant->offset, variant->half,
		  variant->good);
	EXPECT_EQ(-EFAULT, attester_call(self->at, self->fd));
	set_field(&self->at->att, variant->offset, variant->half,
		  variant->value);
	EXPECT_EQ(-EINVAL, attester_call(self->at, self->fd));
	EXPECT_TRUE(attester_results_untouched(self->at));
}

static uint32_t up_to(uint32_t limit, uint32_t len, uint32_t more)
{
	return more > limit - len ? limit : len + more;
}

FIXTURE_SETUP(attestation)
{
	struct uvio_attest *att;

	self->fd = open(UV_PATH, O_RDWR);
	ASSERT_LE(0, self->fd);
	if (target_find(&self->target))
		SKIP(return, "%s", self->target.reason);
	self->at = attester_new(attester_seed());
	ASSERT_NE(NULL, self->at);
	self->at->req.nr_decoys = variant->nr_decoys;
	ASSERT_EQ(0, attester_seal(self->at, &self->target, variant->flags));
	att = &self->at->att;
	att->user_data_len = variant->user_data_len;
	att->arcb_len = up_to(UVIO_ATT_ARCB_MAX_LEN, att->arcb_len,
			      variant->more_arcb);
	att->meas_len = up_to(UVIO_ATT_MEASUREMENT_MAX_LEN, att->meas_len,
			      variant->more_meas);
	att->add_data_len = up_to(UVIO_ATT_ADDITIONAL_MAX_LEN,
				  att->add_data_len, variant->more_add);
}

FIXTURE_TEARDOWN(attestation)
{
	attester_free(self->at);
	target_free(&self->target);
	close(self->fd);
}

/* A machine of an older generation refuses what it does not know. */
TEST_F(attestation, is_verified)
{
	const char *wrong;

	ASSERT_EQ(0, attester_call(self->at, self->fd));
	if (variant->flags & ~self->target.flags) {
		EXPECT_EQ(UV_RC_ATT_FLAGS, self->at->cb.uv_rc);
		EXPECT_TRUE(attester_results_zero(self->at));
		return;
	}
	EXPECT_EQ(UV_RC_EXECUTED, self->at->cb.uv_rc);
	wrong = attester_verify(self->at, &self->target);
	EXPECT_EQ(NULL, wrong) {
		TH_LOG("%s", wrong);
	}
}

/* One good request, with all that the tests below vary. */
FIXTURE(sealed) {
	int fd;
	struct target target;
	struct attester *at;
};

FIXTURE_SETUP(sealed)
{
	self->fd = open(UV_PATH, O_RDWR);
	ASSERT_LE(0, self->fd);
	if (target_find(&self->target))
		SKIP(return, "%s", self->target.reason);
	self->at = attester_new(attester_seed());
	ASSERT_NE(NULL, self->at);
	ASSERT_EQ(0, attester_seal(self->at, &self->target,
				   ARCB_FLAG_NONCE | ARCB_FLAG_IMAGE_PHKH));
}

FIXTURE_TEARDOWN(sealed)
{
	attester_free(self->at);
	target_free(&self->target);
	close(self->fd);
}

TEST_F(sealed, request_is_bound_to_the_user_data)
{
	self->at->att.user_data_len = 256;
	ASSERT_EQ(0, attester_call(self->at, self->fd));
	EXPECT_EQ(NULL, attester_verify(self->at, &self->target));
	self->at->asked.user_data[255] ^= 1;
	EXPECT_NE(NULL, attester_verify(self->at, &self->target));
}

TEST_F(sealed, request_is_bound_to_the_image)
{
	ASSERT_EQ(0, attester_call(self->at, self->fd));
	EXPECT_EQ(NULL, attester_verify(self->at, &self->target));
	self->target.boot_tags[0] ^= 1;
	EXPECT_NE(NULL, attester_verify(self->at, &self->target));
}

TEST_F(sealed, configuration_uid_stays_the_same)
{
	uint8_t uid[ARCB_UID_SIZE];

	ASSERT_EQ(0, attester_call(self->at, self->fd));
	EXPECT_EQ(UV_RC_EXECUTED, self->at->cb.uv_rc);
	memcpy(uid, self->at->att.config_uid, sizeof(uid));
	self->at->att.add_data_len = 32;
	ASSERT_EQ(0, attester_call(self->at, self->fd));
	EXPECT_EQ(0, memcmp(uid, self->at->att.config_uid, sizeof(uid)));
}

/*
 * The argument lies across two pages: up to and including the configuration UID
 * on the first, the lengths on the second.
 */
static struct uvio_attest *across(uint8_t *pages)
{
	return (void *)(pages + getpagesize() -
			offsetof(struct uvio_attest, arcb_len));
}

TEST_F(sealed, additional_length_is_stored_before_the_configuration_uid)
{
	uint8_t *pages = pages_new(2);
	struct uvio_attest *att = across(pages);

	ASSERT_NE(MAP_FAILED, pages);
	self->at->att.add_data_len = 33;
	*att = self->at->att;
	self->at->cb.argument_addr = (uintptr_t)att;
	ASSERT_EQ(0, pages_protect(pages, 0, PROT_READ));
	EXPECT_EQ(-EFAULT, attester_call(self->at, self->fd));
	EXPECT_EQ(32, att->add_data_len);
	EXPECT_EQ(ATTESTER_FILL, att->config_uid[0]);
	EXPECT_NE(ATTESTER_FILL, self->at->add[31]);
	pages_free(pages, 2);
}

TEST_F(sealed, additional_length_is_stored_after_the_additional_data)
{
	uint8_t *pages = pages_new(2);
	struct uvio_attest *att = across(pages);

	ASSERT_NE(MAP_FAILED, pages);
	*att = self->at->att;
	self->at->cb.argument_addr = (uintptr_t)att;
	ASSERT_EQ(0, pages_protect(pages, 1, PROT_READ));
	EXPECT_EQ(-EFAULT, attester_call(self->at, self->fd));
	EXPECT_EQ(ATTESTER_FILL, att->config_uid[0]);
	EXPECT_NE(ATTESTER_FILL, self->at->add[31]);
	pages_free(pages, 2);
}

/* Attest and verify, again and again; the number of the failing one, or 0. */
static int attest_repeatedly(const struct target *target, uint64_t seed, int nr)
{
	int fd = open(UV_PATH, O_RDWR), ret = 0;

	for (int i = 1; i <= nr && !ret; i++) {
		struct attester *at = attester_new(seed + (uint64_t)i);

		if (!at || attester_seal(at, target, 0x7000000000000000) ||
		    attester_call(at, fd) || attester_verify(at, target))
			ret = i;
		attester_free(at);
	}
	close(fd);
	return ret;
}

TEST_F_TIMEOUT(sealed, requests_of_two_processes_do_not_mix, 120)
{
	pid_t pids[2];
	int status;

	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		ASSERT_LE(0, pids[i]);
		if (!pids[i])
			_exit(attest_repeatedly(&self->target,
						attester_seed() + 100 * i, 8));
	}
	for (int i = 0; i < 2; i++) {
		ASSERT_EQ(pids[i], waitpid(pids[i], &status, 0));
		EXPECT_EQ(0, status);
	}
}

FIXTURE_SETUP(refusal)
{
	struct uvio_attest *att;

	self->fd = open(UV_PATH, O_RDWR);
	ASSERT_LE(0, self->fd);
	if (target_find(&self->target))
		SKIP(return, "%s", self->target.reason);
	self->at = attester_new(attester_seed());
	ASSERT_NE(NULL, self->at);
	ASSERT_EQ(0, attester_seal(self->at, &self->target,
				   ARCB_FLAG_NONCE | ARCB_FLAG_IMAGE_PHKH));
	att = &self->at->att;
	self->at->arcb[variant->offset] ^= variant->flip;
	att->user_data_len = variant->user_data_len;
	att->meas_len -= variant->less_meas;
	att->add_data_len -= variant->less_add;
}

FIXTURE_TEARDOWN(refusal)
{
	attester_free(self->at);
	target_free(&self->target);
	close(self->fd);
}

TEST_F(refusal, has_its_code_and_no_result)
{
	self->at->cb.uv_rrc = 0x5678;
	ASSERT_EQ(0, attester_call(self->at, self->fd));
	EXPECT_EQ(variant->rc, self->at->cb.uv_rc);
	EXPECT_NE(0x5678, self->at->cb.uv_rrc);
	EXPECT_TRUE(attester_results_zero(self->at));
	EXPECT_TRUE(attester_guards_intact(self->at));
	EXPECT_TRUE(attester_inputs_intact(self->at));
}

int main(int argc, char **argv)
{
	device_needed();
	return test_harness_run(argc, argv);
}
