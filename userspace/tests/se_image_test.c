// SPDX-License-Identifier: MIT
/* SE images, read back by a reader that shares no code with what makes them. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "array.h"
#include "bytes.h"
#include "image_maker.h"
#include "image_reader.h"
#include "tap.h"

#define KERNEL_SIZE	0x12345
#define RAMDISK_SIZE	0x45678
#define CMDLINE		"root=/dev/vda1 quiet"

/* An image of everything, to be changed by the test. */
static void full_spec(struct pv_se_image_spec *spec, EVP_PKEY **host)
{
	maker_spec(spec, host);
	spec->ramdisk = maker_path("ramdisk");
	spec->cmdline = (const uint8_t *)CMDLINE;
	spec->cmdline_size = strlen(CMDLINE);
}

/* Create, read back; Return: NULL or what is wrong. */
static const char *make_and_read(const struct pv_se_image_spec *spec,
				 struct image_reader *reader,
				 struct pv_se_image_map *map)
{
	static struct pv_error err;

	memset(reader, 0, sizeof(*reader));
	if (maker_create(spec, map, &err) < 0)
		return err.text;
	return image_read(reader, maker_path("image"),
			  spec->stages.stage3a_size, spec->header_key);
}

/* Does the part hold the pattern (a kernel: but for two places), then zeros? */
static bool holds_pattern(const struct image_part *part, size_t size,
			  bool kernel)
{
	for (size_t i = 0; i < part->size; i++) {
		const bool magic = kernel && ((i >= 0x10008 && i < 0x1000e) ||
					      (i >= 0x10430 && i < 0x10438));

		if (!magic && part->plain[i] != (i < size ? maker_byte(i) : 0))
			return false;
	}
	return part->size == (size + 4095) / 4096 * 4096;
}

static bool holds_text(const struct image_part *part, const char *text,
		       size_t size)
{
	static const uint8_t zero[4096];

	return part->size == 4096 && memcmp(part->plain, text, size) == 0 &&
	       memcmp(part->plain + size, zero, 4096 - size) == 0;
}

/* Arguments of stage3b: eight numbers at the end of the unpadded stage. */
static bool stage3b_says(const struct image_part *part, const uint64_t *want)
{
	const uint8_t *at = part->plain + MAKER_STAGE3B_SIZE - 64;

	for (int i = 0; i < 8; i++)
		if (image_be(at + 8 * i, 8) != want[i])
			return false;
	for (size_t i = 0; i < MAKER_STAGE3B_SIZE - 64; i++)
		if (part->plain[i] != 0x3b)
			return false;
	return part->plain[MAKER_STAGE3B_SIZE] == 0;
}

/* Which part of the image is which, and the upper 16 bits of its tweaks. */
static const struct {
	const char *name;
	enum pv_se_layout layout;
	int kernel, ramdisk, cmdline;
	uint16_t index[4];
	uint64_t ipib_size, ipib_version;
} layouts[] = {
	{ "pvimg", PV_SE_LAYOUT_PVIMG, 0, 1, 2, { 40, 50, 60, 70 }, 232, 1 },
	{ "genprotimg", PV_SE_LAYOUT_GENPROTIMG, 0, 2, 1, { 0, 1, 2, 3 },
	  4096, 0 },
};

static void check_places(const struct image_reader *reader, size_t i)
{
	const uint8_t *ipib = reader->data + reader->ipib;
	const bool pvimg = layouts[i].layout == PV_SE_LAYOUT_PVIMG;
	const struct image_part *last = &reader->parts[3];
	bool good = true;

	for (int k = 0; k < 4; k++)
		good = good &&
		       reader->parts[k].prefix >> 48 == layouts[i].index[k];
	tap_ok(good, "%s: tweaks have the indices of the tool",
	       layouts[i].name);
	tap_ok(image_be(ipib, 4) == layouts[i].ipib_size &&
	       ipib[0x6f] == layouts[i].ipib_version &&
	       image_be(ipib + 0x78, 8) == (pvimg ? reader->header : 0),
	       "%s: IPIB has the tool's length, version and header address",
	       layouts[i].name);
	tap_ok(reader->header == 0x14000 &&
	       reader->ipib == (pvimg ? last->addr + last->size : 0x13000) &&
	       reader->size == last->addr + last->size + (pvimg ? 232 : 0) &&
	       reader->parts[0].addr == 0x15000,
	       "%s: header, IPIB and components stand where they should",
	       layouts[i].name);
	if (pvimg)
		tap_ok(!memcmp(reader->data + 0xc000, "SeImgLnx", 8) &&
		       image_be(reader->data + 0xc008, 8) == reader->header &&
		       image_be(reader->data + 0xc010, 4) == 1 &&
		       image_be(reader->data + 0xc014, 8) == reader->ipib,
		       "pvimg: metadata leads to header and IPIB");
	else
		tap_ok(!image_be(reader->data + 0xc000, 8),
		       "genprotimg: there is no metadata");
}

