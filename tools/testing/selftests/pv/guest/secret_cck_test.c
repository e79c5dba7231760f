// SPDX-License-Identifier: GPL-2.0
/*
 * Secrets and the customer communication key (CCK) of the image.
 *
 * What a CCK does is up to the image.  PV_TEST_IMAGE tells what this guest was
 * started from, and tests for another one are skipped:
 *
 * extension	add-secret requests have to carry an extension secret derived
 *		from the CCK, which is in PV_TEST_CCK (/etc/pv-test/cck)
 * update	the guest may replace the CCK
 */
#include <fcntl.h>

#include "kselftest_harness.h"
#include "attester.h"
#include "device.h"
#include "keeper.h"

FIXTURE(cck) {
	int fd;
	struct target target;
	struct keeper *keeper;
	uint8_t cck[ASRCB_CCK_SIZE];
};

static bool image_is(const char *name)
{
	const char *image = getenv("PV_TEST_IMAGE");

	return image && !strcmp(image, name);
}

static int read_cck(uint8_t *cck)
{
	const char *path = getenv("PV_TEST_CCK");
	int fd = open(path ? path : "/etc/pv-test/cck", O_RDONLY);
	ssize_t n = read(fd, cck, ASRCB_CCK_SIZE);

	close(fd);
	return n == ASRCB_CCK_SIZE ? 0 : -1;
}

FIXTURE_SETUP(cck)
{
	self->fd = open(UV_PATH, O_RDWR);
	ASSERT_LE(0, self->fd);
	if (target_find(&self->target))
		SKIP(return, "%s", self->target.reason);
	self->keeper = keeper_new(&self->target, attester_seed());
	ASSERT_NE(NULL, self->keeper);
}

FIXTURE_TEARDOWN(cck)
{
	keeper_free(self->keeper);
	target_free(&self->target);
	close(self->fd);
}

/* Seal and send; what the Ultravisor says, or 0 */
static uint16_t answer(struct keeper *keeper, int fd)
{
	if (keeper_seal(keeper) || keeper_send(keeper, fd))
		return 0;
	return keeper->cb.uv_rc;
}

TEST_F(cck, extension_secret_is_the_derived_one)
{
	struct asrcb_request *req;

	if (!image_is("extension"))
		SKIP(return, "needs PV_TEST_IMAGE=extension");
	req = &self->keeper->req;
	ASSERT_EQ(0, read_cck(self->cck));
	ASSERT_EQ(0, keeper_choose(self->keeper, ASRCB_ASSOCIATION, 32));
	/* Not even the first one is free to choose. */
	EXPECT_EQ(UV_RC_ADD_NOT_FOR_GUEST, answer(self->keeper, self->fd));
	ASSERT_EQ(0, asrcb_derive_extension(req, self->cck));
	EXPECT_EQ(UV_RC_EXECUTED, answer(self->keeper, self->fd));
	self->cck[0] ^= 0x80;
	ASSERT_EQ(0, asrcb_derive_extension(req, self->cck));
	EXPECT_EQ(UV_RC_ADD_NOT_FOR_GUEST, answer(self->keeper, self->fd));
}

TEST_F(cck, is_updated_and_not_listed)
{
	struct uv_list *list;
	struct uvio_ioctl_cb cb;

	if (!image_is("update"))
		SKIP(return, "needs PV_TEST_IMAGE=update");
	list = calloc(1, UVIO_LIST_SECRETS_LEN);
	ASSERT_NE(NULL, list);
	ASSERT_EQ(0, keeper_choose(self->keeper, ASRCB_UPDATE_CCK, 32));
	EXPECT_EQ(UV_RC_EXECUTED, answer(self->keeper, self->fd));
	ASSERT_EQ(0, uv_request(self->fd, UVIO_IOCTL_LIST_SECRETS, list,
				UVIO_LIST_SECRETS_LEN, &cb));
	EXPECT_EQ(UV_RC_EXECUTED, cb.uv_rc);
	EXPECT_EQ(0, list->total);
	free(list);
	/* It has a size like every other secret. */
	self->keeper->req.secret_size = 31;
	EXPECT_EQ(UV_RC_ADD_SECRET_SIZE, answer(self->keeper, self->fd));
}

int main(int argc, char **argv)
{
	device_needed();
	return test_harness_run(argc, argv);
}
