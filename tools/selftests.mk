# SPDX-License-Identifier: GPL-2.0
#
# Build the selftests with the rules of a kernel source, outside of both trees:
#
#	make -f tools/selftests.mk KSRC=<kernel source> CC=<compiler> [O=<output>]
#
# install	$(O)/s390x/kselftest, to be run with run_kselftest.sh (default)
# vmm		only the small VMM, $(O)/s390x/vmm, for which KSRC is not needed
# check		run those that need no Ultravisor, on this computer
# clean		forget all of it
#
# A copy of the tests is laid into a copy of kselftest's own files, as the
# overlay does it with a whole tree; from there on it is theirs.

src	:= $(abspath $(dir $(lastword $(MAKEFILE_LIST)))/..)
O	?= $(src)/build
out	:= $(abspath $(O))/kselftest
product	:= $(abspath $(O))/s390x/kselftest

ifeq ($(filter clean vmm,$(MAKECMDGOALS)),)
ifeq ($(wildcard $(KSRC)/tools/testing/selftests/lib.mk),)
$(error KSRC=$(KSRC) holds no tools/testing/selftests: set it to a kernel source)
endif
ifeq ($(shell command -v rsync),)
$(error kselftest installs with rsync, which is missing (Debian package rsync))
endif
endif

rules	:= $(KSRC)/tools/testing/selftests
tree	:= $(out)/tree
staged	:= $(tree)/tools/testing/selftests
tests	:= $(shell cd $(src)/tools/testing/selftests && find pv -type f)
HOSTCC	?= cc
host_tests := guest/arcb_test guest/asrcb_test host/vmm_test \
	      host/vmm_core_test

# The kernel's makefiles must not see the variables of our command line.
clean_env = env -u MAKEFLAGS -u MFLAGS -u O -u KSRC $(MAKE) --no-print-directory
kselftest = $(clean_env) -C $(staged) TARGETS=pv ARCH=s390 FORCE_TARGETS=1

pv	:= $(src)/tools/testing/selftests/pv
vmm	:= $(abspath $(O))/s390x/vmm
# Those of its tests are programs of their own.
vmm_src	:= $(pv)/host/vm.c $(filter-out %_test.c,$(wildcard $(pv)/host/vmm*.c))

.PHONY: install vmm check clean

install: $(product)/.installed

$(staged)/.staged: $(rules)/lib.mk $(rules)/Makefile
	@rm -rf $(staged)
	@mkdir -p $(staged) $(tree)/scripts
	@cp $(KSRC)/scripts/subarch.include $(tree)/scripts/
	@cp -r $(rules)/Makefile $(rules)/lib.mk $(rules)/kselftest* \
		$(rules)/run_kselftest.sh $(staged)/
	@touch $@

$(staged)/%: $(src)/tools/testing/selftests/% $(staged)/.staged
	@mkdir -p $(@D)
	@cp $< $@

$(product)/.installed: $(addprefix $(staged)/,$(tests))
	@rm -rf $(product)
	@echo "selftests: building, log in $(out)/build.log"
	@$(kselftest) CC="$(CC)" O=$(out)/cross KSFT_INSTALL_PATH=$(product) \
		USERCFLAGS="$(if $(filter 0,$(WERROR)),,-Werror)" \
		install \
		>$(out)/build.log 2>&1 || \
		{ tail -n 30 $(out)/build.log >&2; exit 1; }
	@touch $@

vmm: $(vmm)

$(vmm): $(vmm_src) $(wildcard $(pv)/host/*.h)
	@mkdir -p $(@D)
	@$(CC) -std=gnu11 -O2 -Wall -Wextra -Wno-unused-parameter \
		-Wno-sign-compare -static -pthread -Wl,--s390-pgste -s -o $@ \
		$(vmm_src)

check: $(addprefix $(staged)/,$(tests))
	@$(clean_env) -s -C $(staged)/pv CC="$(HOSTCC)" OUTPUT=$(out)/host \
		LDFLAGS= $(addprefix $(out)/host/,$(host_tests))
	@for test in $(host_tests); do $(out)/host/$$test || exit 1; done

clean:
	rm -rf $(out) $(product) $(vmm)
