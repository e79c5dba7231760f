/* SPDX-License-Identifier: MIT */
/*
 * libultravisor - an emulated IBM Secure Execution Ultravisor.
 *
 * For tests only: it gives no confidentiality at all against the program that
 * embeds it.
 *
 * The library knows neither QEMU nor Linux.  It reaches storage, time and the
 * log only through struct uv_ops, draws its randomness from there or from the
 * seed it was given, never exits, never prints and never keeps a pointer to a
 * buffer of the caller.  One machine is used by one thread at a time;
 * serialising is the embedder's duty.
 */
#ifndef ULTRAVISOR_H
#define ULTRAVISOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct uv_machine;
struct uv_config;
struct uv_vcpu;
struct uv_sie_result;

/* Outcome of reaching storage through a callback. */
enum uv_access {
	UV_ACCESS_OK = 0,
	UV_ACCESS_FAULT,	/* not translatable, or beyond storage */
	UV_ACCESS_REAL_SPACE,	/* home ASCE (CR13) has the real-space bit */
	UV_ACCESS_HOST,		/* a page of a guest in SIE needs its host first */
};

enum uv_log_level {
	UV_LOG_ERROR,
	UV_LOG_INFO,		/* configurations made, sharing refused, ... */
	UV_LOG_CALL,		/* one line for each Ultravisor call */
};

/* Instead of the address of one page. */
#define UV_ALL_PAGES	UINT64_MAX

/**
 * struct uv_ops - the outside world
 *
 * Addresses and lengths are in bytes and may cross pages.  Nothing may be
 * stored when UV_ACCESS_OK is not returned.  No callback may jump out of the
 * library (longjmp) or call back into it.
 *
 * @read_abs: read machine absolute storage; @opaque is that of the machine
 * @write_abs: write machine absolute storage
 * @read_logical: read an instruction operand in the address space of the PSW;
 *	@cpu_opaque is that of the calling CPU.  Used for control blocks.
 * @write_logical: the store counterpart
 * @probe_logical: test, as @probe_home does, an operand in the address space of
 *	the PSW
 * @logical_to_abs: absolute address of a byte of an instruction operand, also
 *	of one in a hidden page.  May be NULL: then nobody notices a control
 *	block in storage that its own call takes
 * @probe_home: test that [addr, addr + len) of the caller's home space (real
 *	storage while DAT is off) can be read or, with @write, stored into
 * @read_home: read from the caller's home space
 * @write_home: store into the caller's home space
 * @home_to_abs: absolute address of a byte of the caller's home space, for
 *	storage that is donated by virtual address.  May be NULL: no storage can
 *	be donated then
 * @is_prefix: does [addr, addr + len) of absolute storage touch the prefix area
 *	of a CPU of the machine?  May be NULL: never
 * @others_stopped: are all CPUs but the calling one stopped?  May be NULL: yes
 * @rights_reduced: somebody lost access to the page at absolute address @page,
 *	or, with UV_ALL_PAGES, to any of them: drop cached translations before
 *	any CPU goes on.  May be NULL.
 * @random: fill @buf with @len random bytes, false if that fails.  NULL: the
 *	sequence of the machine's seed, so that a run can be repeated.
 * @time_ns: a clock for log lines and busy periods, any epoch.  May be NULL.
 * @log: one line without newline, valid during the call only.  May be NULL.
 */
struct uv_ops {
	enum uv_access (*read_abs)(void *opaque, uint64_t addr, void *buf,
				   size_t len);
	enum uv_access (*write_abs)(void *opaque, uint64_t addr,
				    const void *buf, size_t len);
	enum uv_access (*read_logical)(void *cpu_opaque, uint64_t addr,
				       void *buf, size_t len);
	enum uv_access (*write_logical)(void *cpu_opaque, uint64_t addr,
					const void *buf, size_t len);
	enum uv_access (*probe_logical)(void *cpu_opaque, uint64_t addr,
					size_t len, bool write);
	enum uv_access (*logical_to_abs)(void *cpu_opaque, uint64_t addr,
					 uint64_t *abs);
	enum uv_access (*probe_home)(void *cpu_opaque, uint64_t addr,
				     size_t len, bool write);
	enum uv_access (*read_home)(void *cpu_opaque, uint64_t addr, void *buf,
				    size_t len);
	enum uv_access (*write_home)(void *cpu_opaque, uint64_t addr,
				     const void *buf, size_t len);
	enum uv_access (*home_to_abs)(void *cpu_opaque, uint64_t addr,
				      uint64_t *abs);
	bool (*is_prefix)(void *opaque, uint64_t addr, uint64_t len);
	bool (*others_stopped)(void *cpu_opaque);
	void (*rights_reduced)(void *opaque, uint64_t page);
	bool (*random)(void *opaque, void *buf, size_t len);
	uint64_t (*time_ns)(void *opaque);
	void (*log)(void *opaque, enum uv_log_level level, const char *line);
};

/**
 * struct uv_error - why a function failed
 * @rc: response code an Ultravisor call would have given, 0 if none fits
 * @rrc: reason code that goes with it
 * @text: one sentence, always terminated
 */
