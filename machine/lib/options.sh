# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The options of machine/run: their text, their values, and which of them say
# something together.

usage() {
	cat <<'TEXT'
Usage: machine/run [OPTION]... -- COMMAND [ARGUMENT]...
       machine/run --role boot --image FILE [OPTION]...
       machine/run --save-ramdisk FILE [OPTION]... -- COMMAND [ARGUMENT]...

Boots an emulated s390x machine, runs COMMAND in it as root, shows its output
and exits with its exit status. stdin is passed on unless it is a terminal;
"-- sh" on a terminal is an interactive shell (Ctrl-] ends the machine).

What is booted:
  --role ROLE         off: an ordinary machine (default)
                      guest: a protected guest from its first instruction
                      boot: an ordinary machine that boots an SE image, whose
                      loader makes it a protected guest
                      host: an ordinary machine whose kernel is a KVM host
                      of plain and protected guests
  --kernel KERNEL     debian-6.12 (default), debian-6.1, small, debug, pv,
                      pv-debug (machine/build-kernel), or an image; modules are
                      looked for in lib/modules beside the image or beside
                      its directory
With --role boot only:
  --image FILE        this SE image; its ramdisk was made by --save-ramdisk
                      and knows the command. Without --image one is made
  --host-key-document FILE
                      host that the image is made for (may be repeated;
                      default: build/test-pki/host.crt)
  --unprotected       boot kernel and ramdisk, not an image: for comparison
With --role host only:
  --no-prot-virt      leave prot_virt=1 out of the kernel parameters: the
                      kernel then runs plain guests only
  --with-qemu         bring Debian's QEMU for s390x, and qemu-guest, which
                      starts a guest with it (qemu-guest --help)
With --role guest, boot or host:
  --profile NAME      Ultravisor of a z15, z16 (default) or z17
  --host-key FILE     private host key of the machine
  --fault POLICY      faults of the Ultravisor (ultravisor/README.md)
  --fault-port        lets COMMAND change them: the virtio-serial port
                      s390-pv.monitor is QEMU's monitor (QMP)
  --seed N            seed of the Ultravisor's randomness
  --host-view FILE    storage at the end, as the untrusted side sees it
With --role guest only:
  --header FILE       SE header that the guest is said to be started with
With any role:
  --property NAME=VALUE  one more property of the machine (uv-...)
  --memory MB         (default 512, of a host 3072)
  --smp N             CPUs (default 1)
  --append STRING     more kernel parameters
  --icount            count instructions: exact and repeatable times
  --qemu-arg ARG      one more argument for QEMU

