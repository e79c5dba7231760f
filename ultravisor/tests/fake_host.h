/* SPDX-License-Identifier: MIT */
/*
 * A machine that is a host, for tests: a few MiB of storage, a home space whose
 * pages are not contiguous in it, guests with tables that the host made.
 */
#ifndef TESTS_FAKE_HOST_H
#define TESTS_FAKE_HOST_H

#include "fake_machine.h"
#include "pv/uvc.h"
#include "uv_sie.h"

#define HOST_MIB	UINT64_C(0x100000)
#define HOST_MEMORY	(8 * HOST_MIB)
#define HOST_PAGES	(HOST_MEMORY / FAKE_PAGE)

/* Where things are by absolute address; what is behind is for host_take(). */
#define HOST_PREFIX	0x0000
#define HOST_BLOCK	0x3000
#define HOST_SCRATCH	0x4000
#define HOST_BASE	HOST_MIB

/* The home space begins here and has every two pages in reverse order. */
#define HOST_HOME	UINT64_C(0x40000000)

/**
 * struct fake_host - the machine
 * @memory: its storage
 * @next: first page that host_take() has not given out
 * @reduced: calls of rights_reduced()
 * @reduced_page: what the last one told
 * @running: another CPU is not stopped
 * @real_space: the home ASCE designates real space
 * @hole: home address of a page that is not mapped, 0 for none
 * @beyond: home address of a page that leads beyond storage, 0 for none
 * @needs_host: home address of a page that a guest's host has to import first
 * @broken: absolute address of a page that cannot be accessed, 0 for none
 * @read_only: absolute address of a page that cannot be stored into, 0 for none
 * @stores: successful stores by absolute address
 * @said: what was logged at level INFO last
 * @cpu: the CPU that calls
 * @sie: what is to become of a secure CPU
 */
struct fake_host {
	uint8_t *memory;
	uint64_t next;
	unsigned int reduced;
	uint64_t reduced_page;
	bool running;
	bool real_space;
	uint64_t hole;
	uint64_t beyond;
	uint64_t needs_host;
	uint64_t broken;
	uint64_t read_only;
	uint64_t stores;
	char said[256];
	struct uv_machine *uv;
	struct uv_cpu cpu;
	struct uv_sie_result sie;
};

/**
 * struct host_guest - a guest as its host sees it
 * @len: bytes of its storage, whole MiB
 * @origin: where that begins in its space
 * @base: absolute address of its base storage
 * @variable: home address of its variable storage
 * @segments: absolute address of its segment table
 */
struct host_guest {
	uint64_t handle;
	uint64_t len;
	uint64_t origin;
	uint64_t base;
	uint64_t variable;
	uint64_t sca;
	uint64_t segments;
};

/** struct host_cpu - a secure CPU as its host sees it */
struct host_cpu {
	uint64_t handle;
	uint64_t storage;
	uint64_t block;
	uint16_t number;
};

/** host_new() - a machine; host_initialized() - one that can have guests */
struct fake_host *host_new(const char *profile);
struct fake_host *host_initialized(const char *profile);
void host_free(struct fake_host *host);

/** host_take() - normal storage that nobody else uses */
uint64_t host_take(struct fake_host *host, uint64_t len);

/** host_home() - home address of a byte of storage */
uint64_t host_home(uint64_t abs);

/** host_guest() - a guest with storage and empty tables, not created yet */
struct host_guest host_guest(struct fake_host *host, uint64_t mib);

/** host_map() - let a page of the guest's space lead to a frame */
void host_map(struct fake_host *host, const struct host_guest *guest,
	      uint64_t gaddr, uint64_t frame);
void host_unmap(struct fake_host *host, const struct host_guest *guest,
		uint64_t gaddr);

/* Blocks of calls at HOST_BLOCK, ready to be changed and issued. */
uint8_t *host_block(struct fake_host *host, uint16_t cmd, uint16_t len);
uint8_t *host_init_block(struct fake_host *host);
uint8_t *host_create_block(struct fake_host *host,
			   const struct host_guest *guest);
uint8_t *host_cpu_block(struct fake_host *host, const struct host_guest *guest,
			const struct host_cpu *cpu);

/** host_call() - issue what stands at HOST_BLOCK; rc, 0 if the cc lies */
uint16_t host_call(struct fake_host *host);
/** host_rrc() - rrc of the last call */
uint16_t host_rrc(const struct fake_host *host);

/* Whole calls; they return rc. */
uint16_t host_init(struct fake_host *host);
uint16_t host_create(struct fake_host *host, struct host_guest *guest);
uint16_t host_create_cpu(struct fake_host *host, const struct host_guest *guest,
			 struct host_cpu *cpu, uint16_t number);
uint16_t host_handle_call(struct fake_host *host, uint16_t cmd,
			  uint64_t handle);
uint16_t host_set_state(struct fake_host *host, const struct host_cpu *cpu,
			uint8_t state);
/* Import and unpin. */
uint16_t host_guest_page(struct fake_host *host, uint16_t cmd, uint64_t handle,
			 uint64_t gaddr);
/* Export, destroy and pin. */
uint16_t host_page(struct fake_host *host, uint16_t cmd, uint64_t paddr);

/* Areas of a dump and the MiB that it is about, for dump calls but the first */
uint16_t host_dump(struct fake_host *host, uint16_t cmd, uint64_t handle,
		   uint64_t area, uint64_t gaddr);

/** host_bring_up() - guest of @mib MiB, created */
struct host_guest host_bring_up(struct fake_host *host, uint64_t mib);

/** host_run() - make a configuration verified, whatever its image */
struct uv_config *host_run(struct fake_host *host,
			   const struct host_guest *guest);

/** host_share() - share or unshare, called by a secure CPU: rc or UV_CALL_* */
int host_share(struct fake_host *host, const struct host_cpu *cpu,
	       uint16_t cmd, uint64_t paddr);

#endif /* TESTS_FAKE_HOST_H */
