# SPDX-License-Identifier: GPL-2.0-or-later
# The devices of the s390-pv machine; everything else is left out.
CONFIG_S390_CCW_VIRTIO=y
CONFIG_VIRTIO_BLK=y
CONFIG_VIRTIO_NET=y
CONFIG_VIRTIO_RNG=y
CONFIG_VIRTIO_SERIAL=y
