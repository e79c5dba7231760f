#!/bin/bash
# SPDX-License-Identifier: MIT
#
# "uvctl secret retrieve --keyring": secrets as keys of this computer's kernel,
# read back with keyctl, and removed again.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=userspace/tests/tap.sh
. "$here/tap.sh"
# shellcheck source=userspace/tests/image.sh
. "$here/image.sh"
# shellcheck source=userspace/tests/secret.sh
. "$here/secret.sh"

desc=pv-test:$$

# keep TYPE [OPTIONS]: the secret "plain" as a key
keep()
{
	local type=$1

	shift
	run "$fake" secret retrieve plain.yaml --keyring "$type:$desc" "$@"
}

find_key()
{
	keyctl search "${2:-@u}" "$1" "$desc" 2>/dev/null
}

forget()
{
	local key

	for key in user logon; do
		keyctl unlink "$(find_key $key)" @u >/dev/null 2>&1
		keyctl unlink "$(find_key $key @us)" @us >/dev/null 2>&1
	done
	rm -rf "$dir"
}

test_usage()
{
	keep user -o out
	ok "keyring and output" said 1 'excludes --output'
	keep user --outform bin
	ok "keyring and outform" said 1 'excludes --output'
	retrieve plain.yaml --ring user
	ok "ring without keyring" said 1 'need --keyring'
	retrieve plain.yaml --timeout 5
	ok "timeout without keyring" said 1 'need --keyring'
	for word in user user: :x; do
		retrieve plain.yaml --keyring "$word"
		ok "keyring '$word'" said 1 'takes TYPE:DESCRIPTION'
	done
	retrieve plain.yaml --keyring use:x
	ok "keyring: unknown type" said 1 'Unknown type of key use '
	retrieve plain.yaml --keyring encrypted:x
	ok "keyring: encrypted takes no secret" said 1 'make one of type user its master key'
	retrieve plain.yaml --keyring trusted:x
	ok "keyring: nor does trusted" said 1 "kernel's own trust sources"
	retrieve plain.yaml --keyring asymmetric:x
	ok "keyring: nor asymmetric" said 1 'certificates only'
	retrieve plain.yaml --keyring keyring:x
	ok "keyring: nor a keyring" said 1 'place for them'
	retrieve plain.yaml --keyring logon:x
	ok "logon needs a prefix" said 1 'such as uv:x'
	retrieve plain.yaml --keyring logon::x
	ok "logon needs one that is not empty" said 1 'needs a prefix'
	keep user --ring process
	ok "process keyring" said 1 'ends with uvctl'
	keep user --ring thread
	ok "thread keyring" said 1 'ends with uvctl'
	keep user --ring group
	ok "unknown keyring" said 1 'Unknown keyring group'
	for word in 0 -1 1h 2147483648 99999999999999999999 ''; do
		keep user --timeout "$word"
		ok "timeout '$word'" said 1 '--timeout takes'
	done
}

test_user()
{
	local key

	keep user
	ok "user: is kept" said 0 'The secret is key'
	key=$(find_key user)
	ok "user: its number is said" is "${err##* }" "$key"
	keyctl pipe "$key" >value
	ok "user: its value" same value r64
	ok "user: who may do what" is "$(keyctl rdescribe "$key")" \
		"user;$(id -u);$(id -g);0b0b0000;$desc"
	ok "user: does not expire" is "$(expiry "$key")" perm
	ok "user: nothing on standard output" is "$out" ''
	keep user
	ok "user: not twice" said 1 'already (say --force'
	ok "user: it stays as it was" is "$(find_key user)" "$key"
	run "$fake" secret retrieve other.yaml --keyring "user:$desc" --force \
		--timeout 100
	ok "user: --force" said 0 'The secret is key'
	ok "user: there is one only" is \
		"$(grep -c "$desc" <(keyctl list @u))" 1
	keyctl pipe "$(find_key user)" >value
	ok "user: with the new value" same value hello
	ok "user: expires" matches "$(expiry "$(find_key user)")" '^[0-9]+[sm]$'
	keyctl unlink "$(find_key user)" @u >/dev/null
}

# expiry KEY: as the kernel says it
expiry()
{
	printf '%08x' "$1" | grep -f - /proc/keys | awk '{ print $4 }'
}

matches()
{
	grep -qE "$2" <<<"$1" && return 0
	echo "# $1"
	return 1
}

test_logon()
{
	local key

	keep logon --ring @u
	ok "logon: is kept" said 0 'The secret is key'
	key=$(find_key logon)
	ok "logon: who may do what" is "$(keyctl rdescribe "$key")" \
		"logon;$(id -u);$(id -g);09090000;$desc"
	run keyctl pipe "$key"
	ok "logon: nobody reads it" [ "$status" -ne 0 ]
	keyctl unlink "$key" @u >/dev/null
}

test_rings()
{
	keep user --ring user-session
	ok "ring: user-session" [ -n "$(keyctl list @us |
		grep "user: $desc")" ]
	keyctl unlink "$(find_key user @us)" @us >/dev/null
	run keyctl session - bash -c "'$fake' secret retrieve plain.yaml \
		--keyring 'user:$desc' --ring session &&
		keyctl pipe %user:$desc >value"
	ok "ring: session" same value r64
	ok "ring: session, and in no other" is "$(find_key user)" ''
	keep user --ring persistent
	if grep -q 'no keyring of that kind' <<<"$err"; then
		skip "ring: persistent" "this kernel has none"
		return
	fi
	ok "ring: persistent" said 0 'The secret is key'
	ok "ring: really there" found_persistently
}

