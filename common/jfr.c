#include "jfr.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "jfr_chunk.h"
#include "jfr_cursor.h"
#include "jfr_meta.h"
#include "jfr_plan.h"
#include "jfr_pool.h"
#include "jfr_room.h"
#include "jfr_text.h"

/* What to do with the events of a type. */
struct plan {
	struct jfr_plan	 plan;
	uint32_t	 wish;		/* JFR_NOWHERE: nothing */
};

struct reader {
	const struct jfr_wish	*wishes;
	size_t			 n;
	jfr_event		*on_event;
	void			*arg;
	const char		*why;
	struct jfr_room		 room;
	struct jfr_meta		*meta;
	struct jfr_pools	*pools;
	struct jfr_cursor	 described;	/* what meta was read from */
	struct jfr_table	 plans;		/* by type */
	struct jfr_table	 steps;		/* of plans, and of pools */
};

static unsigned int
wish_fields(const struct jfr_wish *w)
{
	unsigned int n = 0;

	while (n < JFR_FIELDS && w->fields[n] != NULL)
		n++;
	return (n);
}

/* The wish for a type of this name. */
static uint32_t
wish_find(const struct reader *r, const struct jfr_text *name)
{
	uint32_t i;

	for (i = 0; i < r->n; i++)
		if (jfr_text_is(name, r->wishes[i].event))
			return (i);
	return (JFR_NOWHERE);
}

/* Are there events of it? Metadata and checkpoints are none. */
static int
type_is_told(const struct jfr_type *t)
{
	return (t->event && t->id != JFR_METADATA && t->id != JFR_CHECKPOINT);
}

static int
plans_make(struct reader *r, struct jfr_planner *pl)
{
	size_t types = jfr_meta_types(r->meta);
	const struct jfr_type *t;
	struct plan *plan;
	unsigned int fields;
	uint32_t i;

	r->plans.n = r->steps.n = 0;
	if (jfr_pools_reset(r->pools, types, &r->room) == -1 ||
	    (plan = jfr_table_reserve(&r->plans, &r->room, types,
	    sizeof(*plan))) == NULL)
		return (-1);
	r->plans.n = types;
	memset(plan, 0, types * sizeof(*plan));
	for (i = 0; i < types; i++, plan++) {
		t = jfr_meta_type(r->meta, i);
		plan->wish = type_is_told(t) ? wish_find(r,
		    jfr_meta_name(r->meta, t->name)) : JFR_NOWHERE;
		if (plan->wish == JFR_NOWHERE)
			continue;
		fields = wish_fields(&r->wishes[plan->wish]);
		if (fields != 0 && jfr_plan_make(pl, i,
		    r->wishes[plan->wish].fields, fields, &plan->plan) == -1)
			return (-1);
	}
	return (0);
}

/* Chunks of one recording have the same types, as a rule. */
static int
is_described(const struct reader *r, const struct jfr_cursor *at)
{
	size_t len = jfr_cursor_left(at);

	return (r->described.p != NULL && r->described.plain == at->plain &&
	    jfr_cursor_left(&r->described) == len &&
	    memcmp(r->described.p, at->p, len) == 0);
}

/* All that is needed to read the chunk's events. */
static int
chunk_prepare(struct reader *r, struct jfr_chunk *c, const struct jfr_raw *e)
{
	struct jfr_cursor at = { e->p, e->end, c->plain };
	struct jfr_planner pl = { .meta = r->meta, .pools = r->pools,
	    .room = &r->room, .steps = &r->steps, .plain = c->plain };
	int known = is_described(r, &at);

	if (!known &&
	    jfr_meta_read(r->meta, &at, &r->room, &r->why) == -1)
		return (-1);
	/* Those that are wished for are few, and so is what constants are
	   made of. */
	pl.budget = 1024 + 16 * jfr_meta_fields(r->meta);
	if (!known && plans_make(r, &pl) == -1) {
		r->why = r->room.why;
		return (-1);
	}
	r->described = at;
	return (jfr_pools_wanted(r->pools) ?
	    jfr_pools_fill(r->pools, c, &pl, &r->why) : 0);
}

static int
event_read(struct reader *r, const struct jfr_chunk *c,
    const struct jfr_raw *e, const struct plan *plan)
{
	struct jfr_cursor at = { e->p, e->end, c->plain };
	struct jfr_value values[JFR_FIELDS];
	struct jfr_walk walk = { c, r->pools, values };
	unsigned int i;

	if (plan->plan.why != NULL) {
		r->why = plan->plan.why;
		return (-1);
	}
	for (i = 0; i < JFR_FIELDS; i++)
		values[i].kind = JFR_NONE;
	if (jfr_plan_walk(&r->steps, &plan->plan, &at, &walk) == -1) {
		r->why = "an event is shorter than its fields";
		return (-1);
	}
	return (r->on_event(plan->wish, values, r->arg));
}

static int
events_read(struct reader *r, struct jfr_chunk *c)
{
	const struct plan *plans = r->plans.p;
	const unsigned char *at = jfr_chunk_first(c);
	struct jfr_raw e;
	uint32_t type;
	int status;

	while ((status = jfr_chunk_next(c, &at, &e, &r->why)) == 1) {
		type = jfr_meta_find(r->meta, e.type);
		if (type != JFR_NOWHERE && plans[type].wish != JFR_NOWHERE &&
		    event_read(r, c, &e, &plans[type]) == -1)
			return (-1);
	}
	return (status);
}

static int
chunk_read(struct jfr_chunk *c, void *arg, const char **why)
{
	struct reader *r = arg;
	struct jfr_raw e;
	int status = jfr_chunk_metadata(c, &e, why);

	if (status != 1)
		return (status);
	r->why = NULL;
	if (chunk_prepare(r, c, &e) == 0 && events_read(r, c) == 0)
		return (1);
	*why = r->why;
	return (-1);
}

int
jfr_read(const char *p, size_t len, const struct jfr_wish *wishes, size_t n,
    const struct jfr_limits *limits, jfr_event *on_event, void *arg,
    struct jfr_report *report, const char **why)
{
	struct reader r = { .wishes = wishes, .n = n, .on_event = on_event,
	    .arg = arg, .room = { limits->memory, NULL } };
	int status = -1;

	*why = "out of memory";
	errno = 0;
	if ((r.meta = jfr_meta_new()) == NULL ||
	    (r.pools = jfr_pools_new()) == NULL)
		goto out;
	status = jfr_chunks(p, len, chunk_read, &r, report, why);
	if (status == 0 && report->undecoded == report->chunks) {
		*why = report->note;
		status = -1;
	}
	if (status == -1 && errno != ENOMEM)
		errno = EINVAL;
out:
	jfr_table_free(&r.steps, &r.room);
	jfr_table_free(&r.plans, &r.room);
	jfr_pools_free(r.pools, &r.room);
	jfr_meta_free(r.meta, &r.room);
	return (status);
}
