/* SPDX-License-Identifier: MIT */
/*
 * Confidential dump of a protected guest: what the Ultravisor hands out, and
 * the ELF file in which it is kept.
 *
 * The file is an ELF core of s390x: file header, section headers, program
 * headers (PT_NOTE, PT_LOAD), notes, memory as the host reads it, then the
 * content of the sections.  All integers are big-endian, nothing is padded.
 */
#ifndef PV_DUMP_H
#define PV_DUMP_H

#include "keyslot.h"
#include "types.h"

#define PV_DUMP_VERSION_1	1
#define PV_DUMP_SEED_SIZE	64
#define PV_DUMP_KEY_SIZE	32
#define PV_DUMP_XTS_KEY_SIZE	64

/*
 * Dump key: HKDF-SHA-512 of the customer communication key, salt = seed, info =
 * these 21 bytes.  It protects all areas of CPUs and the completion data, with
 * AES-256-GCM.
 */
#define PV_DUMP_INFO		"IBM Z Ultravisor Dump"

/**
 * struct pv_dump_complete - completion data
 * @version: PV_DUMP_VERSION_1
 * @len: of the structure
 * @seed: of the dump key
 * @nonce: secret part of the tweaks of pages; encrypted, as is what follows it
 * @xts_key: AES-256-XTS key of pages: data key, then tweak key
 * @tag: of GCM, all before @nonce is additional data
 *
 * The tweak of a page is @nonce OR its component, see struct pv_dump_page.
 */
struct pv_dump_complete {
	pv_be32 version;
	pv_be32 len;
	uint8_t reserved08[8];
	uint8_t seed[PV_DUMP_SEED_SIZE];	/* 0x10 */
	uint8_t iv[PV_GCM_IV_SIZE];		/* 0x50 */
	uint8_t reserved5c[4];
	uint8_t nonce[16];			/* 0x60 */
	uint8_t xts_key[PV_DUMP_XTS_KEY_SIZE];
	uint8_t reservedb0[96];
	uint8_t tag[PV_GCM_TAG_SIZE];		/* 0x110 */
};

PV_ASSERT_SIZE(struct pv_dump_complete, 0x120);
PV_ASSERT_OFFSET(struct pv_dump_complete, iv, 0x50);
PV_ASSERT_OFFSET(struct pv_dump_complete, nonce, 0x60);
PV_ASSERT_OFFSET(struct pv_dump_complete, tag, 0x110);

/**
 * struct pv_dump_regs - registers of a CPU
 * @fpc: floating-point control
 * @todpr: TOD programmable register
 * @ckc: clock comparator, all 64 bits of it
 * @vr: vector registers; the left halves of the first 16 are the floating-point
 *	registers
 * @gs: guarded-storage controls: zero, designation, section mask, parameter
 *	list address
 * @flags: PV_DUMP_CPU_*
 */
struct pv_dump_regs {
	pv_be64 gr[16];
	pv_be64 psw_mask;			/* 0x80 */
	pv_be64 psw_addr;
	uint8_t reserved90[8];
	pv_be32 prefix;				/* 0x98 */
	pv_be32 fpc;
	uint8_t reserveda0[4];
	pv_be32 todpr;
	pv_be64 cpu_timer;			/* 0xa8 */
	pv_be64 ckc;
	uint8_t reservedb8[8];
	pv_be32 ar[16];				/* 0xc0 */
	pv_be64 cr[16];				/* 0x100 */
	pv_be64 vr[32][2];			/* 0x180 */
	uint8_t reserved380[512];
	pv_be64 gs[4];				/* 0x580 */
	uint8_t reserved5a0[64];
	pv_be16 flags;				/* 0x5e0 */
	uint8_t reserved5e2[14];
};

