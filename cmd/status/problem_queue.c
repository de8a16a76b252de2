/* What is wrong with the queues and their destinations. */
#include "problem.h"

#include <stdio.h>
#include <string.h>

#include "show.h"
#include "view.h"

static unsigned long long
waits(const struct view_queue *q)
{
	return ((unsigned long long)(q->ready + q->waiting + q->out));
}

/* Since when it has had records, and none was delivered. */
static double
idle_since(const struct view_queue *q)
{
	return (q->last_ok > q->oldest ? q->last_ok : q->oldest);
}

/* The command that sends one record by hand, and prints what comes of it. */
static void
try_one(char *out, size_t size, const struct view *v,
    const struct view_queue *q)
{
	if (strcmp(q->type, "external") == 0)
		snprintf(out, size, "prof-spool%s conf | grep "
		    "^destination.%s.command", v->options, q->name);
	else if (q->sample[0] == '\0')
		snprintf(out, size, "prof-spool%s conf | grep "
		    "^destination.%s", v->options, q->name);
	else if (strcmp(q->type, "metrics") == 0)
		snprintf(out, size, "prof-spool%s cat %s | prof-metrics%s -",
		    v->options, q->sample, v->options);
	else
		snprintf(out, size, "prof-spool%s cat %s | prof-ship%s -d %s "
		    "- tries one by hand", v->options, q->sample, v->options,
		    q->name);
}

static int
find_suspended(struct problems *all, const struct view *v,
    const struct view_queue *q)
{
	struct problem *p;
	char next[SHOW_TEXT];
	size_t n;

	p = problem_add(all, RANK_SUSPENDED, 100, q->flow_since);
	if (p == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what), "%s is suspended, and %llu records "
	    "wait", q->name, waits(q));
	snprintf(p->why, sizeof(p->why), "it answers %.200s", q->reason);
	snprintf(p->next, sizeof(p->next), "see its url and token: "
	    "prof-spool%s conf | grep ^destination.%s; it is asked again at "
	    "once after SIGHUP, or", v->options, q->name);
	n = strlen(p->next);
	if (q->next_try > v->now)
		snprintf(p->next + n, sizeof(p->next) - n, " in %s",
		    show_span(next, q->next_try - v->now));
	else
		snprintf(p->next + n, sizeof(p->next) - n, " by itself");
	return (0);
}

static int
find_away(struct problems *all, const struct view *v,
    const struct view_queue *q)
{
	struct problem *p;

	if ((p = problem_add(all, RANK_AWAY, 111, q->flow_since)) == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what), "%s is away, and %llu records wait",
	    q->name, waits(q));
	snprintf(p->why, sizeof(p->why), "%.250s", q->reason);
	try_one(p->next, sizeof(p->next), v, q);
	return (0);
}

static int
find_stuck(struct problems *all, const struct view *v,
    const struct view_queue *q)
{
	int disk = q->flow == FLOW_STUCK;
	struct problem *p;

	p = problem_add(all, disk ? RANK_DISK : RANK_STUCK, 100,
	    idle_since(q));
	if (p == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what), "nothing of %s is delivered, and "
	    "%llu records wait", q->name, waits(q));
	if (disk)
		snprintf(p->why, sizeof(p->why), "the disk keeps what was "
		    "delivered, and prof-spool's log says why");
	else if (q->flow == FLOW_NOBODY)
		snprintf(p->why, sizeof(p->why), "nobody reads pipe/%s.todo",
		    q->name);
	else
		snprintf(p->why, sizeof(p->why), "%.250s",
		    q->reason[0] != '\0' ? q->reason : "it is not said");
	if (disk)
		snprintf(p->next, sizeof(p->next), "prof-spool%s fsck",
		    v->options);
	else
		try_one(p->next, sizeof(p->next), v, q);
	return (0);
}

static int
find_dead(struct problems *all, const struct view *v,
    const struct view_queue *q)
{
	struct problem *p;

	p = problem_add(all, RANK_DEAD, 100, q->dead_since);
	if (p == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what), "%s has %llu dead record%s",
	    strcmp(q->name, "none") == 0 ? "dead/none, which no queue took,"
	    : q->name, (unsigned long long)q->dead, q->dead == 1 ? "" : "s");
	if (q->dead_id[0] != '\0')
		snprintf(p->why, sizeof(p->why), "%s: %.240s", q->dead_id,
		    q->dead_why);
	snprintf(p->next, sizeof(p->next), "prof-spool%s ls -l -q %s dead "
	    "tells all; prof-spool%s retry -q %s %s tries it again",
	    v->options, q->name, v->options, q->name,
	    q->dead_id[0] != '\0' ? q->dead_id : "ID");
	return (0);
}

static int
find_left(struct problems *all, const struct view *v,
    const struct view_queue *q)
{
	struct problem *p;

	if ((p = problem_add(all, RANK_LEFT, 100, q->oldest)) == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what), "%s is no longer configured, and "
	    "%llu records wait", q->name, waits(q));
	snprintf(p->why, sizeof(p->why), "nobody will deliver them");
	snprintf(p->next, sizeof(p->next), "configure it again, or give them "
	    "up: prof-spool%s rm -q %s", v->options, q->name);
	return (0);
}

static int
find_queue(struct problems *all, const struct view *v,
    const struct view_queue *q, const struct limits *l)
{
	int left = strcmp(q->type, "none") == 0;

	if ((double)q->dead > l->dead && find_dead(all, v, q) == -1)
		return (-1);
	if (left)
		return (waits(q) > 0 ? find_left(all, v, q) : 0);
	/* Without prof-spool, or its consumer, that is what is wrong. */
	if (!v->live)
		return (0);
	if (q->flow == FLOW_SUSPENDED)
		return (find_suspended(all, v, q));
	if (q->flow == FLOW_STUCK)
		return (find_stuck(all, v, q));
	if (q->flow == FLOW_DOWN && q->flow_since > 0)
		return (v->now - q->flow_since > l->away ?
		    find_away(all, v, q) : 0);
	if (waits(q) > 0 && v->now - idle_since(q) > l->stuck)
		return (find_stuck(all, v, q));
	return (0);
}

int
problems_queues(struct problems *all, const struct view *v,
    const struct limits *l)
{
	size_t i;

	for (i = 0; i < v->nqueues; i++)
		if (find_queue(all, v, &v->queues[i], l) == -1)
			return (-1);
	return (0);
}
