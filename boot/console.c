// SPDX-License-Identifier: MIT
/* Messages for the two kinds of consoles that a service element can have. */
#include <stdbool.h>
#include <stddef.h>

#include "bytes.h"
#include "console.h"
#include "ebcdic.h"
#include "layout.h"
#include "memory.h"

#define EVENT_LINES		2
#define EVENT_ASCII		26

/* Objects of a message data block, and its tag: "MDB " in EBCDIC. */
#define BLOCK_TYPE		1
#define BLOCK_TAG		0xd4c4c240
#define BLOCK_REVISION		1
#define OBJECT_GENERAL		1
#define OBJECT_LINE		4
#define LINE_ENDS_TEXT		0x1000

struct event {
	pv_be16 len;
	uint8_t type;
	uint8_t flags;
	pv_be16 reserved;
};

struct object {
	pv_be16 len;
	pv_be16 type;
};

struct message_block {
	struct object object;
	pv_be32 tag;
	pv_be32 revision;
};

/* Of the general object only the type counts: no time, no name of a system. */
struct general {
	struct object object;
	uint8_t unset[48];
};

struct line {
	struct object object;
	pv_be16 flags;
	uint8_t alarm;
	uint8_t reserved[3];
};

PV_ASSERT_SIZE(struct event, 6);
PV_ASSERT_SIZE(struct message_block, 12);
PV_ASSERT_SIZE(struct general, 52);
PV_ASSERT_SIZE(struct line, 10);

/* A page that fills up; once something did not fit, nothing more is added. */
struct page {
	uint8_t *start;
	size_t len;
	bool full;
};

static void *append(struct page *page, size_t len)
{
	void *place = page->start + page->len;

	if (page->full || len > LAYOUT_PAGE_SIZE - page->len) {
		page->full = true;
		return NULL;
	}
	page->len += len;
	return place;
}

static struct page begin(void *start)
{
	memset(start, 0, LAYOUT_PAGE_SIZE);
	return (struct page){ .start = start };
}

static void put_header(struct page *page)
{
	struct sccb_header *header = (void *)page->start;

	header->len = put_be16((uint16_t)page->len);
}

void console_put_mask(void *start)
{
	struct page page = begin(start);
	struct event_mask_sccb *sccb = append(&page, sizeof(*sccb));

	sccb->mask_len = put_be16(sizeof(sccb->send));
	sccb->send = put_be32(CONSOLE_LINES | CONSOLE_ASCII);
	put_header(&page);
}

uint32_t console_available(const void *page)
{
	const struct event_mask_sccb *sccb = page;

	return get_be32(sccb->machine_receive) &
	       (CONSOLE_LINES | CONSOLE_ASCII);
}

static void put_object(struct object *object, size_t len, uint16_t type)
{
	object->len = put_be16((uint16_t)len);
	object->type = put_be16(type);
}

static void append_line(struct page *page, const char *text, size_t len)
{
	struct line *line = append(page, sizeof(*line) + len);
	uint8_t *ebcdic = (uint8_t *)(line + 1);

	if (!line)
		return;
	put_object(&line->object, sizeof(*line) + len, OBJECT_LINE);
	line->flags = put_be16(LINE_ENDS_TEXT);
	for (size_t i = 0; i < len; i++)
		ebcdic[i] = ebcdic_of(text[i]);
}

static void append_lines(struct page *page, const char *text)
{
	size_t start = page->len, len;
	struct message_block *block = append(page, sizeof(*block));
	struct general *general = append(page, sizeof(*general));

	block->tag = put_be32(BLOCK_TAG);
	block->revision = put_be32(BLOCK_REVISION);
	put_object(&general->object, sizeof(*general), OBJECT_GENERAL);
	while (*text) {
		for (len = 0; text[len] && text[len] != '\n'; len++)
			;
		append_line(page, text, len);
		text += text[len] ? len + 1 : len;
	}
	put_object(&block->object, page->len - start, BLOCK_TYPE);
}

/* A terminal needs both characters to begin a new line. */
static void append_ascii(struct page *page, const char *text)
{
	char *place;

	for (; *text; text++) {
		place = append(page, *text == '\n' ? 2 : 1);
		if (!place)
			return;
		if (*text == '\n')
			*place++ = '\r';
		*place = *text;
	}
}

void console_put_message(void *start, uint32_t console, const char *text)
{
	struct page page = begin(start);
	struct event *event;
	size_t before;

	append(&page, sizeof(struct sccb_header));
	before = page.len;
	event = append(&page, sizeof(*event));
	if (console == CONSOLE_LINES) {
		event->type = EVENT_LINES;
		append_lines(&page, text);
	} else {
		event->type = EVENT_ASCII;
		append_ascii(&page, text);
	}
	event->len = put_be16((uint16_t)(page.len - before));
	put_header(&page);
}
