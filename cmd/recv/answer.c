#include "answer.h"

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "buf.h"
#include "conf.h"
#include "httpd.h"
#include "tally.h"
#include "version.h"

#define RETRY_AFTER	"Retry-After: 10\r\n"

/* Answer with json, which is freed. Without memory for a text: none. */
static void
answer_json(struct httpd_request *request, struct tally *tally, int status,
    const char *extra, json_t *json)
{
	char *text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
	struct buf b = { 0 };

	if (text == NULL || buf_addf(&b, "%s\n", text) == -1)
		b.len = 0;
	json_decref(json);
	free(text);
	tally_answer(tally, status);
	httpd_reply(request, status, "application/json", extra, b.p, b.len, 0);
	buf_free(&b);
}

void
answer_error(struct httpd_request *request, struct tally *tally, int status,
    const char *why, uint64_t at)
{
	json_t *error = json_pack("{si,ss}", "status", status, "message", why);

	if (at != ANSWER_NOWHERE)
		json_object_set_new(error, "offset",
		    json_integer((json_int_t)at));
	answer_json(request, tally, status,
	    status == 503 ? RETRY_AFTER : NULL,
	    json_pack("{so}", "error", error));
}

void
answer_method(struct httpd_request *request, struct tally *tally,
    const char *allow)
{
	char extra[32];

	snprintf(extra, sizeof(extra), "Allow: %s\r\n", allow);
	answer_json(request, tally, 405, extra, json_pack("{s{si,ss}}", "error",
	    "status", 405, "message", "method not allowed here"));
}

void
answer_id(struct httpd_request *request, struct tally *tally, const char *id)
{
	answer_json(request, tally, 200, NULL,
	    json_pack("{s{ss}}", "content", "ProfileID", id));
}

void
answer_info(struct httpd_request *request, struct tally *tally,
    const struct conf_list *endpoints)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < endpoints->n; i++)
		json_array_append_new(list, json_string(endpoints->v[i]));
	answer_json(request, tally, 200, NULL,
	    json_pack("{ss,so}", "version", VERSION, "endpoints", list));
}
