#!/bin/bash
# SPDX-License-Identifier: MIT
#
# "uvctl image create": what every option does to the header, every refusal,
# and that nothing is left behind by one.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=userspace/tests/tap.sh
. "$here/tap.sh"
# shellcheck source=userspace/tests/image.sh
. "$here/image.sh"
uvctl=${UVCTL:?is set by make check}
plain=${UVCTL_PLAIN:?is set by make check}
peak_memory=${PEAK_MEMORY:?is set by make check}
pki=${PV_TEST_PKI:?is set by make check}

prepare()
{
	cd "$dir" || exit 1
	umask 022
	make_kernel kernel 100000
	head -c 5000 /dev/urandom >ramdisk
	printf 'root=/dev/vda\n' >parmfile
	make_host one
	make_host two
	head -c 32 /dev/urandom >k32
	head -c 32 /dev/urandom >c32
	head -c 64 /dev/urandom >k64
	head -c 31 k32 >k31
	cat k32 c32 >k33.64
	head -c 65 /dev/urandom >k65
	cat k32 k32 >twins
	: >empty
}

base=(image create -i kernel --no-verify)

# create [OPTIONS]: an image called img, with one host
create()
{
	rm -f img
	run "$uvctl" "${base[@]}" -k one.crt -o img "$@"
}

# refused TEXT [OPTIONS]: an error with this text, and no file
refused()
{
	local text=$1

	shift
	create "$@"
	said 1 "$text" && absent img out
}

# member FILTER: of the decrypted header of img, the key of which is in hk
member()
{
	"$uvctl" image info -q --json --hdr-key hk --show-secrets img |
		jq -r ".data.$1"
}

# has FILTER VALUE
has()
{
	local value

	value=$(member "$1")
	[ "$value" = "$2" ] && return 0
	echo "# $1 is $value instead of $2"
	return 1
}

# shows NAME FILTER VALUE [OPTIONS]: create with the options, then look
shows()
{
	local name=$1 filter=$2 value=$3

	shift 3
	rm -f hk
	create --hdr-key-out hk "$@"
	ok "$name" has "$filter" "$value"
}

test_flags()
{
	local z=00000000

	shows "pcf: default" pcf_hex ${z}000000e0
	shows "scf: default" scf_hex $z$z
	shows "enable-dump with a CCK" pcf_hex ${z}200000e0 --enable-dump \
		--cck c32
	shows "enable-dump with a CCK that is written" pcf_hex ${z}200000e0 \
		--enable-dump --cck-out out
	rm -f out
	shows "enable-dump with CCK update" pcf_hex ${z}200000e0 --enable-dump \
		--enable-cck-update
	shows "disable-dump" pcf_hex ${z}000000e0 --disable-dump
	shows "enable-cck-extension-secret" scf_hex 40000000$z \
		--enable-cck-extension-secret --cck c32
	shows "disable-cck-extension-secret" scf_hex $z$z \
		--disable-cck-extension-secret
	shows "enable-cck-update" scf_hex 20000000$z --enable-cck-update
	shows "disable-cck-update" scf_hex $z$z --disable-cck-update
	shows "enable-pckmo" pcf_hex ${z}000000e0 --enable-pckmo
	shows "disable-pckmo" pcf_hex $z$z --disable-pckmo
	shows "enable-pckmo-hmac" pcf_hex ${z}000000f0 --enable-pckmo-hmac
	shows "disable-pckmo-hmac" pcf_hex ${z}000000e0 --disable-pckmo-hmac
	shows "enable-backup-keys" pcf_hex ${z}000000e2 --enable-backup-keys
	shows "disable-backup-keys" pcf_hex ${z}000000e0 --disable-backup-keys
	shows "disable-image-encryption" pcf_hex ${z}100000e0 \
		--disable-image-encryption
	ok "an image that is not encrypted: a warning" said 0 'not encrypted'
	ok "... and the plain kernel is in it" grep -qF S390EP img
	shows "enable-image-encryption" pcf_hex ${z}000000e0 \
		--enable-image-encryption
	ok "... and no plain kernel" absent_text S390EP
	shows "several flags at once" pcf_hex ${z}20000012 --disable-pckmo \
		--enable-pckmo-hmac --enable-backup-keys --enable-dump --cck c32
	shows "x-pcf" pcf_hex 1234567890abcdef --x-pcf 0x1234567890ABCDEF
	shows "x-pcf that says plain: plain" pcf_hex ${z}10000000 --x-pcf 10000000
	ok "... with a warning" said 0 'not encrypted'
	shows "x-scf" scf_hex 0000000000000abc --x-scf abc
}

