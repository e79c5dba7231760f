// SPDX-License-Identifier: MIT
/* Components through the pipeline against known answers; its ring of chunks. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "bytes.h"
#include "image_maker.h"
#include "se_component.h"
#include "se_xts.h"
#include "tap.h"

static bool put(struct pv_se_writer *writer, uint64_t addr, uint8_t value,
		size_t size)
{
	struct pv_se_component component = { .addr = addr,
					     .tweak_prefix = 0x42 };
	uint8_t data[0x3400];
	struct pv_se_input input;

	memset(data, value, size);
	pv_se_input_memory(&input, data, size);
	return pv_se_component_write(writer, &component, &input, NULL) == 0 &&
	       component.size == size &&
	       component.padded == (size + 4095) / 4096 * 4096;
}

static bool make_known(struct pv_se_header *head)
{
	struct pv_se_writer writer = { 0 };
	uint8_t key[64];
	bool good;

	memset(key, 0x42, 32);
	memset(key + 32, 0x43, 32);
	writer.output = pv_output_open(maker_path("known"), 0, NULL);
	writer.xts = pv_se_xts_new(key, NULL);
	writer.hasher = pv_se_hasher_start(NULL);
	good = writer.output && writer.xts && writer.hasher &&
	       put(&writer, 0x10000, 1, 0x3400) &&
	       put(&writer, 0x20000, 2, 0x3000) &&
	       !pv_se_hasher_finish(writer.hasher, head, NULL) &&
	       !pv_output_commit(writer.output, NULL);
	pv_output_close(writer.output, true);
	EVP_CIPHER_CTX_free(writer.xts);
	pv_se_hasher_free(writer.hasher);
	return good;
}

static void test_known(void)
{
	struct pv_se_header head = { 0 };
	struct pv_buffer file = { 0 };

	if (!tap_ok(make_known(&head) &&
		    !pv_file_read(&file, maker_path("known"), 0x30000, NULL) &&
		    file.size == 0x23000, "two components are written"))
		return;
	tap_ok(pv_get_be64(head.nep) == 7, "they have seven pages");
	tap_bytes(head.pld, 64,
		  "a24ff30a8af1295888dedfe9369eb509290309a90159ebc32ca26a53f9d4364a"
		  "781857e2590587536c3e767355c7b7603f2b0c6a407f16330d82128d0964fad2",
		  "page list digest is the known one");
	tap_bytes(head.ald, 64,
		  "c391de5727a08212ea2fea9c37f9cf090be51f93c6d521b8906332ce720c5f38"
		  "ada0e73e69663e5211d015fef41dc62606f5135e619904d4f450ab889f49caad",
		  "address list digest is the known one");
	tap_bytes(head.tld, 64,
		  "424fe3cf04a6f64a7aef185c3b4ef607c0e4f54bb7e14620b574a3d31eef31c7"
		  "d462eb040d45ee6918e6b80968ba4454f9e2edc26f6929ed624d0055f2355659",
		  "tweak list digest is the known one");
	tap_bytes(file.data + 0x10000, 32,
		  "6f491067554994df159146098fb52c5a326679d2c9bef23979e4587ba4ac7c79",
		  "the first page begins as it should");
	tap_sha256(file.data + 0x10000, 4096,
		   "dde34fcf4cc7d36cfd0730af567c8a17d8b9b87cf4b1721a7da3647f92ebbe04",
		   "the first page is the known one");
	tap_bytes(file.data + 0x13000, 32,
		  "db991fd24d66d88ebca471daadc3122706aa345842de69cb8247aa72021a092d",
		  "the padded page begins as it should");
	tap_sha256(file.data + 0x13000, 4096,
		   "8a8019e64adacae9da58bcc55c482a48a860ede617b9bcd8289633a3ef678dd8",
		   "the padded page is the known one");
	pv_buffer_free(&file);
}

static void test_prefix(void)
{
	static const uint8_t random[6] = { 0x9d, 0xef, 0x2c, 0x67, 0xdb, 0x76 };

	tap_ok(pv_se_tweak_prefix(3, random) == UINT64_C(1018075497880438),
	       "a tweak prefix is the known one");
}

static void test_metadata(void)
{
	const struct pv_se_places places = { .header_addr = 0x14000,
					     .ipib_addr = 0x16000 };
	struct pv_se_metadata metadata;

	pv_se_metadata_build(&metadata, &places);
	tap_bytes(&metadata, sizeof(metadata),
		  "5365496d674c6e780000000000014000000000010000000000016000",
		  "metadata is the known one");
}

/* Many chunks at the speed of either side; all of them, and in order. */
static void test_ring(size_t n, useconds_t slow)
{
	struct pv_se_hasher *hasher = pv_se_hasher_start(NULL);
	EVP_MD_CTX *sha = EVP_MD_CTX_new();
	struct pv_se_header head = { 0 };
	uint8_t want[64];
	bool good = hasher && sha && EVP_DigestInit(sha, EVP_sha512());

	for (size_t i = 0; i < n && good; i++) {
		struct pv_se_chunk *chunk = pv_se_hasher_get(hasher, NULL);

		good = chunk;
		if (!good)
			break;
		chunk->pages = 1 + i % 32;
		memset(chunk->data, (int)i, chunk->pages * 4096);
		chunk->place = (struct pv_se_place){ .addr = i << 20 };
		EVP_DigestUpdate(sha, chunk->data, chunk->pages * 4096);
		pv_se_hasher_put(hasher);
		if (slow)
			usleep(slow);
	}
	EVP_DigestFinal(sha, want, NULL);
	tap_ok(good && !pv_se_hasher_finish(hasher, &head, NULL) &&
	       !memcmp(head.pld, want, 64),
	       "%zu chunks are digested in order", n);
	pv_se_hasher_free(hasher);
	EVP_MD_CTX_free(sha);
}

