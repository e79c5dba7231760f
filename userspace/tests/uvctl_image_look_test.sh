#!/bin/bash
# SPDX-License-Identifier: MIT
#
# "uvctl image info", "test" and "extract-header": what they show of images,
# header files and disks, and what they refuse.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=userspace/tests/tap.sh
. "$here/tap.sh"
# shellcheck source=userspace/tests/image.sh
. "$here/image.sh"
uvctl=${UVCTL:?is set by make check}

prepare()
{
	cd "$dir" || exit 1
	umask 022
	make_kernel kernel 70000
	make_host one
	make_host two
	make_host other
	"$uvctl" image create -q --no-verify -i kernel -k one.crt -k two.crt \
		-o img --cmdline x --hdr-key-out hk --cck-out cck \
		--image-key-out ik --enable-dump --enable-cck-update
	head -c 720 <(tail -c +81921 img) >header
	head -c 32 /dev/urandom >wrong
	head -c 100000 /dev/urandom >noise
	# Damaged in the encrypted part, which only the key can tell.
	cp header altered
	put altered 600 '\0\0\0\0'
	disk
}

# 5 MiB of noise with things that look like a header, then the image.
disk()
{
	head -c 5242880 /dev/urandom >disk
	put disk 4096 IBMSecEx
	put disk 8192 'IBMSecEx\0\0\1\0\0\0\2\200'
	put disk 1000000 IBMSecEx
	put disk 1048576 'IBMSecEx\0\0\1\0\377\377\377\377'
	put disk 49152 SeImgLnx
	cat disk img noise >disk.new
	mv disk.new disk
}

test_help()
{
	local name

	run "$uvctl" image --help
	for name in create info test extract-header; do
		ok "help: image has $name" printed 0 "^  $name +[a-z]"
	done
	run "$uvctl" image test --help
	ok "help: an option with a value or without" printed 0 \
		"--key-hashes\[=FILE\]"
}

info()
{
	run "$uvctl" image info "$@"
}

# is FILTER VALUE: of the last run's output
is()
{
	local value

	value=$(jq -r "$1" <<<"$out")
	[ "$value" = "$2" ] && return 0
	echo "# $1 is $value instead of $2"
	return 1
}

test_json()
{
	local sealed='["kind","verified","magic_hex","version","sehs","iv_hex","nks","sea","nep","pcf_hex","cust_pub_key","pld_hex","ald_hex","tld_hex","keyslots","cipher_data_b64","tag_hex"]'
	local open=${sealed/'"cipher_data_b64"'/'"cck_hex","xts_hex","psw","scf_hex"'}
	local order='.data | keys_unsorted | tojson'

	info --json img
	ok "json: a warning without the key" said 0 'not verified'
	ok "json: members in their order" is "$order" "$sealed"
	ok "json: meta" is '.meta | keys_unsorted | tojson' \
		'["api_level","version","host","time_epoch","time"]'
	ok "json: our version" is .meta.version \
		"$("$uvctl" --version | sed 's/.* //')"
	ok "json: the time is now" recent
	ok "json: kind" is .data.kind se_hdr
	ok "json: not verified" is .data.verified false
	ok "json: sehs" is .data.sehs 720
	ok "json: coordinates" is .data.cust_pub_key.coord_hex \
		"$(hex header 64 160)"
	ok "json: digests" is '.data | .pld_hex + .ald_hex + .tld_hex' \
		"$(hex header 224 192)"
	ok "json: slots" is '[.data.keyslots[] | .phkh_hex + .wrpk_hex + .kst_hex] | add' \
		"$(hex header 416 160)"
	ok "json: encrypted area" is .data.cipher_data_b64 \
		"$(tail -c 144 header | head -c 128 | base64 -w 0)"
	ok "json: IV and tag" is '.data | .iv_hex + .tag_hex' \
		"$(hex header 16 12)$(hex header 704 16)"
	info --json --hdr-key hk img
	ok "json: verified" is .data.verified true
	ok "json: the key alone shows no secret" is "$order" "$sealed"
	ok "json: no warning" [ -z "$err" ]
	info --json --key hk --show-secrets img
	ok "json: with secrets, members in their order" is "$order" "$open"
	ok "json: kind is decrypted" is .data.kind decrypted_se_hdr
	ok "json: secrets" is '.data | .cck_hex + .xts_hex + .scf_hex' \
		"$(hex cck)$(hex ik)2000000000000000"
}

