// SPDX-License-Identifier: GPL-2.0
/*
 * The service element of a guest.
 */
#include <endian.h>
#include <string.h>

#include "kselftest_macros.h"
#include "vmm_sclp.h"

#define MIB			(1024 * 1024)

/* Commands, without the bits that select a part of a machine */
#define COMMAND_MASK		0xffff00ff
#define READ_CPU_INFO		0x00010001
#define READ_SCP_INFO		0x00020001
#define READ_SCP_INFO_FORCED	0x00120001
#define WRITE_EVENT_DATA	0x00760005
#define READ_EVENT_DATA		0x00770005
#define WRITE_EVENT_MASK	0x00780005

/* Responses */
#define RC_READ			0x0010
#define RC_DONE			0x0020
#define RC_INVALID_COMMAND	0x01f0
#define RC_TOO_SHORT		0x0300
#define RC_INVALID_FUNCTION	0x40f0
#define RC_NO_EVENTS		0x60f0
#define RC_INVALID_SELECTION	0x70f0
#define RC_LENGTHS		0x72f0
#define RC_INVALID_MASK_LENGTH	0x74f0

/* Places in a control block */
#define SCCB_FUNCTION		2
#define SCCB_RESPONSE		6
#define SCCB_DATA		8

#define FUNCTION_SELECTIVE	1
#define FACILITY_CPU_INFO	0x0800000000000000ULL
#define CPU_ENTRY_SIZE		16
#define SCP_CPUS		128

/* The only kind of event: bytes of a terminal */
#define EVENT_ASCII		26
#define EVENT_ASCII_MASK	(0x80000000U >> (EVENT_ASCII - 1))
#define EVENT_HEADER		6
#define EVENT_TYPE		2
#define EVENT_FLAGS		3
#define EVENT_ACCEPTED		0x80
#define SESSION_DATA		0

static uint16_t get16(const uint8_t *place)
{
	uint16_t value;

	memcpy(&value, place, sizeof(value));
	return be16toh(value);
}

static void put16(uint8_t *place, uint16_t value)
{
	value = htobe16(value);
	memcpy(place, &value, sizeof(value));
}

static void put64(uint8_t *place, uint64_t value)
{
	value = htobe64(value);
	memcpy(place, &value, sizeof(value));
}

uint16_t sclp_length(const void *sccb)
{
	return get16(sccb);
}

void sclp_respond(void *sccb, uint16_t response)
{
	put16((uint8_t *)sccb + SCCB_RESPONSE, response);
}

static void put_cpus(const struct sclp *sclp, uint8_t *entries)
{
	memset(entries, 0, sclp->nr_cpus * CPU_ENTRY_SIZE);
	for (unsigned int i = 0; i < sclp->nr_cpus; i++)
		entries[i * CPU_ENTRY_SIZE] = (uint8_t)i;
}

/* Storage is counted in increments of a mebibyte. */
static uint16_t read_scp_info(struct sclp *sclp, uint8_t *sccb)
{
	size_t size = SCP_CPUS + sclp->nr_cpus * CPU_ENTRY_SIZE;

	if (get16(sccb) < size)
		return RC_TOO_SHORT;
	memset(sccb + SCCB_DATA, 0, SCP_CPUS - SCCB_DATA);
	put16(sccb + 8, (uint16_t)(sclp->memory / MIB));
	sccb[10] = 1;
	put16(sccb + 16, (uint16_t)sclp->nr_cpus);
	put16(sccb + 18, SCP_CPUS);
	memset(sccb + 24, 0x40, 8);	/* load parameter: EBCDIC blanks */
	put64(sccb + 48, FACILITY_CPU_INFO);
	put_cpus(sclp, sccb + SCP_CPUS);
	return RC_READ;
}

static uint16_t read_cpu_info(struct sclp *sclp, uint8_t *sccb)
{
	size_t end = 16 + sclp->nr_cpus * CPU_ENTRY_SIZE;

	if (get16(sccb) < end)
		return RC_TOO_SHORT;
	put16(sccb + 8, (uint16_t)sclp->nr_cpus);
	put16(sccb + 10, 16);
	put16(sccb + 12, 0);		/* none stands by */
	put16(sccb + 14, (uint16_t)end);
	put_cpus(sclp, sccb + 16);
	return RC_READ;
}

/* The four masks have a length of their own; only the first word counts. */
static void put_mask(uint8_t *place, size_t size)
{
	memset(place, 0, size);
	for (size_t i = 0; i < size && i < 4; i++)
		place[i] = (uint8_t)(EVENT_ASCII_MASK >> (24 - 8 * i));
}

