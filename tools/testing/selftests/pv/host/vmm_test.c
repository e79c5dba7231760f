// SPDX-License-Identifier: GPL-2.0
/*
 * The parts of the small VMM that need no KVM: service element, console, IPL
 * parameter block.  Runs on any computer.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "vmm_console.h"
#include "vmm_ipl.h"
#include "vmm_sclp.h"

#define MIB		(1024 * 1024)
#define SEEN_MAX	4096

/* Commands and responses */
#define READ_CPU_INFO		0x00010001
#define READ_SCP_INFO		0x00020001
#define READ_SCP_INFO_FORCED	0x00120001
#define WRITE_EVENT_DATA	0x00760005
#define READ_EVENT_DATA		0x00770005
#define WRITE_EVENT_MASK	0x00780005
#define RC_READ			0x0010
#define RC_DONE			0x0020
#define ASCII			0x00000040

struct seen {
	char data[SEEN_MAX];
	size_t size;
};

static void see(void *opaque, const void *data, size_t size)
{
	struct seen *seen = opaque;

	memcpy(seen->data + seen->size, data, size);
	seen->size += size;
}

static void put16(uint8_t *place, uint16_t value)
{
	place[0] = (uint8_t)(value >> 8);
	place[1] = (uint8_t)value;
}

static uint16_t get16(const uint8_t *place)
{
	return (uint16_t)(place[0] << 8 | place[1]);
}

static uint32_t get32(const uint8_t *place)
{
	return (uint32_t)get16(place) << 16 | get16(place + 2);
}

FIXTURE(sclp)
{
	struct sclp sclp;
	struct seen seen;
	uint8_t sccb[SCLP_SCCB_MAX];
};

FIXTURE_SETUP(sclp)
{
	memset(self, 0, sizeof(*self));
	self->sclp = (struct sclp){
		.memory = 300 * MIB,
		.nr_cpus = 2,
		.write = see,
		.opaque = &self->seen,
	};
	/* What is not written is to be seen. */
	memset(self->sccb, 0xee, sizeof(self->sccb));
}

FIXTURE_TEARDOWN(sclp)
{
}

static uint16_t execute(struct sclp *sclp, uint32_t command, uint8_t *sccb,
			uint16_t size)
{
	put16(sccb, size);
	memset(sccb + 2, 0, 6);
	sclp_execute(sclp, command, sccb);
	return get16(sccb + 6);
}

/* The guest says which events it takes, as Linux does. */
static uint16_t set_mask(struct sclp *sclp, uint8_t *sccb, uint32_t receive)
{
	put16(sccb + 10, 4);
	put16(sccb + 12, (uint16_t)(receive >> 16));
	put16(sccb + 14, (uint16_t)receive);
	return execute(sclp, WRITE_EVENT_MASK, sccb, 28);
}

TEST_F(sclp, tells_memory_and_cpus)
{
	EXPECT_EQ(RC_READ, execute(&self->sclp, READ_SCP_INFO, self->sccb,
				   SCLP_SCCB_MAX));
	EXPECT_EQ(300, get16(self->sccb + 8));
	EXPECT_EQ(1, self->sccb[10]);
	EXPECT_EQ(2, get16(self->sccb + 16));
	EXPECT_EQ(128, get16(self->sccb + 18));
	EXPECT_EQ(0, self->sccb[128]);
	EXPECT_EQ(1, self->sccb[144]);
	EXPECT_EQ(0xee, self->sccb[160]);
}

TEST_F(sclp, has_a_forced_form_and_ignores_the_selector)
{
	EXPECT_EQ(RC_READ, execute(&self->sclp, READ_SCP_INFO_FORCED,
				   self->sccb, SCLP_SCCB_MAX));
	EXPECT_EQ(RC_READ, execute(&self->sclp, READ_SCP_INFO | 0x3f00,
				   self->sccb, SCLP_SCCB_MAX));
}

TEST_F(sclp, needs_room_for_every_cpu)
{
	EXPECT_EQ(0x0300, execute(&self->sclp, READ_SCP_INFO, self->sccb, 159));
	EXPECT_EQ(0xee, self->sccb[8]);
	EXPECT_EQ(RC_READ, execute(&self->sclp, READ_SCP_INFO, self->sccb,
				   160));
	EXPECT_EQ(0x0300, execute(&self->sclp, READ_CPU_INFO, self->sccb, 47));
	EXPECT_EQ(RC_READ, execute(&self->sclp, READ_CPU_INFO, self->sccb, 48));
}

