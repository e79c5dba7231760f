/* SPDX-License-Identifier: MIT */
/* Policies that "uvctl attest check" holds a response against. */
#ifndef UVCTL_POLICY_H
#define UVCTL_POLICY_H

#include "options.h"
#include "response.h"

#define POLICY_MAX_ISSUES	8

/**
 * struct policy_options - what is demanded
 * @documents: host key documents that a hash may belong to
 * @enforce_image: the image's host key has to be among them
 * @enforce_attest: the request's host key has to be among them
 * @user_data: file that has to equal the user data, or NULL
 * @secrets: add-secret requests, in the order of their success
 * @check_store: the secret store has to be in the state that follows from
 *	@secrets and @locked
 */
struct policy_options {
	struct string_list documents;
	bool enforce_image;
	bool enforce_attest;
	const char *user_data;
	struct string_list secrets;
	bool check_store;
	bool locked;
};

/**
 * struct policy_result - what was found
 * @issues: @n_issues sentences, heap
 * @image_document: document that the image's host key belongs to, or NULL
 * @attest_document: the same for the request's host key
 * @user_data_equal: @user_data was given and holds
 * @store_equal: @check_store was given and holds
 */
struct policy_result {
	char *issues[POLICY_MAX_ISSUES];
	size_t n_issues;
	const char *image_document;
	const char *attest_document;
	bool user_data_equal;
	bool store_equal;
};

/**
 * policy_check() - hold a response against policies
 * @result: out, freed with policy_result_free()
 * @response: read and split
 * @options: what is demanded
 * @err: a file could not be used; says nothing about the policy
 *
 * Return: 0, whether the policies hold or not, or -1 with @err set.
 */
int policy_check(struct policy_result *result, const struct response *response,
		 const struct policy_options *options, struct pv_error *err);

/** policy_result_free() - the issues */
void policy_result_free(struct policy_result *result);

#endif /* UVCTL_POLICY_H */
