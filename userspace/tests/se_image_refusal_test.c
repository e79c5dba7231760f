// SPDX-License-Identifier: MIT
/* What no SE image is made of, and that nothing is left behind then. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/ec.h>

#include "array.h"
#include "image_maker.h"
#include "tap.h"

#define KERNEL_SIZE	0x12345

/* Return: was it refused so, with @text in the message and no image made? */
static bool refused(const struct pv_se_image_spec *spec,
		    enum pv_error_code code, const char *text)
{
	struct pv_error err;
	bool good;

	unlink(maker_path("image"));
	good = maker_create(spec, NULL, &err) < 0 && err.code == code &&
	       strstr(err.text, text) &&
	       access(maker_path("image"), F_OK) < 0;
	if (!good)
		tap_note("code %d: %s", err.code, err.text);
	return good;
}

static void done(struct pv_se_image_spec *spec, EVP_PKEY *host)
{
	pv_se_image_spec_wipe(spec);
	EVP_PKEY_free(host);
}

static void test_hosts(void)
{
	EVP_PKEY *hosts[96], *host, *wrong = EVP_EC_gen("P-256");
	struct pv_se_image_spec spec;

	maker_spec(&spec, &host);
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++)
		hosts[i] = host;
	spec.hosts = hosts;
	spec.n_hosts = 96;
	tap_ok(refused(&spec, PV_ERR_LIMIT, "95"), "96 hosts are refused");
	spec.n_hosts = 0;
	tap_ok(refused(&spec, PV_ERR_LIMIT, "95"), "no host is refused");
	spec.n_hosts = 2;
	hosts[1] = wrong;
	/* Hosts are checked first: that there is no kernel does not matter. */
	spec.kernel = "/nonexistent";
	tap_ok(refused(&spec, PV_ERR_HOSTKEY, ""),
	       "a host on another curve is refused before anything is read");
	EVP_PKEY_free(wrong);
	done(&spec, host);
}

static void test_stages(void)
{
	struct pv_se_image_spec spec;
	EVP_PKEY *host;

	maker_spec(&spec, &host);
	spec.stages.stage3a_size = 24;
	tap_ok(refused(&spec, PV_ERR_FORMAT, "3a"),
	       "a stage3a of arguments only is refused");
	spec.stages.stage3a_size = 25;
	spec.stages.stage3b_size = 64;
	tap_ok(refused(&spec, PV_ERR_FORMAT, "3b"),
	       "a stage3b of arguments only is refused");
	done(&spec, host);
}

static void test_key_and_layout(void)
{
	struct pv_se_image_spec spec;
	EVP_PKEY *host;

	maker_spec(&spec, &host);
	memset(spec.secret.xts_key, 5, sizeof(spec.secret.xts_key));
	tap_ok(refused(&spec, PV_ERR_FORMAT, "image key"),
	       "an image key with two equal halves is refused");
	spec.layout = PV_SE_N_LAYOUTS;
	tap_ok(refused(&spec, PV_ERR_USAGE, "layout"),
	       "a layout that does not exist is refused");
	done(&spec, host);
}

/* Runs on a changed copy of a good kernel. */
static void try_kernel(const char *what, uint64_t offset, const char *bytes,
		       size_t n, const char *text)
{
	struct pv_se_image_spec spec;
	struct pv_error err;
	EVP_PKEY *host;

	maker_kernel("bad-kernel", KERNEL_SIZE, 0);
	maker_patch("bad-kernel", offset, bytes, n);
	maker_spec(&spec, &host);
	spec.kernel = maker_path("bad-kernel");
	tap_ok(refused(&spec, PV_ERR_FORMAT, text) &&
	       refused(&spec, PV_ERR_FORMAT, "bad-kernel"),
	       "%s is refused, by name", what);
	spec.no_component_check = true;
	tap_ok(maker_create(&spec, NULL, &err) == 0,
	       "unless nobody wants to know");
	done(&spec, host);
}

static void test_short_kernel(void)
{
	struct pv_se_image_spec spec;
	struct pv_error err;
	EVP_PKEY *host;

	maker_kernel("bad-kernel", 0x10438, 0);
	maker_spec(&spec, &host);
	spec.kernel = maker_path("bad-kernel");
	tap_ok(!maker_create(&spec, NULL, &err),
	       "a kernel of 0x10438 bytes is long enough");
	if (truncate(spec.kernel, 0x10437) < 0)
		abort();
	tap_ok(refused(&spec, PV_ERR_FORMAT, "too short"),
	       "one of 0x10437 is not");
	done(&spec, host);
}

static void test_cmdline_limit(uint64_t in_kernel, size_t max)
{
	struct pv_se_image_spec spec;
	struct pv_error err;
	uint8_t line[4096];
	EVP_PKEY *host;

	maker_kernel("bad-kernel", KERNEL_SIZE, in_kernel);
	memset(line, 'x', sizeof(line));
	maker_spec(&spec, &host);
	spec.kernel = maker_path("bad-kernel");
	spec.cmdline = line;
	spec.cmdline_size = max - 1;
	tap_ok(!maker_create(&spec, NULL, &err),
	       "a command line of %zu bytes and a NUL fits", max - 1);
	spec.cmdline_size = max;
	tap_ok(refused(&spec, PV_ERR_LIMIT, "bad-kernel"),
	       "one of %zu bytes and a NUL does not", max);
	line[max - 1] = '\0';
	tap_ok(!maker_create(&spec, NULL, &err),
	       "but one of %zu bytes that is a NUL at its end", max);
	done(&spec, host);
}