TEST_F(sclp, lists_cpus)
{
	EXPECT_EQ(RC_READ, execute(&self->sclp, READ_CPU_INFO, self->sccb,
				   SCLP_SCCB_MAX));
	EXPECT_EQ(2, get16(self->sccb + 8));
	EXPECT_EQ(16, get16(self->sccb + 10));
	EXPECT_EQ(0, get16(self->sccb + 12));
	EXPECT_EQ(1, self->sccb[32]);
}

TEST_F(sclp, refuses_other_commands)
{
	EXPECT_EQ(0x01f0, execute(&self->sclp, 0x00040001, self->sccb, 64));
}

TEST_F(sclp, has_one_kind_of_event)
{
	EXPECT_EQ(RC_DONE, set_mask(&self->sclp, self->sccb, ASCII));
	EXPECT_EQ(ASCII, get32(self->sccb + 20));
	EXPECT_EQ(ASCII, get32(self->sccb + 24));
}

TEST_F(sclp, takes_masks_of_any_length)
{
	put16(self->sccb + 10, 8);
	memset(self->sccb + 12, 0, 8);
	self->sccb[15] = ASCII;
	EXPECT_EQ(RC_DONE, execute(&self->sclp, WRITE_EVENT_MASK, self->sccb,
				   44));
	EXPECT_EQ(ASCII, get32(self->sccb + 28));
	EXPECT_EQ(0, get32(self->sccb + 32));
	EXPECT_EQ(ASCII, self->sclp.guest_receives);
}

TEST_F(sclp, checks_the_length_of_masks)
{
	put16(self->sccb + 10, 0);
	EXPECT_EQ(0x74f0, execute(&self->sclp, WRITE_EVENT_MASK, self->sccb,
				  28));
	put16(self->sccb + 10, 4);
	EXPECT_EQ(0x0300, execute(&self->sclp, WRITE_EVENT_MASK, self->sccb,
				  27));
	EXPECT_EQ(0x74f0, execute(&self->sclp, WRITE_EVENT_MASK, self->sccb,
				  8));
	put16(self->sccb + 10, 0xffff);
	EXPECT_EQ(0x74f0, execute(&self->sclp, WRITE_EVENT_MASK, self->sccb,
				  SCLP_SCCB_MAX));
}

static size_t put_event(uint8_t *sccb, size_t at, uint8_t type,
			const char *text)
{
	put16(sccb + at, (uint16_t)(6 + strlen(text)));
	sccb[at + 2] = type;
	memset(sccb + at + 3, 0, 3);
	memcpy(sccb + at + 6, text, strlen(text));
	return at + 6 + strlen(text);
}

TEST_F(sclp, passes_output_on)
{
	size_t end = put_event(self->sccb, 8, 26, "hello ");

	end = put_event(self->sccb, end, 26, "world");
	EXPECT_EQ(RC_DONE, execute(&self->sclp, WRITE_EVENT_DATA, self->sccb,
				   (uint16_t)end));
	ASSERT_EQ(11, self->seen.size);
	EXPECT_EQ(0, memcmp(self->seen.data, "hello world", 11));
	EXPECT_EQ(0x80, self->sccb[11]);
}

TEST_F(sclp, refuses_other_events_alone)
{
	size_t end = put_event(self->sccb, 8, 2, "lines");

	end = put_event(self->sccb, end, 26, "text");
	EXPECT_EQ(0x40f0, execute(&self->sclp, WRITE_EVENT_DATA, self->sccb,
				  (uint16_t)end));
	EXPECT_EQ(0, self->sccb[11]);
	EXPECT_EQ(4, self->seen.size);
}

TEST_F(sclp, checks_all_events_before_the_first)
{
	size_t end = put_event(self->sccb, 8, 26, "text");

	put_event(self->sccb, end, 26, "too long");
	EXPECT_EQ(0x72f0, execute(&self->sclp, WRITE_EVENT_DATA, self->sccb,
				  (uint16_t)(end + 13)));
	EXPECT_EQ(0x72f0, execute(&self->sclp, WRITE_EVENT_DATA, self->sccb,
				  (uint16_t)(end + 5)));
	/* An event shorter than its head would never end. */
	put16(self->sccb + end, 0);
	EXPECT_EQ(0x72f0, execute(&self->sclp, WRITE_EVENT_DATA, self->sccb,
				  (uint16_t)(end + 14)));
	EXPECT_EQ(0x60f0, execute(&self->sclp, WRITE_EVENT_DATA, self->sccb,
				  8));
	EXPECT_EQ(0, self->seen.size);
}

