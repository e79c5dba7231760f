# SPDX-License-Identifier: MIT
#
# For people.  The kernel's build system reads Kbuild instead.
# Everything that is made stands under $(O); downloads in $(PV_CACHE), outside
# of the tree.

# Neither make nor the builds of Linux and QEMU can have these in a path.
comma := ,
unfit := $(comma) : ' " $$ \# %
paths := $(CURDIR)$(O)$(or $(PV_CACHE),$(XDG_CACHE_HOME),$(HOME))
ifneq ($(words $(paths))$(strip $(foreach c,$(unfit),$(findstring $c,$(paths)))),1)
$(error no blank and none of $(unfit) may stand in a path: the tree's, O= or PV_CACHE=)
endif

# Whatever way they came, relative to the top and the same in every part.
override O := $(abspath $(or $(O),build))
export O
ifneq ($(PV_CACHE),)
override PV_CACHE := $(abspath $(PV_CACHE))
export PV_CACHE
endif

# Series of the Debian kernel that modules are built for and machines boot.
SERIES ?= 6.12
# A $(shell) of make before 4.4 does not get what is exported.
FETCH = PV_CACHE='$(PV_CACHE)' machine/fetch
KDIR ?= $(shell $(FETCH) headers $(SERIES))
KSRC ?= $(shell $(FETCH) kernel-source $(SERIES))

CROSS_CC := $(CURDIR)/machine/cross-cc
PKI := $(O)/test-pki
PART = $(MAKE) -s --no-print-directory O=$(O)

.DEFAULT_GOAL := help
.PHONY: help demo check bench lint fuzz shell products host-packages \
	ultravisor qemu kernel kernel-small kernel-debug kernel-pv \
	kernel-pv-debug modules boot \
	userspace userspace-s390x machine test-pki guest-header vmm selftests \
	clean

help:
	@sed -n 's/^# help: //p' Makefile

# help: make demo       make an SE image, boot it, attest it, run it under KVM,
# help:                 crash it, dump it, and read the dump
demo: products kernel-pv
	@machine/demo

# help: make check      all tests; the last line is "N passed, N failed"
# help:                 (SUITES="NAME..." for some, see tests/run-suites --list)
check:
	@machine/host-packages demo check lint
	@$(MAKE) -s --no-print-directory products selftests kernel-small \
		kernel-pv kernel-pv-debug
	@tests/run-suites $(SUITES)

# help: make bench      instructions per ioctl, time per attestation, image, boot
bench:
	@machine/host-packages demo check
	@$(MAKE) -s --no-print-directory products selftests kernel-small kernel-pv
	@machine/bench

# help: make shell      a shell in a protected guest
shell: products
	@machine/run --role guest -- sh

# help: make lint       static checks only
lint:
	@machine/host-packages lint
	@tests/lint

# help: make fuzz       every fuzzer, RUNS=N inputs each (default 1000000)
fuzz: RUNS ?= 1000000
fuzz:
	@machine/host-packages demo check
	+@$(PART) -C ultravisor fuzz-check RUNS=$(RUNS)
	+@$(PART) -C userspace fuzz-check RUNS=$(RUNS)

# help: make products   all that the demo needs, without running it
products: host-packages
	@$(MAKE) -s --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j2) \
		qemu modules userspace userspace-s390x machine guest-header vmm

host-packages:
	@machine/host-packages demo

ultravisor:
	+@$(PART) -C ultravisor

# help: make qemu       QEMU with the Ultravisor (QEMU_SRC=DIR or TARBALL)
qemu: ultravisor
	@machine/build-qemu

kernel:
	@machine/fetch kernel $(SERIES) >/dev/null

# help: make kernel-small  a kernel that boots in half a second, for machine/run
# help:                 (kernel-debug: with KASAN, lockdep; KSRC=DIR or TARBALL)
kernel-small kernel-debug: kernel-%:
	@machine/host-packages demo check
	@machine/build-kernel $(if $(filter debug,$*),--debug)
	+@$(PART) -f drivers/modules.mk KDIR=$(O)/kernel/$*/kdir \
		product=$(O)/kernel/$*/uvdevice.ko

# help: make kernel-pv  the same with our host's side in it (kernel-pv-debug)
kernel-pv kernel-pv-debug: kernel-%: | host-packages
	@machine/build-kernel --pv $(if $(findstring debug,$*),--debug)

# help: make modules    uvdevice.ko (KDIR=headers of another s390x kernel)
modules:
	+@$(PART) -f drivers/modules.mk KDIR=$(KDIR)

# help: make boot       the loaders of SE images, which uvctl brings along
boot:
	+@$(PART) -C boot

# help: make userspace  build/uvctl for this computer
userspace: boot
	+@$(PART) -C userspace BOOT_STAGES=$(O)/boot

userspace-s390x: boot
	+@$(PART) -C userspace CROSS=1 CC=$(CROSS_CC) BOOT_STAGES=$(O)/boot

machine:
	@machine/fetch busybox >/dev/null
	+@$(PART) -C machine

test-pki: userspace
	+@$(PART) -C machine/test-pki

# What a guest is said to be started from unless somebody names another header.
guest-header: test-pki kernel
	@[ $(PKI)/host-header.bin -nt $(PKI)/host.crt ] || \
		$(PKI)/make-header --force -k $(PKI)/host.crt \
			--kernel "$$(machine/fetch kernel $(SERIES))"/boot/vmlinuz-* \
			-o $(PKI)/host-header.bin

# The small VMM of the selftests, for guests inside of a host.
vmm:
	+@$(PART) -f tools/selftests.mk vmm CC=$(CROSS_CC)

# help: make selftests  kselftests, as run_kselftest.sh wants them
selftests: test-pki
	+@$(PART) -f tools/selftests.mk KSRC=$(KSRC) CC=$(CROSS_CC)

# help: make clean      remove what was built, keep the downloads
clean:
	rm -rf $(O)
