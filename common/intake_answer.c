#include "intake_answer.h"

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "buf.h"
#include "httpd.h"
#include "intake_tally.h"
#include "when.h"

void
intake_answer(struct httpd_request *request, struct intake_tally *tally,
    int status, const char *type, const char *extra, const char *body,
    size_t len)
{
	intake_tally_answer(tally, status, when_mono() - httpd_asked(request));
	httpd_reply(request, status, type, extra, body, len, 0);
}

/* {"error":...}, which is freed. Without memory for a text: none. */
static void
answer_json(struct httpd_request *request, struct intake_tally *tally,
    int status, const char *extra, json_t *error)
{
	json_t *json = json_pack("{so}", "error", error);
	char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
	struct buf b = { 0 };

	if (text == NULL || buf_addf(&b, "%s\n", text) == -1)
		b.len = 0;
	json_decref(json);
	free(text);
	intake_answer(request, tally, status, "application/json", extra, b.p,
	    b.len);
	buf_free(&b);
}

void
intake_answer_error(struct httpd_request *request, struct intake_tally *tally,
    int status, const char *why, uint64_t at)
{
	json_t *error = json_pack("{si,ss}", "status", status, "message", why);

	if (at != INTAKE_NOWHERE)
		json_object_set_new(error, "offset",
		    json_integer((json_int_t)at));
	answer_json(request, tally, status,
	    status == 503 ? INTAKE_RETRY : NULL, error);
}

void
intake_answer_token(struct httpd_request *request, struct intake_tally *tally,
    const char *why)
{
	answer_json(request, tally, 401,
	    "WWW-Authenticate: Bearer realm=\"prof\"\r\n",
	    json_pack("{si,ss}", "status", 401, "message", why));
}

void
intake_answer_method(struct httpd_request *request,
    struct intake_tally *tally, const char *allow)
{
	char extra[32], why[64];

	snprintf(extra, sizeof(extra), "Allow: %s\r\n", allow);
	snprintf(why, sizeof(why), "nothing but %s is taken here", allow);
	answer_json(request, tally, 405, extra,
	    json_pack("{si,ss}", "status", 405, "message", why));
}
