#include "scrape.h"

#include <errno.h>
#include <string.h>

#include "board.h"
#include "buf.h"
#include "conf.h"
#include "httpd.h"
#include "intake.h"
#include "intake_answer.h"
#include "log.h"
#include "when.h"

#define UNSENT	((size_t)8 << 20)

void
scrape(struct intake *in, struct httpd_request *request)
{
	/* Whoever asks more often gets the same again: that costs little. */
	static struct buf page;
	static int64_t made;
	int64_t now = when_mono();

	if (httpd_unsent(request) > UNSENT) {
		intake_answer_error(request, in->tally, 503,
		    "too much waits to be read by others", INTAKE_NOWHERE);
		return;
	}
	if (page.len == 0 || now - made >= WHEN_SECOND) {
		page.len = 0;
		made = now;
		if (board_print(in->spool, in->conf, &page) == -1) {
			log_debug(NULL, "no figures", "error=%s",
			    log_quote(strerror(errno)));
			buf_free(&page);
			intake_answer_error(request, in->tally, 503,
			    "the figures cannot be read", INTAKE_NOWHERE);
			return;
		}
	}
	intake_answer(request, in->tally, 200,
	    "text/plain; version=0.0.4; charset=utf-8", NULL, page.p,
	    page.len);
}
