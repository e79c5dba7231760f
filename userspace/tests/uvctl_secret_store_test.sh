#!/bin/bash
# SPDX-License-Identifier: MIT
#
# "uvctl secret add", "list", "lock" and "retrieve" in a guest: the way of a
# secret of each type, every option, and what the Ultravisor refuses.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=userspace/tests/tap.sh
. "$here/tap.sh"
# shellcheck source=userspace/tests/image.sh
. "$here/image.sh"
# shellcheck source=userspace/tests/secret.sh
. "$here/secret.sh"

list()
{
	run "$fake" secret list "$@"
}

lock()
{
	run "$fake" secret lock "$@"
}

# A protected key as the fake Ultravisor makes it.
wrapped()
{
	hex "$1" | tr 0-9a-f fedcba9876543210
	printf '77%.0s' {1..32}
}

# The base64 text between the lines of a PEM file.
armoured()
{
	sed '1,/^$/d; /^-----END/d' "$1" | base64 -d
}

test_add()
{
	rm -f store
	make one aes r16
	add one.req
	ok "add" said 0 'Successfully added the secret'
	ok "add: without a warning" [ "$err" = "${err/warning/}" ]
	add one.req
	ok "add: not twice" said 1 'with index 0 (say --force'
	make two plain hello --use-name
	add -i two.req
	ok "add: --input" said 0 added
	make one plain hello
	add one.req
	ok "add: another secret with that id is one, too" said 1 'same id'
	add -f one.req
	ok "add: --force" said 0 added
	create meta
	add req
	add req
	ok "add: a null secret has no id that could be there" said 0 added
	rm -f store
	export FAKE_UV_CCK=$dir/r32
	create --cck r32 cck --secret r32
	add req
	add req
	ok "add: nor has a new CCK" said 0 added
	unset FAKE_UV_CCK
	rm -f store
	run bash -c "'$fake' secret add - <two.req"
	ok "add: from standard input" said 0 added
	run "$fake" secret add
	ok "add: what?" said 1 'A request is needed'
	add one.req two.req
	ok "add: one at a time" said 1 'Unexpected argument'
}

test_add_damaged()
{
	add r15
	ok "add: not a request" said 1 'r15: This is no add-secret request'
	add r0
	ok "add: nothing" said 1 'r0: This is no'
	head -c 1300 one.req >short
	add short
	ok "add: cut" said 1 'short: '
	head -c $((0x100001)) /dev/zero >big
	add big
	ok "add: too long" said 1 big
	cp one.req new
	put new 11 '\x02'
	put new 10 '\x02'
	add -v new
	ok "add: an unknown version is the Ultravisor's to judge" said 1 0x0104
	run "$uvctl" secret create --no-verify -k "$pki/host.crt" --force \
		--hdr other.hdr -o req meta
	add req
	ok "add: for another image" said 1 'rc 0x010c'
	run "$uvctl" secret create --no-verify -k "$pki/host2.crt" --force \
		--hdr guest.hdr -o req meta
	add req
	ok "add: for another machine" said 1 'rc 0x0108'
	create meta
	put req 0x38 '\x00'
	add req
	ok "add: altered" said 1 'rc 0x0108'
	run "$uvctl" secret add one.req
	ok "add: no device" said 1 'Cannot use /dev/uv'
	mkdir -p root/dev
	run "$uvctl" secret add --sysroot "$dir/root" one.req
	ok "add: no device there" said 1 "Cannot use $dir/root/dev/uv"
}

# what, code, words of the advice
refusals='add 0x101 store
add 0x102 locked
add 0x104 version
add 0x10b full
add 0x10c .
add 0x10d dump
lock 0x102 locked
list 0x2 .
retrieve 0x10f .'

test_answers()
{
	local what code words

	rm -f store
	add one.req
	while read -r what code words; do
		case $what in
		add) set -- --force one.req ;;
		retrieve) set -- --inform idx 0 ;;
		*) set -- ;;
		esac
		FAKE_UV_RC=$code run "$fake" secret "$what" "$@"
		ok "$what: response code $code" ended 1 \
			"rc $(printf '0x%04x' "$code").*$words"
	done <<<"$refusals"
	FAKE_UV_ERRNO=5 run "$fake" secret lock
	ok "lock: the driver fails" ended 1 'nput/output error'
	FAKE_UV_DRIVER=6.1 run "$fake" secret list
	ok "list: an old driver" said 1 'error: '
	FAKE_UV_DRIVER=6.12 run "$fake" secret retrieve --inform idx 0
	ok "retrieve: an old driver" said 1 'error: '
	FAKE_UV_MAX_SECRETS=1 run "$fake" secret add --force one.req
	ok "add: the store is full" said 1 0x010b
	FAKE_UV_DRIVER=6.1 run "$fake" secret add one.req
	ok "add: warns if it cannot look for the same id" said 1 \
		'warning: Whether there is'
}