static void test_files(void)
{
	static const struct {
		const char *what, *name, *text;
	} files[] = {
		{ "a missing file", "nonexistent", "nonexistent" },
		{ "a directory", ".", "is a directory" },
	};
	struct pv_se_image_spec spec;
	EVP_PKEY *host;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		maker_spec(&spec, &host);
		spec.ramdisk = maker_path(files[i].name);
		tap_ok(refused(&spec, PV_ERR_IO, files[i].text),
		       "%s is no ramdisk", files[i].what);
		spec.ramdisk = NULL;
		spec.kernel = maker_path(files[i].name);
		tap_ok(refused(&spec, PV_ERR_IO, files[i].text),
		       "%s is no kernel", files[i].what);
		done(&spec, host);
	}
	maker_spec(&spec, &host);
	/* Reads of this one fail, whoever runs the test. */
	spec.ramdisk = "/proc/self/mem";
	tap_ok(refused(&spec, PV_ERR_IO, "/proc/self/mem"),
	       "a file that cannot be read is named");
	done(&spec, host);
}

static void make_sparse(const char *name, off_t size)
{
	maker_file(name, 0);
	if (truncate(maker_path(name), size) < 0)
		abort();
}

/* 2 GiB are reached without writing any: the sizes are known before. */
static void test_too_large(void)
{
	struct pv_se_image_spec spec;
	EVP_PKEY *host;

	make_sparse("huge", 0x80000000 - 0x15000);
	maker_spec(&spec, &host);
	spec.ramdisk = maker_path("huge");
	tap_ok(refused(&spec, PV_ERR_LIMIT, "huge"),
	       "an image beyond 2 GiB is refused, and the file named");
	make_sparse("huge", INT64_C(1) << 40);
	tap_ok(refused(&spec, PV_ERR_LIMIT, "huge"),
	       "however large that is");
	/* Kernel and ramdisk would do, but stage3b has two pages. */
	make_sparse("huge", 0x80000000 - 0x15000 - 0x13000 - 0x2000);
	tap_ok(refused(&spec, PV_ERR_LIMIT, "kernel and ramdisk"),
	       "what nobody can make smaller is not to blame");
	done(&spec, host);
}

/* Lengthens or shortens a file while the image is made. */
struct meddler {
	const char *name;
	off_t size;
};

static void meddle(void *ctx, uint64_t now, uint64_t total)
{
	const struct meddler *meddler = ctx;

	(void)now;
	(void)total;
	if (truncate(maker_path(meddler->name), meddler->size) < 0)
		abort();
}

static void test_changes(void)
{
	static const struct {
		const char *what;
		off_t before, after;
	} changes[] = {
		{ "grows", 0x50000, 0x50001 },
		{ "grows by a lot", 0x50000, 0x90000 },
		{ "shrinks", 0x50000, 0x4ffff },
		{ "vanishes", 0x50000, 0 },
		{ "is not empty any more", 0, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		struct meddler meddler = { "moving", changes[i].after };
		struct pv_se_image_spec spec;
		EVP_PKEY *host;

		make_sparse("moving", changes[i].before);
		maker_spec(&spec, &host);
		spec.ramdisk = maker_path("moving");
		spec.progress = meddle;
		spec.progress_ctx = &meddler;
		tap_ok(refused(&spec, PV_ERR_LIMIT, "moving changed its size"),
		       "a ramdisk that %s meanwhile is refused",
		       changes[i].what);
		done(&spec, host);
	}
}

static void test_output(void)
{
	struct pv_error err = { 0 };
	struct pv_output *output = pv_output_open("/dev/null", 0, &err);
	struct pv_se_image_spec spec;
	EVP_PKEY *host;

	maker_spec(&spec, &host);
	tap_ok(output && pv_se_image_create(output, &spec, NULL, &err) < 0 &&
	       err.code == PV_ERR_IO && strstr(err.text, "/dev/null"),
	       "a device is no place for an image");
	pv_output_close(output, false);
	done(&spec, host);
}

int main(void)
{
	tap_start();
	if (!tap_ok(maker_start("se_image_refusal_test"),
		    "a scratch directory can be made"))
		return tap_done();
	maker_kernel("kernel", KERNEL_SIZE, 0);
	test_hosts();
	test_stages();
	test_key_and_layout();
	try_kernel("an ELF file", 0, "\177ELF", 4, "ELF");
	try_kernel("a file without the magic", 0x1000d, "p", 1, "S390EP");
	test_short_kernel();
	test_cmdline_limit(0, 896);
	test_cmdline_limit(4096, 4096);
	test_files();
	test_too_large();
	test_changes();
	test_output();
	tap_ok(maker_end(), "scratch files are removed");
	return tap_done();
}