What is in it:
  --module M          a file: put into updates/, so that it replaces a module
                      of the kernel, and loaded; a name: a module of the
                      kernel, loaded
  --in-tree           leave out build/s390x/uvdevice.ko (for small and debug
                      build/kernel/*/uvdevice.ko), which otherwise replaces
                      the kernel's own if it was built for it
  an SE image that COMMAND names, with --role host: under the same name
  --file SRC[:DST]    a file (default DST: /root/NAME; /root is where COMMAND
                      is run); no colon in SRC
  --dir SRC:DST       a directory with all that is in it
  --collect SRC:DST   afterwards, fetch guest file SRC as DST; with --image
                      name the same SRC as with --save-ramdisk, where
                      DST is left out or unused

How it is run:
  --timeout SECONDS   (default 120; none for an interactive shell)
  --tty               give COMMAND a terminal
  --kernel-log FILE   keep the kernel's log there
  --verbose           show the kernel's log
  --debug             show the kernel's log and every Ultravisor call, offer
                      a gdb stub, keep the work directory
  --help              this text

Instead of booting, for whoever makes an SE image:
  --save-ramdisk FILE the ramdisk that would be booted
  --save-cmdline FILE the kernel parameters that would be given
  --print-kernel      the kernel image that would be booted, on stdout

Exit status: that of COMMAND (128 + N for signal N, 127 not found, 126 not
executable); 124 time limit reached; 125 the machine could not do it, the
image did not start, or the kernel warned or panicked: then the end of the
console's text is shown.
TEXT
}

usage_error() {
	printf 'machine/run: %s (see machine/run --help)\n' "$*" >&2
	exit "$STATUS_MACHINE"
}

# What an option is about. Where that is missing, the option is a mistake.
declare -rA ABOUT=(
	[--kernel]=inside [--append]=inside [--module]=inside [--file]=inside
	[--in-tree]=inside [--dir]=inside
	[--role]=machine [--property]=machine [--memory]=machine
	[--smp]=machine [--icount]=machine [--qemu-arg]=machine
	[--timeout]=machine [--kernel-log]=machine [--verbose]=machine
	[--debug]=machine
	[--profile]=ultravisor [--host-key]=ultravisor [--fault]=ultravisor
	[--fault-port]=ultravisor
	[--seed]=ultravisor [--host-view]=ultravisor
	[--header]=header [--no-prot-virt]=host
	[--with-qemu]=host
	[--image]=boot [--unprotected]=boot [--host-key-document]=making
)

ROLE=off KERNEL=debian-6.12 PROFILE=z16 HEADER="" HOST_KEY="" FAULT="" SEED=""
MEMORY="" SMP=1 APPEND="" ICOUNT="" IN_TREE="" TIMEOUT="" TTY="" VERBOSE=""
DEBUG="" KERNEL_LOG="" PROPERTIES="" HOST_VIEW="" SE_IMAGE="" UNPROTECTED=""
SAVE_RAMDISK="" SAVE_CMDLINE="" PRINT_KERNEL="" NO_PROT_VIRT=""
WITH_QEMU="" FAULT_PORT=""
QEMU_ARGS=() MODULES=() FILES=() DIRS=() COLLECT=() COMMAND=() DOCUMENTS=()
GIVEN=()

# Commas are doubled in the values of QEMU's options.
quote() { printf '%s' "${1//,/,,}"; }

need_number() {
	[[ $2 =~ ^[1-9][0-9]*$ ]] ||
		usage_error "$1 wants a positive number, not '$2'"
}

need_file() {
	[[ -f $2 && -r $2 ]] || usage_error "$1: no readable file '$2'"
}

# A place where a file can be made or replaced.
need_place() {
	local dir=.

	[[ $2 != */* ]] || dir=${2%/*}/
	[[ -n $2 && ! -d $2 && $2 != */ ]] ||
		usage_error "$1 wants the name of a file, not '$2'"
	[[ -d $dir && -w $dir ]] ||
		usage_error "$1: '$2' cannot be made: no directory to write to"
	[[ ! -e $2 || -f $2 ]] ||
		usage_error "$1: '$2' is there and is no regular file"
}

