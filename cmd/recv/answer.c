#include "answer.h"

#include <string.h>

#include "buf.h"
#include "conf.h"
#include "intake_answer.h"
#include "json.h"
#include "version.h"

/* Without memory for all of it: none. */
static void
answer_json(struct httpd_request *request, struct intake_tally *tally,
    struct buf *b, int failed)
{
	intake_answer(request, tally, 200, "application/json", NULL, b->p,
	    failed ? 0 : b->len);
	buf_free(b);
}

void
answer_id(struct httpd_request *request, struct intake_tally *tally,
    const char *id)
{
	struct buf b = { 0 };
	int failed;

	failed = buf_addf(&b, "{\"content\":{\"ProfileID\":\"%s\"}}\n", id);
	answer_json(request, tally, &b, failed);
}

void
answer_info(struct httpd_request *request, struct intake_tally *tally,
    const struct conf_list *endpoints)
{
	struct buf b = { 0 };
	int failed;
	size_t i;

	failed = buf_adds(&b,
	    "{\"version\":\"" VERSION "\",\"endpoints\":[");
	for (i = 0; i < endpoints->n && failed == 0; i++)
		failed = buf_adds(&b, i > 0 ? ",\"" : "\"") == -1 ||
		    json_escape(&b, endpoints->v[i],
		    strlen(endpoints->v[i])) == -1 || buf_addc(&b, '"') == -1;
	failed |= buf_adds(&b, "]}\n");
	answer_json(request, tally, &b, failed);
}
