// SPDX-License-Identifier: MIT
/* Secrets through /dev/uv: from the request to what comes back. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pv/uvc.h>

#include "array.h"
#include "asrcb.h"
#include "fake_uv.h"
#include "secret.h"
#include "tap.h"
#include "vectors.h"

/**
 * struct fixture - an owner, a guest
 * @spec: a null secret that the guest takes
 */
struct fixture {
	EVP_PKEY *host;
	struct fake_uv uv;
	struct pv_asrcb_spec spec;
	uint8_t value[PV_PLAINTEXT_BLOB_MAX];
};

static void set_up(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->host = vector_synthetic_key();
	fake_uv_init(&f->uv, f->host);
	vector_asrcb_spec(&f->spec, &f->host);
	for (size_t i = 0; i < sizeof(f->value); i++)
		f->value[i] = (uint8_t)(3 * i + 1);
	f->spec.secret = f->value;
}

static void tear_down(struct fixture *f)
{
	EVP_PKEY_free(f->spec.customer);
	fake_uv_free(&f->uv);
	EVP_PKEY_free(f->host);
}

/* Return: response code of adding what @f->spec describes, 0 for others */
static unsigned int add(struct fixture *f, struct pv_error *err)
{
	struct pv_error own = { 0 };
	struct pv_buffer asrcb;
	int ret;

	err = err ? err : &own;
	if (pv_asrcb_create(&asrcb, &f->spec, err) < 0) {
		tap_note("%s", err->text);
		abort();
	}
	ret = pv_uvdevice_add_secret(&f->uv.dev, asrcb.data, asrcb.size, err);
	pv_buffer_free(&asrcb);
	return ret == 0 ? PV_RC_EXECUTED : err->uv_rc;
}

static unsigned int add_type(struct fixture *f, enum pv_secret_type type,
			     const char *name)
{
	const struct pv_secret_kind *kind = pv_secret_kind(type);

	f->spec.type = type;
	f->spec.secret_size = type == PV_SECRET_PLAINTEXT ? 48 : kind->size;
	if (pv_secret_id_from_name(f->spec.id, name, NULL) < 0)
		abort();
	return add(f, NULL);
}

static bool is_object(const struct fixture *f, const struct pv_buffer *object,
		      enum pv_secret_type type)
{
	size_t size = f->spec.secret_size;
	uint8_t flip = type == PV_SECRET_PLAINTEXT ? 0 : 0xff;

	if (object->size < size)
		return false;
	for (size_t i = 0; i < size; i++)
		if (object->data[i] != (f->value[i] ^ flip))
			return false;
	return true;
}

/* Every type, in a store of its own. */
static void test_type(enum pv_secret_type type)
{
	const struct pv_secret_kind *kind = pv_secret_kind(type);
	bool listed = type != PV_SECRET_NULL && type != PV_SECRET_UPDATE_CCK;
	struct pv_error err = { 0 };
	struct pv_secrets list;
	struct pv_buffer object;
	struct fixture f;
	bool good;

	set_up(&f);
	f.uv.cck_update = true;
	tap_ok(add_type(&f, type, kind->name) == PV_RC_EXECUTED,
	       "%s: added", kind->name);
	good = pv_uvdevice_list_secrets(&f.uv.dev, &list, &err) == 0 &&
	       list.n == listed && list.total == listed;
	if (good && listed)
		good = list.entries[0].index == 0 &&
		       list.entries[0].type == type &&
		       memcmp(list.entries[0].id, f.spec.id, 32) == 0;
	tap_ok(good, "%s: %s", kind->name, listed ? "listed" : "not listed");
	if (good && kind->retrievable) {
		good = pv_uvdevice_retrieve_secret(&f.uv.dev, 0,
						   list.entries[0].size,
						   &object, &err) == 0;
		tap_ok(good && is_object(&f, &object, type) &&
		       object.size == (kind->object ? kind->object : 48),
		       "%s: retrieved", kind->name);
		pv_buffer_free(&object);
	}
	pv_secrets_free(&list);
	tear_down(&f);
}