recent()
{
	local seconds

	seconds=$(jq .meta.time_epoch <<<"$out")
	[ "$(date -u -d "@$seconds" '+%Y-%m-%d %H:%M:%S+0000')" = \
		"$(jq -r .meta.time <<<"$out")" ] &&
		[ $(($(date +%s) - seconds)) -le 60 ]
}

test_formats()
{
	local name

	for name in json JSON json:default json:pretty; do
		info -q --format "$name" img
		ok "format $name: indented by two" [ "$(sed -n 2p <<<"$out")" = '  "meta": {' ]
		ok "format $name: as jq would" same_as_jq .
	done
	info -q --format json:minify img
	ok "format json:minify: one line" [ "$(wc -l <"$dir/.out")" = 1 ]
	ok "format json:minify: as jq would" same_as_jq . -c
	info -q img
	ok "not on a terminal: json" is .data.nks 2
	info -q --format text img
	ok "text: hashes and flags" shows "$(hash_of two.crt)" 'dumps may be taken'
	ok "text: no digests" hides pld
	ok "text: no secret flags" hides 'CCK may be'
	info -q --format text --hdr-key hk --show-secrets img
	ok "text: secret flags" shows 'CCK may be replaced' decrypted
	ok "text: the keys only if full" hides "$(hex cck)"
	info -q --format text:full --hdr-key hk --show-secrets img
	ok "text:full: everything" shows "$(hex cck)" "$(hex ik)" \
		"$(hex header 224 64)" "$(hex header 704 16)" 720
	script -qec "$uvctl image info -q img" /dev/null </dev/null >seen
	ok "on a terminal: text" grep -q 'SE header, not verified' seen
}

same_as_jq()
{
	jq "$@" <"$dir/.out" | cmp -s - "$dir/.out"
}

# shows TEXT...: in the last run's output
shows()
{
	local text

	for text in "$@"; do
		grep -qF "$text" <<<"$out" || { echo "# no $text"; return 1; }
	done
}

hides()
{
	! grep -qF "$1" <<<"$out"
}

# What a validator would look at first: names, and what is required.
test_schema()
{
	run "$uvctl" image info --print-schema json
	ok "schema: JSON of draft 7" is '."$schema"' \
		'http://json-schema.org/draft-07/schema#'
	cp .out schema
	"$uvctl" image info -q img >sealed
	"$uvctl" image info -q --hdr-key hk --show-secrets img >open
	ok "schema: sealed headers" fits sealed 0
	ok "schema: decrypted headers" fits open 1
	ok "schema: not one for the other" fits_not sealed 1
	run "$uvctl" image info --print-schema text
	ok "schema: none for text" ended 0 'no schema'
	run "$uvctl" image info --print-schema xml
	ok "schema: unknown kind" said 1 'Unknown schema xml'
	info --print-schema json img
	ok "schema: and nothing else" said 1 'excludes everything else'
}