test_list()
{
	rm -f store
	list
	ok "list: empty" is "$out" 'Total number of secrets: 0'
	list --format yaml
	ok "list: empty, yaml" is "$out" 'total_num_secrets: 0
secrets: []'
	list --json
	ok "list: empty, JSON" is "$(jq -c . <<<"$out")" \
		'{"total":0,"secrets":[]}'
	make one aes r16
	make two plain hello --use-name
	create association three
	add req
	add one.req
	add two.req
	list
	ok "list: for people" is "$out" "Total number of secrets: 3

0 Association:
 0x$(id_of three)
1 AES-128-KEY:
 0x$(id_of one)
2 PLAINTEXT:
 two | 0x74776f$(printf '%058d' 0)"
	list --format human
	ok "list: --format human" ended 0 'Total number'
	list --format yaml
	ok "list: yaml" is "$out" "total_num_secrets: 3
secrets:
- index: 0
  stype: 2
  len: 32
  id: 0x$(id_of three)
- index: 1
  stype: 4
  len: 48
  id: 0x$(id_of one)
- index: 2
  stype: 3
  len: 16
  id: 0x74776f$(printf '%058d' 0)"
	list --json
	ok "list: JSON" is "$(jq -c '.secrets[2]' <<<"$out")" \
		"{\"index\":2,\"type\":\"PLAINTEXT\",\"type_number\":3,\"size\":16,\"id\":\"74776f$(
		printf '%058d' 0)\",\"name\":\"two\"}"
	ok "list: JSON, no name" is \
		"$(jq -c '.secrets[1].name,.total' <<<"$out" | xargs)" 'null 3'
	list --format bin -o bin
	ok "list: binary" is "$(hex bin 0 24)" \
		000300030000000000000000000000000000000200000020
	test_list_files
}

test_list_files()
{
	ok "list: binary, size" is "$(wc -c <bin)" 160
	list bin
	ok "list: an existing file stays" said 1 bin
	list --force bin
	ok "list: --force" is "$(head -c 5 bin)" Total
	list --format json list.json
	ok "list: a file as second word" \
		is "$(jq -r '.total | type' list.json)" number
	list --json --format yaml
	ok "list: json and format" said 1 'exclude each other'
	list --format xml
	ok "list: unknown format" said 1 'Unknown format xml'
	run bash -c "'$fake' secret list >/dev/full"
	ok "list: full output" said 1 'standard output'
}

test_long_list()
{
	local n

	rm -f store
	for n in {0..89}; do
		make "n$n" plain hello >/dev/null
		add --force "n$n.req"
	done
	list --json
	ok "list: more than a page" is "$(jq '.secrets | length' <<<"$out")" 90
	FAKE_UV_DRIVER=6.12 run "$fake" secret list -o first --force
	ok "list: a page only is said" said 0 'Only 85 of 90'
	add n89.req
	ok "add: finds the same id on the second page" said 1 'index 89'
	FAKE_UV_DRIVER=6.12 run "$fake" secret add n89.req
	ok "add: warns if it may be on a page that is not listed" said 0 \
		'lists only 85 of 90'
	FAKE_UV_DRIVER=6.12 run "$fake" secret add n84.req
	ok "add: a page is enough to find it" said 1 'index 84'
	retrieve --outform bin --inform name n89
	ok "retrieve: from the second page" is "$out" 'hello world'
}

test_lock()
{
	rm -f store
	add one.req
	lock
	ok "lock" said 0 'Successfully locked'
	lock
	ok "lock: once" said 1 'rc 0x0102'
	add two.req
	ok "lock: no more secrets" said 1 'rc 0x0102'
	list
	ok "lock: list goes on" ended 0 'secrets: 1'
	retrieve one.yaml
	ok "lock: retrieve goes on" said 0 ''
	lock x
	ok "lock: takes no words" said 1 'Unexpected argument x'
	run "$uvctl" secret lock --sysroot "$dir/root"
	ok "lock: no device" said 1 'Cannot use'
}

test_types()
{
	local type size

	for type in 'aes 16' 'aes 24' 'aes 32' 'aes-xts 32' 'aes-xts 64' \
		'hmac-sha 64' 'hmac-sha 128'; do
		read -r type size <<<"$type"
		rm -f store
		make k "$type" "r$size"
		add k.req
		retrieve k.yaml -o key --outform bin --force
		ok "retrieve: $type, $size bytes" is "$(hex key)" \
			"$(wrapped "r$size")"
	done
	for size in 0 16 8190; do
		rm -f store
		make k plain "r$size"
		add k.req
		retrieve k.yaml -o key --outform bin --force
		ok "retrieve: $size bytes of data" same key "r$size"
	done
	openssl genpkey -algorithm ED448 -out key.pem
	rm -f store
	make k ec key.pem
	add k.req
	retrieve k.yaml -o key --force
	ok "retrieve: ec" is "$(sed -n 2p key)" 'kind: EC-ED448-PRIVATE-KEY'
}