static void fill_store(struct fixture *f, size_t n)
{
	f->uv.max_secrets = 2000;
	for (size_t i = 0; i < n; i++) {
		char name[24];

		snprintf(name, sizeof(name), "%zu", i);
		if (add_type(f, PV_SECRET_AES_128, name) != PV_RC_EXECUTED)
			abort();
	}
	f->uv.calls = 0;
}

static bool is_ascending(const struct pv_secrets *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->entries[i].index != i)
			return false;
	return true;
}

static void test_list(size_t n, unsigned int calls)
{
	struct pv_error err = { 0 };
	struct pv_secrets list;
	struct fixture f;

	set_up(&f);
	fill_store(&f, n);
	tap_ok(pv_uvdevice_list_secrets(&f.uv.dev, &list, &err) == 0 &&
	       list.n == n && list.total == n && list.next == 0 &&
	       is_ascending(&list) && f.uv.calls == calls,
	       "%zu secrets are listed by %u calls", n, calls);
	pv_secrets_free(&list);
	tear_down(&f);
}

/* A driver that takes one page does not get further. */
static void test_old_list(size_t n)
{
	size_t want = n < 85 ? n : 85;
	struct pv_error err = { 0 };
	struct pv_secrets list;
	struct fixture f;

	set_up(&f);
	fill_store(&f, n);
	f.uv.one_page = true;
	tap_ok(pv_uvdevice_list_secrets(&f.uv.dev, &list, &err) == 0 &&
	       err.code == PV_OK && list.n == want && list.total == n &&
	       !list.next == (n <= 85) && is_ascending(&list),
	       "an old driver lists %zu of %zu secrets, and that is said",
	       want, n);
	pv_secrets_free(&list);
	tear_down(&f);
}

static void test_lock(void)
{
	struct pv_error err = { 0 };
	struct pv_buffer object;
	struct pv_secrets list;
	struct fixture f;

	set_up(&f);
	add_type(&f, PV_SECRET_PLAINTEXT, "before");
	tap_ok(pv_uvdevice_lock_secrets(&f.uv.dev, &err) == 0,
	       "the store is locked");
	tap_ok(pv_uvdevice_lock_secrets(&f.uv.dev, &err) < 0 &&
	       err.uv_rc == PV_RC_SECRET_LOCKED &&
	       strstr(err.text, "already"), "a second lock is refused");
	tap_ok(add(&f, NULL) == PV_RC_SECRET_LOCKED,
	       "nothing can be added to a locked store");
	tap_ok(pv_uvdevice_list_secrets(&f.uv.dev, &list, NULL) == 0 &&
	       list.n == 1 &&
	       pv_uvdevice_retrieve_secret(&f.uv.dev, 0, 48, &object,
					   NULL) == 0,
	       "a locked store lists and gives its secrets");
	pv_buffer_free(&object);
	pv_secrets_free(&list);
	tear_down(&f);
}

static void test_not_for_guest(void)
{
	struct fixture f;

	set_up(&f);
	memset(f.spec.config_uid, 0x42, sizeof(f.spec.config_uid));
	tap_ok(add(&f, NULL) == PV_RC_EXECUTED, "taken: for this instance");
	f.spec.config_uid[15] = 0;
	tap_ok(add(&f, NULL) == PV_RC_SECRET_NOT_FOR_GUEST,
	       "refused: for another instance");
	memset(f.spec.config_uid, 0, sizeof(f.spec.config_uid));
	f.spec.boot_tags.tld[63] ^= 1;
	tap_ok(add(&f, NULL) == PV_RC_SECRET_NOT_FOR_GUEST,
	       "refused: for another image");
	f.spec.boot_tags.tld[63] ^= 1;
	f.spec.extension[31] = 1;
	tap_ok(add(&f, NULL) == PV_RC_SECRET_NOT_FOR_GUEST,
	       "refused: another extension secret");
	f.spec.extension[31] = 0;
	f.spec.flags = PV_BIT64(1);
	tap_ok(add(&f, NULL) == PV_RC_SECRET_FLAGS, "refused: unknown flag");
	tear_down(&f);
}

