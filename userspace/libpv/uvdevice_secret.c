// SPDX-License-Identifier: MIT
/* /dev/uv: the secrets of this guest. */
#include <errno.h>
#include <string.h>

#include <pv/uvc.h>

#include "secret.h"
#include "uvdevice_internal.h"

/* Enough for most stores at once. */
#define FIRST_PAGES	4

int pv_uvdevice_add_secret(struct pv_uvdevice *dev, const void *asrcb,
			   size_t size, struct pv_error *err)
{
	struct pv_uvio_cb cb = {
		.argument_addr = pv_user_address(asrcb),
		.argument_len = (uint32_t)size,
	};

	if (size == 0 || size > PV_UVIO_ADD_SECRET_MAX)
		return pv_fail(err, PV_ERR_LIMIT,
			       "%zu bytes are no add-secret request (1 to %d are possible)",
			       size, PV_UVIO_ADD_SECRET_MAX);
	return pv_uvdevice_request(dev, PV_UVIO_NR_ADD_SECRET, &cb, err);
}

int pv_uvdevice_lock_secrets(struct pv_uvdevice *dev, struct pv_error *err)
{
	struct pv_uvio_cb cb = { 0 };

	return pv_uvdevice_request(dev, PV_UVIO_NR_LOCK_SECRETS, &cb, err);
}

/* One request for a list of up to @pages; errno is EINVAL if that is too many. */
static int list_pages(struct pv_uvdevice *dev, struct pv_secrets *out,
		      size_t pages, struct pv_error *err)
{
	struct pv_uvio_cb cb = { 0 };
	struct pv_buffer list;
	int ret, saved;

	if (pv_buffer_alloc(&list, pages * PV_UVIO_LIST_SECRETS_UNIT,
			    err) < 0)
		return -1;
	cb.argument_addr = pv_user_address(list.data);
	cb.argument_len = (uint32_t)list.size;
	ret = pv_uvdevice_request(dev, PV_UVIO_NR_LIST_SECRETS, &cb, err);
	saved = errno;
	if (ret == 0)
		ret = pv_secrets_parse(out, list.data, list.size, err);
	pv_buffer_free(&list);
	errno = saved;
	return ret;
}

/* Every page but the first could hold one entry more; one page is enough. */
static size_t pages_for(size_t secrets)
{
	return secrets / PV_SECRET_LIST_PAGE_ENTRIES + 1;
}

int pv_uvdevice_list_secrets(struct pv_uvdevice *dev, struct pv_secrets *out,
			     struct pv_error *err)
{
	struct pv_error first = { 0 };
	size_t pages = FIRST_PAGES;

	memset(out, 0, sizeof(*out));
	if (list_pages(dev, out, pages, &first) < 0) {
		/* Kernels before 6.13 take one page, and go no further. */
		if (first.code == PV_ERR_IO && errno == EINVAL)
			return list_pages(dev, out, 1, err);
		if (err && err->code == PV_OK)
			*err = first;
		return -1;
	}
	/* Others may add secrets meanwhile: again, but not for ever. */
	while (out->n < out->total && pages < pages_for(out->total)) {
		pages = pages_for(out->total);
		pv_secrets_free(out);
		if (list_pages(dev, out, pages, err) < 0)
			return -1;
	}
	return 0;
}

int pv_uvdevice_retrieve_secret(struct pv_uvdevice *dev, uint16_t index,
				size_t size, struct pv_buffer *object,
				struct pv_error *err)
{
	struct pv_uvio_cb cb = { 0 };

	object->data = NULL;
	object->size = 0;
	if (size < sizeof(index) || size > PV_UVIO_RETR_SECRET_MAX)
		return pv_fail(err, PV_ERR_LIMIT,
			       "A secret of %zu bytes cannot be retrieved (%zu to %d are possible)",
			       size, sizeof(index), PV_UVIO_RETR_SECRET_MAX);
	if (pv_buffer_alloc(object, size, err) < 0)
		return -1;
	/* The driver puts the secret where it finds the index. */
	memcpy(object->data, &index, sizeof(index));
	cb.argument_addr = pv_user_address(object->data);
	cb.argument_len = (uint32_t)size;
	if (pv_uvdevice_request(dev, PV_UVIO_NR_RETR_SECRET, &cb, err) < 0) {
		pv_buffer_free(object);
		return -1;
	}
	return 0;
}
