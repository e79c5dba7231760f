// SPDX-License-Identifier: MIT
/* A thread that digests the pages of an SE image: a ring of chunks. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#include "se_hasher.h"

/*
 * Enough for some milliseconds, should the one who fills them have to wait for
 * the disk.
 */
#define N_CHUNKS	32

/**
 * struct pv_se_hasher - the thread and the ring
 * @lock: for everything in the next paragraph
 * @changed: signalled when one side may go on
 * @put: chunks put so far; chunk number n is chunks[n % N_CHUNKS]
 * @taken: chunks digested so far
 * @ending: no chunk will follow
 * @failed: @error says why
 * @running: there is a thread to be joined
 * @error: of the thread
 * @room: what the chunks point into
 */
struct pv_se_hasher {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;

	uint64_t put;
	uint64_t taken;
	bool ending;
	bool failed;

	bool running;
	struct pv_error error;
	struct pv_se_digests *digests;
	struct pv_se_chunk chunks[N_CHUNKS];
	uint8_t *room;
};

/* Return: the oldest chunk that is not digested, or NULL at the end. */
static const struct pv_se_chunk *next_chunk(struct pv_se_hasher *hasher)
{
	const struct pv_se_chunk *chunk = NULL;

	pthread_mutex_lock(&hasher->lock);
	while (hasher->taken == hasher->put && !hasher->ending)
		pthread_cond_wait(&hasher->changed, &hasher->lock);
	if (hasher->taken < hasher->put)
		chunk = &hasher->chunks[hasher->taken % N_CHUNKS];
	pthread_mutex_unlock(&hasher->lock);
	return chunk;
}

static void chunk_done(struct pv_se_hasher *hasher, bool good)
{
	pthread_mutex_lock(&hasher->lock);
	hasher->taken++;
	hasher->failed = !good;
	/* Waking somebody takes a while, so it is done once for many chunks. */
	if (!good || hasher->put - hasher->taken == N_CHUNKS / 2)
		pthread_cond_signal(&hasher->changed);
	pthread_mutex_unlock(&hasher->lock);
}

static void *run(void *arg)
{
	struct pv_se_hasher *hasher = arg;
	const struct pv_se_chunk *chunk;
	bool good = true;

	while (good && (chunk = next_chunk(hasher))) {
		good = pv_se_digests_pages(hasher->digests, chunk->data,
					   chunk->pages, &chunk->place,
					   &hasher->error) == 0;
		chunk_done(hasher, good);
	}
	return NULL;
}

/* Signals are for the threads of the caller, who knows about them. */
static int start_thread(struct pv_se_hasher *hasher, struct pv_error *err)
{
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	errno = pthread_create(&hasher->thread, NULL, run, hasher);
	hasher->running = errno == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!hasher->running)
		return pv_fail_errno(err, PV_ERR_MEMORY,
				     "Cannot start a second thread");
	return 0;
}

static int make_ring(struct pv_se_hasher *hasher, struct pv_error *err)
{
	hasher->room = aligned_alloc(PV_PAGE_SIZE, N_CHUNKS * PV_SE_CHUNK_SIZE);
	if (!hasher->room)
		return pv_fail(err, PV_ERR_MEMORY, "Out of memory");
	for (size_t i = 0; i < N_CHUNKS; i++)
		hasher->chunks[i].data = hasher->room + i * PV_SE_CHUNK_SIZE;
	return 0;
}

struct pv_se_hasher *pv_se_hasher_start(struct pv_error *err)
{
	struct pv_se_hasher *hasher = calloc(1, sizeof(*hasher));

	if (!hasher) {
		pv_fail(err, PV_ERR_MEMORY, "Out of memory");
		return NULL;
	}
	pthread_mutex_init(&hasher->lock, NULL);
	pthread_cond_init(&hasher->changed, NULL);
	hasher->digests = pv_se_digests_new(err);
	if (!hasher->digests || make_ring(hasher, err) < 0 ||
	    start_thread(hasher, err) < 0) {
		pv_se_hasher_free(hasher);
		return NULL;
	}
	return hasher;
}

struct pv_se_chunk *pv_se_hasher_get(struct pv_se_hasher *hasher,
				     struct pv_error *err)
{
	bool failed;

	pthread_mutex_lock(&hasher->lock);
	/* Full: then wait until it is half empty. */
	if (hasher->put - hasher->taken == N_CHUNKS)
		while (hasher->put - hasher->taken > N_CHUNKS / 2 &&
		       !hasher->failed)
			pthread_cond_wait(&hasher->changed, &hasher->lock);
	failed = hasher->failed;
	pthread_mutex_unlock(&hasher->lock);
	if (failed) {
		pv_fail(err, hasher->error.code, "%s", hasher->error.text);
		return NULL;
	}
	return &hasher->chunks[hasher->put % N_CHUNKS];
}

void pv_se_hasher_put(struct pv_se_hasher *hasher)
{
	pthread_mutex_lock(&hasher->lock);
	hasher->put++;
	pthread_cond_signal(&hasher->changed);
	pthread_mutex_unlock(&hasher->lock);
}

static void stop(struct pv_se_hasher *hasher)
{
	if (!hasher->running)
		return;
	pthread_mutex_lock(&hasher->lock);
	hasher->ending = true;
	pthread_cond_signal(&hasher->changed);
	pthread_mutex_unlock(&hasher->lock);
	pthread_join(hasher->thread, NULL);
	hasher->running = false;
}

int pv_se_hasher_finish(struct pv_se_hasher *hasher, struct pv_se_header *head,
			struct pv_error *err)
{
	stop(hasher);
	if (hasher->failed)
		return pv_fail(err, hasher->error.code, "%s",
			       hasher->error.text);
	return pv_se_digests_final(hasher->digests, head, err);
}

void pv_se_hasher_free(struct pv_se_hasher *hasher)
{
	if (!hasher)
		return;
	stop(hasher);
	pv_se_digests_free(hasher->digests);
	/* A chunk that was given up midway may hold plaintext. */
	if (hasher->room)
		OPENSSL_cleanse(hasher->room, N_CHUNKS * PV_SE_CHUNK_SIZE);
	free(hasher->room);
	pthread_cond_destroy(&hasher->changed);
	pthread_mutex_destroy(&hasher->lock);
	free(hasher);
}
