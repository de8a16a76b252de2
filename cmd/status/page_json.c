#include "page.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "buf.h"
#include "problem.h"
#include "show.h"
#include "view.h"

/* A text of a client's or a destination's: bytes that are no ASCII are '?'. */
static json_t *
text(const char *s)
{
	struct buf b = { 0 };
	json_t *j = NULL;

	if (show_line(&b, s) == 0)
		j = json_stringn(b.p != NULL ? b.p : "", b.len);
	buf_free(&b);
	return (j);
}

/* null where it is not known. */
static json_t *
known(double value, int is_known)
{
	return (is_known ? json_real(value) : json_null());
}

static json_t *
count(uint64_t n, int is_known)
{
	return (is_known ? json_integer((json_int_t)n) : json_null());
}

static json_t *
json_programs(const struct view *v)
{
	static const char *const states[] = { "up", "down", "silent",
	    "unknown" };
	json_t *all = json_array();
	const struct view_program *p;
	size_t i;

	for (i = 0; i < v->nprograms; i++) {
		p = &v->programs[i];
		json_array_append_new(all, json_pack(
		    "{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		    "name", p->name,
		    "state", states[p->state],
		    "pid", count((uint64_t)p->pid, p->pid > 0),
		    "since", known(p->since, p->since > 0),
		    "restarts", count((uint64_t)(p->starts - 1),
		    p->starts > 0),
		    "figures_at", known(p->figures_at, p->figures_at > 0),
		    "landlock", count((uint64_t)p->landlock,
		    p->landlock >= 0),
		    "seccomp", count((uint64_t)p->seccomp, p->seccomp >= 0),
		    "says", text(p->says)));
	}
	return (all);
}

static json_t *
json_queue(const struct view_queue *q)
{
	static const char *const states[] = { "ok", "down", "suspended",
	    "stuck", "unserved" };
	int counted = q->counted_by[0] != '\0';
	json_t *j;

	j = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "name", q->name, "type", q->type,
	    "state", states[q->flow], "counted_by", q->counted_by,
	    "ready", count(q->ready, counted),
	    "waiting", count(q->waiting, counted),
	    "out", count(q->out, counted), "dead", count(q->dead, counted),
	    "bytes", count(q->bytes, counted),
	    "oldest", known(q->oldest, q->oldest > 0));
	if (j == NULL)
		return (NULL);
	json_object_set_new(j, "in_per_second", known(q->in, q->in >= 0));
	json_object_set_new(j, "out_per_second",
	    known(q->out_rate, q->out_rate >= 0));
	json_object_set_new(j, "state_since",
	    known(q->flow_since, q->flow_since > 0));
	json_object_set_new(j, "last_success",
	    known(q->last_ok, q->last_ok > 0));
	json_object_set_new(j, "last_failure",
	    known(q->last_failure, q->last_failure > 0));
	json_object_set_new(j, "last_error", text(q->reason));
	json_object_set_new(j, "next_try",
	    known(q->next_try, q->next_try > 0));
	return (j);
}

static json_t *
json_queues(const struct view *v)
{
	json_t *all = json_array();
	size_t i;

	for (i = 0; i < v->nqueues; i++)
		json_array_append_new(all, json_queue(&v->queues[i]));
	return (all);
}

static json_t *
json_space(const struct view *v)
{
	const struct view_space *s = &v->space;
	int seen = v->error == 0;

	return (json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:b, s:o, "
	    "s:b, s:o}", "used", known(s->used, seen && s->used >= 0),
	    "capacity", known(s->capacity, s->capacity > 0),
	    "free", known(s->free, seen && s->free >= 0),
	    "min_free", known(s->min_free, v->conf != NULL),
	    "growth_per_second", known(s->growth, v->live),
	    "full_in", known(s->full_in, v->live && s->full_in >= 0),
	    "when_full", s->rejects ? "reject" : "evict",
	    "refusing", s->refusing,
	    "last_eviction", known(s->last_evicted, s->last_evicted > 0),
	    "admitting", s->admitting,
	    "new", count(s->fresh, seen)));
}

static json_t *
json_election(const struct view *v)
{
	const struct view_election *e = &v->election;

	if (!e->enabled)
		return (json_null());
	return (json_pack("{s:b, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I}",
	    "elected", e->elected, "since", known(e->since, e->since > 0),
	    "why", text(e->why), "leader", text(e->leader),
	    "leader_since", known(e->leader_since, e->leader_since > 0),
	    "trouble", text(e->trouble),
	    "members", (json_int_t)e->members,
	    "targets_mine", (json_int_t)e->mine,
	    "targets", (json_int_t)e->targets));
}

static json_t *
json_problems(const struct problems *all)
{
	json_t *j = json_array();
	const struct problem *p;
	size_t i;

	for (i = 0; i < all->n; i++) {
		p = &all->v[i];
		json_array_append_new(j, json_pack(
		    "{s:i, s:o, s:o, s:o, s:o}", "exit", p->code,
		    "what", text(p->what), "since", known(p->since,
		    p->since > 0), "why", text(p->why),
		    "next", text(p->next)));
	}
	return (j);
}

static json_t *
json_unread(const struct view *v)
{
	json_t *all = json_array();
	size_t i;

	for (i = 0; i < v->nunread; i++)
		json_array_append_new(all, json_pack("{s:o, s:s}", "path",
		    text(v->unread[i].path), "error",
		    strerror(v->unread[i].error)));
	return (all);
}

int
page_json(struct buf *b, const struct view *v, const struct problems *all)
{
	json_t *j;
	char *line;
	int result = -1;

	j = json_pack("{s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "time", v->now, "spool", text(v->path),
	    "programs", json_programs(v), "queues", json_queues(v),
	    "space", json_space(v), "election", json_election(v),
	    "unread", json_unread(v), "problems", json_problems(all));
	line = j == NULL ? NULL : json_dumps(j, JSON_COMPACT |
	    JSON_REAL_PRECISION(14));
	if (line != NULL && buf_adds(b, line) == 0)
		result = buf_addc(b, '\n');
	free(line);
	json_decref(j);
	return (result);
}