absent_text()
{
	! grep -qF "$1" img
}

test_flag_refusals()
{
	local name

	for name in dump cck-extension-secret cck-update pckmo pckmo-hmac \
		backup-keys image-encryption; do
		ok "both of $name" refused \
			"--enable-$name and --disable-$name exclude" \
			"--enable-$name" "--disable-$name"
		ok "x-pcf and disable-$name" refused \
			"--x-pcf and --disable-$name exclude" \
			--x-pcf 0 "--disable-$name"
	done
	ok "x-scf and enable-pckmo" refused '--x-scf and --enable-pckmo' \
		--x-scf 0 --enable-pckmo
	ok "enable-dump alone" refused '--enable-dump needs a CCK' --enable-dump
	ok "enable-cck-extension-secret alone" refused \
		'--enable-cck-extension-secret needs a CCK' \
		--enable-cck-extension-secret
	ok "enable-cck-extension-secret with CCK update" refused \
		'exclude each other' --enable-cck-extension-secret \
		--enable-cck-update --cck c32
	ok "image-key and disable-image-encryption" refused \
		'--image-key and --disable-image-encryption exclude' \
		--image-key k64 --disable-image-encryption
	ok "image-key-out and disable-image-encryption" refused \
		'--image-key-out and --disable-image-encryption exclude' \
		--image-key-out out --disable-image-encryption
	for name in '' 0x 0x12345678123456789 12g -1 ' 1'; do
		ok "x-pcf '$name'" refused '--x-pcf takes 1 to 16 hexadecimal' \
			--x-pcf "$name"
	done
	ok "x-scf xyz" refused '--x-scf takes' --x-scf xyz
	ok "x-psw xyz" refused '--x-psw takes' --x-psw xyz
	ok "unknown layout" refused 'Unknown layout other' --x-layout other
}

# drawn_keys_agree: the files of keys against the header
drawn_keys_agree()
{
	has cck_hex "$(hex cck)" && has xts_hex "$(hex ik)" &&
		[ "$(mode_of hk)$(mode_of cck)$(mode_of ik)" = 600600600 ] &&
		[ "$(wc -c <hk)-$(wc -c <cck)-$(wc -c <ik)" = 32-32-64 ]
}

test_keys()
{
	create --cck c32 --hdr-key k32 --image-key k64
	cp k32 hk
	ok "hdr-key: opens the header" has verified true
	ok "cck" has cck_hex "$(hex c32)"
	ok "image-key" has xts_hex "$(hex k64)"
	create --comm-key c32 --x-header-key k32 --x-comp-key k64
	ok "x-header-key" has verified true
	ok "comm-key" has cck_hex "$(hex c32)"
	ok "x-comp-key" has xts_hex "$(hex k64)"
	rm -f hk
	create --hdr-key-out hk --cck-out cck --image-key-out ik
	ok "keys that were drawn are written, for the owner only" \
		drawn_keys_agree
	cp hk hk.before
	create --force --hdr-key-out hk
	ok "they are drawn each time" differ hk hk.before
	create --cck c32 --cck c32
	ok "the same key option twice" said 1 'given once only'
	rm -f hk cck ik hk.before
}

differ()
{
	! cmp -s "$1" "$2"
}

