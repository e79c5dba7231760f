// SPDX-License-Identifier: MIT
/*
 * A dump becomes an ELF core.  Threads take chunk after chunk, whoever is free
 * the next one; each knows its place in the file, so none waits for another.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#include "dump_core.h"
#include "dump_decrypt.h"
#include "dump_pages.h"

/* A chunk for each is all the memory that it takes. */
#define MAX_THREADS	64

/* Chunks that are left to the system at once to be stored. */
#define STORE_CHUNKS	32

/**
 * struct job - a dump being decrypted
 * @memory: where it begins in the output
 * @lock: for everything in the next paragraph
 * @next: page that nobody has taken yet
 * @done: pages that are written
 * @ending: somebody failed, or it was cancelled
 * @error: of the first who failed
 */
struct job {
	const struct pv_dump *dump;
	const struct pv_dump_decrypt_spec *spec;
	struct pv_output *output;
	uint64_t memory;

	pthread_mutex_t lock;
	uint64_t next;
	uint64_t done;
	bool ending;
	struct pv_error error;
};

/**
 * struct worker - one of the threads
 * @first: the one that was asked; it alone looks up from its work
 */
struct worker {
	struct job *job;
	bool first;
	pthread_t thread;
};

static bool take(struct job *job, struct pv_dump_chunk *chunk)
{
	uint64_t left;

	pthread_mutex_lock(&job->lock);
	left = job->ending ? 0 : job->dump->pages - job->next;
	chunk->first = job->next;
	chunk->n = left < PV_DUMP_CHUNK_PAGES ? (size_t)left :
						PV_DUMP_CHUNK_PAGES;
	job->next += chunk->n;
	pthread_mutex_unlock(&job->lock);
	return chunk->n > 0;
}

static uint64_t give_back(struct job *job, const struct pv_dump_chunk *chunk)
{
	uint64_t done;

	pthread_mutex_lock(&job->lock);
	job->done += chunk->n;
	done = job->done;
	pthread_mutex_unlock(&job->lock);
	return done;
}

static void end(struct job *job, const struct pv_error *error)
{
	pthread_mutex_lock(&job->lock);
	job->ending = true;
	if (job->error.code == PV_OK)
		job->error = *error;
	pthread_mutex_unlock(&job->lock);
}

static int write_chunk(struct job *job, const struct pv_dump_chunk *chunk,
		       struct pv_error *err)
{
	size_t i = 0, end;

	while (i < chunk->n) {
		const uint64_t at = (chunk->first + i) * PV_PAGE_SIZE;

		for (end = i + 1; end < chunk->n &&
		     chunk->blank[end] == chunk->blank[i];)
			end++;
		if (!chunk->blank[i] &&
		    pv_output_write_at(job->output, job->memory + at,
				       chunk->data + i * PV_PAGE_SIZE,
				       (end - i) * PV_PAGE_SIZE, err) < 0)
			return -1;
		i = end;
	}
	return 0;
}

/* Others may still be at work there: then it is stored later. */
static void store(const struct job *job, const struct pv_dump_chunk *chunk)
{
	const uint64_t number = chunk->first / PV_DUMP_CHUNK_PAGES;
	const uint64_t size = STORE_CHUNKS * PV_DUMP_CHUNK_SIZE;

	if (number % STORE_CHUNKS != STORE_CHUNKS - 1)
		return;
	pv_output_write_back(job->output, job->memory +
			     number / STORE_CHUNKS * size, size);
}

static int look_up(struct job *job, uint64_t done, struct pv_error *err)
{
	const struct pv_dump_decrypt_spec *spec = job->spec;
	struct pollfd fd = { .fd = spec->cancel_fd, .events = POLLIN };

	if (poll(&fd, 1, 0) > 0)
		return pv_fail(err, PV_ERR_IO, "Interrupted");
	if (spec->progress)
		spec->progress(spec->progress_ctx, done * PV_PAGE_SIZE,
			       job->dump->memory.size);
	return 0;
}

