// SPDX-License-Identifier: MIT
/* Files: nothing half-written, nothing overwritten by accident, secrets kept. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "tap.h"

static char directory[4096];

static char *path_of(const char *name)
{
	static char path[4200];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static unsigned int count_files(void)
{
	struct dirent *entry;
	DIR *dir = opendir(directory);
	unsigned int n = 0;

	while (dir && (entry = readdir(dir)))
		n += entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return n;
}

static bool holds(const char *name, const char *text)
{
	struct pv_buffer buffer;
	struct pv_error err = { 0 };
	bool same;

	if (pv_file_read(&buffer, path_of(name), 1000, &err) < 0)
		return false;
	same = buffer.size == strlen(text) &&
	       (!buffer.size || memcmp(buffer.data, text, buffer.size) == 0);
	pv_buffer_free(&buffer);
	return same;
}

static enum pv_error_code put(const char *name, const char *text,
			      unsigned int flags)
{
	const struct pv_file_spec spec = {
		path_of(name), text, strlen(text), flags,
	};
	struct pv_error err = { 0 };

	pv_files_write(&spec, 1, &err);
	return err.code;
}

static mode_t mode_of(const char *name)
{
	struct stat st;

	return stat(path_of(name), &st) == 0 ? st.st_mode & 07777 : 0;
}

static void test_write(void)
{
	umask(022);
	tap_ok(put("a", "one", 0) == PV_OK && holds("a", "one"),
	       "a file is written");
	tap_ok(mode_of("a") == 0644, "its mode follows the umask");
	tap_ok(put("s", "key", PV_OUTPUT_SECRET) == PV_OK &&
	       mode_of("s") == 0600, "a secret is for its owner only");
	tap_ok(put("a", "two", 0) == PV_ERR_EXISTS && holds("a", "one"),
	       "an existing file is kept");
	tap_ok(put("a", "two", PV_OUTPUT_FORCE) == PV_OK && holds("a", "two"),
	       "unless it is forced");
	tap_ok(put("a", "key", PV_OUTPUT_FORCE | PV_OUTPUT_SECRET) == PV_OK &&
	       mode_of("a") == 0600,
	       "a secret that replaces a readable file is not readable");
	tap_ok(put("e", "", 0) == PV_OK && holds("e", ""),
	       "a file may be empty");
	tap_ok(count_files() == 3, "nothing else is left behind");
}

static void test_links(void)
{
	char target[4200];

	snprintf(target, sizeof(target), "%s", path_of("target"));
	tap_ok(put("target", "mine", 0) == PV_OK &&
	       symlink(target, path_of("link")) == 0 &&
	       put("link", "theirs", PV_OUTPUT_FORCE) == PV_ERR_EXISTS &&
	       holds("target", "mine"), "a link is not followed, even by force");
	unlink(target);
	tap_ok(put("link", "theirs", PV_OUTPUT_FORCE) == PV_ERR_IO &&
	       access(target, F_OK) < 0, "a dangling link is not followed");
	unlink(path_of("link"));
}

static void test_places(void)
{
	struct pv_error err = { 0 };
	const struct pv_file_spec full = { "/dev/full", "x", 1, 0 };

	tap_ok(put("no/such/directory", "x", 0) == PV_ERR_IO,
	       "a missing directory is an error");
	mkdir(path_of("d"), 0755);
	tap_ok(put("d", "x", PV_OUTPUT_FORCE) == PV_ERR_IO,
	       "a directory is no output");
	rmdir(path_of("d"));
	tap_ok(pv_files_write(&full, 1, &err) < 0 && err.code == PV_ERR_IO &&
	       strstr(err.text, "No space"), "a full device is an error");
	tap_ok(access("/dev/full", F_OK) == 0, "and the device is still there");
}

/* A limit on file sizes stands for a full disk; no root is needed for it. */
static void test_full_disk(void)
{
	struct rlimit old, none = { 0 };
	unsigned int before = count_files();
	enum pv_error_code code;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	none.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_FSIZE, &none);
	code = put("big", "text", 0);
	setrlimit(RLIMIT_FSIZE, &old);
	tap_ok(code == PV_ERR_IO && count_files() == before,
	       "a full disk leaves nothing behind");
}

