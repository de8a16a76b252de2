/* What is wrong with the room that the spool has, and with what moves in. */
#include "problem.h"

#include <stdio.h>
#include <string.h>

#include "show.h"
#include "view.h"

#define EVICTED_AGO	3600	/* seconds that an eviction is news */

/* The queue that holds most of it. */
static const char *
largest(const struct view *v)
{
	const struct view_queue *most = NULL;
	size_t i;

	for (i = 0; i < v->nqueues; i++)
		if (most == NULL || v->queues[i].bytes > most->bytes)
			most = &v->queues[i];
	return (most == NULL ? "-" : most->name);
}

static void
say_used(struct problem *p, const struct view *v)
{
	char used[SHOW_TEXT], capacity[SHOW_TEXT];

	snprintf(p->why, sizeof(p->why), "%s of %s (cache_capacity_mb); most "
	    "of it waits for %.48s", show_bytes(used, v->space.used),
	    show_bytes(capacity, v->space.capacity), largest(v));
}

static int
find_refusing(struct problems *all, const struct view *v)
{
	struct problem *p;

	if (!v->space.refusing)
		return (0);
	if ((p = problem_add(all, RANK_FULL, 100, 0)) == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what),
	    "the spool is full, and clients are answered 503");
	say_used(p, v);
	snprintf(p->next, sizeof(p->next), "mend that destination, or raise "
	    "cache_capacity_mb, or give up its records: prof-spool%s rm -q %s",
	    v->options, largest(v));
	return (0);
}

static int
find_disk_full(struct problems *all, const struct view *v)
{
	const struct view_space *s = &v->space;
	char has[SHOW_TEXT], wants[SHOW_TEXT];
	struct problem *p;

	if (s->free < 0 || s->free > s->min_free)
		return (0);
	if ((p = problem_add(all, RANK_FULL, 100, 0)) == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what),
	    "the spool's disk is full, and clients are answered 503");
	snprintf(p->why, sizeof(p->why), "%s are free, min_free_mb is %s",
	    show_bytes(has, s->free), show_bytes(wants, s->min_free));
	snprintf(p->next, sizeof(p->next), "df -h %.400s, and make room",
	    v->path);
	return (0);
}

static int
find_evicting(struct problems *all, const struct view *v)
{
	struct problem *p;

	if (v->space.last_evicted == 0 ||
	    v->now - v->space.last_evicted > EVICTED_AGO)
		return (0);
	if ((p = problem_add(all, RANK_EVICTING, 100,
	    v->space.last_evicted)) == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what),
	    "the spool is at its mark, and the oldest records are evicted");
	say_used(p, v);
	snprintf(p->next, sizeof(p->next), "mend that destination, or raise "
	    "cache_capacity_mb");
	return (0);
}

static int
find_filling(struct problems *all, const struct view *v,
    const struct limits *l)
{
	const struct view_space *s = &v->space;
	char span[SHOW_TEXT];
	struct problem *p;
	size_t n;

	if (s->refusing || s->capacity <= 0 || s->used < l->full * s->capacity)
		return (0);
	if ((p = problem_add(all, RANK_FILLING, 111, 0)) == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what), "the spool is nearly full: %.0f %%",
	    100 * s->used / s->capacity);
	say_used(p, v);
	n = strlen(p->why);
	if (s->full_in >= 0)
		snprintf(p->why + n, sizeof(p->why) - n, "; full in %s",
		    show_span(span, s->full_in));
	snprintf(p->next, sizeof(p->next), "mend that destination, or raise "
	    "cache_capacity_mb");
	return (0);
}

static int
find_new(struct problems *all, const struct view *v, const struct limits *l)
{
	const struct view_space *s = &v->space;
	struct problem *p;

	if (!v->live || (s->admitting && (s->fresh == 0 ||
	    v->now - s->fresh_oldest < l->silent)))
		return (0);
	p = problem_add(all, s->admitting ? RANK_NEW : RANK_DISK, 100,
	    s->fresh_oldest);
	if (p == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what), "%llu records in new/ are not "
	    "admitted to the queues", (unsigned long long)s->fresh);
	snprintf(p->why, sizeof(p->why), "%s", s->admitting ?
	    "prof-spool is behind" : "the disk refuses, and prof-spool's log "
	    "says what");
	snprintf(p->next, sizeof(p->next), s->admitting ? "prof%s status -w" :
	    "prof-spool%s fsck", v->options);
	return (0);
}

int
problems_space(struct problems *all, const struct view *v,
    const struct limits *l)
{
	if (v->error != 0)
		return (0);
	return (find_refusing(all, v) == -1 || find_disk_full(all, v) == -1 ||
	    find_evicting(all, v) == -1 || find_filling(all, v, l) == -1 ||
	    find_new(all, v, l) == -1 ? -1 : 0);
}