static int work_through(struct worker *worker, EVP_CIPHER_CTX *xts,
			struct pv_dump_chunk *chunk, struct pv_error *err)
{
	struct job *job = worker->job;

	while (take(job, chunk)) {
		uint64_t done;

		if (pv_dump_pages_read(job->dump, xts, chunk, err) < 0 ||
		    write_chunk(job, chunk, err) < 0)
			return -1;
		store(job, chunk);
		done = give_back(job, chunk);
		if (worker->first && look_up(job, done, err) < 0)
			return -1;
	}
	return 0;
}

static void *work(void *arg)
{
	struct worker *worker = arg;
	struct pv_error error = { 0 };
	struct pv_dump_chunk chunk;
	EVP_CIPHER_CTX *xts;

	chunk.data = aligned_alloc(PV_PAGE_SIZE, PV_DUMP_CHUNK_SIZE);
	xts = pv_dump_xts_new(worker->job->dump, &error);
	if (!chunk.data)
		pv_fail(&error, PV_ERR_MEMORY, "Out of memory");
	if (!chunk.data || !xts ||
	    work_through(worker, xts, &chunk, &error) < 0)
		end(worker->job, &error);
	EVP_CIPHER_CTX_free(xts);
	if (chunk.data)
		OPENSSL_cleanse(chunk.data, PV_DUMP_CHUNK_SIZE);
	free(chunk.data);
	return NULL;
}

static unsigned int count_threads(const struct job *job)
{
	const uint64_t chunks = job->dump->pages / PV_DUMP_CHUNK_PAGES + 1;
	unsigned int n = job->spec->threads;
	cpu_set_t set;

	if (n == 0 && sched_getaffinity(0, sizeof(set), &set) == 0)
		n = (unsigned int)CPU_COUNT(&set);
	if (n > MAX_THREADS)
		n = MAX_THREADS;
	if (n > chunks)
		n = (unsigned int)chunks;
	return n ? n : 1;
}

/* Whoever cannot be started is not needed: the others do its work. */
static void run(struct job *job)
{
	struct worker workers[MAX_THREADS];
	const unsigned int n = count_threads(job);
	unsigned int started = 1;
	sigset_t all, old;

	for (unsigned int i = 0; i < n; i++)
		workers[i] = (struct worker){ .job = job, .first = i == 0 };
	/* Signals are for the threads of the caller, who knows about them. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	while (started < n &&
	       pthread_create(&workers[started].thread, NULL, work,
			      &workers[started]) == 0)
		started++;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	work(&workers[0]);
	while (--started > 0)
		pthread_join(workers[started].thread, NULL);
}

static int write_head(struct job *job, struct pv_error *err)
{
	struct pv_buffer head = { 0 }, vmcoreinfo = { 0 };
	int ret = -1;

	if (pv_dump_vmcoreinfo(&vmcoreinfo, job->dump, err) == 0 &&
	    pv_dump_core_head(&head, job->dump, &vmcoreinfo, err) == 0) {
		job->memory = head.size;
		/* What is never written is a hole up to the end, too. */
		ret = pv_output_resize(job->output, head.size +
				       job->dump->memory.size, err);
		if (ret == 0)
			ret = pv_output_write_at(job->output, 0, head.data,
						 head.size, err);
	}
	pv_buffer_free(&head);
	pv_buffer_free(&vmcoreinfo);
	return ret;
}

int pv_dump_decrypt(struct pv_output *output, const struct pv_dump *dump,
		    const struct pv_dump_decrypt_spec *spec,
		    struct pv_error *err)
{
	struct job job = { .dump = dump, .spec = spec, .output = output };
	uint64_t counts[PV_DUMP_N_PAGE_KINDS];

	if (pv_dump_pages_count(dump, counts, err) < 0 ||
	    write_head(&job, err) < 0)
		return -1;
	pthread_mutex_init(&job.lock, NULL);
	run(&job);
	pthread_mutex_destroy(&job.lock);
	if (job.ending)
		return pv_fail(err, job.error.code, "%s", job.error.text);
	return pv_output_sync(output, err);
}