static void test_all_or_none(void)
{
	char one[4200], two[4200];
	struct pv_file_spec specs[2] = {
		{ one, "1", 1, 0 }, { two, "2", 1, 0 },
	};
	struct pv_error err = { 0 };

	snprintf(one, sizeof(one), "%s", path_of("one"));
	snprintf(two, sizeof(two), "%s", path_of("two"));
	put("two", "old", 0);
	tap_ok(pv_files_write(specs, 2, &err) < 0 &&
	       err.code == PV_ERR_EXISTS && access(one, F_OK) < 0 &&
	       holds("two", "old"),
	       "if one of two files cannot be written, neither is");
	unlink(two);
	err.code = PV_OK;
	tap_ok(pv_files_write(specs, 2, &err) == 0 && holds("one", "1") &&
	       holds("two", "2"), "otherwise both are");
	unlink(one);
	unlink(two);
}

static void test_same_file(void)
{
	char one[4200], detour[4200];
	struct pv_file_spec specs[2] = {
		{ one, "1", 1, 0 }, { detour, "2", 1, 0 },
	};
	struct pv_error err = { 0 };

	snprintf(one, sizeof(one), "%s", path_of("one"));
	snprintf(detour, sizeof(detour), "%s", path_of("./one"));
	tap_ok(pv_files_write(specs, 2, &err) < 0 &&
	       err.code == PV_ERR_USAGE && access(one, F_OK) < 0,
	       "two files must not be one, however it is spelled");
	put("one", "old", 0);
	specs[0].flags = PV_OUTPUT_FORCE;
	specs[1].flags = PV_OUTPUT_FORCE;
	err.code = PV_OK;
	tap_ok(pv_files_write(specs, 2, &err) < 0 &&
	       err.code == PV_ERR_USAGE && holds("one", "old"),
	       "not even by force");
	unlink(one);
	specs[0].path = "/dev/null";
	specs[1].path = "/dev/null";
	err.code = PV_OK;
	tap_ok(pv_files_write(specs, 2, &err) == 0, "a device may serve twice");
}

/* Somebody makes a file of that name while ours is being written. */
static void test_late_failure(void)
{
	struct pv_error err = { 0 };
	struct pv_output *one = pv_output_open(path_of("one"), 0, &err);
	struct pv_output *two = pv_output_open(path_of("two"), 0, &err);
	bool right;

	right = one && two && pv_output_write(one, "1", 1, &err) == 0 &&
		pv_output_write(two, "2", 1, &err) == 0 &&
		pv_output_commit(one, &err) == 0 && holds("one", "1") &&
		put("two", "theirs", 0) == PV_OK;
	tap_ok(right && pv_output_commit(two, &err) < 0 &&
	       err.code == PV_ERR_EXISTS && holds("two", "theirs"),
	       "a file that appears meanwhile is kept");
	pv_output_close(one, false);
	pv_output_close(two, false);
	tap_ok(access(path_of("one"), F_OK) < 0 && holds("two", "theirs"),
	       "a late failure takes back what was done");
	unlink(path_of("two"));
}

/* A file in pieces, the last one first. */
static void test_write_at(void)
{
	struct pv_error err = { 0 };
	struct pv_output *output = pv_output_open(path_of("p"), 0, &err);
	struct pv_buffer buffer = { 0 };
	bool good;

	good = output && !pv_output_write_at(output, 0x20000, "end", 3, &err) &&
	       !pv_output_write_at(output, 0, "begin", 5, &err);
	pv_output_write_back(output, 0, 0x20003);
	tap_ok(good && !pv_output_sync(output, &err) &&
	       access(path_of("p"), F_OK) < 0,
	       "a file in pieces has no name while it is written");
	tap_ok(!pv_output_commit(output, &err) &&
	       !pv_file_read(&buffer, path_of("p"), 0x30000, &err) &&
	       buffer.size == 0x20003 && !memcmp(buffer.data, "begin", 6) &&
	       !memcmp(buffer.data + 0x1ffff, "\0end", 4),
	       "then it holds the pieces, and zeros between them");
	pv_output_close(output, true);
	pv_buffer_free(&buffer);
	unlink(path_of("p"));
}

static void test_write_at_device(void)
{
	struct pv_error err = { 0 };
	struct pv_output *output = pv_output_open("/dev/null", 0, &err);

	tap_ok(output && pv_output_write_at(output, 0, "x", 1, &err) < 0 &&
	       err.code == PV_ERR_IO && strstr(err.text, "/dev/null"),
	       "a device is not written in pieces");
	pv_output_close(output, true);
}