static void test_layout(size_t i)
{
	struct pv_se_image_spec spec;
	struct image_reader r;
	const char *wrong;
	EVP_PKEY *host;

	full_spec(&spec, &host);
	spec.layout = layouts[i].layout;
	wrong = make_and_read(&spec, &r, NULL);
	if (tap_ok(!wrong && r.n == 4, "%s: an image is made and read back%s%s",
		   layouts[i].name, wrong ? ": " : "", wrong ? wrong : "")) {
		const struct image_part *kernel = &r.parts[layouts[i].kernel];
		const struct image_part *ramdisk = &r.parts[layouts[i].ramdisk];
		const struct image_part *cmdline = &r.parts[layouts[i].cmdline];
		const uint64_t args[8] = {
			kernel->addr, KERNEL_SIZE, cmdline->addr,
			strlen(CMDLINE) + 1, ramdisk->addr, RAMDISK_SIZE,
			0x180000000, 0x10000,
		};

		tap_ok(holds_pattern(kernel, KERNEL_SIZE, true),
		       "%s: the kernel is in it", layouts[i].name);
		tap_ok(holds_pattern(ramdisk, RAMDISK_SIZE, false),
		       "%s: the ramdisk is in it", layouts[i].name);
		tap_ok(holds_text(cmdline, CMDLINE, sizeof(CMDLINE)),
		       "%s: the command line is in it", layouts[i].name);
		tap_ok(stage3b_says(&r.parts[3], args),
		       "%s: stage3b knows where they are, unpadded",
		       layouts[i].name);
		tap_ok(memcmp(r.data + kernel->addr, kernel->plain, 4096) &&
		       memcmp(r.data + ramdisk->addr, ramdisk->plain, 4096),
		       "%s: but in the file they are encrypted",
		       layouts[i].name);
		check_places(&r, i);
	}
	image_reader_free(&r);
	pv_se_image_spec_wipe(&spec);
	EVP_PKEY_free(host);
}

/* Keys, flags and PSW in the encrypted area of the header. */
static void test_secret(void)
{
	struct pv_se_image_spec spec;
	struct image_reader r;
	EVP_PKEY *host;

	full_spec(&spec, &host);
	spec.secret.scf = pv_put_be64(PV_SCF_CCK_UPDATE);
	spec.pcf = 0x20000002;
	tap_ok(!make_and_read(&spec, &r, NULL) &&
	       !memcmp(r.secret, spec.secret.cck, 32) &&
	       !memcmp(r.secret + 32, spec.secret.xts_key, 64) &&
	       image_be(r.secret + 0x70, 8) == 0x2000000000000000,
	       "keys and secret flags of the specification are in the header");
	tap_ok(image_be(r.secret + 0x60, 8) == 0x180000000 &&
	       image_be(r.secret + 0x68, 8) == r.parts[3].addr,
	       "and a PSW that starts stage3b");
	tap_ok(image_be(r.data + r.header + 0x38, 8) == 0x20000002,
	       "plaintext flags are taken as they are");
	image_reader_free(&r);
	spec.secret.psw_addr = pv_put_be64(0xbeef0);
	tap_ok(!make_and_read(&spec, &r, NULL) &&
	       image_be(r.secret + 0x68, 8) == r.parts[3].addr,
	       "an address is not taken without own_psw");
	image_reader_free(&r);
	spec.own_psw = true;
	tap_ok(!make_and_read(&spec, &r, NULL) &&
	       image_be(r.secret + 0x60, 8) == 0x180000000 &&
	       image_be(r.secret + 0x68, 8) == 0xbeef0,
	       "with own_psw it is");
	image_reader_free(&r);
	pv_se_image_spec_wipe(&spec);
	EVP_PKEY_free(host);
}