/* Leaks, hangs and use after free would be noticed here. */
static void test_give_up(void)
{
	struct pv_se_hasher *idle = pv_se_hasher_start(NULL);
	struct pv_se_hasher *busy = pv_se_hasher_start(NULL);
	struct pv_se_chunk *chunk = busy ? pv_se_hasher_get(busy, NULL) : NULL;

	if (chunk) {
		chunk->pages = 1;
		pv_se_hasher_put(busy);
	}
	pv_se_hasher_free(busy);
	pv_se_hasher_free(idle);
	pv_se_hasher_free(NULL);
	tap_ok(idle && chunk, "a hasher can be freed at any time");
}

/* A pipe that does not end runs into the limit of the image. */
static void test_endless(void)
{
	struct pv_se_component component = {
		.id = PV_SE_RAMDISK,
		.addr = PV_SE_IMAGE_LIMIT - 0x80000,
	};
	struct pv_se_writer writer = { 0 };
	struct pv_error err = { 0 };
	struct pv_se_input input;
	bool good;

	writer.output = pv_output_open(maker_path("endless"), 0, &err);
	writer.hasher = pv_se_hasher_start(&err);
	good = !pv_se_input_open(&input, "/dev/zero", false, &err) &&
	       pv_se_component_write(&writer, &component, &input, &err) < 0;
	tap_ok(good && err.code == PV_ERR_LIMIT &&
	       strstr(err.text, "/dev/zero"),
	       "an endless ramdisk ends at 2 GiB, with its name");
	pv_se_input_close(&input);
	pv_se_hasher_free(writer.hasher);
	pv_output_close(writer.output, false);
}

int main(void)
{
	tap_start();
	if (!tap_ok(maker_start("se_component_test"),
		    "a scratch directory can be made"))
		return tap_done();
	test_known();
	test_prefix();
	test_metadata();
	test_ring(1, 0);
	test_ring(200, 0);
	test_ring(40, 2000);
	test_give_up();
	test_endless();
	tap_ok(maker_end(), "scratch files are removed");
	return tap_done();
}
