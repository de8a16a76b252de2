#include "health.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "buf.h"
#include "expose_read.h"
#include "intake.h"
#include "intake_answer.h"
#include "intake_tally.h"
#include "room.h"
#include "spool.h"
#include "when.h"

#define WHY	256		/* room for a line */

/*
 * A commit that failed is old news after this: who sends nothing while we are
 * ill would else never see that we are well again. And a disk that hangs is
 * not one that is slow.
 */
#define COMMIT_ILL	(60 * WHEN_SECOND)
#define COMMIT_HANGS	(20 * WHEN_SECOND)

/* A consumer may be away so long: supervisors wait before they start anew. */
#define AWAY		60	/* seconds */

/* What prof-spool says of the queue that its figures are at. */
struct line {
	char	 name[SPOOL_NAME_MAX + 1];
	double	 records;
	int	 up;
	int	 configured;
	double	 since;
};

/* Can a record be committed? 0: yes; -1: no, and why. */
static int
taken(const struct intake *in, char why[WHY])
{
	const struct intake_tally *t = in->tally;
	int64_t now = when_mono();
	const char *full;

	if (in->broken) {
		snprintf(why, WHY, "standard output is broken");
		return (-1);
	}
	if ((full = room_open(in->room)) != NULL ||
	    (full = room_promise(in->room, 0)) != NULL) {
		snprintf(why, WHY, "%s", full);
		return (-1);
	}
	if (t->error != 0 && now - t->settled < COMMIT_ILL) {
		snprintf(why, WHY, "the last record could not be committed: "
		    "%s", strerror(t->error));
		return (-1);
	}
	if (t->waiting > 0 && now - t->settled > COMMIT_HANGS) {
		snprintf(why, WHY, "%u commits wait, and none has ended for "
		    "%lld s: the disk hangs", t->waiting,
		    (long long)((now - t->settled) / WHEN_SECOND));
		return (-1);
	}
	return (0);
}

static struct line *
line_of(struct buf *lines, const char *queue)
{
	struct line fresh = { .name = "" };
	struct line *l = (struct line *)(void *)lines->p;
	size_t n = lines->len / sizeof(*l);

	for (; n > 0; n--, l++)
		if (strcmp(l->name, queue) == 0)
			return (l);
	snprintf(fresh.name, sizeof(fresh.name), "%s", queue);
	if (buf_add(lines, &fresh, sizeof(fresh)) == -1)
		return (NULL);
	return ((struct line *)(void *)(lines->p + lines->len) - 1);
}

/* One figure of prof-spool's. -1: it says why records are not moved on. */
static int
figure(const struct expose_sample *s, struct buf *lines, char why[WHY])
{
	char queue[SPOOL_NAME_MAX + 1], state[16];
	struct line *l;

	if (expose_sample_is(s, "prof_spool_admitting") && s->value == 0) {
		snprintf(why, WHY, "prof-spool cannot take records from new/: "
		    "the disk refuses");
		return (-1);
	}
	if (expose_sample_label(s, "queue", queue, sizeof(queue)) == -1)
		return (0);
	if (expose_sample_is(s, "prof_spool_queue_stuck") && s->value != 0) {
		snprintf(why, WHY, "queue %s: the disk keeps what was "
		    "delivered, so that nothing is handed out", queue);
		return (-1);
	}
	if ((l = line_of(lines, queue)) == NULL)
		return (0);
	(void)expose_sample_label(s, "state", state, sizeof(state));
	if (expose_sample_is(s, "prof_spool_records") &&
	    strcmp(state, "dead") != 0)
		l->records += s->value;
	else if (expose_sample_is(s, "prof_spool_consumer_up"))
		l->up = s->value != 0;
	else if (expose_sample_is(s, "prof_spool_configured"))
		l->configured = s->value != 0;
	else if (expose_sample_is(s, "prof_spool_consumer_timestamp_seconds"))
		l->since = s->value;
	return (0);
}

/* Is there a queue whose records nobody fetches? */
static int
lines_served(const struct buf *lines, char why[WHY])
{
	const struct line *l = (const struct line *)(const void *)lines->p;
	size_t n = lines->len / sizeof(*l);
	double away;

	for (; n > 0; n--, l++) {
		away = (double)when_now() / WHEN_SECOND - l->since;
		if (l->up || !l->configured || l->records == 0 || away < AWAY)
			continue;
		snprintf(why, WHY, "queue %s: nobody has fetched its %.0f "
		    "records for %.0f s", l->name, l->records, away);
		return (-1);
	}
	return (0);
}

/* What prof-spool wrote, if it did so lately. */
static int
spool_read(const struct intake *in, struct buf *text, char why[WHY])
{
	int64_t written;

	if (board_read(in->spool, "spool", text, &written) == -1)
		snprintf(why, WHY, "the figures of prof-spool cannot be read: "
		    "%s", strerror(errno));
	else if (!board_fresh(written))
		snprintf(why, WHY, "prof-spool has written no figures for "
		    "%lld s", (long long)((when_now() - written) /
		    WHEN_SECOND));
	else
		return (0);
	return (-1);
}

/* Does prof-spool move on what is committed, and do consumers fetch it? */
static int
moved_on(const struct intake *in, char why[WHY])
{
	struct buf text = { 0 }, lines = { 0 };
	const char *p, *end, *newline;
	struct expose_sample s;
	int result = -1;

	if (spool_read(in, &text, why) == -1)
		goto out;
	end = text.p + text.len;
	for (p = text.p; p < end; p = newline + 1) {
		if ((newline = memchr(p, '\n', (size_t)(end - p))) == NULL)
			break;
		if (expose_sample_read(p, (size_t)(newline - p), &s) == 0 &&
		    figure(&s, &lines, why) == -1)
			goto out;
	}
	result = lines_served(&lines, why);
out:
	buf_free(&text);
	buf_free(&lines);
	return (result);
}

void
health(struct intake *in, struct httpd_request *request)
{
	char why[WHY] = "ok";
	struct buf b = { 0 };
	int status = 200;

	if (taken(in, why) == -1 ||
	    (in->spool != NULL && moved_on(in, why) == -1))
		status = 503;
	if (buf_addf(&b, "%s\n", why) == -1)
		b.len = 0;
	intake_answer(request, in->tally, status,
	    "text/plain; charset=utf-8", status == 503 ? INTAKE_RETRY : NULL,
	    b.p, b.len);
	buf_free(&b);
}
