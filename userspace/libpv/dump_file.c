// SPDX-License-Identifier: MIT
/* The file of a confidential dump, opened and unlocked. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "dump_elf.h"
#include "dump_file.h"
#include "dump_notes.h"

int pv_dump_read(const struct pv_dump *dump, uint64_t offset, void *out,
		 size_t size, const char *what, struct pv_error *err)
{
	const ssize_t n = dump->source.read(dump->source.ctx, offset, out,
					    size);

	if (n < 0)
		return pv_fail_errno(err, PV_ERR_IO, "Cannot read its %s", what);
	if ((size_t)n < size)
		return pv_fail(err, PV_ERR_FORMAT,
			       "It ends within its %s: it is truncated (copy it once more)",
			       what);
	return 0;
}

int pv_dump_blame(const struct pv_dump *dump, struct pv_error *err)
{
	if (dump->path)
		pv_error_prefix(err, "%s", dump->path);
	return -1;
}

static int parse(struct pv_dump *dump, struct pv_error *err)
{
	if (pv_dump_elf_parse(dump, err) < 0 ||
	    pv_dump_read(dump, dump->area.offset, &dump->completion,
			 sizeof(dump->completion), "completion data",
			 err) < 0)
		return -1;
	return pv_dump_notes_parse(dump, err);
}

int pv_dump_parse(struct pv_dump *dump, const struct pv_source *source,
		  uint64_t size, struct pv_error *err)
{
	*dump = (struct pv_dump){ .source = *source, .size = size, .fd = -1 };
	return parse(dump, err);
}

/*
 * What says where everything is may stand at the end, and the pages are read
 * by several threads at once: nothing for a pipe.
 */
static int check_file(struct pv_dump *dump, struct pv_error *err)
{
	struct stat st;

	if (fstat(dump->fd, &st) < 0)
		return pv_fail_errno(err, PV_ERR_IO, "Cannot look at it");
	if (S_ISDIR(st.st_mode))
		return pv_fail(err, PV_ERR_IO,
			       "It is a directory (name a file in it)");
	if (!S_ISREG(st.st_mode))
		return pv_fail(err, PV_ERR_IO,
			       "It is a pipe or a device, but a dump is not read in order (save it to a file first)");
	dump->size = (uint64_t)st.st_size;
	return 0;
}

int pv_dump_open(struct pv_dump *dump, const char *path, struct pv_error *err)
{
	*dump = (struct pv_dump){
		.path = path, .source = { pv_source_pread, &dump->fd },
	};
	/* A pipe is refused without waiting for somebody who writes to it. */
	dump->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (dump->fd < 0)
		return pv_fail_errno(err, PV_ERR_IO, "Cannot open %s", path);
	if (check_file(dump, err) == 0 && parse(dump, err) == 0)
		return 0;
	return pv_dump_blame(dump, err);
}

const struct pv_dump_cpu *pv_dump_cpu_area(const struct pv_dump *dump,
					   size_t i)
{
	return (const void *)(dump->note_data.data + dump->cpus[i]);
}

/* Two CPUs never share an IV, so a copy is what the host made. */
static int check_copies(const struct pv_dump *dump, struct pv_error *err)
{
	for (size_t i = 1; i < dump->n_cpus; i++) {
		const struct pv_dump_cpu *a = pv_dump_cpu_area(dump, i);

		for (size_t k = 0; k < i; k++) {
			const struct pv_dump_cpu *b =
				pv_dump_cpu_area(dump, k);

			if (memcmp(a, b, sizeof(*a)) == 0)
				return pv_fail(err, PV_ERR_FORMAT,
					       "The areas of CPU %zu and CPU %zu are the same: it was altered",
					       k, i);
		}
	}
	return 0;
}

static int open_cpus(struct pv_dump *dump, const uint8_t *key,
		     struct pv_error *err)
{
	dump->registers = calloc(dump->n_cpus, sizeof(*dump->registers));
	if (!dump->registers)
		return pv_fail(err, PV_ERR_MEMORY, "No memory for %zu CPUs",
			       dump->n_cpus);
	for (size_t i = 0; i < dump->n_cpus; i++) {
		if (pv_dump_cpu_open(&dump->registers[i],
				     pv_dump_cpu_area(dump, i), key,
				     err) == 0)
			continue;
		pv_error_prefix(err, "CPU %zu", i);
		return -1;
	}
	return check_copies(dump, err);
}

static void lock(struct pv_dump *dump)
{
	OPENSSL_cleanse(&dump->secret, sizeof(dump->secret));
	if (dump->registers)
		OPENSSL_cleanse(dump->registers,
				dump->n_cpus * sizeof(*dump->registers));
	free(dump->registers);
	dump->registers = NULL;
	dump->unlocked = false;
}

int pv_dump_unlock(struct pv_dump *dump, const uint8_t *cck,
		   struct pv_error *err)
{
	uint8_t key[PV_DUMP_KEY_SIZE];

	lock(dump);
	dump->unlocked =
		pv_dump_key_derive(key, cck, dump->completion.seed, err) == 0 &&
		pv_dump_completion_open(&dump->secret, &dump->completion, key,
					err) == 0 &&
		open_cpus(dump, key, err) == 0;
	OPENSSL_cleanse(key, sizeof(key));
	if (dump->unlocked)
		return 0;
	lock(dump);
	return pv_dump_blame(dump, err);
}

void pv_dump_close(struct pv_dump *dump)
{
	lock(dump);
	pv_buffer_free(&dump->note_data);
	free(dump->cpus);
	dump->cpus = NULL;
	dump->n_cpus = 0;
	if (dump->fd >= 0)
		close(dump->fd);
	dump->fd = -1;
}