# Only the login, or whoever started the tests, decides about the session
# keyring: no program can go back to the one of the user.
test_common_session()
{
	case $(keyctl rdescribe @s) in
	*\;_uid_ses.*) ;;
	*)
		skip "ring: session without one" "the tests have one"
		return
		;;
	esac
	keep user --ring session
	ok "ring: session without one" said 0 'The secret is key'
	ok "ring: session without one, it outlives uvctl" is \
		"$(find_key user @s)" "${err##* }"
	ok "ring: session without one, it is the user's" is \
		"$(find_key user @us)" "${err##* }"
	keyctl unlink "$(find_key user @us)" @us >/dev/null
}

test_nested()
{
	rm -f value
	# shellcheck disable=SC2016 # variables of the other shell
	run keyctl session - bash -c '
		ring=$(keyctl newring inner @s) &&
		keyctl add user "$1" old "$ring" &&
		"$0" secret retrieve plain.yaml --keyring "user:$1" \
			--ring session &&
		keyctl pipe "$(keyctl search @s user "$1")" >value &&
		keyctl pipe "$(keyctl search "$ring" user "$1")" >inner' \
		"$fake" "$desc"
	ok "a key in a nested keyring is in nobody's way" ended 0 ''
	ok "nested: the new one is in the keyring" same value r64
	ok "nested: the old one stays" is "$(cat inner)" old
	# shellcheck disable=SC2016 # variables of the other shell
	run keyctl session - bash -c '
		ring=$(keyctl newring inner @s) &&
		keyctl add user "$1" old "$ring" &&
		keyctl add user "$1" own @s &&
		"$0" secret retrieve plain.yaml --keyring "user:$1" \
			--ring session' "$fake" "$desc"
	ok "nested: one in the keyring itself is" said 1 'already (say --force'
}

# A kernel that answers so: no secret leaves the Ultravisor, let alone becomes a
# key.
test_no_keyrings()
{
	local force

	command -v strace >/dev/null || {
		skip "a kernel without keyrings" "strace is not installed"
		return
	}
	for force in '' --force; do
		# shellcheck disable=SC2086 # it is one word, or none
		ASAN_OPTIONS=detect_leaks=0 run strace -o trace \
			-e inject=keyctl:error=ENOSYS "$fake" secret retrieve \
			plain.yaml --keyring "user:$desc" $force
		ok "a kernel without keyrings $force" ended 1 \
			'Cannot look for the key .*has no keyrings'
		ok "no key is made then $force" is \
			"$(grep -c '^add_key' trace)" 0
		ASAN_OPTIONS=detect_leaks=0 run strace -o trace \
			-e inject=keyctl:error=ENOSYS "$fake" secret retrieve \
			plain.yaml --keyring "user:$desc" --ring session $force
		ok "nor a session keyring $force" ended 1 \
			'Cannot find the keyring .*has no keyrings'
	done
}

# Only who possesses the persistent keyring may search in it.
found_persistently()
{
	# shellcheck disable=SC2016 # variables of the other shell
	keyctl session - bash -c '
		ring=$(keyctl get_persistent @s) &&
		key=$(keyctl search "$ring" user "$0") &&
		keyctl pipe "$key" && keyctl unlink "$key" "$ring"' \
		"$desc" >value 2>keyctl.err && same value r64 && return 0
	head -n 5 keyctl.err | sed 's/^/# /'
	return 1
}

test_secrets()
{
	run "$fake" secret retrieve key.yaml --keyring "user:$desc"
	ok "a protected key: a warning" said 0 'warning: This is a protected key'
	ok "a protected key: is kept" is \
		"$(keyctl pipe "$(find_key user)" | wc -c)" 64
	keyctl unlink "$(find_key user)" @u >/dev/null
	run "$fake" secret retrieve empty.yaml --keyring "user:$desc"
	ok "an empty secret cannot be kept" said 1 'no empty keys'
	run "$fake" secret retrieve --inform name x --keyring "user:$desc"
	ok "no such secret" said 1 'no such secret'
	ok "no key then" is "$(find_key user)" ''
	keep big_key
	if grep -q 'no such type' <<<"$err"; then
		skip "big_key" "this kernel has no such type"
	else
		ok "big_key" said 0 'The secret is key'
		keyctl unlink "$(find_key big_key)" @u >/dev/null
	fi
}

test_no_file()
{
	local traced

	command -v strace >/dev/null || {
		skip "no file is written" "strace is not installed"
		return
	}
	traced=$(ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=openat,creat \
		"$fake" secret retrieve plain.yaml --keyring "user:$desc" 2>&1 |
		grep -cE 'O_(WRONLY|RDWR|CREAT)')
	ok "no file is written" is "$traced" 0
	keyctl unlink "$(find_key user)" @u >/dev/null
}

tap_scratch
prepare
trap forget EXIT
make plain plain r64
make other plain hello
make empty plain r0
make key aes r32
for word in plain other empty key; do
	add "$word.req"
done
tap_start
test_usage
if probe=$(keyctl add user "$desc" x @u 2>&1); then
	keyctl unlink "$probe" @u >/dev/null
	test_user
	test_logon
	test_rings
	test_common_session
	test_nested
	test_no_keyrings
	test_secrets
	test_no_file
else
	skip "keys of the kernel" "$probe"
fi
tap_done
