// SPDX-License-Identifier: MIT
/*
 * The thread that digests an image, when digesting fails: whoever fills the
 * ring has to learn of it, wherever it is.  Linked with a digest that fails on
 * demand in front of the real one.
 */
#include <string.h>
#include <unistd.h>

#include "se_hasher.h"
#include "tap.h"

/* More than the ring has room for. */
#define MANY	100

/* Number of the chunk that fails, from 1 on; 0 for none. */
static unsigned int failing;
static unsigned int digested;
/* How long that chunk takes, so that the ring is full by then. */
static useconds_t delay;

typeof(pv_se_digests_pages) __real_pv_se_digests_pages;
typeof(pv_se_digests_pages) __wrap_pv_se_digests_pages;

int __wrap_pv_se_digests_pages(struct pv_se_digests *digests,
			       const uint8_t *data, size_t pages,
			       const struct pv_se_place *place,
			       struct pv_error *err)
{
	if (++digested == failing) {
		usleep(delay);
		return pv_fail(err, PV_ERR_CRYPTO, "made to fail");
	}
	return __real_pv_se_digests_pages(digests, data, pages, place, err);
}

static struct pv_se_hasher *start(unsigned int number, useconds_t time)
{
	failing = number;
	digested = 0;
	delay = time;
	return pv_se_hasher_start(NULL);
}

/* Return: how many chunks were taken, up to @n. */
static unsigned int put(struct pv_se_hasher *hasher, unsigned int n,
			struct pv_error *err)
{
	struct pv_se_chunk *chunk;
	unsigned int i;

	for (i = 0; i < n; i++) {
		chunk = pv_se_hasher_get(hasher, err);
		if (!chunk)
			break;
		memset(chunk->data, 1, PV_PAGE_SIZE);
		chunk->pages = 1;
		memset(&chunk->place, 0, sizeof(chunk->place));
		pv_se_hasher_put(hasher);
	}
	return i;
}

static bool says_why(const struct pv_error *err)
{
	return err->code == PV_ERR_CRYPTO &&
	       strstr(err->text, "made to fail");
}

/* @number of the chunk that fails, after @time */
static void test_midway(unsigned int number, useconds_t time, const char *what)
{
	struct pv_error err = { 0 }, again = { 0 };
	struct pv_se_hasher *hasher = start(number, time);
	struct pv_se_header head;
	unsigned int n = put(hasher, MANY, &err);

	tap_ok(n >= number && n < MANY && says_why(&err), "%s: no more chunks",
	       what);
	tap_ok(digested == number, "%s: nothing is digested afterwards", what);
	tap_ok(pv_se_hasher_finish(hasher, &head, &again) < 0 &&
	       says_why(&again), "%s: and no digests", what);
	pv_se_hasher_free(hasher);
}

/* Too late for pv_se_hasher_get() to say so. */
static void test_last(void)
{
	struct pv_error err = { 0 };
	struct pv_se_hasher *hasher = start(3, 50000);
	struct pv_se_header head;

	tap_ok(put(hasher, 3, &err) == 3, "the last chunk is put");
	tap_ok(pv_se_hasher_finish(hasher, &head, &err) < 0 && says_why(&err),
	       "and its failure is told at the end");
	pv_se_hasher_free(hasher);
}

static void test_good(void)
{
	struct pv_error err = { 0 };
	struct pv_se_hasher *hasher = start(0, 0);
	struct pv_se_header head;

	tap_ok(put(hasher, MANY, &err) == MANY &&
	       !pv_se_hasher_finish(hasher, &head, &err) && digested == MANY,
	       "all chunks are digested when nothing fails");
	pv_se_hasher_free(hasher);
}

static void test_given_up(void)
{
	struct pv_error err = { 0 };
	struct pv_se_hasher *hasher = start(1, 50000);

	put(hasher, 2, &err);
	pv_se_hasher_free(hasher);
	tap_ok(true, "a failure that nobody asks for is forgotten");
}

int main(void)
{
	tap_start();
	/* Whoever is not woken waits forever. */
	alarm(60);
	test_good();
	test_midway(1, 0, "the first chunk fails");
	test_midway(50, 0, "a later chunk fails");
	test_midway(1, 300000, "a chunk fails while the ring is full");
	test_last();
	test_given_up();
	return tap_done();
}
