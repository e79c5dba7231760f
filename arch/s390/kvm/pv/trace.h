/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints of the Ultravisor: /sys/kernel/tracing/events/uv
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM uv

#if !defined(ARCH_S390_KVM_PV_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define ARCH_S390_KVM_PV_TRACE_H

#include <linux/tracepoint.h>
#include <asm/uv.h>

/*
 * One call, however often the instruction was repeated. The codes are those of
 * the last time; they mean nothing if the Ultravisor was busy then (cc 2, 3).
 */
TRACE_EVENT(uv_call,
	    TP_PROTO(const struct uv_cb_header *header, int cc,
		     unsigned int tries, u64 duration),

	    TP_ARGS(header, cc, tries, duration),

	    TP_STRUCT__entry(__field(u16, cmd)
			     __field(u16, rc)
			     __field(u16, rrc)
			     __field(u8, cc)
			     __field(unsigned int, tries)
			     __field(u64, duration)),

	    TP_fast_assign(__entry->cmd = header->cmd;
			   __entry->rc = header->rc;
			   __entry->rrc = header->rrc;
			   __entry->cc = cc;
			   __entry->tries = tries;
			   __entry->duration = duration;),

	    TP_printk("cmd 0x%04x cc %u rc 0x%04x rrc 0x%04x tries %u duration %llu ns",
		      __entry->cmd, __entry->cc, __entry->rc, __entry->rrc,
		      __entry->tries, __entry->duration)
);

#endif /* ARCH_S390_KVM_PV_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace

#include <trace/define_trace.h>
