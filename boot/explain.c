// SPDX-License-Identifier: MIT
#include "explain.h"
#include "layout.h"
#include "pv/se_image.h"
#include "reason.h"

#define HOST_LOG	"Look into the log of the host.\n"

static void begin(struct text *text, const char *what, const char *todo)
{
	text_begin(text);
	text_add(text, "Secure Execution: this image cannot be started.\n");
	text_add(text, what);
	text_add(text, todo);
}

void explain_no_facility(struct text *text)
{
	begin(text,
	      "This machine cannot run Secure Execution images: facility 161"
	      " is off.\n",
	      "Use a z15 or newer with the feature enabled, prot_virt=1 for the"
	      " kernel of\n"
	      "the KVM host, and a CPU model with unpack=on for the guest.\n");
	text_stop(text, STOP_NO_FACILITY);
}

void explain_no_args(struct text *text)
{
	begin(text,
	      "Its loader was not told where SE header and parameter block"
	      " are.\n",
	      "The image is incomplete or damaged: create it again.\n");
	text_stop(text, STOP_NOT_STARTED);
}

static void add_answer(struct text *text, const char *subcode, uint64_t code)
{
	text_add(text, "DIAGNOSE 308 subcode ");
	text_add(text, subcode);
	text_add(text, " answered ");
	text_hex(text, code, 16);
	text_add(text, ".\n");
	text_stop(text, STOP_NOT_STARTED);
}

void explain_set(struct text *text, uint64_t code)
{
	if (code == PV_DIAG308_RC_INVALID)
		begin(text,
		      "The host refused the IPL parameter block of the image as"
		      " invalid.\n",
		      "The image is damaged: copy or create it again.\n");
	else
		begin(text,
		      "The host did not take the IPL parameter block of the"
		      " image.\n", HOST_LOG);
	add_answer(text, "8", code);
}

/* The numbers by which manuals and other people know the failure. */
static void add_step(struct text *text, uint32_t step, uint32_t rc,
		     uint32_t rrc)
{
	static const char *const names[] = {
		[PV_DIAG308_STEP_PARAMETERS] = "set parameters",
		[PV_DIAG308_STEP_UNPACK] = "unpack",
		[PV_DIAG308_STEP_VERIFY] = "verify",
	};
	const char *name = NULL;

	if (step < sizeof(names) / sizeof(names[0]))
		name = names[step];
	text_add(text, "Failed step: ");
	text_add(text, name ? name : "unknown");
	text_add(text, " (");
	text_hex(text, step, 4);
	text_add(text, "), rc ");
	text_hex(text, rc, 4);
	text_add(text, ", rrc ");
	text_hex(text, rrc, 4);
	text_add(text, ".\n");
}

static void explain_failure(struct text *text, uint64_t code)
{
	uint32_t step = code >> 48;
	uint32_t rrc = code >> 32 & 0xffff;
	uint32_t rc = code >> 16 & 0xffff;
	const struct reason *reason;

	/* An older machine. */
	if (code == PV_DIAG308_RC_INVAL_FOR_PV) {
		begin(text,
		      "The host could not make a protected guest, and does not"
		      " say why.\n",
		      "Is the image for the host key of this machine, and"
		      " undamaged?\n");
		return;
	}
	reason = find_reason(step, rc, rrc);
	begin(text, reason->what, reason->todo);
	add_step(text, step, rc, rrc);
}

void explain_start(struct text *text, uint64_t code)
{
	uint32_t answer = code & 0xffff;

	if (answer == PV_DIAG308_RC_INVAL_FOR_PV)
		explain_failure(text, code);
	else if (answer == PV_DIAG308_RC_NO_PV_CONF)
		begin(text,
		      "The host lost the IPL parameter block of the image.\n",
		      "Start the guest again.\n");
	else
		begin(text,
		      "The host answered with a code that this loader does not"
		      " know.\n", HOST_LOG);
	add_answer(text, "10", code);
}

void explain_program_check(struct text *text, uint64_t code, uint64_t addr)
{
	begin(text,
	      "The image is damaged, or the guest has too little memory for"
	      " it,\n"
	      "or the guest is a protected one already.\n",
	      "Start an undamaged image in an ordinary guest with more"
	      " memory.\n");
	text_fault(text, code, addr);
	text_stop(text, STOP_NOT_STARTED);
}
