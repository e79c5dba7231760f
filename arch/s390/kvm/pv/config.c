// SPDX-License-Identifier: GPL-2.0
/*
 * Configurations of the Ultravisor, and what may become of them.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "vm.h"

/**
 * pv_config_new() - Begin with a configuration
 * @kvm: VM that is going to be protected.
 *
 * From here on, and for as long as anything can be secure, the memory
 * management has to be careful with pages.
 *
 * Return: The configuration, or NULL if there is no memory.
 */
struct pv_config *pv_config_new(struct kvm *kvm)
{
	struct pv_config *config = kzalloc(sizeof(*config), GFP_KERNEL_ACCOUNT);

	pv_assert_locked(kvm);
	if (!config)
		return NULL;
	INIT_LIST_HEAD(&config->list);
	atomic_inc(&kvm->mm->context.protected_count);
	return config;
}

/**
 * pv_config_find() - Find a configuration
 * @kvm: VM.
 * @state: State it is in.
 *
 * Return: The first one, or NULL.
 */
struct pv_config *pv_config_find(struct kvm *kvm, enum pv_config_state state)
{
	struct pv_config *config;

	pv_assert_locked(kvm);
	list_for_each_entry(config, &kvm->arch.pv.need_cleanup, list)
		if (config->state == state)
			return config;
	return NULL;
}

static void set_handle(struct kvm *kvm, u64 handle)
{
	kvm->arch.pv.handle = handle;
	WRITE_ONCE(kvm->arch.gmap->guest_handle, handle);
}

static void enter_active(struct kvm *kvm, struct pv_config *config)
{
	list_add(&config->list, &kvm->arch.pv.need_cleanup);
	set_handle(kvm, config->handle);
}

static void enter_leaving(struct kvm *kvm, struct pv_config *config)
{
	list_del_init(&config->list);
}

static void enter_left(struct kvm *kvm, struct pv_config *config)
{
	list_move(&config->list, &kvm->arch.pv.need_cleanup);
}

static void enter_gone(struct kvm *kvm, struct pv_config *config)
{
	pv_storage_free(&config->storage);
	if (config->table)
		pv_table_free(config->table);
	atomic_dec(&kvm->mm->context.protected_count);
	list_del(&config->list);
	kfree(config);
}

/*
 * A VM that goes on gets another table, if there is memory and it can have one.
 */
static struct page *lose_table(struct kvm *kvm)
{
	struct page *table = NULL;

	if (!pv_vm_ends(kvm) && pv_table_is_replaceable(kvm->arch.gmap))
		table = pv_table_alloc();
	return table ? pv_exchange_table(kvm, table) :
		       pv_table_unlist(kvm->arch.gmap);
}

/* Its count stays: pages may be secure for as long as there is an mm. */
static void enter_lost(struct kvm *kvm, struct pv_config *config)
{
	if (!config->table)
		config->table = lose_table(kvm);
	if (config->table)
		pv_leak(PV_LEAK_TABLE, PAGE_SIZE << CRST_ALLOC_ORDER);
	pv_storage_lose(&config->storage);
	list_del(&config->list);
	kfree(config);
}

#define TO(state)	BIT(PV_CONFIG_##state)

/*
 * The life cycle: what can follow on what, and what is done on entering.
 * docs/host-life-cycle.md has the reasons.
 */
static const struct {
	unsigned long next;
	void (*enter)(struct kvm *kvm, struct pv_config *config);
} states[PV_CONFIG_STATES] = {
	[PV_CONFIG_NEW] = {
		.next = TO(ACTIVE) | TO(GONE) | TO(LOST),
	},
	[PV_CONFIG_ACTIVE] = {
		.next = TO(ASIDE) | TO(GONE) | TO(LOST),
		.enter = enter_active,
	},
	[PV_CONFIG_ASIDE] = {
		.next = TO(LEAVING) | TO(LEFT),
	},
	[PV_CONFIG_LEAVING] = {
		.next = TO(LEFT) | TO(GONE),
		.enter = enter_leaving,
	},
	[PV_CONFIG_LEFT] = {
		.next = TO(GONE) | TO(LOST),
		.enter = enter_left,
	},
	[PV_CONFIG_GONE] = {
		.enter = enter_gone,
	},
	[PV_CONFIG_LOST] = {
		.enter = enter_lost,
	},
};