# An option with a value: sets what belongs to it.
value_option() {
	case $1 in
	--role)
		[[ $2 =~ ^(off|guest|boot|host)$ ]] || usage_error \
			"no role '$2': it is off, guest, boot or host"
		ROLE=$2 ;;
	--kernel) KERNEL=$2 ;;
	--profile)
		[[ $2 =~ ^z1[567]$ ]] ||
			usage_error "no profile '$2': it is z15, z16 or z17"
		PROFILE=$2 ;;
	--header) need_file "$1" "$2"; HEADER=$2 ;;
	--image) need_file "$1" "$2"; SE_IMAGE=$2 ;;
	--host-key) need_file "$1" "$2"; HOST_KEY=$2 ;;
	--host-key-document) need_file "$1" "$2"; DOCUMENTS+=("$2") ;;
	--host-view) need_place "$1" "$2"; HOST_VIEW=$2 ;;
	--save-ramdisk) need_place "$1" "$2"; SAVE_RAMDISK=$2 ;;
	--save-cmdline) need_place "$1" "$2"; SAVE_CMDLINE=$2 ;;
	--fault) FAULT=$2 ;;
	--seed)
		[[ $2 =~ ^(0x[0-9a-fA-F]+|[0-9]+)$ ]] ||
			usage_error "--seed wants a number, not '$2'"
		SEED=$2 ;;
	--memory) need_number "$1" "$2"; MEMORY=$2 ;;
	--smp) need_number "$1" "$2"; SMP=$2 ;;
	--append) APPEND+=" $2" ;;
	--property)
		[[ $2 == *=* ]] || usage_error "--property wants NAME=VALUE"
		PROPERTIES+=",$(quote "$2")" ;;
	--qemu-arg) QEMU_ARGS+=("$2") ;;
	--module) MODULES+=("$2") ;;
	--file) need_file "$1" "${2%%:*}"; FILES+=("$2") ;;
	--dir)
		[[ $2 == *:/* && -d ${2%%:*} ]] ||
			usage_error "--dir wants DIRECTORY:/DST, not '$2'"
		DIRS+=("$2") ;;
	--collect) COLLECT+=("$2") ;;
	--timeout) need_number "$1" "$2"; TIMEOUT=$2 ;;
	--kernel-log) KERNEL_LOG=$2 ;;
	*) usage_error "unknown option '$1'" ;;
	esac
}

parse_options() {
	while (($#)); do
		[[ $1 == -- ]] || GIVEN+=("${1%%=*}")
		case $1 in
		--) shift; COMMAND=("$@"); break ;;
		-h | --help) usage; exit 0 ;;
		--in-tree) IN_TREE=1 ;;
		--icount) ICOUNT=1 ;;
		--fault-port) FAULT_PORT=1 ;;
		--tty) TTY=1 ;;
		--verbose) VERBOSE=1 ;;
		--debug) DEBUG=1 VERBOSE=1 ;;
		--unprotected) UNPROTECTED=1 ;;
		--no-prot-virt) NO_PROT_VIRT=1 ;;
		--with-qemu) WITH_QEMU=1 ;;
		--print-kernel) PRINT_KERNEL=1 ;;
		--*=*) value_option "${1%%=*}" "${1#*=}" ;;
		--*)
			(($# > 1)) || usage_error "$1 wants a value"
			value_option "$1" "$2"
			shift ;;
		*) usage_error "'$1' stands where an option or -- belongs" ;;
		esac
		shift
	done
}

# refuse KINDS WHEN: options about these say nothing then.
refuse() {
	local option

	for option in "${GIVEN[@]}"; do
		[[ " $1 " != *" ${ABOUT[$option]:-none} "* ]] ||
			usage_error "$option says nothing $2"
	done
}

is_saving() { [[ -n $SAVE_RAMDISK$SAVE_CMDLINE$PRINT_KERNEL ]]; }

check_saving() {
	refuse "machine ultravisor header boot making host" \
		"where nothing is booted"
	if [[ -n $SAVE_RAMDISK ]]; then
		((${#COMMAND[@]})) ||
			usage_error "no command: -- COMMAND is missing"
	else
		((${#COMMAND[@]} == 0)) || usage_error "a command says" \
			"nothing with --save-cmdline and --print-kernel alone"
	fi
}

check_booting() {
	local entry

	for entry in "${COLLECT[@]}"; do
		[[ $entry == ?*:?* ]] ||
			usage_error "--collect wants SRC:DST, not '$entry'"
	done
	[[ $ROLE == guest ]] || refuse header "without --role guest"
	[[ $ROLE != off ]] ||
		refuse ultravisor "without --role guest, boot or host"
	[[ $ROLE == host ]] || refuse host "without --role host"
	[[ $ROLE == boot ]] || refuse "boot making" "without --role boot"
	[[ -z $UNPROTECTED ]] || refuse making "with --unprotected"
	if [[ -z $SE_IMAGE ]]; then
		((${#COMMAND[@]})) ||
			usage_error "no command: -- COMMAND is missing"
		return
	fi
	refuse "inside making" "with --image: it was made before"
	[[ -z $UNPROTECTED ]] ||
		usage_error "--unprotected and --image exclude each other"
	((${#COMMAND[@]} == 0)) || usage_error \
		"a command says nothing with --image: its ramdisk knows one"
	check_image "$SE_IMAGE"
}

# A host donates storage to the Ultravisor, which takes the first donation only
# from above 2 GiB. What a machine never touches costs this computer nothing.
choose_memory() {
	local memory=512

	[[ $ROLE != host ]] || memory=3072
	MEMORY=${MEMORY:-$memory}
}

# An interactive shell if that is what was asked for; no terminal otherwise,
# so that Ctrl-C ends the machine.
decide_terminal() {
	if [[ ${COMMAND[*]} =~ ^(/bin/)?(sh|ash)$ && -t 0 && -t 1 ]]; then
		TTY=1
	fi
	if [[ -n $TTY ]]; then
		[[ -t 0 ]] || usage_error "--tty: stdin is not a terminal"
		TIMEOUT=${TIMEOUT:-1000000}
	fi
	TIMEOUT=${TIMEOUT:-120}
}