TEST_F(sclp, gives_input_to_those_who_want_it)
{
	sclp_input(&self->sclp, "abc", 3);
	EXPECT_FALSE(sclp_pending(&self->sclp));
	EXPECT_EQ(0x60f0, execute(&self->sclp, READ_EVENT_DATA, self->sccb,
				  64));
	set_mask(&self->sclp, self->sccb, ASCII);
	EXPECT_TRUE(sclp_pending(&self->sclp));
	EXPECT_EQ(RC_DONE, execute(&self->sclp, READ_EVENT_DATA, self->sccb,
				   64));
	EXPECT_EQ(8 + 6 + 1 + 3, get16(self->sccb));
	EXPECT_EQ(6 + 1 + 3, get16(self->sccb + 8));
	EXPECT_EQ(26, self->sccb[10]);
	EXPECT_EQ(0, self->sccb[14]);
	EXPECT_EQ(0, memcmp(self->sccb + 15, "abc", 3));
	EXPECT_FALSE(sclp_pending(&self->sclp));
	EXPECT_EQ(SCLP_INPUT_MAX, sclp_room(&self->sclp));
}

TEST_F(sclp, gives_input_in_pieces)
{
	set_mask(&self->sclp, self->sccb, ASCII);
	sclp_input(&self->sclp, "abc", 3);
	EXPECT_EQ(RC_DONE, execute(&self->sclp, READ_EVENT_DATA, self->sccb,
				   17));
	EXPECT_EQ(0, memcmp(self->sccb + 15, "ab\xee", 3));
	EXPECT_TRUE(sclp_pending(&self->sclp));
	EXPECT_EQ(RC_DONE, execute(&self->sclp, READ_EVENT_DATA, self->sccb,
				   17));
	EXPECT_EQ('c', self->sccb[15]);
	EXPECT_EQ(16, get16(self->sccb));
	EXPECT_EQ(0x0300, execute(&self->sclp, READ_EVENT_DATA, self->sccb,
				  15));
}

TEST_F(sclp, lets_the_guest_select_events)
{
	set_mask(&self->sclp, self->sccb, ASCII);
	sclp_input(&self->sclp, "abc", 3);
	memset(self->sccb + 8, 0, 8);
	put16(self->sccb, 64);
	self->sccb[2] = 1;
	sclp_execute(&self->sclp, READ_EVENT_DATA, self->sccb);
	EXPECT_EQ(0x60f0, get16(self->sccb + 6));
	self->sccb[8] = 0x40;
	sclp_execute(&self->sclp, READ_EVENT_DATA, self->sccb);
	EXPECT_EQ(0x70f0, get16(self->sccb + 6));
	self->sccb[8] = 0;
	self->sccb[11] = ASCII;
	sclp_execute(&self->sclp, READ_EVENT_DATA, self->sccb);
	EXPECT_EQ(RC_DONE, get16(self->sccb + 6));
	self->sccb[2] = 2;
	sclp_execute(&self->sclp, READ_EVENT_DATA, self->sccb);
	EXPECT_EQ(0x40f0, get16(self->sccb + 6));
}

TEST_F(sclp, forgets_masks_in_a_reset)
{
	set_mask(&self->sclp, self->sccb, ASCII);
	sclp_input(&self->sclp, "abc", 3);
	sclp_reset(&self->sclp);
	EXPECT_FALSE(sclp_pending(&self->sclp));
	set_mask(&self->sclp, self->sccb, ASCII);
	EXPECT_TRUE(sclp_pending(&self->sclp));
}

FIXTURE(console)
{
	struct console console;
	int pipe[2], log[2];
};

FIXTURE_SETUP(console)
{
	memset(self, 0, sizeof(*self));
	ASSERT_EQ(0, pipe2(self->pipe, O_NONBLOCK));
	ASSERT_EQ(0, pipe2(self->log, O_NONBLOCK));
	console_open(&self->console, self->pipe[1], self->pipe[1]);
}