static void test_cck(void)
{
	uint8_t next[PV_CCK_SIZE];
	struct fixture f;

	set_up(&f);
	f.uv.cck_enforced = true;
	tap_ok(add(&f, NULL) == PV_RC_SECRET_NOT_FOR_GUEST,
	       "refused: no extension secret where one is enforced");
	pv_extension_secret_derive(f.spec.extension, f.uv.cck,
				   f.spec.boot_tags.tag, NULL);
	tap_ok(add(&f, NULL) == PV_RC_EXECUTED,
	       "taken: extension secret derived from the CCK");
	memset(next, 0x0c, sizeof(next));
	f.spec.type = PV_SECRET_UPDATE_CCK;
	f.spec.secret = next;
	f.spec.secret_size = sizeof(next);
	tap_ok(add(&f, NULL) == PV_RC_SECRET_NOT_FOR_GUEST,
	       "refused: a CCK that may not be replaced");
	f.uv.cck_update = true;
	tap_ok(add(&f, NULL) == PV_RC_EXECUTED &&
	       memcmp(f.uv.cck, next, sizeof(next)) == 0,
	       "taken: a new CCK");
	tap_ok(add(&f, NULL) == PV_RC_SECRET_NOT_FOR_GUEST,
	       "refused: extension secret derived from the older CCK");
	tear_down(&f);
}

static void test_full(void)
{
	struct fixture f;

	set_up(&f);
	f.uv.max_secrets = 2;
	add_type(&f, PV_SECRET_AES_128, "same name");
	tap_ok(add_type(&f, PV_SECRET_AES_128, "same name") == PV_RC_EXECUTED,
	       "two secrets can have the same id");
	tap_ok(add_type(&f, PV_SECRET_AES_128, "c") ==
	       PV_RC_SECRET_STORE_FULL, "refused: the store is full");
	tap_ok(add_type(&f, PV_SECRET_NULL, "") == PV_RC_EXECUTED,
	       "a null secret needs no room");
	tear_down(&f);
}

static void test_wrong_host(void)
{
	EVP_PKEY *other = vector_synthetic_key_77();
	struct fixture f;

	set_up(&f);
	f.uv.host = other;
	tap_ok(add(&f, NULL) == PV_RC_SECRET_UNSEAL,
	       "refused: a request for another machine");
	tear_down(&f);
	EVP_PKEY_free(other);
}

static void test_signed_request(void)
{
	struct fixture f;

	set_up(&f);
	f.spec.sign_key = f.host;
	f.spec.user_data = f.value;
	f.spec.user_data_size = 200;
	tap_ok(add(&f, NULL) == PV_RC_EXECUTED,
	       "taken: a request with signed user data");
	tear_down(&f);
}

static unsigned int retrieve(struct fixture *f, uint16_t index, size_t size)
{
	struct pv_error err = { 0 };
	struct pv_buffer object;
	int ret = pv_uvdevice_retrieve_secret(&f->uv.dev, index, size, &object,
					      &err);

	if (ret < 0 && (object.data || object.size))
		abort();
	pv_buffer_free(&object);
	return ret == 0 ? PV_RC_EXECUTED :
	       err.code == PV_ERR_UV ? err.uv_rc : 0;
}

