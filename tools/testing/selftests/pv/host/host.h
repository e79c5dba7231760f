/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a test has to know of the host that it runs on.
 */
#ifndef PV_SELFTEST_HOST_H
#define PV_SELFTEST_HOST_H

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest.h"

#define UV_FIRMWARE		"/sys/firmware/uv"

/* Bits of UV_FIRMWARE/query/facilities, from the left */
#define UV_CALL_DESTROY_FAST	23
#define UV_CALL_DUMP_INIT	24
#define UV_CALL_DUMP_COMPLETE	27

/* Answers of the Ultravisor */
#define UV_RC_EXECUTED		0x0001
#define UV_RC_NO_CALL		0x0002
#define UV_RC_STATE		0x0003
#define UV_RC_DUMP		0x0101
#define UV_RC_VERIFY		0x0102
#define UV_RC_FRAME		0x01f2	/* the emulated one's own: not to be had */
#define UV_RC_PARMS_LENGTH	0x010a
#define UV_RRC_LENGTH		0x0031
/* KVM's own, for an end that it has put off */
#define KVM_RRC_LATER		42

/* First number of a file, 0 if there is none */
static inline uint64_t host_number(const char *path, const char *format)
{
	unsigned long long number = 0;
	FILE *f = fopen(path, "r");

	if (!f)
		return 0;
	if (fscanf(f, format, &number) != 1)
		number = 0;
	fclose(f);
	return number;
}

static inline bool host_has_call(unsigned int bit)
{
	uint64_t calls = host_number(UV_FIRMWARE "/query/facilities", "%llx");

	return calls >> (63 - bit) & 1;
}

static inline bool host_dumps(void)
{
	for (unsigned int bit = UV_CALL_DUMP_INIT; bit <= UV_CALL_DUMP_COMPLETE;
	     bit++)
		if (!host_has_call(bit))
			return false;
	return true;
}

/*
 * Is the kernel's part ours, with overlay/fixes?  Only that one counts what it
 * had to leave to the Ultravisor.
 */
static inline bool host_is_ours(void)
{
	return !access(UV_FIRMWARE "/leaked", F_OK);
}

/* Skip the whole program (exit status 4) where there is no KVM. */
static inline void kvm_needed(void)
{
	int fd = open("/dev/kvm", O_RDWR);

	if (fd >= 0) {
		close(fd);
		return;
	}
	ksft_print_header();
	ksft_exit_skip("/dev/kvm: %s\n", strerror(errno));
}

/* ... where it cannot make protected guests. */
static inline void pv_host_needed(void)
{
	kvm_needed();
	if (host_number(UV_FIRMWARE "/prot_virt_host", "%llu"))
		return;
	ksft_print_header();
	ksft_exit_skip("%s/prot_virt_host is not 1: boot with prot_virt=1\n",
		       UV_FIRMWARE);
}

#endif /* PV_SELFTEST_HOST_H */