static void test_fresh(void)
{
	static const uint8_t zero[sizeof(struct pv_se_header_secret)];
	struct pv_se_image_spec one, two;
	struct image_reader a, b;
	EVP_PKEY *host, *other;
	bool differ = true;

	full_spec(&one, &host);
	full_spec(&two, &other);
	tap_ok(memcmp(one.header_key, two.header_key, 32) &&
	       memcmp(one.secret.cck, two.secret.cck, 32) &&
	       memcmp(one.secret.xts_key, two.secret.xts_key, 64) &&
	       one.pcf == 0xe0, "each specification begins with keys of its own");
	if (tap_ok(!make_and_read(&one, &a, NULL) &&
		   !make_and_read(&one, &b, NULL),
		   "two images are made of one specification")) {
		for (int i = 0; i < 4; i++)
			differ = differ &&
				 a.parts[i].prefix != b.parts[i].prefix;
		tap_ok(differ, "their tweaks differ");
	}
	image_reader_free(&a);
	image_reader_free(&b);
	pv_se_image_spec_wipe(&one);
	tap_ok(!memcmp(one.header_key, zero, sizeof(one.header_key)) &&
	       !memcmp(&one.secret, zero, sizeof(one.secret)),
	       "no key is left of a wiped specification");
	pv_se_image_spec_wipe(&two);
	EVP_PKEY_free(host);
	EVP_PKEY_free(other);
}

static void test_slots(size_t n, uint64_t first)
{
	EVP_PKEY *hosts[96], *host;
	struct pv_se_image_spec spec;
	struct image_reader r;

	for (int i = 0; i < 2; i++) {
		full_spec(&spec, &host);
		for (size_t k = 0; k < ARRAY_SIZE(hosts); k++)
			hosts[k] = host;
		spec.hosts = hosts;
		spec.n_hosts = n;
		spec.layout = layouts[i].layout;
		tap_ok(!make_and_read(&spec, &r, NULL) &&
		       r.header_size == 560 + 80 * n &&
		       r.parts[0].addr == first,
		       "%s: with %zu slots the kernel is at 0x%llx",
		       layouts[i].name, n, (unsigned long long)first);
		image_reader_free(&r);
		pv_se_image_spec_wipe(&spec);
		EVP_PKEY_free(host);
	}
}

/* A larger loader than any there is: everything moves. */
static void test_large_stage3a(void)
{
	static const uint8_t stage[0x5001];
	struct pv_se_image_spec spec;
	struct image_reader r;
	EVP_PKEY *host;

	full_spec(&spec, &host);
	spec.stages.stage3a = stage;
	spec.stages.stage3a_size = sizeof(stage);
	tap_ok(!make_and_read(&spec, &r, NULL) && r.header == 0x16000,
	       "pvimg: the header stands behind a large stage3a");
	image_reader_free(&r);
	spec.layout = PV_SE_LAYOUT_GENPROTIMG;
	tap_ok(!make_and_read(&spec, &r, NULL) && r.ipib == 0x16000 &&
	       r.header == 0x17000,
	       "genprotimg: IPIB and header stand behind a large stage3a");
	image_reader_free(&r);
	pv_se_image_spec_wipe(&spec);
	EVP_PKEY_free(host);
}

static void test_fewer_parts(void)
{
	struct pv_se_image_spec spec;
	struct image_reader r;
	EVP_PKEY *host;
	uint64_t args[8] = { 0, KERNEL_SIZE, 0, 0, 0, 0, 0x180000000, 0x10000 };

	maker_spec(&spec, &host);
	tap_ok(!make_and_read(&spec, &r, NULL) && r.n == 2 &&
	       (args[0] = r.parts[0].addr) && stage3b_says(&r.parts[1], args),
	       "a kernel alone will do");
	image_reader_free(&r);
	maker_file("empty", 0);
	spec.ramdisk = maker_path("empty");
	tap_ok(!make_and_read(&spec, &r, NULL) && r.n == 3 &&
	       holds_text(&r.parts[1], "", 0) &&
	       (args[4] = r.parts[1].addr) && stage3b_says(&r.parts[2], args),
	       "an empty ramdisk is a page of zeros and no byte for the kernel");
	image_reader_free(&r);
	pv_se_image_spec_wipe(&spec);
	EVP_PKEY_free(host);
}

