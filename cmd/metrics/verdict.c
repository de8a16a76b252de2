#include "verdict.h"

#include <stdio.h>
#include <string.h>

#include "counts.h"
#include "log.h"
#include "pipes.h"
#include "when.h"

#define DELAY_MAX	300	/* seconds */

void
verdict_ok(struct pipes_name *n, struct counts *c)
{
	c->verdicts[COUNTS_OK]++;
	c->last_ok = when_now();
	pipes_answer(n, "ok");
}

void
verdict_back(struct pipes_name *n, struct counts *c, const char *reason)
{
	c->verdicts[COUNTS_BACK]++;
	log_debug(n->id, "given back", "reason=%s", log_quote(reason));
	pipes_answer(n, "back");
}

void
verdict_dead(struct pipes_name *n, struct counts *c, const char *reason)
{
	c->verdicts[COUNTS_DEAD]++;
	log_err(n->id, "no metrics, ever", "reason=%s", log_quote(reason));
	pipes_answer(n, "dead %s", reason);
}

void
verdict_retry(struct pipes_name *n, struct counts *c, const char *reason,
    int error)
{
	int delay = n->attempts < 8 ? 1 << n->attempts : DELAY_MAX;
	char text[256];

	snprintf(text, sizeof(text), "%s%s%s", reason, error != 0 ? ": " : "",
	    error != 0 ? strerror(error) : "");
	c->verdicts[COUNTS_RETRY]++;
	log_warn(n->id, "no metrics yet", "delay=%d reason=%s", delay,
	    log_quote(text));
	pipes_answer(n, "retry %d %s", delay, text);
}