static void test_retrieve(void)
{
	struct fixture f;

	set_up(&f);
	tap_ok(retrieve(&f, 0, 48) == PV_RC_SECRET_STORE_EMPTY,
	       "an empty store gives nothing");
	add_type(&f, PV_SECRET_ASSOCIATION, "a");
	add_type(&f, PV_SECRET_AES_256, "b");
	tap_ok(retrieve(&f, 1, 64) == PV_RC_EXECUTED, "the second secret");
	tap_ok(retrieve(&f, 2, 64) == PV_RC_SECRET_INDEX, "there is no third");
	tap_ok(retrieve(&f, 0x100, 64) == PV_RC_SECRET_INDEX,
	       "both bytes of the index count");
	tap_ok(retrieve(&f, 0, 32) == PV_RC_SECRET_NOT_RETRIEVABLE,
	       "an association secret is not given");
	tap_ok(retrieve(&f, 1, 63) == PV_RC_SECRET_BUF_SMALL,
	       "a buffer can be too small");
	f.uv.calls = 0;
	tap_ok(retrieve(&f, 1, 1) == 0 && retrieve(&f, 1, 0x2001) == 0 &&
	       f.uv.calls == 0, "impossible sizes do not reach the driver");
	tear_down(&f);
}

static void test_add_sizes(void)
{
	struct pv_error none = { 0 }, large = { 0 };
	struct fixture f;

	set_up(&f);
	f.uv.fail_errno = EIO;
	tap_ok(pv_uvdevice_add_secret(&f.uv.dev, f.value, 0, &none) < 0 &&
	       none.code == PV_ERR_LIMIT &&
	       pv_uvdevice_add_secret(&f.uv.dev, f.value, 0x100001,
				      &large) < 0 &&
	       large.code == PV_ERR_LIMIT,
	       "impossible requests do not reach the driver");
	tear_down(&f);
}

enum call { ADD, LIST, LOCK, RETRIEVE, CALLS };

static int call(struct fixture *f, enum call which, struct pv_error *err)
{
	struct pv_secrets list = { 0 };
	struct pv_buffer object = { 0 };
	int ret;

	if (which == ADD)
		ret = add(f, err) == PV_RC_EXECUTED ? 0 : -1;
	else if (which == LOCK)
		ret = pv_uvdevice_lock_secrets(&f->uv.dev, err);
	else if (which == LIST)
		ret = pv_uvdevice_list_secrets(&f->uv.dev, &list, err);
	else
		ret = pv_uvdevice_retrieve_secret(&f->uv.dev, 0, 48, &object,
						  err);
	pv_secrets_free(&list);
	pv_buffer_free(&object);
	return ret;
}

static const char *const names[CALLS] = { "add", "list", "lock", "retrieve" };

static void test_rc(enum call which, uint16_t rc, const char *part)
{
	struct pv_error err = { 0 };
	struct fixture f;
	char number[8];

	set_up(&f);
	f.uv.fail_rc = rc;
	snprintf(number, sizeof(number), "0x%04x", rc);
	tap_ok(call(&f, which, &err) < 0 && err.code == PV_ERR_UV &&
	       err.uv_rc == rc && strstr(err.text, number) &&
	       strstr(err.text, part), "%s: rc %s says '%s'", names[which],
	       number, part);
	tear_down(&f);
}

