// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What devices of a protected guest can reach: a channel program's parts, and
 * rings and buffers of a virtio device (an entropy source), shared and not.
 */
#include "channel.h"
#include "uvc.h"

#define STATUS_ACKNOWLEDGE	1
#define STATUS_DRIVER		2
#define STATUS_DRIVER_OK	4
#define STATUS_FEATURES_OK	8
#define STATUS_NEEDS_RESET	64

#define MODERN_FEATURES		3	/* version 1, access through a platform */
#define PATIENCE_US		3000000

union frame {
	uint8_t bytes[PAGE_SIZE];
	uint32_t words[PAGE_SIZE / 4];
	uint64_t doublewords[PAGE_SIZE / 8];
	struct ccw ccw;
} __attribute__((aligned(PAGE_SIZE)));

/* Each is shared, or not, on its own. */
static union frame program, data, list, ring, buffer;

struct vq_info {
	uint64_t desc;
	uint32_t reserved;
	uint16_t index;
	uint16_t num;
	uint64_t avail;
	uint64_t used;
};

static void share(void *frame)
{
	uvc_share(UVC_SHARE, (uint64_t)frame);
}

static void unshare(void *frame)
{
	uvc_share(UVC_UNSHARE, (uint64_t)frame);
}

static uint16_t run(uint8_t cmd, uint8_t flags, uint16_t count, void *addr)
{
	program.ccw = (struct ccw){ cmd, flags, count,
				    (uint32_t)(uint64_t)addr };
	return channel_run(&program.ccw);
}

static uint16_t sense_id(uint8_t flags, void *addr)
{
	memset(&data, 0, sizeof(data));
	return run(CMD_SENSE_ID, CCW_SLI | flags, 12, addr);
}

static void test_program(void)
{
	check_equal(sense_id(0, &data), STATUS_PROGRAM_CHECK, "CCW not shared");
	share(&program);
	check_equal(sense_id(0, &data), STATUS_PROGRAM_CHECK, "data not shared");
	check_equal(data.words[0], 0, "data not shared: nothing is stored");
	share(&data);
	check_equal(sense_id(0, &data), STATUS_ENDED, "CCW and data shared");
	check_equal(data.words[0] >> 8, 0xff3832,
		    "CCW and data shared: it is a virtio device");
}

static void test_indirect(void)
{
	list.doublewords[0] = (uint64_t)&data;
	check_equal(sense_id(CCW_IDA, &list), STATUS_PROGRAM_CHECK,
		    "IDAW not shared");
	share(&list);
	check_equal(sense_id(CCW_IDA, &list), STATUS_ENDED, "IDAW and data shared");
	unshare(&data);
	check_equal(sense_id(CCW_IDA, &list), STATUS_PROGRAM_CHECK,
		    "data of an IDAW no longer shared");
	check_equal(data.words[0], 0, "data of an IDAW: nothing is stored");
	share(&data);
}

static void write_feature(uint8_t index, uint32_t bits)
{
	memset(&data, 0, sizeof(data));
	data.bytes[0] = bits;
	data.bytes[4] = index;
	run(CMD_WRITE_FEAT, 0, 5, &data);
}

static void write_status(uint8_t status)
{
	data.bytes[0] = status;
	run(CMD_WRITE_STATUS, 0, 1, &data);
}

static uint8_t read_status(void)
{
	data.bytes[0] = 0xff;
	run(CMD_READ_STATUS, 0, 1, &data);
	return data.bytes[0];
}

static void set_queue(void)
{
	struct vq_info info = { (uint64_t)&ring, 0, 0, 8,
				(uint64_t)&ring + 0x200,
				(uint64_t)&ring + 0x400 };

	memcpy(&data, &info, sizeof(info));
	run(CMD_SET_VQ, 0, sizeof(info), &data);
}

static void set_indicators(void *at)
{
	uint64_t addr = (uint64_t)at;

	memcpy(&data, &addr, sizeof(addr));
	run(CMD_SET_IND, 0, sizeof(addr), &data);
}

