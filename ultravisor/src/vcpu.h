/* SPDX-License-Identifier: MIT */
/* Secure CPUs of configurations. */
#ifndef UV_VCPU_H
#define UV_VCPU_H

#include "call.h"
#include "config.h"
#include "guest_memory.h"
#include "uv_sie.h"

/* What a secure CPU does. */
enum uv_vcpu_run {
	UV_VCPU_STOPPED,
	UV_VCPU_OPERATING,
	UV_VCPU_CHECK_STOP,
};

/*
 * An instruction that was intercepted and waits for its host, and what the
 * guest may be given when it comes back.  All zero: nothing waits.
 */
struct uv_sie_pending {
	const struct uv_sie_insn *insn;	/* row of the table in sie_insn.c */
	uint64_t text;
	uint64_t operand[2];
	uint16_t operand_len;
};

/* Real address of the restart old PSW. */
#define UV_RESTART_OLD_PSW	0x120
#define UV_PSW_SIZE		16

/**
 * struct uv_kept_psw - restart old PSW in the ciphertext of a prefix page
 * @gaddr: of the page, which the host has
 * @valid: there is one
 */
struct uv_kept_psw {
	uint64_t gaddr;
	uint8_t cipher[UV_PSW_SIZE];
	bool valid;
};

/**
 * struct uv_vcpu - one secure CPU
 * @next: its configuration's next one
 * @config: whose it is
 * @handle: unpredictable, not zero
 * @number: CPU number
 * @storage: what was donated for it
 * @block: absolute address of its state description
 * @run: stopped, operating, ...
 * @in_sie: a CPU of the machine is it at present
 * @restart: another CPU ordered its restart while it was stopped
 * @kept: what uv_vcpu_keep_psw() kept
 * @to_reset: its configuration's reset waits for a reset of it
 * @state: its registers while it is not running
 * @timer_stopped: TOD clock when it left SIE last, for the CPU timer's rule
 * @pending: an instruction under way
 */
struct uv_vcpu {
	struct uv_vcpu *next;
	struct uv_config *config;
	uint64_t handle;
	uint16_t number;
	struct uv_donation storage;
	uint64_t block;
	enum uv_vcpu_run run;
	bool in_sie;
	bool restart;
	struct uv_kept_psw kept;
	bool to_reset;
	struct uv_cpu_state state;
	uint64_t timer_stopped;
	struct uv_sie_pending pending;
};

/** uv_vcpu_find() - the CPU with this handle, of any configuration, or NULL */
struct uv_vcpu *uv_vcpu_find(const struct uv_machine *machine,
			     uint64_t handle);

/** uv_vcpu_destroy() - give its storage back, wipe and free it */
void uv_vcpu_destroy(struct uv_machine *machine, struct uv_vcpu *vcpu);

/**
 * uv_vcpu_keep_psw() - a page of the guest is about to be its host's
 * @bytes: the page, encrypted
 *
 * QEMU restarts a stopped CPU of any guest by itself: it takes the prefix page
 * of a protected one away, too, and stores an old PSW there.  No host could
 * restart a CPU if that spoilt the page.  So this field of such a page, which
 * the restart stores into anyway, is kept here, and what the host makes of it
 * does not count.
 */
void uv_vcpu_keep_psw(struct uv_config *config, uint64_t gaddr,
		      const uint8_t bytes[PV_PAGE_SIZE]);

/**
 * uv_vcpu_put_psw_back() - a page of the guest comes back from its host
 * @bytes: the page, still encrypted
 */
void uv_vcpu_put_psw_back(const struct uv_config *config, uint64_t gaddr,
			  uint8_t bytes[PV_PAGE_SIZE]);

/**
 * uv_sie_notify_uvc() - the host must unpin a page before its guest can
 *	unshare it
 * @block: control block of the guest's call
 *
 * Intercepts UV CALL as a notification.  The guest repeats it when its host
 * comes back.
 */
struct uv_sie_result uv_sie_notify_uvc(struct uv_machine *machine,
				       struct uv_vcpu *vcpu,
				       const struct pv_uvcb_share *block);

/**
 * uv_sie_fault_uvc() - the host must bring a page before UV CALL can be done
 *
 * The guest repeats it when its host comes back.
 */
struct uv_sie_result uv_sie_fault_uvc(struct uv_machine *machine,
				      struct uv_vcpu *vcpu,
				      const struct uv_guest_fault *fault);

#endif /* UV_VCPU_H */