struct uv_error {
	uint16_t rc;
	uint16_t rrc;
	char text[256];
};

/**
 * struct uv_machine_params - what a machine is made of
 * @profile: "z15", "z16" or "z17": which calls, flags and secret types exist
 * @memory_size: bytes of absolute storage from address 0, a page multiple
 * @low_base_storage: base storage below 2 GiB can be donated, which real
 *	machines refuse
 * @seed: start of the random sequence; equal seeds give equal machines,
 *	unless @ops has its own source of random bytes
 * @ops: copied
 * @opaque: handed to the callbacks that take the machine's pointer
 */
struct uv_machine_params {
	const char *profile;
	uint64_t memory_size;
	bool low_base_storage;
	uint64_t seed;
	struct uv_ops ops;
	void *opaque;
};

/** uv_machine_new() - make a machine; NULL with @err set on failure */
struct uv_machine *uv_machine_new(const struct uv_machine_params *params,
				  struct uv_error *err);
/** uv_machine_free() - wipe and free it and its configurations; NULL is fine */
void uv_machine_free(struct uv_machine *machine);

/**
 * uv_machine_reset() - what a machine reset does to the Ultravisor
 *
 * It is uninitialized again.  All configurations and their CPUs are destroyed,
 * their pages and all storage donated are cleared and normal again,
 * and the call counters of the fault policy start anew: load what is to start
 * next after this, not before.  Host keys, firmware state, policy and the
 * random sequence stay (a configuration made afterwards gets another unique
 * id).  Pointers to configurations become invalid.
 */
void uv_machine_reset(struct uv_machine *machine);

enum uv_host_key {
	UV_HOST_KEY,		/* current host key */
	UV_HOST_KEY_BACKUP,	/* opens SE headers that allow it, nothing else */
};

/**
 * uv_machine_set_host_key() - install a private host key
 * @pem: PEM text of an unencrypted P-521 private key, need not be terminated
 * @len: bytes of it
 *
 * Return: 0, or -1 with @err set
 */
int uv_machine_set_host_key(struct uv_machine *machine, enum uv_host_key which,
			    const char *pem, size_t len, struct uv_error *err);

/** uv_machine_set_firmware_state() - the opaque bytes attestation can report */
void uv_machine_set_firmware_state(struct uv_machine *machine,
				   const uint8_t state[320]);

/**
 * uv_machine_set_faults() - make calls fail on demand
 * @policy: rules of the grammar in ultravisor/README.md; "" ends all faults
 *
 * Replaces the policy in force and restarts its counters; can be used at any
 * time between two calls.
 *
 * Return: 0, or -1 with @err set and the old policy still in force
 */
int uv_machine_set_faults(struct uv_machine *machine, const char *policy,
			  struct uv_error *err);

/**
 * uv_machine_account() - what the Ultravisor has, and what it was asked for
 * @buf: out: terminated text of NAME=NUMBER with blanks between, cut if need be
 * @size: of @buf, not 0
 *
 * In pages of 4 KiB: base, configuration and cpu, donated for these and not
 * given back; secure and shared, pages of guests, also of those that are gone.
 * struck: how often a rule of the fault policy decided about a call.  Then, by
 * the names that policies use: executions of each command.  These and struck
 * count from when the policy was set, as its rules do.
 *
 * Return: length that the text has or would have
 */
size_t uv_machine_account(const struct uv_machine *machine, char *buf,
			  size_t size);

/**
 * uv_guest_new() - a configuration that owns the whole machine
 * @header: SE header (struct pv_se_header and what follows)
 * @len: its exact size
 *
 * For machines that are a protected guest from reset on: opens the header with
 * the host keys, takes boot tags, keys and flags from it, draws the unique id
 * and makes every page of the machine secure.  Contents of storage are neither
 * unpacked nor verified.
 *
 * Return: the configuration, owned by the machine, or NULL with @err set
 */
struct uv_config *uv_guest_new(struct uv_machine *machine, const void *header,
			       size_t len, struct uv_error *err);

/**
 * struct uv_cpu - the CPU that executes UV CALL
 * @opaque: handed to the callbacks that take the CPU's pointer
 * @config: configuration it runs in, NULL outside of any
 * @vcpu: secure CPU that it is at present, in SIE (see uv_sie.h); NULL for a
 *	machine that is a guest itself
 * @sie: with @vcpu: out, when the result is UV_CALL_SIE
 */
struct uv_cpu {
	void *opaque;
	struct uv_config *config;
	struct uv_vcpu *vcpu;
	struct uv_sie_result *sie;
};

/* Results of uv_call() other than a condition code. */
#define UV_CALL_SPECIFICATION	(-1)	/* raise a specification exception */
#define UV_CALL_ACCESS		(-2)	/* repeat the failed access, faulting */
#define UV_CALL_SIE		(-3)	/* leave SIE: do what @sie says */

