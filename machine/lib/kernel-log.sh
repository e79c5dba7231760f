# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What in a kernel's log makes a run a failure. The verdict of the command
# comes from PID 1; this can only turn it into a failure. Most of these end
# the kernel on the spot already (panic_on_warn), lockdep's reports do not.

readonly KERNEL_TROUBLE='WARNING: |BUG: |Oops: |Kernel panic |KASAN: |KCSAN: '\
'|UBSAN: |Call Trace:|possible circular locking'\
'|possible recursive locking|suspicious RCU usage|kernel BUG at '\
'|kmemleak: [0-9]+ new suspected|INFO: task .* blocked for more than'\
'|self-detected stall|Unable to handle kernel|detected stalls on'\
'|trying to register non-static key'

# Print the first line that tells of trouble; false if there is none.
find_kernel_warning() {
	grep -E -a -m 1 "$KERNEL_TROUBLE" "$1"
}

# What came after the start of PID 1, or the end of what came before it.
show_kernel_log() {
	[[ -s $1 ]] || {
		printf 'machine/run: the kernel said nothing\n' >&2
		return 0
	}
	printf 'machine/run: the end of the kernel log:\n' >&2
	tr -d '\r' <"$1" | awk '
		/Run \/init as init process/ { started = NR }
		{ line[NR] = $0 }
		END {
			first = NR - (started ? 50 : 20)
			if (first < started)
				first = started
			for (i = first; i <= NR; i++)
				if (i > 0)
					print "kernel: " line[i]
		}' >&2
}