FIXTURE_TEARDOWN(console)
{
	close(self->pipe[0]);
	close(self->pipe[1]);
	close(self->log[0]);
	close(self->log[1]);
}

/* What has come out since the last time. */
static const char *output(int fd)
{
	static char out[SEEN_MAX];
	ssize_t got = read(fd, out, sizeof(out) - 1);

	out[got < 0 ? 0 : got] = '\0';
	return out;
}

static void say(struct console *console, const char *text)
{
	console_write(console, text, strlen(text));
}

TEST_F(console, passes_text_on)
{
	say(&self->console, "one\033[1mtwo\n");
	EXPECT_STREQ("one\033[1mtwo\n", output(self->pipe[0]));
	EXPECT_EQ(VERDICT_NONE, self->console.verdict);
}

TEST_F(console, takes_a_verdict_out)
{
	say(&self->console, "before\033_s390-pv verdict 42\033\\after");
	EXPECT_STREQ("beforeafter", output(self->pipe[0]));
	EXPECT_EQ(VERDICT_STATUS, self->console.verdict);
	EXPECT_EQ(42, self->console.status);
}

TEST_F(console, keeps_the_log_apart)
{
	console_open(&self->console, self->log[1], self->pipe[1]);
	say(&self->console, "booting\033_s390-pv begin\033\\work");
	EXPECT_STREQ("booting", output(self->log[0]));
	EXPECT_STREQ("work", output(self->pipe[0]));
	EXPECT_TRUE(self->console.begun);
	EXPECT_EQ(VERDICT_NONE, self->console.verdict);
}

TEST_F(console, finds_it_in_pieces)
{
	const char *text = "a\033_s390-pv verdict 7\033\\b";

	for (; *text; text++)
		console_write(&self->console, text, 1);
	EXPECT_STREQ("ab", output(self->pipe[0]));
	EXPECT_EQ(7, self->console.status);
}

TEST_F(console, hears_why_the_guest_failed)
{
	say(&self->console, "\033_s390-pv fail no \033[memory\033\\.");
	EXPECT_STREQ(".", output(self->pipe[0]));
	EXPECT_EQ(VERDICT_FAIL, self->console.verdict);
	EXPECT_STREQ("no \033[memory", self->console.text);
}

TEST_F(console, believes_the_last_word)
{
	say(&self->console, "\033_s390-pv fail x\033\\\033_s390-pv verdict 0\033\\");
	EXPECT_EQ(VERDICT_STATUS, self->console.verdict);
	EXPECT_EQ(0, self->console.status);
}

TEST_F(console, passes_strangers_on)
{
	static const char * const strangers[] = {
		"\033_other string\033\\",
		"\033_s390-pv\033\\",
		"\033_s390-pv begin \033\\",
		"\033_s390-pv verdict 256\033\\",
		"\033_s390-pv verdict -1\033\\",
		"\033_s390-pv verdict \033\\",
		"\033_s390-pv verdict 1x\033\\",
		"\033_s390-pv other\033\\",
	};

	for (size_t i = 0; i < ARRAY_SIZE(strangers); i++) {
		say(&self->console, strangers[i]);
		EXPECT_STREQ(strangers[i], output(self->pipe[0]));
		EXPECT_EQ(VERDICT_NONE, self->console.verdict);
	}
}

TEST_F(console, begins_again_behind_a_false_start)
{
	say(&self->console, "\033\033_s390-pv \033_s390-pv verdict 1\033\\");
	console_flush(&self->console);
	EXPECT_STREQ("\033\033_s390-pv \033_s390-pv verdict 1\033\\",
		     output(self->pipe[0]));
	say(&self->console, "\033_s3\033_s390-pv verdict 3\033\\");
	EXPECT_STREQ("\033_s3", output(self->pipe[0]));
	EXPECT_EQ(3, self->console.status);
}

TEST_F(console, does_not_hold_what_never_ends)
{
	char text[CONSOLE_STRING_MAX + 20];

	memset(text, 'x', sizeof(text));
	memcpy(text, "\033_s390-pv fail ", 15);
	console_write(&self->console, text, sizeof(text));
	EXPECT_EQ(sizeof(text), strlen(output(self->pipe[0])));
}

TEST_F(console, gives_back_what_it_holds)
{
	say(&self->console, "end\033_s39");
	EXPECT_STREQ("end", output(self->pipe[0]));
	EXPECT_TRUE(console_flush(&self->console));
	EXPECT_STREQ("\033_s39", output(self->pipe[0]));
}