PV_ASSERT_SIZE(struct pv_dump_regs, 1520);
PV_ASSERT_OFFSET(struct pv_dump_regs, prefix, 0x98);
PV_ASSERT_OFFSET(struct pv_dump_regs, cpu_timer, 0xa8);
PV_ASSERT_OFFSET(struct pv_dump_regs, ar, 0xc0);
PV_ASSERT_OFFSET(struct pv_dump_regs, vr, 0x180);
PV_ASSERT_OFFSET(struct pv_dump_regs, gs, 0x580);
PV_ASSERT_OFFSET(struct pv_dump_regs, flags, 0x5e0);

/* An instruction waits for the host and may be done in part. */
#define PV_DUMP_CPU_PENDING	0x8000

/**
 * struct pv_dump_cpu - state of a CPU
 * @version: PV_DUMP_VERSION_1
 * @len: of the structure
 * @regs: encrypted
 * @tag: of GCM, all before @regs is additional data
 */
struct pv_dump_cpu {
	pv_be32 version;
	pv_be32 len;
	uint8_t iv[PV_GCM_IV_SIZE];
	uint8_t reserved14[12];
	struct pv_dump_regs regs;		/* 0x20 */
	uint8_t tag[PV_GCM_TAG_SIZE];		/* 0x610 */
};

PV_ASSERT_SIZE(struct pv_dump_cpu, 0x620);
PV_ASSERT_OFFSET(struct pv_dump_cpu, regs, 0x20);
PV_ASSERT_OFFSET(struct pv_dump_cpu, tag, 0x610);

/**
 * struct pv_dump_page - state of a page
 * @mark: PV_DUMP_PAGE_SPECIAL: it is not encrypted, and @flags says what it is.
 *	Anything else: these 16 bytes are the component of its tweak
 * @flags: PV_DUMP_PAGE_ZERO or PV_DUMP_PAGE_SHARED, and perhaps
 *	PV_DUMP_PAGE_MAPPED
 */
struct pv_dump_page {
	pv_be32 mark;
	uint8_t reserved04[11];
	uint8_t flags;				/* 0x0f */
};

PV_ASSERT_SIZE(struct pv_dump_page, 16);

#define PV_DUMP_PAGE_SPECIAL	0xffffffff
#define PV_DUMP_PAGE_ZERO	0x01	/* whatever the file has there */
#define PV_DUMP_PAGE_SHARED	0x02	/* in clear */
#define PV_DUMP_PAGE_MAPPED	0x04	/* says nothing about the content */

/* Storage state is asked for, and stored, by the MiB. */
#define PV_DUMP_BLOCK_SIZE	0x100000
#define PV_DUMP_BLOCK_PAGES	256
#define PV_DUMP_BLOCK_STATE	0x1000

/*
 * Ultravisors tell how many bytes they store for a CPU and to complete a dump:
 * no less than the structures have, and no more than this.
 */
#define PV_DUMP_AREA_MAX	0x1000

/* ---- the file ---- */

#define PV_DUMP_SECTION_PAGES		"pv_mem_meta"	/* struct pv_dump_page */
#define PV_DUMP_SECTION_COMPLETE	"pv_compl"	/* struct pv_dump_complete */

/* Note of name "LINUX" with a struct pv_dump_cpu, once for each CPU. */
#define PV_DUMP_NOTE_CPU		0x30e

/* Values of the fields below, as far as ours have them. */
#define PV_ELF_MAGIC			"\177ELF"
#define PV_ELF_CLASS_64			2
#define PV_ELF_DATA_BIG			2
#define PV_ELF_VERSION			1
#define PV_ELF_TYPE_CORE		4
#define PV_ELF_MACHINE_S390		22
#define PV_ELF_PHDR_LOAD		1
#define PV_ELF_PHDR_NOTE		4
#define PV_ELF_SECTION_PROGBITS		1
#define PV_ELF_SECTION_STRTAB		3