test_key_refusals()
{
	local option

	for option in hdr-key cck image-key; do
		ok "$option-out for a key that is given" refused \
			"--$option-out is for a key that is drawn" \
			"--$option" k32 "--$option-out" out
		ok "$option: too short" refused 'k31' "--$option" k31
		ok "$option: too long" refused 'k65' "--$option" k65
		ok "$option: missing" refused 'Cannot read none' "--$option" none
		ok "$option: a directory" refused 'not a regular file' \
			"--$option" .
		ok "$option: a device" refused 'not a regular file' \
			"--$option" /dev/zero
	done
	ok "cck of 64 bytes" refused 'k64' --cck k64
	ok "image-key of 32 bytes" refused 'k32' --image-key k32
	ok "image-key with two equal halves" refused \
		'twins: both halves of the image key are the same' \
		--image-key twins
}

# slots_are DOCUMENT...: in this order
slots_are()
{
	local want

	want=$(for document in "$@"; do hash_of "$document"; done)
	has 'keyslots[].phkh_hex' "$want"
}

test_hosts()
{
	shows "one host" nks 1
	ok "its hash" slots_are one.crt
	shows "three hosts" nks 3 -k two.crt,two.crt
	ok "in the order given" slots_are one.crt two.crt two.crt
	shows "95 hosts" sehs 8160 "${many[@]:2}"
	rm -f hk
	ok "96 hosts" refused 95 "${many[@]}" --hdr-key-out out
	rm -f img
	run "$uvctl" image create -i kernel -o img --no-verify
	ok "no host" said 1 'A host key document is needed'
	run "$uvctl" image create -i kernel -o img -k one.crt
	ok "neither verified nor --no-verify" said 1 'or say --no-verify'
	ok "no-verify and cert" refused 'exclude each other' -C one.crt
	ok "a document that is none" refused kernel -k kernel
	create
	ok "--no-verify: a warning" said 0 'not verified'
}

test_components()
{
	local x3a=0x10000

	shows "psw: stage3b" psw.addr_hex 0000000000031000 -r ramdisk \
		-p parmfile
	ok "psw: 64-bit mode" has psw.mask_hex 0000000180000000
	shows "x-psw" psw.addr_hex 0000000000123450 --x-psw 0x123450
	shows "x-psw: the mask stays" psw.mask_hex 0000000180000000 --x-psw 1
	shows "nep: kernel and stage3b" nep "$((25 + stage3b_pages))"
	shows "nep: ramdisk" nep "$((25 + 2 + stage3b_pages))" -r ramdisk
	shows "nep: parmfile" nep "$((25 + 1 + stage3b_pages))" -p parmfile
	shows "nep: empty parmfile" nep "$((25 + 1 + stage3b_pages))" -p empty
	shows "nep: cmdline" nep "$((25 + 1 + stage3b_pages))" --cmdline a
	shows "nep: empty cmdline" nep "$((25 + 1 + stage3b_pages))" --cmdline ''
	shows "nep: empty ramdisk" nep "$((25 + 1 + stage3b_pages))" -r empty
	create --disable-image-encryption -p parmfile
	ok "parmfile: as it is, with a NUL" has_bytes \
		"$(hex parmfile)0000"
	create --disable-image-encryption --cmdline 'some words'
	ok "cmdline: as it is, with a NUL" has_bytes \
		"$(printf 'some words\0\0' | od -An -v -tx1 | tr -d ' \n')"
	create -v -r ramdisk
	ok "-v: the table of what stands where" said 0 'kernel        0x00015000      100000'
	ok "the stages are those of boot/" at $x3a \
		"$(hex "$stages/stage3a.bin" 0 4096)"
	mkdir -p own
	head -c 9000 /dev/urandom >own/stage3a.bin
	head -c 5000 /dev/urandom >own/stage3b_reloc.bin
	create --x-bootloader-directory own
	ok "x-bootloader-directory" at $x3a "$(hex own/stage3a.bin 0 8976)"
	create --x-layout genprotimg -r ramdisk
	ok "x-layout genprotimg: IPL parameter block before the header" \
		at 0x13000 0000100000000001
	ok "... and no metadata" at 0xc000 0000000000000000
	create --x-layout pvimg
	ok "x-layout pvimg: metadata" at 0xc000 "$(printf SeImgLnx | od -An -tx1 | tr -d ' ')"
	create --image kernel
	ok "image is another word for kernel" said 1 'given once only'
}