/**
 * uv_call() - execute UV CALL
 * @r1: content of the first operand register, ignored
 * @r2: logical address of the control block
 *
 * The embedder has checked privilege and the M3/M4 fields.  Everything else,
 * in particular the order of the checks, is decided here.  When the result is
 * negative nothing has changed.
 *
 * Return: condition code 0 to 3, or UV_CALL_*
 */
int uv_call(struct uv_machine *machine, const struct uv_cpu *cpu, uint64_t r1,
	    uint64_t r2);

/**
 * struct uv_ipib_component - one component of an SE image
 * @tweak_prefix: high half of the tweaks of its pages
 * @addr: absolute address, a page multiple
 * @size: in bytes, not zero, rounded up to whole pages
 */
struct uv_ipib_component {
	uint64_t tweak_prefix;
	uint64_t addr;
	uint64_t size;
};

#define UV_IPIB_MAX_COMPONENTS	165

/**
 * struct uv_ipib - what an IPL parameter block of type 5 says
 * @header_addr: absolute address of the SE header
 * @header_len: bytes of it
 * @count: number of components, at least 1
 */
struct uv_ipib {
	uint64_t header_addr;
	uint32_t header_len;
	uint32_t count;
	struct uv_ipib_component components[UV_IPIB_MAX_COMPONENTS];
};

/**
 * uv_ipib_parse() - check an IPL parameter block (DIAGNOSE 308, subcode 8)
 * @block: the 4096 bytes from where the guest says that the block is
 * @memory_size: bytes of absolute storage: the SE header must lie within
 * @err: why it is refused
 *
 * Return: 0, or -1: the guest gets code 0x0402
 */
int uv_ipib_parse(struct uv_ipib *ipib, const uint8_t block[4096],
		  uint64_t memory_size, struct uv_error *err);

struct uv_psw {
	uint64_t mask;
	uint64_t addr;
};

/**
 * uv_boot_image() - protect a machine (DIAGNOSE 308, subcode 10)
 * @ipib: where header and components lie in storage
 * @psw: out: where the guest starts
 * @code: out: on failure, what the guest gets in its second register
 * @err: why, with rc and rrc of the call that failed
 *
 * Makes a configuration that is to own the machine, sets its parameters from
 * the SE header, unpacks the components page by page in place, and verifies.
 * Then all other pages are cleared and become secure as well.  Fault policies
 * apply to each of these calls as if a host had made it.
 *
 * All CPUs must be stopped.  On failure there is no configuration, the pages
 * unpacked so far are cleared, and nothing else has changed.
 *
 * Return: the configuration, owned by the machine, or NULL
 */
struct uv_config *uv_boot_image(struct uv_machine *machine,
				const struct uv_ipib *ipib, struct uv_psw *psw,
				uint64_t *code, struct uv_error *err);

/**
 * uv_config_reset() - DIAGNOSE 308, subcodes 0 and 1, within a guest
 *
 * What it shared is shared no longer; identity, secrets and contents stay.  All
 * CPUs must be stopped.
 */
void uv_config_reset(struct uv_machine *machine, struct uv_config *config);

/**
 * uv_config_end() - the guest leaves protection
 *
 * Every page of it is cleared before anybody else can see it.
 */
void uv_config_end(struct uv_machine *machine, struct uv_config *config);

/**
 * uv_host_view() - a page as the untrusted side sees it
 * @addr: absolute address of the page
 * @page: out: its content, or what exporting it would give: AES-256-XTS under
 *	a key of the configuration; zeros if that is gone, or the page donated
 *
 * Changes nothing.
 *
 * Return: 0, or -1 if @addr is not a page of the machine or libcrypto fails
 */
int uv_host_view(struct uv_machine *machine, uint64_t addr,
		 uint8_t page[4096]);

enum uv_page_state {
	UV_PAGE_NORMAL,
	UV_PAGE_SECURE,		/* belongs to a configuration, hidden */
	UV_PAGE_SHARED,		/* belongs to a configuration, open */
	UV_PAGE_PINNED,		/* shared, and the host relies on that */
	UV_PAGE_DONATED,	/* belongs to the Ultravisor, hidden */
	UV_PAGE_STATES
};

/** uv_page_state() - state of the page at absolute @addr; beyond storage: normal */
enum uv_page_state uv_page_state(const struct uv_machine *machine,
				 uint64_t addr);

/**
 * uv_cpu_may_access() - may a CPU touch a page?
 * @config: protected guest that the CPU runs in SIE; NULL for a CPU that is not
 *	in SIE, or there with a guest that is not protected
 * @addr: absolute address
 * @gaddr: with @config: address in the guest's space that led to @addr
 *
 * Return: 0, or the program interruption that the host gets: PV_PGM_*
 */
uint16_t uv_cpu_may_access(const struct uv_machine *machine,
			   const struct uv_config *config, uint64_t addr,
			   uint64_t gaddr);

/**
 * uv_device_may_access() - may an untrusted device touch [addr, addr + len)?
 *
 * True if no page of the range is secure or donated.  Does not log.
 */
bool uv_device_may_access(const struct uv_machine *machine, uint64_t addr,
			  uint64_t len);

#endif /* ULTRAVISOR_H */
