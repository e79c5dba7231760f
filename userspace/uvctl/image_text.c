// SPDX-License-Identifier: MIT
/* "uvctl image info" for people. */
#include <inttypes.h>
#include <stdio.h>

#include "bytes.h"
#include "encode.h"
#include "image_flags.h"
#include "image_show.h"

static void show_hex(const char *name, const void *data, size_t size)
{
	printf("  %s: ", name);
	put_hex(stdout, data, size);
	putchar('\n');
}

static void show_base64(const char *name, const void *data, size_t size)
{
	printf("  %s: ", name);
	put_base64(stdout, data, size);
	putchar('\n');
}

static void show_flags(const char *name, pv_be64 field,
		       const struct image_flag_name *names)
{
	uint64_t flags = pv_get_be64(field);

	printf("  %s:%s\n", name, flags ? "" : " none");
	for (; names->text; names++)
		if (flags & names->mask) {
			printf("   - %s\n", names->text);
			flags &= ~names->mask;
		}
	if (flags)
		printf("   - unknown flags 0x%016" PRIx64 "\n", flags);
}

static void show_slots(const struct pv_se_view *view)
{
	printf("  key slots:\n");
	for (size_t i = 0; i < view->n_slots; i++) {
		printf("   - host key hash: ");
		put_hex(stdout, pv_se_slot_phkh(view, i), PV_PHKH_SIZE);
		putchar('\n');
	}
}

static void show_digests(const struct pv_se_header *head)
{
	printf("  pages: %" PRIu64 "\n", pv_get_be64(head->nep));
	show_hex("digest of the pages (pld)", head->pld, sizeof(head->pld));
	show_hex("digest of the addresses (ald)", head->ald,
		 sizeof(head->ald));
	show_hex("digest of the tweaks (tld)", head->tld, sizeof(head->tld));
}

static void show_secret(const struct pv_se_header_secret *secret)
{
	show_hex("customer communication key", secret->cck,
		 sizeof(secret->cck));
	show_hex("image key", secret->xts_key, sizeof(secret->xts_key));
	printf("  PSW: mask 0x%016" PRIx64 ", address 0x%016" PRIx64 "\n",
	       pv_get_be64(secret->psw_mask), pv_get_be64(secret->psw_addr));
}

static const char *state(const struct image_facts *facts)
{
	if (!facts->verified)
		return "not verified";
	return facts->secret ? "verified and decrypted" : "verified";
}

void image_show_text(const struct image_facts *facts, bool full)
{
	const struct pv_se_view *view = facts->view;
	const struct pv_se_header *head = view->head;

	printf("SE header, %s\n", state(facts));
	printf("  version: %u\n", pv_get_be32(head->version) >> 8);
	if (full) {
		printf("  size: %u bytes\n", pv_get_be32(head->size));
		show_hex("IV", head->iv, sizeof(head->iv));
		printf("  number of key slots: %zu\n", view->n_slots);
	}
	show_slots(view);
	if (full)
		show_base64("customer public key", &head->cust_pub_key,
			    sizeof(head->cust_pub_key));
	show_flags("plaintext control flags", head->pcf, image_pcf_names);
	if (facts->secret)
		show_flags("secret control flags", facts->secret->scf,
			   image_scf_names);
	if (!full)
		return;
	show_digests(head);
	if (facts->secret)
		show_secret(facts->secret);
	else
		show_base64("encrypted area", view->area, view->area_len);
	show_hex("tag", view->tag, PV_GCM_TAG_SIZE);
}
