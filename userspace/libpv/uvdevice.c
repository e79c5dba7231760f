// SPDX-License-Identifier: MIT
/* /dev/uv: what a program can ask the Ultravisor for. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include <pv/uvc.h>

#include "uvdevice_internal.h"

static int kernel_ioctl(struct pv_uvdevice *dev, unsigned long request,
			struct pv_uvio_cb *cb)
{
	return ioctl(dev->fd, request, cb);
}

enum pv_uvdevice_state pv_uvdevice_open(struct pv_uvdevice *dev,
					const char *path)
{
	struct stat st;

	memset(dev, 0, sizeof(*dev));
	dev->ioctl = kernel_ioctl;
	dev->fd = -1;
	if (stat(path, &st) < 0) {
		if (errno == EACCES)
			return PV_UVDEVICE_NO_PERMISSION;
		return errno == ENOENT || errno == ENOTDIR ?
		       PV_UVDEVICE_MISSING : PV_UVDEVICE_FAILS;
	}
	if (!S_ISCHR(st.st_mode)) {
		errno = ENOTTY;
		return PV_UVDEVICE_NOT_A_DEVICE;
	}
	dev->fd = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (dev->fd >= 0)
		return PV_UVDEVICE_USABLE;
	return errno == EACCES || errno == EPERM ? PV_UVDEVICE_NO_PERMISSION :
	       PV_UVDEVICE_FAILS;
}

void pv_uvdevice_close(struct pv_uvdevice *dev)
{
	if (dev->fd >= 0)
		close(dev->fd);
	dev->fd = -1;
}

int pv_uvdevice_info(struct pv_uvdevice *dev, struct pv_uvio_info *info,
		     struct pv_error *err)
{
	struct pv_uvio_cb cb = {
		.argument_addr = pv_user_address(info),
		.argument_len = sizeof(*info),
	};

	memset(info, 0, sizeof(*info));
	if (dev->ioctl(dev, PV_UVIO_INFO, &cb) == 0)
		return 0;
	if (errno != ENOTTY)
		return pv_fail_errno(err, PV_ERR_IO,
				     "The Ultravisor device does not say what it can do");
	info->supp_uvio_cmds = 1u << PV_UVIO_NR_ATT;
	info->supp_uv_cmds = 1u << PV_UVIO_NR_ATT;
	return 0;
}

#define NO_SECRETS \
	"The driver behind the Ultravisor device knows no secrets; use a kernel from 6.5 on, or the module uvdevice of s390-pv"

/*
 * @what completes "could not", @called "refused"; @missing and @malformed are
 * what ENOTTY and EINVAL mean.
 */
static const struct call {
	const char *what;
	const char *called;
	enum pv_error_code missing_code;
	const char *missing;
	const char *malformed;
	bool partial;		/* PV_RC_MORE_DATA is no failure */
} calls[] = {
	[PV_UVIO_NR_ATT] = {
		"perform the attestation", "the attestation", PV_ERR_IO,
		"The driver behind the Ultravisor device knows no attestation",
		"The driver finds the attestation request malformed (is it the output of 'attest create'?)",
		false },
	[PV_UVIO_NR_ADD_SECRET] = {
		"add the secret", "the secret", PV_ERR_UNSUPPORTED,
		NO_SECRETS,
		"The driver finds the add-secret request malformed (is it the output of 'secret create'?)",
		false },
	[PV_UVIO_NR_LIST_SECRETS] = {
		"list the secrets", "the list of secrets", PV_ERR_UNSUPPORTED,
		NO_SECRETS,
		"The driver takes no list of this size",
		true },
	[PV_UVIO_NR_LOCK_SECRETS] = {
		"lock the secret store", "to lock the secret store",
		PV_ERR_UNSUPPORTED,
		NO_SECRETS,
		"The driver finds the request to lock the store malformed",
		false },
	[PV_UVIO_NR_RETR_SECRET] = {
		"retrieve the secret", "to give the secret", PV_ERR_UNSUPPORTED,
		"The driver behind the Ultravisor device cannot retrieve secrets; use a kernel from 6.13 on, or the module uvdevice of s390-pv",
		"The driver takes no buffer of this size for a secret",
		false },
};

static int fail_ioctl(const struct call *call, struct pv_error *err)
{
	int saved = errno;

	if (saved == ENOTTY)
		pv_fail(err, call->missing_code, "%s", call->missing);
	else if (saved == EINVAL)
		pv_fail(err, PV_ERR_IO, "%s", call->malformed);
	else
		pv_fail_errno(err, PV_ERR_IO, "The driver could not %s",
			      call->what);
	errno = saved;
	return -1;
}

static int fail_uv(const struct pv_uvio_cb *cb, enum pv_uvio_nr nr,
		   struct pv_error *err)
{
	if (err && err->code == PV_OK) {
		err->uv_rc = cb->uv_rc;
		err->uv_rrc = cb->uv_rrc;
	}
	return pv_fail(err, PV_ERR_UV,
		       "The Ultravisor refused %s (rc 0x%04x rrc 0x%04x): %s",
		       calls[nr].called, cb->uv_rc, cb->uv_rrc,
		       pv_uv_rc_text(nr, cb->uv_rc));
}

int pv_uvdevice_request(struct pv_uvdevice *dev, enum pv_uvio_nr nr,
			struct pv_uvio_cb *cb, struct pv_error *err)
{
	if (dev->ioctl(dev, PV_UVIO_CMD(nr), cb) != 0)
		return fail_ioctl(&calls[nr], err);
	if (cb->uv_rc == PV_RC_EXECUTED ||
	    (cb->uv_rc == PV_RC_MORE_DATA && calls[nr].partial))
		return 0;
	return fail_uv(cb, nr, err);
}

static void fill_argument(struct pv_uvio_attest *arg,
			  const struct pv_uvdevice_attest *attest)
{
	memset(arg, 0, sizeof(*arg));
	arg->arcb_addr = pv_user_address(attest->arcb);
	arg->arcb_len = attest->arcb_len;
	arg->meas_addr = pv_user_address(attest->measurement);
	arg->meas_len = attest->measurement_len;
	arg->add_data_addr = pv_user_address(attest->additional);
	arg->add_data_len = attest->additional_len;
	arg->user_data_len = attest->user_data_len;
	if (attest->user_data_len > 0)
		memcpy(arg->user_data, attest->user_data,
		       attest->user_data_len);
}

int pv_uvdevice_attest(struct pv_uvdevice *dev,
		       struct pv_uvdevice_attest *attest, struct pv_error *err)
{
	struct pv_uvio_attest arg;
	struct pv_uvio_cb cb = {
		.argument_addr = pv_user_address(&arg),
		.argument_len = sizeof(arg),
	};

	if (attest->user_data_len > sizeof(arg.user_data))
		return pv_fail(err, PV_ERR_LIMIT,
			       "%u bytes of user data are too many, at most %zu can be attested",
			       attest->user_data_len, sizeof(arg.user_data));
	fill_argument(&arg, attest);
	/* The driver copies the outputs whatever the Ultravisor says. */
	if (pv_uvdevice_request(dev, PV_UVIO_NR_ATT, &cb, err) < 0)
		return -1;
	if (arg.add_data_len > attest->additional_len)
		return pv_fail(err, PV_ERR_FORMAT,
			       "The driver reports more additional data than there is room for");
	attest->additional_len = arg.add_data_len;
	memcpy(attest->config_uid, arg.config_uid, sizeof(attest->config_uid));
	return 0;
}