# at OFFSET HEX: of img
at()
{
	[ "$(hex img "$(($1))" $((${#2} / 2)))" = "$2" ]
}

has_bytes()
{
	grep -qF "$1" < <(hex img)
}

test_component_refusals()
{
	rm -f img
	run "$uvctl" image create -o img -k one.crt --no-verify
	ok "no kernel" said 1 'A kernel is needed'
	run "$uvctl" image create -i kernel -k one.crt --no-verify
	ok "no output" said 1 'A name for the image is needed'
	ok "parmfile and cmdline" refused 'exclude each other' -p parmfile \
		--cmdline x
	ok "missing ramdisk" refused none -r none
	ok "missing parmfile" refused none -p none
	ok "missing boot stages" refused none/stage3a.bin \
		--x-bootloader-directory none
	ok "a word too many" refused 'Unexpected argument word' word
	head -c 896 /dev/zero | tr '\0' x >long
	ok "command line too long" refused 896 -p long
	create -p long --no-component-check
	ok "... unless it is not checked, with a warning" said 0 'not checked'
	cp kernel elf
	put elf 0 '\177ELF'
	cp kernel other
	put other 0x10008 X
	for name in elf other parmfile none; do
		rm -f img
		run "$uvctl" image create -i "$name" -o img -k one.crt --no-verify
		ok "no kernel: $name" said 1 "$name"
		ok "... and no image" absent img
	done
	run "$uvctl" image create -i other -o img -k one.crt --no-verify \
		--no-component-check
	ok "no-component-check: it is taken" said 0 'not checked'
}

test_outputs()
{
	create
	ok "success is said" said 0 'Successfully generated the image img'
	ok "an image is its owner's only" [ "$(mode_of img)" = 600 ]
	create -q
	ok "quiet: nothing is said" [ "$status$err" = 0 ]
	cp img before
	run "$uvctl" "${base[@]}" -k one.crt -o img --hdr-key-out out
	ok "an existing image" said 1 'img exists already'
	ok "... stays, and no key appears" kept img before out
	run "$uvctl" "${base[@]}" -k one.crt -o img2 --hdr-key-out img
	ok "an existing file in the place of a key" said 1 'img exists already'
	ok "... stays, and no image appears" kept img before img2
	run "$uvctl" "${base[@]}" -k one.crt -o img --force
	ok "force" differ img before
	cp img before
	run "$uvctl" "${base[@]}" -k one.crt -o img --overwrite
	ok "overwrite" differ img before
	cp img before
	run "$uvctl" "${base[@]}" -k one.crt -o img --force --cck k31
	ok "a failure with --force leaves what was there" kept img before out
	ok "two outputs of one name" refused 'are the same file' \
		--hdr-key-out out --cck-out ./out
	ok "a key and the image of one name" refused 'are the same file' \
		--cck-out ./img
	run "$uvctl" "${base[@]}" -k one.crt -o kernel --force
	ok "the kernel as output" said 1 'kernel is read'
	run "$uvctl" "${base[@]}" -k one.crt -o img --force --hdr-key-out \
		./c32 --cck c32
	ok "a key as output" said 1 'c32 is read'
	cp one.crt document
	run "$uvctl" "${base[@]}" -k one.crt,document -o document --force
	ok "a host key document as output" said 1 'document is read'
	for name in cert crl root-ca; do
		run "$uvctl" image create -i kernel -k one.crt -o img --force \
			--cert two.crt "--$name" document --cck-out document
		ok "$name as output" said 1 'document is read'
	done
	ok "... stays" cmp document one.crt
	run "$uvctl" "${base[@]}" -k one.crt -o no/img
	ok "no such directory" said 1 no/img
	run "$uvctl" "${base[@]}" -k one.crt -o /dev/full
	ok "a device cannot hold an image" [ "$status" = 1 ]
	rm -f img
	run "$uvctl" "${base[@]}" -k one.crt -o img --hdr-key-out /dev/full
	ok "a key that cannot be written" said 1 /dev/full
	ok "... means no image" absent img
	run bash -c "ulimit -f 16; exec '$uvctl' ${base[*]} -k one.crt -o img"
	ok "no room: an error, not a signal" said 1 'Cannot write img'
	ok "... and no image" absent img
}