/*
 * A running device whose ring holds a descriptor for 64 bytes of entropy, and
 * with a frame for its indicators, or none.
 */
static void start_device(void *indicators)
{
	uint64_t addr = __builtin_bswap64((uint64_t)&buffer);

	run(CMD_VDEV_RESET, CCW_SLI, 0, NULL);
	memset(&ring, 0, sizeof(ring));
	memset(&buffer, 0, sizeof(buffer));
	memcpy(ring.bytes, &addr, 8);
	ring.bytes[8] = 64;		/* length */
	ring.bytes[12] = 2;		/* for the device to write */

	write_status(STATUS_ACKNOWLEDGE | STATUS_DRIVER);
	write_feature(0, 0);
	write_feature(1, MODERN_FEATURES);
	write_status(STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK);
	set_queue();
	if (indicators)
		set_indicators(indicators);
	write_status(STATUS_ACKNOWLEDGE | STATUS_DRIVER | STATUS_FEATURES_OK |
		     STATUS_DRIVER_OK);
}

static uint64_t microseconds(void)
{
	uint64_t tod;

	asm volatile("stck %0" : "=Q" (tod) : : "cc", "memory");
	return tod >> 12;
}

/* Submit the request; wait until it is done or the device asks for a reset. */
static uint8_t request(void)
{
	uint8_t *used = &ring.bytes[0x402];
	uint64_t end = microseconds() + PATIENCE_US;

	ring.bytes[0x202] = 1;		/* one entry is available */
	channel_notify();
	while (!__atomic_load_n(used, __ATOMIC_RELAXED) && !(read_status() & STATUS_NEEDS_RESET) &&
	       microseconds() < end)
		;
	return read_status() & STATUS_NEEDS_RESET;
}

static bool buffer_is_zero(void)
{
	uint8_t bits = 0;
	int i;

	for (i = 0; i < 64; i++)
		bits |= buffer.bytes[i];
	return !bits;
}

static void test_legacy(void)
{
	check_equal(run(CMD_READ_FEAT, CCW_SLI, 5, &data) & STATUS_UNIT_CHECK,
		    STATUS_UNIT_CHECK, "a legacy driver is sent away");
	memset(&data, 0, 4);
	data.bytes[1] = 1;
	check_equal(run(CMD_SET_VIRTIO_REV, CCW_SLI, 4, &data), STATUS_ENDED,
		    "a modern driver is not");
}

static void test_virtio(void)
{
	unshare(&data);
	check_equal(run(CMD_READ_STATUS, 0, 1, &data), STATUS_PROGRAM_CHECK,
		    "device status to a page that is not shared");
	share(&data);

	share(&ring);
	share(&buffer);
	start_device(NULL);
	check_equal(request(), 0, "ring and buffer shared");
	check(ring.bytes[0x402] == 1 && !buffer_is_zero(),
	      "ring and buffer shared: request is done");

	unshare(&buffer);
	start_device(NULL);
	check_equal(request(), STATUS_NEEDS_RESET, "buffer not shared");
	check(ring.bytes[0x402] == 0 && buffer_is_zero(),
	      "buffer not shared: nothing is stored or done");

	share(&buffer);
	start_device(NULL);
	check_equal(request(), 0, "a broken device works again after its reset");

	start_device(NULL);
	unshare(&ring);
	check_equal(request(), STATUS_NEEDS_RESET, "ring not shared");
	check(ring.bytes[0x402] == 0 && buffer_is_zero(),
	      "ring not shared: nothing is stored or done");
	share(&ring);
}

static void test_indicators(void)
{
	memset(&list, 0, sizeof(list));
	start_device(&list);
	request();
	check(list.words[0] | list.words[1], "indicators shared");

	memset(&list, 0, sizeof(list));
	unshare(&list);
	start_device(&list);
	request();
	check(!(list.words[0] | list.words[1]), "indicators not shared");
}

int main(void)
{
	check(channel_enable(), "subchannel is there");
	test_program();
	test_indirect();
	test_legacy();
	test_virtio();
	test_indicators();
	plan();
	return 0;
}
