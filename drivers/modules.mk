# SPDX-License-Identifier: GPL-2.0
#
# Build the kernel modules outside of the source tree:
#
#	make -f drivers/modules.mk KDIR=<kernel build directory> [O=<output>]
#
# modules	$(O)/s390x/uvdevice.ko, or product=FILE (default)
# check		the same with all warnings (W=1) and sparse; prints TAP
# clean		forget what was built for this kernel
#
# KDIR is what the kernel's own rules want to be called in: a configured and
# built tree, or a distribution's headers package.  Warnings are errors unless
# WERROR=0.

src	:= $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
O	?= $(src)/build

ifeq ($(origin KDIR),undefined)
$(error KDIR is not set: name the build directory of an s390x kernel)
endif
ifeq ($(wildcard $(KDIR)/Makefile),)
$(error KDIR=$(KDIR) holds no Makefile: it is no kernel build directory)
endif

release	:= $(shell sed -n 's/^.define UTS_RELEASE "\(.*\)"/\1/p' \
		$(KDIR)/include/generated/utsrelease.h)
out	:= $(abspath $(O))/modules/$(release)
product	:= $(abspath $(O))/s390x/uvdevice.ko

ifneq ($(shell uname -m),s390x)
cross	:= CROSS_COMPILE=$(or $(CROSS_COMPILE),s390x-linux-gnu-)
endif
werror	:= $(if $(filter 0,$(WERROR)),,KCFLAGS=-Werror)
# A variable of our command line must not reach the kernel's makefiles.
kmake	= env -u MAKEFLAGS -u MFLAGS -u O $(MAKE) --no-print-directory \
		-C $(KDIR) M=$(out) ARCH=s390 $(cross) $(werror)

# The kernel builds where the sources are, so it gets a folder of links.
sources	:= $(patsubst $(src)/%,%,$(wildcard $(addprefix $(src)/, \
		Kbuild $(addprefix drivers/s390/char/uvdevice/, \
		Makefile *.c *.h))))
links	:= $(addprefix $(out)/,$(sources))

.PHONY: modules check clean FORCE

modules: $(product)

$(links): $(out)/%: | $(src)/%
	@mkdir -p $(@D)
	@ln -sf $(src)/$* $@

# The kernel's rules know best what is out of date.
$(out)/drivers/s390/char/uvdevice/uvdevice.ko: $(links) FORCE
	@$(kmake) modules

$(product): $(out)/drivers/s390/char/uvdevice/uvdevice.ko
	@mkdir -p $(@D)
	@cmp -s $< $@ || { cp $< $@.tmp && mv $@.tmp $@; }

checked	:= modules build without a warning and sparse finds nothing

check: $(links)
	@command -v sparse >/dev/null || { \
		echo "sparse is missing (Debian package sparse)" >&2; exit 1; }
	@echo "TAP version 13"; echo "1..1"
	@if $(kmake) W=1 C=2 CF="-D__CHECK_ENDIAN__ -Wsparse-error" modules \
		>$(out)/check.log 2>&1; then \
		echo "ok 1 - $(checked)"; \
	else \
		sed 's/^/# /' $(out)/check.log; \
		echo "not ok 1 - $(checked)"; \
		exit 1; \
	fi

clean:
	rm -rf $(out)
