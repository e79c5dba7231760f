// SPDX-License-Identifier: MIT
/* A response file, read and taken apart, as "verify" and "check" need it. */
#include <string.h>

#include "arcb.h"
#include "response.h"

static int parse(struct response *response, struct pv_error *err)
{
	const struct pv_exchange_entry *arcb;
	struct pv_arcb_info info;

	if (pv_exchange_parse(&response->exchange, response->file.data,
			      response->file.size, err) < 0 ||
	    pv_exchange_check_response(&response->exchange, err) < 0)
		return -1;
	arcb = &response->exchange.item[PV_EXCHANGE_ARCB];
	if (pv_arcb_parse(&info, arcb->data, arcb->size, err) < 0)
		return -1;
	response->flags = info.flags;
	return 0;
}

int response_read(struct response *response, const char *path,
		  struct pv_error *err)
{
	int ret;

	memset(response, 0, sizeof(*response));
	if (pv_file_read(&response->file, path, PV_EXCHANGE_MAX_SIZE, err) < 0)
		return -1;
	ret = parse(response, err);
	if (ret < 0)
		pv_error_prefix(err, "%s", path);
	return ret;
}

int response_split(struct response *response, const char *path,
		   struct pv_error *err)
{
	const struct pv_exchange_entry *item =
		&response->exchange.item[PV_EXCHANGE_ADDITIONAL];
	int ret;

	ret = pv_additional_parse(&response->fields, response->flags,
				  item->data, item->size, err);
	if (ret < 0)
		pv_error_prefix(err, "%s", path);
	return ret;
}

void response_free(struct response *response)
{
	pv_buffer_free(&response->file);
}