kept()
{
	cmp -s "$1" "$2" && absent "$3"
}

# An existing output is refused before anything is read but keys.
test_order()
{
	local everything=(image create -i none -r none -k one.crt -o before)

	touch before
	run "$uvctl" "${everything[@]}" --no-verify --cck k31
	ok "order: keys before outputs" said 1 k31
	run "$uvctl" "${everything[@]}" --no-verify --parmfile none2
	ok "order: command line before outputs" said 1 none2
	run "$uvctl" "${everything[@]}" --no-verify
	ok "order: outputs before the kernel" said 1 'before exists'
	run "$uvctl" "${everything[@]}" --cck k31 -C parmfile
	ok "order: host keys before keys" said 1 parmfile
	run "$uvctl" "${everything[@]}" -C one.crt --enable-dump
	ok "order: flags before host keys" said 1 'needs a CCK'
	rm -f before
}

# on_terminal [OPTIONS]: what a terminal gets to see
on_terminal()
{
	rm -f img
	SHELL=$BASH script -qec "$uvctl ${base[*]} -k one.crt -o img $*" /dev/null \
		</dev/null 2>&1
}

test_progress()
{
	on_terminal -r ramdisk >seen
	ok "progress on a terminal" grep -qE $'\r[0-9]+ of [0-9]+ MiB, [0-9]+ %' seen
	ok "... is wiped before the result" grep -qE $'\r +\rSuccessfully' seen
	on_terminal -r "<(cat ramdisk)" >seen
	ok "progress of a pipe, whose size is not known" grep -qE $'\r[0-9]+ MiB\r +\r' seen
	on_terminal -q >seen
	ok "no progress for the quiet" [ ! -s seen ]
	create -r ramdisk
	ok "no progress into a file" no_progress
}

no_progress()
{
	[ -n "$err" ] && ! grep -qE "%|$(printf "\r")" <<<"$err"
}

# A RAM disk that comes slowly and does not end.
endless()
{
	while head -c 1000000 /dev/zero; do
		sleep 0.1
	done 2>/dev/null
}

# begin: an image out of an endless RAM disk, until it is being written.  Who
# started the tests may ignore a signal, and then uvctl does, too.
begin()
{
	rm -f img img.*
	env --default-signal=HUP,TERM "$plain" "${base[@]}" -k one.crt -q \
		-o img --cck-out out -r <(endless) 2>.err &
	pid=$!
	for _ in {1..200}; do
		! compgen -G 'img.*' >/dev/null || return
		sleep 0.02
	done
}

# ends STATUS: the one that begin has begun, within ten seconds
ends()
{
	local status=0

	for _ in {1..500}; do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.02
	done
	kill -s KILL "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null || status=$?
	[ "$status" = "$1" ] && return 0
	echo "# status $status"
	return 1
}

# begin_on FILE: the same out of a RAM disk that never comes
begin_on()
{
	rm -f img
	"$plain" "${base[@]}" -k one.crt -q -o img --cck-out out -r "$1" \
		2>.err &
	pid=$!
	for _ in {1..200}; do
		! compgen -G 'img.*' >/dev/null || break
		sleep 0.02
	done
	# Until it waits.
	sleep 0.2
}

# interrupted_on FILE: one signal is enough while it waits for the file
interrupted_on()
{
	begin_on "$1"
	kill -s TERM "$pid"
	ends 143 && absent img out
}

# Nobody reads the key, and nobody opens what it is to be written to.
interrupted_output()
{
	rm -f img
	"$plain" "${base[@]}" -k one.crt -q --cck-out out --hdr-key-out fifo \
		-o img 2>.err &
	pid=$!
	sleep 0.5
	kill -s TERM "$pid"
	ends 143 && absent img out
}