test_forms()
{
	rm -f store
	make one aes r16
	make two plain r64 --use-name
	add one.req
	add two.req
	retrieve one.yaml
	ok "outform pem: a key" is "$(head -n 3 "$dir/.out")" \
		'-----BEGIN IBM PROTECTED KEY-----
kind: AES-128-KEY'
	ok "outform pem: its value" is "$(armoured "$dir/.out" | hex -)" \
		"$(wrapped r16)"
	ok "outform pem: its end" is "$(tail -n 1 "$dir/.out")" \
		'-----END IBM PROTECTED KEY-----'
	retrieve two.yaml --outform pem
	ok "outform pem: data" is "$(cat "$dir/.out")" \
		"-----BEGIN PLAINTEXT SECRET-----
$(base64 -w 64 r64)
-----END PLAINTEXT SECRET-----"
	make three plain r0
	add three.req
	retrieve three.yaml
	ok "outform pem: no data" said 0 ''
	ok "outform pem: no data, two lines" is "$(cat "$dir/.out")" \
		'-----BEGIN PLAINTEXT SECRET-----
-----END PLAINTEXT SECRET-----'
	retrieve three.yaml --outform bin
	ok "outform bin: no data" ended 0 ''
	ok "outform bin: no data, nothing" same "$dir/.out" r0
	rm -f store
	add one.req
	add two.req
	retrieve -i two.yaml -o out
	ok "output: a file" is "$(mode_of out)" 600
	retrieve two.yaml out
	ok "output: an existing file stays" said 1 out
	retrieve two.yaml out2 --outform bin
	ok "output: second word" same out2 r64
	retrieve --outform bin two.yaml -
	ok "output: -" same "$dir/.out" r64
	run bash -c "'$fake' secret retrieve two.yaml >/dev/full"
	ok "output: full" said 1 'standard output'
	run "$fake" secret retr --inform name two --outform bin
	ok "retr is short for retrieve" same "$dir/.out" r64
}

test_inform()
{
	retrieve --inform hex "0x$(id_of one)"
	ok "inform hex" ended 0 'AES-128-KEY'
	retrieve --inform hex "$(id_of one)"
	ok "inform hex without 0x" ended 0 'AES-128-KEY'
	retrieve --inform name one
	ok "inform name: hashed" ended 0 'AES-128-KEY'
	retrieve --inform name two
	ok "inform name: the id itself" ended 0 'PLAINTEXT'
	retrieve --inform idx 1
	ok "inform idx" ended 0 'PLAINTEXT'
	retrieve --inform idx 2
	ok "inform idx: none" said 1 'no such secret: 2'
	retrieve --inform idx 1x
	ok "inform idx: no number" said 1 'decimal number'
	retrieve --inform idx 65537
	ok "inform idx: does not wrap" said 1 'no such secret: 65537'
	retrieve --inform hex 12
	ok "inform hex: too short" said 1 '64 hexadecimal digits'
	retrieve --inform hex "$(id_of x)"
	ok "inform hex: none" said 1 'no such secret'
	retrieve --inform name three
	ok "inform name: none" said 1 'no such secret: three'
	retrieve --inform yaml r64
	ok "inform yaml: no such file" said 1 r64
	printf '!Retrievable\nkind: 4 (AES-128-KEY)\nname: x\nid: "0x%s"\n' \
		"$(id_of one)" >quoted.yaml
	retrieve quoted.yaml
	ok "inform yaml: quoted" ended 0 'AES-128-KEY'
	printf '!Retrievable\nid: 0x12\n' >bad.yaml
	retrieve bad.yaml
	ok "inform yaml: damaged" said 1 'bad.yaml does not describe'
	create association three
	retrieve three.yaml
	ok "inform yaml: an association secret" said 1 'cannot be retrieved'
	add req
	retrieve --inform name three
	ok "an association secret in the store" said 1 \
		'type Association and cannot be retrieved'
	add --force two.req
	retrieve --inform name two
	ok "several: the first" said 0 'index 3 has the same id, the one with index 1'
	retrieve --inform xml two
	ok "inform: unknown" said 1 'Unknown --inform xml'
	retrieve --inform name two --outform der
	ok "outform: unknown" said 1 'Unknown --outform der'
	retrieve
	ok "retrieve: what?" said 1 'Say which secret'
}

tap_scratch
prepare
tap_start
test_add
test_add_damaged
test_answers
test_list
test_long_list
test_lock
test_types
test_forms
test_inform
tap_done