static uint16_t write_event_mask(struct sclp *sclp, uint8_t *sccb)
{
	size_t size = get16(sccb) < 12 ? 0 : get16(sccb + 10);
	uint8_t *mask = sccb + 12;

	if (!size || size > 1021)
		return RC_INVALID_MASK_LENGTH;
	if (get16(sccb) < 12 + 4 * size)
		return RC_TOO_SHORT;
	sclp->guest_receives = 0;
	for (size_t i = 0; i < 4; i++)
		sclp->guest_receives |= (i < size ? (uint32_t)mask[i] : 0)
					<< (24 - 8 * i);
	put_mask(mask + 2 * size, size);
	put_mask(mask + 3 * size, size);
	return RC_DONE;
}

/* All events are looked at before any is performed. */
static uint16_t check_events(const uint8_t *sccb)
{
	size_t end = get16(sccb), at, size;

	if (end == SCCB_DATA)
		return RC_NO_EVENTS;
	for (at = SCCB_DATA; at < end; at += size) {
		if (end - at < EVENT_HEADER)
			return RC_LENGTHS;
		size = get16(sccb + at);
		if (size < EVENT_HEADER || size > end - at)
			return RC_LENGTHS;
	}
	return RC_DONE;
}

static uint16_t write_event_data(struct sclp *sclp, uint8_t *sccb)
{
	uint16_t response = check_events(sccb), size;
	uint8_t *event, *end = sccb + get16(sccb);

	if (response != RC_DONE)
		return response;
	for (event = sccb + SCCB_DATA; event < end; event += size) {
		size = get16(event);
		if (event[EVENT_TYPE] != EVENT_ASCII) {
			response = RC_INVALID_FUNCTION;
			continue;
		}
		sclp->write(sclp->opaque, event + EVENT_HEADER,
			    size - EVENT_HEADER);
		event[EVENT_FLAGS] |= EVENT_ACCEPTED;
	}
	return response;
}

static void drop_input(struct sclp *sclp, size_t size)
{
	sclp->input_size -= size;
	memmove(sclp->input, sclp->input + size, sclp->input_size);
}

/* What may be read: of a selective request, what its mask names. */
static uint32_t selected(const struct sclp *sclp, const uint8_t *sccb)
{
	uint32_t mask;

	if (sccb[SCCB_FUNCTION] != FUNCTION_SELECTIVE)
		return sclp->guest_receives;
	memcpy(&mask, sccb + SCCB_DATA, sizeof(mask));
	return be32toh(mask);
}

static uint16_t read_event_data(struct sclp *sclp, uint8_t *sccb)
{
	size_t room = get16(sccb), size = EVENT_HEADER + 1;
	uint8_t *event = sccb + SCCB_DATA;
	uint32_t mask;

	if (sccb[SCCB_FUNCTION] > FUNCTION_SELECTIVE)
		return RC_INVALID_FUNCTION;
	if (room < SCCB_DATA + size + 1)
		return RC_TOO_SHORT;
	mask = selected(sclp, sccb);
	if (mask & ~sclp->guest_receives)
		return RC_INVALID_SELECTION;
	if (!sclp_pending(sclp) || !(mask & EVENT_ASCII_MASK))
		return RC_NO_EVENTS;
	room -= SCCB_DATA + size;
	if (room > sclp->input_size)
		room = sclp->input_size;
	memset(event, 0, size);
	put16(event, (uint16_t)(size + room));
	event[EVENT_TYPE] = EVENT_ASCII;
	event[EVENT_HEADER] = SESSION_DATA;
	memcpy(event + size, sclp->input, room);
	drop_input(sclp, room);
	put16(sccb, (uint16_t)(SCCB_DATA + size + room));
	return RC_DONE;
}

static const struct {
	uint32_t command;
	uint16_t (*execute)(struct sclp *sclp, uint8_t *sccb);
} commands[] = {
	{ READ_CPU_INFO, read_cpu_info },
	{ READ_SCP_INFO, read_scp_info },
	{ READ_SCP_INFO_FORCED, read_scp_info },
	{ WRITE_EVENT_DATA, write_event_data },
	{ READ_EVENT_DATA, read_event_data },
	{ WRITE_EVENT_MASK, write_event_mask },
};

void sclp_execute(struct sclp *sclp, uint32_t command, void *sccb)
{
	uint16_t response = RC_INVALID_COMMAND;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (commands[i].command == (command & COMMAND_MASK))
			response = commands[i].execute(sclp, sccb);
	sclp_respond(sccb, response);
}

void sclp_reset(struct sclp *sclp)
{
	sclp->guest_receives = 0;
}

bool sclp_pending(const struct sclp *sclp)
{
	return sclp->input_size && sclp->guest_receives & EVENT_ASCII_MASK;
}

size_t sclp_room(const struct sclp *sclp)
{
	return sizeof(sclp->input) - sclp->input_size;
}

void sclp_input(struct sclp *sclp, const void *data, size_t size)
{
	memcpy(sclp->input + sclp->input_size, data, size);
	sclp->input_size += size;
}