# interrupted SIGNAL: it ends by it, soon, and nothing is left
interrupted()
{
	begin
	kill -s "$1" "$pid"
	ends $((128 + $(kill -l "$1"))) && absent img out
}

# The shell starts background jobs with SIGINT ignored.
interrupted_in_foreground()
{
	timeout --foreground -k 10 -s INT 0.5 "$plain" "${base[@]}" -k one.crt \
		-q -o img --cck-out out -r <(endless)
	[ $? = 124 ] && absent img out
}

test_signals()
{
	ok "SIGTERM: an end at once that leaves nothing" interrupted TERM
	ok "SIGHUP: the same" interrupted HUP
	ok "SIGINT: the same" interrupted_in_foreground
	mkfifo fifo
	ok "SIGTERM: while nobody has opened the pipe" interrupted_on fifo
	ok "SIGTERM: while nothing comes" interrupted_on <(exec sleep 30)
	ok "SIGTERM: while nobody reads an output" interrupted_output
	rm fifo
}

# The key has got its name already when the image finds its own taken.
test_taken_name()
{
	rm -f img fifo
	mkfifo fifo
	"$plain" "${base[@]}" -k one.crt -o img --cck-out out -r fifo 2>.err &
	exec 9>fifo
	for _ in {1..200}; do
		! compgen -G 'img.*' >/dev/null || break
		sleep 0.02
	done
	echo other >img
	exec 9>&-
	wait $!
	status=$? err=$(cat .err)
	ok "a name that is taken meanwhile" said 1 'img exists already'
	ok "... and no key without its image" [ "$(cat img)$(ls out 2>&-)" = other ]
	rm -f img fifo
}

test_memory()
{
	local peak

	truncate -s 300M big
	rm -f img
	peak=$("$peak_memory" "$plain" "${base[@]}" -q -k one.crt -o img -r big)
	echo "# $peak KiB for 300 MiB"
	ok "at most 16 MiB of memory for a ramdisk of 300 MiB" \
		[ "${peak:-99999}" -le 16384 ]
	ok "... which is in the image" [ "$(stat -c %s img)" -gt 314572800 ]
	rm -f big img
}

# verified HOSTS CERTS CRLS ROOT: with the options of a line of the manifest
verified()
{
	local arguments=(-k "$1" -C "$2")

	[ "$3" = - ] || arguments+=(--crl "$3")
	[ "$4" = - ] || arguments+=(--root-ca "$4")
	rm -f "$dir/img" "$dir/out"
	run "$uvctl" image create --kernel "$dir/kernel" -o "$dir/img" \
		--hdr-key-out "$dir/out" "${arguments[@]}"
}

test_manifest()
{
	local name outcome hosts certs crls root text

	while IFS=$'\t' read -r name outcome hosts certs crls root text; do
		[[ $name != \#* ]] || continue
		verified "$hosts" "$certs" "$crls" "$root"
		[ "$text" != - ] || text=
		if [ "$outcome" = ok ]; then
			ok "verified: $name" said 0 Successfully
		else
			ok "not verified, no image: $name" refused_here "$text"
		fi
	done <manifest.tsv
}

refused_here()
{
	said 1 "$1" && absent "$dir/img" "$dir/out"
}

tap_scratch
tap_start
if ! command -v jq >/dev/null; then
	skip "uvctl image" "no jq (Debian package: jq)"
	tap_done
	exit
fi
prepare
for ((i = 0; i < 95; i++)); do
	many+=(-k two.crt)
done
stages=${BOOT_STAGES:?is set by make check}
stage3b_pages=$((($(stat -c %s "$stages/stage3b_reloc.bin") + 4095) / 4096))
test_flags
test_flag_refusals
test_keys
test_key_refusals
test_hosts
test_components
test_component_refusals
test_outputs
test_order
test_progress
test_signals
test_taken_name
test_memory
if cd "$pki" 2>/dev/null && [ -r manifest.tsv ]; then
	test_manifest
else
	skip "the cases of the test PKI" \
		"no test PKI (machine/test-pki/make-test-pki)"
fi
tap_done
