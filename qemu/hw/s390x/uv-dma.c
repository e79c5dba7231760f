// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices of a protected guest see only the pages it shared.
 *
 * QEMU's devices are the untrusted hypervisor's.  A virtio-ccw device gets an
 * address space of its own in which an IOMMU region decides page by page, at
 * each access, whether the page is open; the channel subsystem asks before it
 * touches storage.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "block/aio.h"
#include "qemu/main-loop.h"
#include "hw/s390x/uv-compat.h"
#include "hw/s390x/css.h"
#include "hw/s390x/ultravisor.h"
#include "hw/virtio/virtio-bus.h"
#include "system/replay.h"
#include "virtio-ccw.h"

#define TYPE_UV_DMA_REGION "ultravisor-dma-region"
OBJECT_DECLARE_SIMPLE_TYPE(UVDMARegion, UV_DMA_REGION)

/**
 * struct UVDMARegion - what one virtio device sees of storage
 * @region: translates one to one, or to nothing
 * @as: address space with @region as its root
 * @proxy: the device, NULL when it is gone
 * @next: in the list of all
 */
struct UVDMARegion {
	IOMMUMemoryRegion region;
	AddressSpace as;
	VirtioCcwDevice *proxy;
	UVDMARegion *next;
};

static UVDMARegion *regions;

bool s390_uv_channel_may_access(struct SubchDev *sch, hwaddr addr, hwaddr len)
{
	g_autofree char *name = NULL;

	if (s390_uv_page_open(addr, len))
		return true;
	name = g_strdup_printf("channel program of %x.%x.%04x", sch->cssid,
			       sch->ssid, sch->devno);
	s390_uv_report_denied(name, addr);
	return false;
}

/*
 * Interruptions cannot be made inside of an access: later, in the main loop.
 * The device may have been reset or unplugged in between.
 */
static void ask_for_reset(void *opaque)
{
	VirtIODevice *vdev = opaque;

	if (DEVICE(vdev)->realized && vdev->broken &&
	    !(vdev->status & VIRTIO_CONFIG_S_NEEDS_RESET)) {
		vdev->status |= VIRTIO_CONFIG_S_NEEDS_RESET;
		virtio_notify_config(vdev);
	}
	object_unref(OBJECT(vdev));
}

/*
 * The core would satisfy a refused access with zeroes and drop stores.  A
 * broken device takes and returns no further request, so that neither can be
 * taken for success.
 */
static void break_device(VirtioCcwDevice *proxy, hwaddr addr)
{
	VirtIODevice *vdev = virtio_bus_get_device(&proxy->bus);
	SubchDev *sch = CCW_DEVICE(proxy)->sch;
	g_autofree char *name = NULL;

	if (!vdev || !sch)
		return;
	name = g_strdup_printf("%s %x.%x.%04x", vdev->name, sch->cssid,
			       sch->ssid, sch->devno);
	s390_uv_report_denied(name, addr);
	if (qatomic_xchg(&vdev->broken, true))
		return;
	object_ref(OBJECT(vdev));
	replay_bh_schedule_oneshot_event(qemu_get_aio_context(), ask_for_reset,
					 vdev);
}

static IOMMUTLBEntry uv_dma_translate(IOMMUMemoryRegion *region, hwaddr addr,
				      IOMMUAccessFlags flag, int iommu_idx)
{
	UVDMARegion *dma = UV_DMA_REGION(region);
	hwaddr page = addr & TARGET_PAGE_MASK;
	IOMMUTLBEntry entry = {
		.target_as = &address_space_memory,
		.iova = page,
		.translated_addr = page,
		.addr_mask = ~TARGET_PAGE_MASK,
		.perm = IOMMU_RW,
	};

	if (!s390_uv_page_open(page, TARGET_PAGE_SIZE)) {
		entry.perm = IOMMU_NONE;
		if (dma->proxy)
			break_device(dma->proxy, addr);
	}
	return entry;
}

/* All requests have ended when a device is unrealized. */
static void forget_device(DeviceListener *listener, DeviceState *dev)
{
	UVDMARegion *dma;

	for (dma = regions; dma; dma = dma->next) {
		if (dma->proxy && dev == DEVICE(dma->proxy))
			dma->proxy = NULL;
	}
}

static DeviceListener unplug_listener = {
	.unrealize = forget_device,
};

/*
 * Regions live as long as the machine: the core keeps views of them for a while
 * after their device is unplugged.
 */
AddressSpace *s390_uv_virtio_dma_as(DeviceState *dev)
{
	UVDMARegion *dma;

	if (!s390_uv_active())
		return &address_space_memory;

	dma = g_new0(UVDMARegion, 1);
	memory_region_init_iommu(&dma->region, sizeof(*dma), TYPE_UV_DMA_REGION,
				 NULL, "ultravisor-dma", UINT64_MAX);
	dma->proxy = VIRTIO_CCW_DEVICE(dev);
	if (!regions)
		device_listener_register(&unplug_listener);
	dma->next = regions;
	regions = dma;
	address_space_init(&dma->as, MEMORY_REGION(&dma->region),
			   "ultravisor-dma");
	return &dma->as;
}

bool s390_uv_check_virtio(DeviceState *dev, Error **errp)
{
	VirtioCcwDevice *proxy = VIRTIO_CCW_DEVICE(dev);
	VirtIODevice *vdev = virtio_bus_get_device(&proxy->bus);

	if (!s390_uv_active() || s390_uv_host())
		return true;
	if (!virtio_host_has_feature(vdev, VIRTIO_F_IOMMU_PLATFORM)) {
		error_setg(errp, "%s: a protected guest needs iommu_platform=on",
			   vdev->name);
		return false;
	}
	if (proxy->max_rev < 1) {
		error_setg(errp, "%s: a protected guest needs max_revision >= 1",
			   vdev->name);
		return false;
	}
	/* A driver that knows nothing of IOMMU_PLATFORM is sent away. */
	proxy->force_revision_1 = true;
	return true;
}

static void uv_dma_region_class_init(ObjectClass *oc, UVClassData *data)
{
	IOMMU_MEMORY_REGION_CLASS(oc)->translate = uv_dma_translate;
}

static const TypeInfo uv_dma_region_info = {
	.name = TYPE_UV_DMA_REGION,
	.parent = TYPE_IOMMU_MEMORY_REGION,
	.instance_size = sizeof(UVDMARegion),
	.class_init = uv_dma_region_class_init,
};

static void uv_dma_register_types(void)
{
	type_register_static(&uv_dma_region_info);
}
type_init(uv_dma_register_types)