FIXTURE(ipl)
{
	uint8_t page[IPL_SIZE_MAX];
	struct ipl_block *block;
};

#define IPL_MEMORY	(64 * MIB)

static void put_component(struct ipl_block *block, int i, uint64_t tweak,
			  uint64_t addr)
{
	block->components[i].tweak = htobe64(tweak);
	block->components[i].addr = htobe64(addr);
	block->components[i].size = htobe64(4096);
}

FIXTURE_SETUP(ipl)
{
	memset(self, 0, sizeof(*self));
	self->block = (void *)self->page;
	self->block->size = htobe32(0x88 + 2 * 24);
	self->block->type = IPL_TYPE_PROTECTED;
	self->block->nr_components = htobe32(2);
	self->block->header_addr = htobe64(0x14000);
	self->block->header_size = htobe64(640);
	put_component(self->block, 0, 5, 0x100000);
	put_component(self->block, 1, 6, 0x200000);
}

FIXTURE_TEARDOWN(ipl)
{
}

TEST_F(ipl, is_valid)
{
	EXPECT_TRUE(ipl_block_is_valid(self->block, IPL_MEMORY));
}

TEST_F(ipl, has_a_size)
{
	self->block->nr_components = htobe32(1);
	self->block->size = htobe32(IPL_SIZE_MIN - 1);
	EXPECT_FALSE(ipl_block_is_valid(self->block, IPL_MEMORY));
	self->block->size = htobe32(8);
	EXPECT_FALSE(ipl_block_is_valid(self->block, IPL_MEMORY));
	self->block->size = htobe32(IPL_SIZE_MAX);
	EXPECT_TRUE(ipl_block_is_valid(self->block, IPL_MEMORY));
	self->block->size = htobe32(IPL_SIZE_MAX + 1);
	EXPECT_FALSE(ipl_block_is_valid(self->block, IPL_MEMORY));
}

TEST_F(ipl, has_a_type)
{
	self->block->type = 0;
	EXPECT_FALSE(ipl_block_is_valid(self->block, IPL_MEMORY));
}

TEST_F(ipl, has_components_inside)
{
	self->block->nr_components = 0;
	EXPECT_FALSE(ipl_block_is_valid(self->block, IPL_MEMORY));
	put_component(self->block, 2, 7, 0x300000);
	self->block->nr_components = htobe32(3);
	EXPECT_FALSE(ipl_block_is_valid(self->block, IPL_MEMORY));
	self->block->nr_components = htobe32(0xffffffff);
	EXPECT_FALSE(ipl_block_is_valid(self->block, IPL_MEMORY));
}

TEST_F(ipl, has_a_header_in_memory)
{
	self->block->header_addr = htobe64(IPL_MEMORY - 640);
	EXPECT_TRUE(ipl_block_is_valid(self->block, IPL_MEMORY));
	self->block->header_addr = htobe64(IPL_MEMORY - 639);
	EXPECT_FALSE(ipl_block_is_valid(self->block, IPL_MEMORY));
	self->block->header_addr = htobe64(-100ULL);
	EXPECT_FALSE(ipl_block_is_valid(self->block, IPL_MEMORY));
}

TEST_F(ipl, has_a_header_that_is_not_too_long)
{
	self->block->header_size = htobe64(8192);
	EXPECT_TRUE(ipl_block_is_valid(self->block, IPL_MEMORY));
	self->block->header_size = htobe64(8193);
	EXPECT_FALSE(ipl_block_is_valid(self->block, IPL_MEMORY));
	self->block->header_size = 0;
	EXPECT_FALSE(ipl_block_is_valid(self->block, IPL_MEMORY));
}

TEST_F(ipl, has_tweaks_that_grow)
{
	put_component(self->block, 1, 5, 0x200000);
	EXPECT_FALSE(ipl_block_is_valid(self->block, IPL_MEMORY));
	put_component(self->block, 0, 0, 0x100000);
	EXPECT_TRUE(ipl_block_is_valid(self->block, IPL_MEMORY));
}

TEST_F(ipl, has_components_of_pages)
{
	put_component(self->block, 1, 6, 0x200800);
	EXPECT_FALSE(ipl_block_is_valid(self->block, IPL_MEMORY));
}

TEST_HARNESS_MAIN
