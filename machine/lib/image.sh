# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# SE images: what an owner needs to make one for this machine, making one of
# TEST keys in one go, and what its loader says when it cannot start.

# The PSW that enters the loader: every SE image starts with it.
readonly IMAGE_START="00 08 00 01 80 01 10 00"

is_image() {
	[[ -f $1 && -r $1 && $(od -An -tx1 -N8 "$1") == " $IMAGE_START" ]]
}

check_image() {
	is_image "$1" || die \
		"'$1' is no SE image: make one with uvctl image create"
}

# save SOURCE FILE: whole or not at all. clean_up removes what is half made.
save() {
	PART=$2.part
	{ cp "$1" "$PART" && mv -f "$PART" "$2"; } ||
		die "'$2' cannot be written"
	PART=""
}

# What was asked for instead of booting.
save_parts() {
	[[ -z $SAVE_RAMDISK ]] || save "$WORK/initramfs" "$SAVE_RAMDISK"
	if [[ -n $SAVE_CMDLINE ]]; then
		printf '%s' "$PARAMETERS" >"$WORK/cmdline"
		save "$WORK/cmdline" "$SAVE_CMDLINE"
	fi
	[[ -z $PRINT_KERNEL ]] || printf '%s\n' "$KERNEL_IMAGE"
}

# Is an image to be made of kernel and ramdisk?
makes_image() {
	[[ $ROLE == boot && -z $UNPROTECTED$SE_IMAGE ]]
}

# Sets SE_IMAGE. Verification of host keys is left out: these are TEST keys,
# and nothing that is secret goes into the image.
make_image() {
	local document=$O/test-pki/host.crt
	local -a documents=()

	if ((${#DOCUMENTS[@]} == 0)); then
		[[ -e $document ]] || die "no host key document for the" \
			"image: make ${document%/*} (machine/test-pki), or" \
			"name one with --host-key-document"
		DOCUMENTS=("$document")
	fi
	for document in "${DOCUMENTS[@]}"; do
		documents+=(-k "$document")
	done
	SE_IMAGE=$WORK/image
	printf '%s' "$PARAMETERS" >"$WORK/cmdline"
	"$UVCTL" image create --no-verify -i "$KERNEL_IMAGE" \
		-r "$WORK/initramfs" -p "$WORK/cmdline" "${documents[@]}" \
		-o "$SE_IMAGE" >"$WORK/create.log" 2>&1 || {
		cat "$WORK/create.log" >&2
		die "the SE image cannot be made of $KERNEL_IMAGE" \
			"(see uvctl's message above)"
	}
}

# Did the image's kernel get to run? Nothing before it says such a thing.
kernel_spoke() {
	grep -q -a 'Linux version ' "$1"
}

# The console's text up to here is the loader's.
show_loader() {
	local text

	text=$(tr -d '\r\0' <"$1" | grep -v '^[[:space:]]*$') || true
	if [[ -z $text ]]; then
		printf 'machine/run: %s: its loader said nothing\n' \
			"the image did not start" >&2
		return
	fi
	printf 'machine/run: the image did not start: its loader says%s:\n' \
		"${VERBOSE:+ (once more)}" >&2
	sed 's/^/loader: /' <<<"$text" >&2
}