static void test_write_at_full(void)
{
	struct pv_error err = { 0 };
	struct pv_output *output = pv_output_open(path_of("p"), 0, &err);
	unsigned int before = count_files();
	struct rlimit old, some;

	getrlimit(RLIMIT_FSIZE, &old);
	some = old;
	some.rlim_cur = 0x10000;
	setrlimit(RLIMIT_FSIZE, &some);
	tap_ok(output && pv_output_write_at(output, 0xffff, "xy", 2, &err) < 0 &&
	       err.code == PV_ERR_IO && strstr(err.text, path_of("p")),
	       "a piece that does not fit on the disk is an error");
	setrlimit(RLIMIT_FSIZE, &old);
	pv_output_close(output, false);
	tap_ok(count_files() == before - 1, "and nothing is left behind");
}

static void test_read(void)
{
	struct pv_buffer buffer;
	struct pv_error err = { 0 };
	uint8_t key[4];

	put("r", "12345", 0);
	tap_ok(pv_file_read(&buffer, path_of("r"), 5, &err) == 0 &&
	       buffer.size == 5, "a file of the greatest size is read");
	pv_buffer_free(&buffer);
	tap_ok(pv_file_read(&buffer, path_of("r"), 4, &err) < 0 &&
	       err.code == PV_ERR_LIMIT && !buffer.data,
	       "a larger one is refused");
	err.code = PV_OK;
	tap_ok(pv_file_read(&buffer, "/dev/zero", 1000000, &err) < 0 &&
	       err.code == PV_ERR_LIMIT, "an endless file is refused");
	err.code = PV_OK;
	tap_ok(pv_file_read(&buffer, directory, 1000, &err) < 0 &&
	       err.code == PV_ERR_IO, "a directory is refused");
	err.code = PV_OK;
	tap_ok(pv_file_read_exactly(key, path_of("r"), 4, "key", &err) < 0 &&
	       err.code == PV_ERR_FORMAT, "a key of 5 bytes is no key of 4");
	err.code = PV_OK;
	put("r", "123", PV_OUTPUT_FORCE);
	tap_ok(pv_file_read_exactly(key, path_of("r"), 4, "key", &err) < 0 &&
	       err.code == PV_ERR_FORMAT && !key[0],
	       "a key of 3 bytes is no key of 4, and is wiped");
	err.code = PV_OK;
	put("r", "1234", PV_OUTPUT_FORCE);
	tap_ok(pv_file_read_exactly(key, path_of("r"), 4, "key", &err) == 0 &&
	       memcmp(key, "1234", 4) == 0, "a key of 4 bytes is one");
}

static void test_growing(void)
{
	static const size_t sizes[] = { 65535, 65536, 65537, 300000 };
	uint8_t *data = malloc(300000);

	for (size_t i = 0; i < 300000; i++)
		data[i] = (uint8_t)(i * 7 + i / 256);
	for (size_t i = 0; i < 4; i++) {
		const struct pv_file_spec spec = {
			path_of("g"), data, sizes[i], PV_OUTPUT_FORCE,
		};
		struct pv_buffer buffer = { 0 };
		struct pv_error err = { 0 };

		pv_files_write(&spec, 1, &err);
		pv_file_read(&buffer, path_of("g"), 300000, &err);
		tap_ok(buffer.size == sizes[i] &&
		       memcmp(buffer.data, data, sizes[i]) == 0,
		       "%zu bytes come back as they were", sizes[i]);
		pv_buffer_free(&buffer);
	}
	free(data);
}

int main(void)
{
	const char *scratch = getenv("PV_TEST_DIR");
	char command[4200];

	tap_start();
	snprintf(directory, sizeof(directory), "%s/file_test.XXXXXX",
		 scratch ? scratch : "/tmp");
	if (!mkdtemp(directory)) {
		tap_ok(false, "a scratch directory can be made");
		return tap_done();
	}
	test_write();
	test_links();
	test_places();
	test_full_disk();
	test_all_or_none();
	test_same_file();
	test_late_failure();
	test_write_at();
	test_write_at_device();
	test_write_at_full();
	test_read();
	test_growing();
	snprintf(command, sizeof(command), "rm -r '%s'", directory);
	tap_ok(system(command) == 0, "scratch files are removed");
	return tap_done();
}
