/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Headers that live elsewhere in other QEMU versions.
 *
 * The only place that knows about versions: 10.0 has the first alternative of
 * each pair, later ones the second.
 */
#ifndef HW_S390X_UV_COMPAT_H
#define HW_S390X_UV_COMPAT_H

#if __has_include("exec/address-spaces.h")
#include "exec/address-spaces.h"
#include "exec/memory.h"
typedef void UVClassData;
#else
#include "system/address-spaces.h"
#include "system/memory.h"
typedef const void UVClassData;
#endif

#if __has_include("exec/exec-all.h")
#include "exec/exec-all.h"
#else
#include "accel/tcg/cpu-ldst.h"
#include "accel/tcg/probe.h"
#endif

#if __has_include("exec/cputlb.h")
#include "exec/cputlb.h"
#endif

#if __has_include("exec/tb-flush.h")
#include "exec/tb-flush.h"
#endif

#if __has_include("exec/icount.h")
#include "exec/icount.h"
#else
#include "system/cpu-timers.h"
#endif

#if __has_include("hw/boards.h")
#include "hw/boards.h"
#else
#include "hw/core/boards.h"
#endif

#endif /* HW_S390X_UV_COMPAT_H */