# fits FILE FORM: a validator of as much of JSON schema as is used
fits()
{
	# shellcheck disable=SC2016 # of jq
	jq -e --slurpfile schema schema --argjson form "$2" '
		def valid($s):
			if $s.type == "object" then
				. as $o | type == "object" and
				(keys == ($s.required | sort)) and
				(keys == ($s.properties | keys)) and
				all(keys[]; . as $k |
					$o[$k] | valid($s.properties[$k]))
			elif $s.type == "array" then
				type == "array" and length >= $s.minItems and
				all(.[]; valid($s.items))
			elif $s.type == "integer" then type == "number"
			elif $s.type == "boolean" then type == "boolean"
			elif $s.type == "string" then
				type == "string" and test($s.pattern // "")
			else false end;
		(.meta | valid($schema[0].properties.meta)) and
		(.data | valid($schema[0].properties.data.oneOf[$form]))
		' "$1" >/dev/null
}

fits_not()
{
	! fits "$@"
}

test_sources()
{
	info -q header
	ok "info: a header file" is .data.tag_hex "$(hex header 704 16)"
	info -q disk
	ok "info: a disk" is .data.tag_hex "$(hex header 704 16)"
	info noise
	ok "info: nothing there" said 1 noise
	info none
	ok "info: no such file" said 1 none
	info --hdr-key wrong img
	ok "info: another key" said 1 img
	ok "... shows nothing" [ -z "$out" ]
	info --hdr-key hk altered
	ok "info: an altered header" said 1 altered
	ok "... shows nothing, either" [ -z "$out" ]
	info --hdr-key ik img
	ok "info: a key of the wrong size" said 1 ik
	info --show-secrets img
	ok "info: secrets without a key" said 1 'needs --hdr-key'
	info
	ok "info: no file" said 1 'One image, header or disk'
	info img header
	ok "info: two files" said 1 'One image, header or disk'
	info --json --format text img
	ok "info: json and format" said 1 'exclude each other'
	info --format yaml img
	ok "info: unknown format" said 1 'Unknown format yaml'
	run bash -c "'$uvctl' image info -q img >/dev/full"
	ok "info: a full disk is an error" said 1 'standard output'
}

# printed STATUS REGEX: by the last run on standard output
printed()
{
	[ "$status" -eq "$1" ] && grep -qE -- "$2" <<<"$out" && return 0
	printf "# status %s: %s\n" "$status" "$out" | head -n 1
	return 1
}

# try [OPTIONS]: "image test"
try()
{
	run "$uvctl" image test "$@"
}

test_documents()
{
	try -k one.crt img
	ok "test: a document with a slot" printed 0 "^$(hash_of one.crt)  match  one.crt"
	try -k other.crt img
	ok "test: a foreign document" printed 1 "^$(hash_of other.crt)  none   other.crt"
	ok "... is said" said 1 'has no key slot for any of them'
	try -k other.crt,two.crt img
	ok "test: one of two" printed 0 "^$(hash_of two.crt)  match  two.crt"
	ok "... and the other is named" grep -q 'none   other.crt' <<<"$out"
	try -k one.crt header
	ok "test: of a header file" [ "$status" = 0 ]
	try -k one.crt disk
	ok "test: of a disk" [ "$status" = 0 ]
	try -k one.crt -k none img
	ok "test: a missing document" said 1 none
	try -k one.crt noise
	ok "test: no image" said 1 noise
	try img
	ok "test: nothing to test" said 1 'is needed'
	try -k one.crt
	ok "test: no image given" said 1 'One image, header or disk'
	try -k one.crt --key-hashes img
	ok "test: documents and hashes" said 1 'exclude each other'
}

# hashes N=HASH...: as /sys/firmware/uv/keys/all has them, N from 1 on
hashes()
{
	local i line

	for ((i = 1; i <= 15; i++)); do
		line=$(printf '%064d' 0)
		for place in "$@"; do
			[ "${place%%=*}" != $i ] || line=${place#*=}
		done
		echo "$line"
	done
}

test_hashes()
{
	local ours

	ours=$(hash_of two.crt)
	hashes "1=$ours" >first
	hashes "1=$(hash_of other.crt)" "2=${ours^^}" >second
	hashes "15=$ours" >last
	hashes "3=$(hash_of other.crt)" >foreign
	hashes >zeros
	try --key-hashes=first img
	ok "test: host key" printed 0 "^$ours  match  host key$"
	try --key-hashes=second img
	ok "test: backup host key, digits in capitals" printed 0 \
		"^$ours  match  backup host key$"
	try --key-hashes=last img
	ok "test: the last place" printed 0 "^$ours  match  key 15$"
	head -c -1 last >clipped
	try --key-hashes=clipped img
	ok "test: ... whose newline got lost" printed 0 "^$ours  match  key 15$"
	head -c -2 last >clipped
	try --key-hashes=clipped img
	ok "test: ... but no digit" said 1 'line 15'
	try --key-hashes=foreign img
	ok "test: a foreign machine" ended 1 'no key slot for any'
	ok "test: empty places are left out" [ "$(wc -l <<<"$out")" = 1 ]
	cp header zero
	put zero 416 "$(printf '\\0%.0s' {1..32})"
	try --key-hashes=zeros zero
	ok "test: zeros never match" ended 1 'no key slot for any'
	head -n 14 first >short
	(cat first; echo) >long
	sed '2s/^0/g/' first >letter
	tr '\n' ' ' <first >oneline
	: >empty
	for name in short:'line 15' long:'more than 15' letter:'line 2' \
		oneline:'line 1' empty:'line 1' none:none; do
		try --key-hashes="${name%%:*}" img
		ok "test: hashes: ${name%%:*}" said 1 "${name#*:}"
	done
	[ -e /sys/firmware/uv/keys/all ] && return
	try --key-hashes img
	ok "test: hashes of this system" said 1 'does not tell its host keys'
}

# extract [OPTIONS]: into out
extract()
{
	rm -f out
	run "$uvctl" image extract-header -o out "$@"
}

extracted()
{
	[ "$status" = 0 ] && cmp -s out header &&
		grep -qF "offset $1 (" <<<"$out" && grep -qF "size 720 bytes" <<<"$out"
}

test_extract()
{
	extract img
	ok "extract: from an image" extracted 81920
	ok "extract: everybody may read it" [ "$(mode_of out)" = 644 ]
	extract header
	ok "extract: from a header file" extracted 0
	extract disk
	ok "extract: from a disk with decoys" extracted 5324800
	extract -s 0x514 -l 1 disk
	ok "extract: a window" extracted 5324800
	extract -s 0 -l 0x514 disk
	ok "extract: a window that ends before it" said 1 disk
	ok "... writes nothing" absent out
	extract -s 0x15 img
	ok "extract: a window that begins behind it" said 1 img
	extract -s 20 img
	ok "extract: decimal, and four pages without -l" extracted 81920
	extract --length 1 img
	ok "extract: page 20 without -s" extracted 81920
	run "$uvctl" image extract-header img
	ok "extract: sehdr.bin unless named" cmp -s sehdr.bin header
	run "$uvctl" image extract-header img
	ok "extract: not again" said 1 'sehdr.bin exists already'
	echo old >sehdr.bin
	run "$uvctl" image extract-header --force img
	ok "extract: force" cmp -s sehdr.bin header
}

test_extract_refusals()
{
	local pages

	for pages in x -1 '' 1x 0x10000000000000; do
		extract -s "$pages" -l 1 img
		ok "extract: skip '$pages'" said 1 '--skip takes a number'
	done
	extract -l 0 img
	ok "extract: no page" said 1 'at least one page'
	extract noise
	ok "extract: nothing there" said 1 noise
	ok "... writes nothing" absent out
	extract .
	ok "extract: a directory" [ "$status" = 1 ]
	extract
	ok "extract: no file" said 1 'One image or disk'
	run "$uvctl" image extract-header --force -o ./img img
	ok "extract: not over its own input" said 1 'is read'
	head -c 400 header >torn
	extract torn
	ok "extract: a header that is cut off" said 1 torn
	ok "... writes nothing" absent out
}

tap_scratch
tap_start
if ! command -v jq >/dev/null; then
	skip "uvctl image" "no jq (Debian package: jq)"
	tap_done
	exit
fi
prepare
test_help
test_json
test_formats
test_schema
test_sources
test_documents
test_hashes
test_extract
test_extract_refusals
tap_done
