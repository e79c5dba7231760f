// SPDX-License-Identifier: GPL-2.0
/*
 * The file of a dump against a known one: a guest of 1 MiB and a CPU, sealed
 * here with known keys.  Runs on any computer.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "kselftest_harness.h"
#include "vmm_core.h"

#define PAGE		4096
#define PAGES		256
#define MIB		(PAGES * PAGE)
#define AREA		0x1000
#define HASH_SIZE	32
/* What the writer of the known file had wrong: the size of its own header */
#define EHSIZE_AT	53
#define KNOWN_EHSIZE	8

FIXTURE(known)
{
	struct core core;
	uint8_t *file;
	uint8_t key[32], xts[64], nonce[16];
};

static void count(uint8_t *to, size_t size, unsigned int from)
{
	for (size_t i = 0; i < size; i++)
		to[i] = (uint8_t)(from + i);
}

static int derive(uint8_t *key)
{
	char info[] = "IBM Z Ultravisor Dump", digest[] = "SHA512";
	uint8_t cck[32], seed[64];
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 6),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_KEY, cck, sizeof(cck)),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_SALT, seed,
					sizeof(seed)),
		OSSL_PARAM_octet_string(OSSL_KDF_PARAM_INFO, info,
					strlen(info)),
		OSSL_PARAM_END
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	int ok;

	count(cck, sizeof(cck), 0);
	count(seed, sizeof(seed), 0x40);
	ok = ctx && EVP_KDF_derive(ctx, key, 32, params) > 0;
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok ? 0 : -1;
}

static int seal(const uint8_t *key, uint8_t *area, int iv, int aad, int size)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n, ok;

	ok = ctx &&
	     EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, area + iv) &&
	     EVP_EncryptUpdate(ctx, NULL, &n, area, aad) &&
	     EVP_EncryptUpdate(ctx, area + aad, &n, area + aad, size) &&
	     EVP_EncryptFinal_ex(ctx, area, &n) &&
	     EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16,
				 area + aad + size);
	EVP_CIPHER_CTX_free(ctx);
	return ok ? 0 : -1;
}

static void put32(uint8_t *to, uint32_t value)
{
	value = htobe32(value);
	memcpy(to, &value, sizeof(value));
}

static int seal_complete(const FIXTURE_DATA(known) *k, uint8_t *area)
{
	put32(area, 1);
	put32(area + 4, 288);
	count(area + 16, 64, 0x40);
	count(area + 80, 12, 0xe0);
	memcpy(area + 96, k->nonce, sizeof(k->nonce));
	memcpy(area + 112, k->xts, sizeof(k->xts));
	return seal(k->key, area, 80, 96, 176);
}

static int seal_cpu(const FIXTURE_DATA(known) *k, uint8_t *area)
{
	put32(area, 1);
	put32(area + 4, 1568);
	area[19] = 1;
	return seal(k->key, area, 8, 32, 1520);
}

static int encrypt(const FIXTURE_DATA(known) *k, const uint8_t *state,
		   uint8_t *page)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t tweak[16];
	int n, ok;

	for (int i = 0; i < 16; i++)
		tweak[i] = state[i] | k->nonce[i];
	ok = ctx && EVP_EncryptInit_ex(ctx, EVP_aes_256_xts(), NULL, k->xts,
				       tweak) &&
	     EVP_EncryptUpdate(ctx, page, &n, page, PAGE);
	EVP_CIPHER_CTX_free(ctx);
	return ok ? 0 : -1;
}

/* Of eight pages the first is zero, the second shared, the others are secret. */
static int fill_page(const FIXTURE_DATA(known) *k, unsigned int nr,
		     uint8_t *page, uint8_t *state)
{
	if (nr % 8 > 1) {
		state[6] = (uint8_t)((nr + 1) >> 8);
		state[7] = (uint8_t)(nr + 1);
	} else {
		memset(state, 0xff, 4);
		state[15] = nr % 8 ? 2 : 1;
	}
	if (!(nr % 8))
		return 0;
	for (unsigned int i = 0; i < PAGE; i++)
		page[i] = (uint8_t)(7 * nr + 13 * i);
	return nr % 8 == 1 ? 0 : encrypt(k, state, page);
}

static int fill(FIXTURE_DATA(known) *k)
{
	const struct core *core = &k->core;
	const struct core_regs regs = {};
	uint8_t area[AREA] = {};
	int ret = seal_cpu(k, area);

	core_head(core, k->file);
	core_notes(core, 0, &regs, area, k->file + core->notes_at);
	for (unsigned int i = 0; i < PAGES && !ret; i++)
		ret = fill_page(k, i, k->file + core->memory_at + i * PAGE,
				k->file + core->states_at + i * 16);
	if (!ret)
		ret = seal_complete(k, k->file + core->complete_at);
	core_names(k->file + core->names_at);
	return ret;
}

FIXTURE_SETUP(known)
{
	self->core = (struct core){
		.nr_cpus = 1,
		.memory = MIB,
		.cpu_size = AREA,
		.states_size = AREA,
		.complete_size = AREA,
	};
	core_place(&self->core);
	self->file = calloc(1, self->core.size);
	ASSERT_NE(NULL, self->file);
	count(self->xts, sizeof(self->xts), 0x80);
	count(self->nonce + 8, 8, 0xc0);
	ASSERT_EQ(0, derive(self->key));
	ASSERT_EQ(0, fill(self));
}

FIXTURE_TEARDOWN(known)
{
	free(self->file);
}

