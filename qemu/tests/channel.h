/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One subchannel and what a driver does with it.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "bare.h"

#define SCHID			0x00010000	/* first one of the machine */

#define CCW_IDA			0x04
#define CCW_SLI			0x20

#define CMD_READ_FEAT		0x12
#define CMD_WRITE_FEAT		0x11
#define CMD_SET_VQ		0x13
#define CMD_WRITE_STATUS	0x31
#define CMD_VDEV_RESET		0x33
#define CMD_SET_IND		0x43
#define CMD_READ_STATUS		0x72
#define CMD_SET_VIRTIO_REV	0x83
#define CMD_SENSE_ID		0xe4

/* Device status in bits 0-7, subchannel status in bits 8-15. */
#define STATUS_ENDED		0x0c00
#define STATUS_UNIT_CHECK	0x0200
#define STATUS_PROGRAM_CHECK	0x0020

struct ccw {
	uint8_t cmd;
	uint8_t flags;
	uint16_t count;
	uint32_t cda;
};

/** channel_enable() - make SCHID usable */
bool channel_enable(void);
/** channel_run() - execute the channel program at @ccw. Return: its status */
uint16_t channel_run(const struct ccw *ccw);
/** channel_notify() - tell a virtio device about its queue 0 */
void channel_notify(void);

#endif /* CHANNEL_H */