/** struct pv_elf_header - what an ELF file begins with */
struct pv_elf_header {
	uint8_t magic[4];
	uint8_t class;
	uint8_t data;
	uint8_t ident_version;
	uint8_t reserved07[9];
	pv_be16 type;				/* 0x10 */
	pv_be16 machine;
	pv_be32 version;
	pv_be64 entry;				/* 0x18 */
	pv_be64 phoff;
	pv_be64 shoff;
	pv_be32 flags;				/* 0x30 */
	pv_be16 ehsize;
	pv_be16 phentsize;
	pv_be16 phnum;				/* 0x38 */
	pv_be16 shentsize;
	pv_be16 shnum;
	pv_be16 shstrndx;
};

PV_ASSERT_SIZE(struct pv_elf_header, 64);
PV_ASSERT_OFFSET(struct pv_elf_header, phnum, 0x38);

/** struct pv_elf_phdr - a program header */
struct pv_elf_phdr {
	pv_be32 type;
	pv_be32 flags;
	pv_be64 offset;
	pv_be64 vaddr;
	pv_be64 paddr;
	pv_be64 filesz;
	pv_be64 memsz;
	pv_be64 align;
};

PV_ASSERT_SIZE(struct pv_elf_phdr, 56);

/** struct pv_elf_shdr - a section header */
struct pv_elf_shdr {
	pv_be32 name;
	pv_be32 type;
	pv_be64 flags;
	pv_be64 addr;
	pv_be64 offset;
	pv_be64 size;
	pv_be32 link;
	pv_be32 info;
	pv_be64 addralign;
	pv_be64 entsize;
};

PV_ASSERT_SIZE(struct pv_elf_shdr, 64);

/** struct pv_elf_note - a note; name and content follow, each padded to 4 */
struct pv_elf_note {
	pv_be32 namesz;
	pv_be32 descsz;
	pv_be32 type;
};

PV_ASSERT_SIZE(struct pv_elf_note, 12);

/*
 * Contents of notes, of names "CORE" and "LINUX".  They have the registers as
 * far as a host knows them; struct pv_dump_cpu has the real ones.
 */
#define PV_ELF_NOTE_PRSTATUS		1	/* CORE */
#define PV_ELF_NOTE_FPREGSET		2	/* CORE */
#define PV_ELF_NOTE_PRPSINFO		3	/* CORE */
#define PV_ELF_NOTE_TIMER		0x301
#define PV_ELF_NOTE_TODCMP		0x302
#define PV_ELF_NOTE_TODPREG		0x303
#define PV_ELF_NOTE_CTRS		0x304
#define PV_ELF_NOTE_PREFIX		0x305
#define PV_ELF_NOTE_VXRS_LOW		0x309
#define PV_ELF_NOTE_VXRS_HIGH		0x30a
#define PV_ELF_NOTE_GS_CB		0x30b

/** struct pv_elf_prstatus - PV_ELF_NOTE_PRSTATUS */
struct pv_elf_prstatus {
	uint8_t reserved00[32];
	pv_be32 pid;				/* 0x20, CPU number + 1 */
	uint8_t reserved24[76];
	pv_be64 psw_mask;			/* 0x70 */
	pv_be64 psw_addr;
	pv_be64 gr[16];				/* 0x80 */
	pv_be32 ar[16];				/* 0x100 */
	uint8_t reserved140[16];
};

PV_ASSERT_SIZE(struct pv_elf_prstatus, 336);
PV_ASSERT_OFFSET(struct pv_elf_prstatus, psw_mask, 0x70);
PV_ASSERT_OFFSET(struct pv_elf_prstatus, ar, 0x100);

/** struct pv_elf_fpregset - PV_ELF_NOTE_FPREGSET */
struct pv_elf_fpregset {
	pv_be32 fpc;
	uint8_t reserved04[4];
	pv_be64 fpr[16];
};

PV_ASSERT_SIZE(struct pv_elf_fpregset, 136);

#endif /* PV_DUMP_H */