/**
 * pv_config_set() - A configuration enters a state
 * @kvm: VM it is or was the configuration of.
 * @config: The configuration; freed if it is gone or lost.
 * @state: The state.
 *
 * A VM whose configuration is active no more is an ordinary one, and has no
 * dump either.
 */
void pv_config_set(struct kvm *kvm, struct pv_config *config,
		   enum pv_config_state state)
{
	pv_assert_locked(kvm);
	WARN_ON_ONCE(!(states[config->state].next & BIT(state)));
	if (BIT(state) & (TO(ACTIVE) | TO(ASIDE)))
		WARN_ON_ONCE(pv_config_find(kvm, state));
	if (config->state == PV_CONFIG_ACTIVE) {
		pv_dump_abandon(kvm);
		set_handle(kvm, 0);
	}
	config->state = state;
	if (states[state].enter)
		states[state].enter(kvm, config);
}

/**
 * pv_config_destroy() - Ask the Ultravisor to destroy a configuration
 * @kvm: VM it is or was the configuration of.
 * @config: The configuration. Its state does not change.
 * @rc: Response code.
 * @rrc: Reason code.
 *
 * Nothing is to be asked if pages are all that is left of it.
 *
 * Context: a configuration that is leaving belongs to its thread, others need
 * kvm->lock.
 *
 * Return: 0 if it does not exist any more, -EIO if it perhaps does.
 */
int pv_config_destroy(struct kvm *kvm, struct pv_config *config, u16 *rc,
		      u16 *rrc)
{
	enum pv_outcome outcome;

	*rc = UVC_RC_EXECUTED;
	*rrc = 0;
	if (!config->handle)
		return 0;
	outcome = pv_call_handle(config->handle, UVC_CMD_DESTROY_SEC_CONF,
				 PV_WAIT, rc, rrc);
	if (config->state == PV_CONFIG_ACTIVE)
		KVM_UV_EVENT(kvm, 3, "PROTVIRT DESTROY VM: rc %x rrc %x", *rc,
			     *rrc);
	else
		KVM_UV_EVENT(kvm, 3,
			     "PROTVIRT DESTROY LEFTOVER VM: rc %x rrc %x", *rc,
			     *rrc);
	if (outcome == PV_OK)
		return 0;
	pv_complain("a configuration is not destroyed: rc %x rrc %x\n", *rc,
		    *rrc);
	return -EIO;
}

/**
 * pv_config_destroy_fast() - Have the Ultravisor forget a configuration
 * @kvm: VM.
 * @config: Its active configuration.
 * @rc: Response code.
 * @rrc: Reason code.
 *
 * Its pages stay secure, and belong to nobody. The storage is the host's at
 * once. Refusals are no reason for a complaint: crypto queues may be bound to
 * the configuration, which is destroyed in the ordinary way later.
 *
 * Return: 0, or -EIO if the configuration exists perhaps.
 */
int pv_config_destroy_fast(struct kvm *kvm, struct pv_config *config, u16 *rc,
			   u16 *rrc)
{
	struct uv_cb_destroy_fast uvcb = {
		.header.cmd = UVC_CMD_DESTROY_SEC_CONF_FAST,
		.header.len = sizeof(uvcb),
		.handle = config->handle,
	};
	enum pv_outcome outcome = pv_call(&uvcb, PV_WAIT);

	pv_assert_locked(kvm);
	*rc = uvcb.header.rc;
	*rrc = uvcb.header.rrc;
	KVM_UV_EVENT(kvm, 3, "PROTVIRT DESTROY VM FAST: rc %x rrc %x", *rc,
		     *rrc);
	if (outcome != PV_OK)
		return -EIO;
	config->handle = 0;
	pv_storage_free(&config->storage);
	return 0;
}

/**
 * pv_can_destroy_fast() - Does the Ultravisor have a call for that?
 *
 * Return: Whether it has.
 */
bool pv_can_destroy_fast(void)
{
	return test_bit_inv(BIT_UVC_CMD_DESTROY_SEC_CONF_FAST,
			    uv_info.inst_calls_list);
}