#define KNOWN_STATES \
	"16a0fcefb2ba7b820db4a363741a9dbe858379dbb5185e9b5904c450b218139f"
#define KNOWN_COMPLETE \
	"1193c35494167de7619d2892cc3a1c19184e267ccb7cfeff41873c71fede1185"
#define KNOWN_FILE \
	"b0fb805de3889b7ddb788246006087d663d9a9baac89247e6a7278441539440e"

static bool hash_is(const void *data, size_t size, const char *want)
{
	char text[2 * HASH_SIZE + 1] = "";
	uint8_t hash[HASH_SIZE];

	EVP_Digest(data, size, hash, NULL, EVP_sha256(), NULL);
	for (int i = 0; i < HASH_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", hash[i]);
	return !strcmp(text, want);
}

TEST_F(known, has_its_places)
{
	EXPECT_EQ(0x169c, self->core.memory_at);
	EXPECT_EQ(0x10169c, self->core.states_at);
	EXPECT_EQ(1062591, self->core.size);
}

TEST_F(known, has_its_sections)
{
	EXPECT_TRUE(hash_is(self->file + self->core.states_at, AREA,
			    KNOWN_STATES));
	EXPECT_TRUE(hash_is(self->file + self->core.complete_at, AREA,
			    KNOWN_COMPLETE));
}

TEST_F(known, is_the_known_file_but_for_a_mistake_in_that)
{
	EXPECT_EQ(64, self->file[EHSIZE_AT]);
	self->file[EHSIZE_AT] = KNOWN_EHSIZE;
	EXPECT_TRUE(hash_is(self->file, self->core.size, KNOWN_FILE));
}

/* Every register in its note, which the known file has zeros in. */
static const uint8_t *find_note(const uint8_t *notes, size_t size,
				uint32_t type, uint32_t want)
{
	uint32_t head[3];

	for (size_t at = 0; at + sizeof(head) <= size;) {
		memcpy(head, notes + at, sizeof(head));
		at += sizeof(head) + 8;
		if (be32toh(head[2]) == type)
			return be32toh(head[1]) == want ? notes + at : NULL;
		at += be32toh(head[1]);
	}
	return NULL;
}

static uint64_t get(const uint8_t *from, size_t index)
{
	uint64_t value;

	memcpy(&value, from + 8 * index, sizeof(value));
	return be64toh(value);
}

static uint32_t get32(const uint8_t *from, size_t index)
{
	uint32_t value;

	memcpy(&value, from + 4 * index, sizeof(value));
	return be32toh(value);
}

static struct core_regs some_registers(void)
{
	struct core_regs regs = {
		.psw_mask = 0x11, .psw_addr = 0x12, .fpc = 0x13,
		.prefix = 0x14, .todpr = 0x15, .timer = 0x16,
		.comparator = 0x17,
	};

	for (unsigned int i = 0; i < 16; i++) {
		regs.gr[i] = 0x100 + i;
		regs.cr[i] = 0x200 + i;
		regs.ar[i] = 0x300 + i;
	}
	for (unsigned int i = 0; i < 32; i++) {
		regs.vr[i][0] = 0x400 + i;
		regs.vr[i][1] = 0x500 + i;
	}
	return regs;
}

TEST(notes_have_all_registers)
{
	const struct core_regs regs = some_registers();
	struct core core = { .nr_cpus = 3, .cpu_size = 1568 };
	uint8_t area[1568], notes[CORE_NOTES_SIZE + sizeof(area)];
	const uint8_t *data;

#define NOTE(type, size) find_note(notes, sizeof(notes), (type), (size))
	core_place(&core);
	EXPECT_EQ(432 + 2 * sizeof(notes), core_notes_at(&core, 2));
	memset(area, 0x77, sizeof(area));
	core_notes(&core, 2, &regs, area, notes);
	data = NOTE(1, 336);
	ASSERT_NE(NULL, data);
	EXPECT_EQ(3, get32(data, 8));
	EXPECT_EQ(0x11, get(data, 14));
	EXPECT_EQ(0x12, get(data, 15));
	EXPECT_EQ(0x10f, get(data, 31));
	EXPECT_EQ(0x30f, get32(data, 79));
	data = NOTE(2, 136);
	ASSERT_NE(NULL, data);
	EXPECT_EQ(0x13, get32(data, 0));
	EXPECT_EQ(0x40f, get(data, 16));
	ASSERT_NE(NULL, NOTE(0x305, 4));
	EXPECT_EQ(0x14, get32(NOTE(0x305, 4), 0));
	ASSERT_NE(NULL, NOTE(0x304, 128));
	EXPECT_EQ(0x20f, get(NOTE(0x304, 128), 15));
	EXPECT_EQ(0x16, get(NOTE(0x301, 8), 0));
	EXPECT_EQ(0x17, get(NOTE(0x302, 8), 0));
	EXPECT_EQ(0x15, get32(NOTE(0x303, 4), 0));
	EXPECT_EQ(0x50f, get(NOTE(0x309, 128), 15));
	EXPECT_EQ(0x410, get(NOTE(0x30a, 256), 0));
	EXPECT_EQ(0x51f, get(NOTE(0x30a, 256), 31));
	ASSERT_NE(NULL, NOTE(0x30b, 32));
	ASSERT_NE(NULL, NOTE(0x30e, 1568));
	EXPECT_EQ(0, memcmp(NOTE(0x30e, 1568), area, sizeof(area)));
	EXPECT_EQ(notes + sizeof(notes), NOTE(0x30e, 1568) + sizeof(area));
#undef NOTE
}

TEST_HARNESS_MAIN
