// SPDX-License-Identifier: MIT
/*
 * Use a key of a keyring without ever having it: the kernel computes the
 * HMAC-SHA-256 of standard input with it.
 *
 *	keyring-hmac TYPE:DESCRIPTION <MESSAGE
 *
 * The key is looked for in the user's keyring.  The kernel does the work in
 * its socket family AF_ALG (module algif_hash), with keys of keyrings since
 * version 6.2.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <keyutils.h>
#include <linux/if_alg.h>

#ifndef ALG_SET_KEY_BY_KEY_SERIAL
#define ALG_SET_KEY_BY_KEY_SERIAL	7	/* headers before Linux 6.2 */
#endif

#define HMAC_SIZE	32
#define TYPE_SIZE	32

/* What an errno of a step means, and what to do. */
static const struct reason {
	int number;
	const char *text;
} find_reasons[] = {
	{ ENOSYS, "this kernel has no keyrings (CONFIG_KEYS)" },
	{ ENOKEY, "there is no such key in the user's keyring, or no such type" },
	{ EACCES, "the key may not be searched for" },
	{ EKEYEXPIRED, "the key has expired" },
	{ EKEYREVOKED, "the key was revoked" },
	{ 0 }
}, hash_reasons[] = {
	{ EAFNOSUPPORT, "the module af_alg is not loaded: modprobe algif_hash" },
	{ ENOENT, "this kernel has no hmac(sha256) for user space: modprobe algif_hash" },
	{ 0 }
}, key_reasons[] = {
	{ ENOPROTOOPT, "this kernel cannot use keys of keyrings (6.2 is the first)" },
	{ EOPNOTSUPP, "the kernel takes no keys of this type (user, logon, encrypted or trusted)" },
	{ 0 }
}, other_reasons[] = {
	{ 0 }
};

static int fail(const char *what, const struct reason *reasons)
{
	const char *text = strerror(errno);

	for (; reasons->number; reasons++)
		if (reasons->number == errno)
			text = reasons->text;
	fprintf(stderr, "keyring-hmac: %s: %s\n", what, text);
	return -1;
}

static key_serial_t find_key(const char *name)
{
	const char *colon = strchr(name, ':');
	size_t len = colon ? (size_t)(colon - name) : 0;
	char type[TYPE_SIZE];
	key_serial_t key;

	if (len == 0 || len >= sizeof(type) || !colon[1]) {
		fprintf(stderr, "keyring-hmac: '%s' is not TYPE:DESCRIPTION\n",
			name);
		return -1;
	}
	memcpy(type, name, len);
	type[len] = '\0';
	key = keyctl_search(KEY_SPEC_USER_KEYRING, type, colon + 1, 0);
	return key < 0 ? fail(name, find_reasons) : key;
}

/* Return: a socket that is set up to hash with @key, or -1. */
static int open_hash(key_serial_t key, const char *name)
{
	const struct sockaddr_alg address = {
		.salg_family = AF_ALG,
		.salg_type = "hash",
		.salg_name = "hmac(sha256)",
	};
	int hash = socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (hash < 0)
		return fail("hmac(sha256)", hash_reasons);
	if (bind(hash, (const struct sockaddr *)&address,
		 sizeof(address)) < 0)
		fail("hmac(sha256)", hash_reasons);
	else if (setsockopt(hash, SOL_ALG, ALG_SET_KEY_BY_KEY_SERIAL, &key,
			    sizeof(key)) < 0)
		fail(name, key_reasons);
	else
		return hash;
	close(hash);
	return -1;
}

/* The HMAC of standard input; what accept() gives is one computation. */
static int compute(int hash, unsigned char *hmac)
{
	int work = accept(hash, NULL, NULL);
	char piece[4096];
	bool hashed = true;
	ssize_t size;

	if (work < 0)
		return fail("hmac(sha256)", other_reasons);
	while (hashed && (size = read(STDIN_FILENO, piece, sizeof(piece))) > 0)
		hashed = send(work, piece, (size_t)size, MSG_MORE) == size;
	if (hashed && size == 0)
		hashed = read(work, hmac, HMAC_SIZE) == HMAC_SIZE;
	if (!hashed)
		fail("hmac(sha256)", other_reasons);
	else if (size < 0)
		fail("standard input", other_reasons);
	close(work);
	return hashed && size == 0 ? 0 : -1;
}

static int print_hmac(int hash)
{
	unsigned char hmac[HMAC_SIZE];

	if (compute(hash, hmac) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(hmac); i++)
		printf("%02x", hmac[i]);
	printf("\n");
	return fflush(stdout) ? fail("standard output", other_reasons) : 0;
}

int main(int argc, char **argv)
{
	key_serial_t key;
	int hash, ret;

	if (argc != 2) {
		fprintf(stderr, "usage: keyring-hmac TYPE:DESCRIPTION <MESSAGE\n");
		return 2;
	}
	key = find_key(argv[1]);
	if (key < 0)
		return 1;
	hash = open_hash(key, argv[1]);
	if (hash < 0)
		return 1;
	ret = print_hmac(hash);
	close(hash);
	return ret < 0 ? 1 : 0;
}
