/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a CPU has to remember while a guest is in SIE on it, and between two
 * stays of the same guest.
 *
 * Part of CPUS390XState, behind all that a CPU reset clears.
 */
#ifndef S390X_SIE_STATE_H
#define S390X_SIE_STATE_H

struct uv_config;
struct uv_vcpu;

/**
 * struct s390_sie_host - registers of the host that SIE replaces
 * @mask: of the PSW, with the condition code
 * @addr: of the PSW, where the SIE instruction is
 * @ilen: of the SIE instruction, or of the EXECUTE it is the target of
 * @ar: this and all below: only with a protected guest
 */
struct s390_sie_host {
	uint64_t mask;
	uint64_t addr;
	unsigned int ilen;
	uint64_t gr[2];		/* 14, 15 */
	uint64_t cr[16];
	uint64_t psa;
	uint64_t gbea;
	uint32_t todpr;
	uint32_t ar[16];
	uint64_t vr[32][2];
	uint32_t fpc;
	uint64_t pp;
};

/**
 * struct s390_sie_space - all that a translation of guest addresses depends on
 * @cr: of the guest: 0, 1, 7, 13
 * @host_cr: of the host: 0, 1
 */
struct s390_sie_space {
	uint64_t block;
	uint64_t mso;
	uint64_t msl;
	uint64_t psa;
	uint64_t cr[4];
	uint64_t host_cr[2];
	uint64_t host_psa;
};

/**
 * struct s390_sie_primary - entries of a primary space in the TLB
 * @asce: CR1 that they were made for
 * @stale: CR1 is another one, and the space was not used since
 */
struct s390_sie_primary {
	uint64_t asce;
	bool stale;
};

/**
 * struct s390_sie - interpretive execution on one CPU
 * @active: a guest executes; the rest of CPUS390XState is the guest's then
 * @vcpu: the guest is protected, and this CPU of its executes; NULL otherwise
 * @config: whose it is, NULL otherwise
 * @block: absolute address of the state description
 * @host: what the guest's stay replaces
 * @mso: main storage origin
 * @msl: main storage limit, address of the last 1 MiB block
 * @epoch: difference of the guest's TOD clock to the host's
 * @ckc: clock comparator of the guest
 * @cputm: CPU timer of the guest when it was @cputm_start
 * @cputm_start: virtual time in nanoseconds
 * @lowcore: absolute address of the guest's prefix page, during an interruption
 * @fault: exception of the host met while the guest's tables were read, or 0
 * @fault_tec: its translation exception identification
 * @operand_fault: the same for operands of UV CALL
 * @operand_fault_tec: likewise
 * @controls_loaded: the guest loaded control registers that the host watches
 * @kept: what the guest entries in the TLB were made for
 * @kept_valid: there may be such entries
 * @purged: count of global purges that they have seen
 * @primary: of the host, and of the guest
 * @timer: calls the guest out of its code, NULL before the first guest
 * @timer_due: when it will
 */
struct s390_sie {
	bool active;
	struct uv_vcpu *vcpu;
	const struct uv_config *config;
	uint64_t block;
	struct s390_sie_host host;

	uint64_t mso;
	uint64_t msl;
	uint64_t epoch;
	uint64_t ckc;
	uint64_t cputm;
	int64_t cputm_start;

	uint64_t lowcore;
	int fault;
	uint64_t fault_tec;
	int operand_fault;
	uint64_t operand_fault_tec;
	bool controls_loaded;

	struct s390_sie_space kept;
	bool kept_valid;
	unsigned int purged;
	struct s390_sie_primary primary[2];

	QEMUTimer *timer;
	int64_t timer_due;
};

/**
 * struct s390_uv_tlb - where the TLB of one CPU may have the pages of storage
 * @pages: one for each, NULL before the first page is hidden
 * @purges: times that the whole TLB was purged, as far as pages rely on that
 */
struct s390_uv_tlb {
	struct s390_uv_page *pages;
	uint64_t purges;
};

#endif /* S390X_SIE_STATE_H */