static void test_cmdlines(void)
{
	static const struct {
		const char *what, *text;
		size_t size, want;
	} lines[] = {
		{ "gets a NUL", "a b", 3, 4 },
		{ "with a NUL keeps it", "a b\0", 4, 4 },
		{ "keeps its newline", "a\n", 2, 3 },
		{ "may be empty", "", 0, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct pv_se_image_spec spec;
		struct image_reader r;
		EVP_PKEY *host;

		maker_spec(&spec, &host);
		spec.cmdline = (const uint8_t *)lines[i].text;
		spec.cmdline_size = lines[i].size;
		tap_ok(!make_and_read(&spec, &r, NULL) && r.n == 3 &&
		       holds_text(&r.parts[1], lines[i].text, lines[i].size) &&
		       image_be(r.parts[2].plain + MAKER_STAGE3B_SIZE - 40,
				8) == lines[i].want,
		       "a command line %s", lines[i].what);
		image_reader_free(&r);
		pv_se_image_spec_wipe(&spec);
		EVP_PKEY_free(host);
	}
}

static void test_plain(void)
{
	struct pv_se_image_spec spec;
	struct image_reader r;
	EVP_PKEY *host;

	full_spec(&spec, &host);
	spec.pcf |= PV_PCF_NO_COMPONENT_ENCRYPTION;
	tap_ok(!make_and_read(&spec, &r, NULL) &&
	       holds_pattern(&r.parts[0], KERNEL_SIZE, true) &&
	       holds_pattern(&r.parts[1], RAMDISK_SIZE, false) &&
	       !memcmp(r.data + r.parts[1].addr, r.parts[1].plain, 4096),
	       "components may stand in the clear");
	image_reader_free(&r);
	pv_se_image_spec_wipe(&spec);
	EVP_PKEY_free(host);
}

/* The example that the format's description works out. */
static void test_worked_example(void)
{
	static const struct {
		const char *name;
		uint64_t addr, size;
	} want[] = {
		{ "short PSW", 0, 8 },
		{ "metadata", 0xc000, 28 },
		{ "stage3a", 0x10000, 0x2bd8 },
		{ "SE header", 0x14000, 640 },
		{ "kernel", 0x15000, 0x812345 },
		{ "ramdisk", 0x828000, 0x345678 },
		{ "command line", 0xb6e000, 0x2e },
		{ "stage3b", 0xb6f000, 0x15d4 },
		{ "IPIB", 0xb71000, 232 },
	};
	static const uint8_t line[] =
		"123456789012345678901234567890123456789012345";
	struct pv_se_image_spec spec;
	struct pv_se_image_map map;
	struct image_reader r;
	EVP_PKEY *host;
	bool good;

	maker_kernel("large-kernel", 0x812345, 0);
	maker_file("large-ramdisk", 0x345678);
	maker_spec(&spec, &host);
	spec.kernel = maker_path("large-kernel");
	spec.ramdisk = maker_path("large-ramdisk");
	spec.cmdline = line;
	spec.cmdline_size = sizeof(line) - 1;
	good = !make_and_read(&spec, &r, &map) && map.n == ARRAY_SIZE(want) &&
	       map.size == 0xb710e8 && r.size == 0xb710e8 && map.pages == 2908;
	for (size_t i = 0; good && i < ARRAY_SIZE(want); i++)
		good = !strcmp(map.entries[i].name, want[i].name) &&
		       map.entries[i].addr == want[i].addr &&
		       map.entries[i].size == want[i].size;
	tap_ok(good, "the worked example: the map is the known one");
	good = good && r.header == 0x14000 && r.ipib == 0xb71000 &&
	       image_be(r.data + 0x12bc0, 8) == 0x1440 &&
	       image_be(r.data + 0x12bd0, 8) == 0xb5e440;
	for (size_t i = 0; good && i < 4; i++)
		good = r.parts[i].addr == want[i + 4].addr &&
		       r.parts[i].size - want[i + 4].size < 4096;
	tap_ok(good, "and the image is what the map says");
	tap_ok(good && holds_pattern(&r.parts[0], 0x812345, true) &&
	       holds_pattern(&r.parts[1], 0x345678, false),
	       "large components come back as they were");
	image_reader_free(&r);
	pv_se_image_spec_wipe(&spec);
	EVP_PKEY_free(host);
}

static void test_file(void)
{
	struct pv_se_image_spec spec;
	struct pv_error err;
	struct stat st = { 0 };
	EVP_PKEY *host;

	full_spec(&spec, &host);
	tap_ok(!maker_create(&spec, NULL, &err) &&
	       !stat(maker_path("image"), &st) &&
	       (st.st_mode & 07777) == 0600, "an image is for its owner only");
	tap_ok(st.st_blocks * 512 < st.st_size - 0xc000,
	       "what is not used takes no room on the disk");
	pv_se_image_spec_wipe(&spec);
	EVP_PKEY_free(host);
}

struct progress {
	pthread_t caller;
	uint64_t last, total;
	bool good;
	unsigned int calls;
};

static void note_progress(void *ctx, uint64_t done, uint64_t total)
{
	struct progress *p = ctx;

	p->good = p->good && done >= p->last && (!total || done <= total) &&
		  pthread_equal(p->caller, pthread_self());
	p->last = done;
	p->total = total;
	p->calls++;
}

static void test_progress(void)
{
	struct progress p = { .caller = pthread_self(), .good = true };
	const uint64_t all = KERNEL_SIZE + RAMDISK_SIZE + sizeof(CMDLINE) +
			     MAKER_STAGE3B_SIZE;
	struct pv_se_image_spec spec;
	struct pv_error err;
	EVP_PKEY *host;

	full_spec(&spec, &host);
	spec.progress = note_progress;
	spec.progress_ctx = &p;
	tap_ok(!maker_create(&spec, NULL, &err) && p.good && p.calls > 3 &&
	       p.last == all && p.total == all,
	       "progress grows to all of it, told by the caller's thread");
	pv_se_image_spec_wipe(&spec);
	EVP_PKEY_free(host);
}

static void test_cancel(void)
{
	struct pv_se_image_spec spec;
	struct pv_error err;
	EVP_PKEY *host;
	int fds[2];

	full_spec(&spec, &host);
	if (pipe(fds) < 0)
		abort();
	spec.cancel_fd = fds[0];
	tap_ok(!maker_create(&spec, NULL, &err),
	       "what could be cancelled is made if it is not");
	close(fds[1]);
	tap_ok(maker_create(&spec, NULL, &err) < 0 && err.code == PV_ERR_IO &&
	       strstr(err.text, "Interrupted"), "and not made if it is");
	spec.ramdisk = maker_path("nobody");
	mkfifo(spec.ramdisk, 0600);
	/* Whoever waited for the pipe to be opened would not notice. */
	alarm(60);
	tap_ok(maker_create(&spec, NULL, &err) < 0 && err.code == PV_ERR_IO &&
	       strstr(err.text, "Interrupted"), "even if a pipe has no writer");
	alarm(0);
	close(fds[0]);
	pv_se_image_spec_wipe(&spec);
	EVP_PKEY_free(host);
}

/* Writes @size bytes of the pattern into a named pipe; Return: the process. */
static pid_t feed(const char *name, size_t size)
{
	pid_t child = fork();
	FILE *file;

	if (child)
		return child;
	file = fopen(maker_path(name), "w");
	for (size_t i = 0; file && i < size; i++)
		putc(maker_byte(i), file);
	_exit(!file || fclose(file));
}

static void test_pipe(void)
{
	struct progress p = { .caller = pthread_self(), .good = true };
	struct pv_se_image_spec spec;
	struct pv_error err;
	struct image_reader r;
	EVP_PKEY *host;
	pid_t child;

	full_spec(&spec, &host);
	spec.ramdisk = maker_path("pipe");
	spec.progress = note_progress;
	spec.progress_ctx = &p;
	mkfifo(spec.ramdisk, 0600);
	for (int i = 0; i < 2; i++) {
		spec.layout = layouts[i].layout;
		p.last = 0;
		child = feed("pipe", RAMDISK_SIZE);
		tap_ok(!make_and_read(&spec, &r, NULL) &&
		       holds_pattern(&r.parts[layouts[i].ramdisk],
				     RAMDISK_SIZE, false) &&
		       image_be(r.parts[3].plain + MAKER_STAGE3B_SIZE - 24,
				8) == RAMDISK_SIZE,
		       "%s: a ramdisk may come out of a pipe", layouts[i].name);
		waitpid(child, NULL, 0);
		image_reader_free(&r);
	}
	tap_ok(p.good && p.total == 0, "then nobody knows how much is to come");
	spec.ramdisk = NULL;
	spec.kernel = maker_path("pipe");
	child = feed("pipe", 100);
	tap_ok(maker_create(&spec, NULL, &err) < 0 && err.code == PV_ERR_IO &&
	       strstr(err.text, "not a regular file"), "a kernel may not");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	pv_se_image_spec_wipe(&spec);
	EVP_PKEY_free(host);
}

int main(void)
{
	tap_start();
	if (!tap_ok(maker_start("se_image_test"),
		    "a scratch directory can be made"))
		return tap_done();
	maker_kernel("kernel", KERNEL_SIZE, 0);
	maker_file("ramdisk", RAMDISK_SIZE);
	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++)
		test_layout(i);
	test_secret();
	test_fresh();
	test_slots(1, 0x15000);
	test_slots(44, 0x15000);
	test_slots(45, 0x16000);
	test_slots(95, 0x16000);
	test_large_stage3a();
	test_fewer_parts();
	test_cmdlines();
	test_plain();
	test_worked_example();
	test_file();
	test_progress();
	test_cancel();
	test_pipe();
	tap_ok(maker_end(), "scratch files are removed");
	return tap_done();
}