static void test_rcs(void)
{
	static const struct { enum call which; uint16_t rc; const char *part; }
	texts[] = {
		{ ADD, 0x0101, "may not change" },
		{ ADD, 0x0102, "is locked" },
		{ ADD, 0x0103, "could not be read" },
		{ ADD, 0x0104, "supp_add_secret_req_ver" },
		{ ADD, 0x0105, "damaged" },
		{ ADD, 0x0106, "number of host keys" },
		{ ADD, 0x0107, "supp_add_secret_pcf" },
		{ ADD, 0x0108, "cannot be opened" },
		{ ADD, 0x0109, "supp_secret_types" },
		{ ADD, 0x010a, "wrong size" },
		{ ADD, 0x010b, "is full" },
		{ ADD, 0x010c, "not for this guest" },
		{ ADD, 0x010d, "try again later" },
		{ ADD, 0x0002, "not available" },
		{ ADD, 0x0100, "not all" },
		{ ADD, 0x7777, "unknown" },
		{ LIST, 0x0002, "not available" },
		{ LIST, 0x0102, "list could not be stored" },
		{ LIST, 0x0101, "unknown" },
		{ LOCK, 0x0002, "not available" },
		{ LOCK, 0x0101, "may not change" },
		{ LOCK, 0x0102, "already" },
		{ LOCK, 0x0108, "unknown" },
		{ RETRIEVE, 0x0002, "not available" },
		{ RETRIEVE, 0x0102, "secret could not be stored" },
		{ RETRIEVE, 0x0109, "buffer is too small" },
		{ RETRIEVE, 0x010f, "empty" },
		{ RETRIEVE, 0x0110, "no secret with this index" },
		{ RETRIEVE, 0x0111, "cannot be retrieved" },
		{ RETRIEVE, 0x0005, "defect of the kernel driver" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		test_rc(texts[i].which, texts[i].rc, texts[i].part);
}

static void test_driver(void)
{
	for (enum call which = ADD; which < CALLS; which++) {
		struct pv_error old = { 0 }, fails = { 0 }, bad = { 0 };
		struct fixture f;

		set_up(&f);
		f.uv.no_secrets = true;
		tap_ok(call(&f, which, &old) < 0 &&
		       old.code == PV_ERR_UNSUPPORTED,
		       "%s: a driver can lack the request", names[which]);
		f.uv.no_secrets = false;
		f.uv.fail_errno = EFAULT;
		tap_ok(call(&f, which, &fails) < 0 &&
		       fails.code == PV_ERR_IO &&
		       strstr(fails.text, strerror(EFAULT)),
		       "%s: a driver can fail", names[which]);
		f.uv.fail_errno = EINVAL;
		tap_ok(call(&f, which, &bad) < 0 && bad.code == PV_ERR_IO &&
		       strstr(bad.text, "driver"),
		       "%s: a driver can find it malformed", names[which]);
		tear_down(&f);
	}
}

static void test_no_retrieve(void)
{
	struct pv_error err = { 0 };
	struct fixture f;

	set_up(&f);
	f.uv.no_retrieve = true;
	tap_ok(call(&f, LIST, NULL) == 0 && call(&f, RETRIEVE, &err) < 0 &&
	       err.code == PV_ERR_UNSUPPORTED && strstr(err.text, "6.13"),
	       "a driver that only retrieves nothing is explained");
	tear_down(&f);
}

/* What the command line tests rely on: a store outlives the program. */
static void test_kept_store(void)
{
	const char *dir = getenv("PV_TEST_DIR");
	struct pv_secrets list = { 0 };
	struct fixture f;
	char path[512];

	snprintf(path, sizeof(path), "%s/store.%d", dir ? dir : "/tmp",
		 (int)getpid());
	set_up(&f);
	f.uv.store_path = path;
	add_type(&f, PV_SECRET_PLAINTEXT, "kept");
	pv_uvdevice_lock_secrets(&f.uv.dev, NULL);
	fake_uv_free(&f.uv);
	tap_ok(pv_uvdevice_list_secrets(&f.uv.dev, &list, NULL) == 0 &&
	       list.n == 1 && add(&f, NULL) == PV_RC_SECRET_LOCKED,
	       "the store of the tests can be kept");
	pv_secrets_free(&list);
	unlink(path);
	tear_down(&f);
}

int main(void)
{
	tap_start();
	for (unsigned int type = 0; type < PV_SECRET_TYPES; type++)
		if (pv_secret_kind(type))
			test_type(type);
	test_list(0, 1);
	test_list(85, 1);
	test_list(86, 2);
	test_list(340, 4);
	/* Four calls, then again with enough pages. */
	test_list(341, 9);
	test_old_list(3);
	test_old_list(85);
	test_old_list(100);
	test_lock();
	test_not_for_guest();
	test_cck();
	test_full();
	test_wrong_host();
	test_signed_request();
	test_retrieve();
	test_add_sizes();
	test_rcs();
	test_driver();
	test_no_retrieve();
	test_kept_store();
	return tap_done();
}
