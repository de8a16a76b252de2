/* The room that the spool takes, and has; the election. */
#include "view.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "census.h"
#include "conf.h"
#include "figures.h"
#include "spool.h"

#define FULL_SECONDS	60	/* an older `full` is forgotten by its maker */

/* Until what grows meets the first of its bounds; -1: it does not grow. */
static double
until_full(const struct view_space *s)
{
	double room = s->capacity - s->used;

	if (s->growth < 1 || s->used < 0 || s->capacity <= 0)
		return (-1);
	if (s->free >= 0 && s->free - s->min_free < room)
		room = s->free - s->min_free;
	return (room > 0 ? room / s->growth : 0);
}

static double
used_by_queues(const struct view *v)
{
	double bytes = 0;
	size_t i;

	for (i = 0; i < v->nqueues; i++) {
		if (v->queues[i].counted_by[0] == '\0')
			return (-1);
		/* A record may stand in several queues and is on disk once:
		 * what the largest one holds is certain. */
		if ((double)v->queues[i].bytes > bytes)
			bytes = (double)v->queues[i].bytes;
	}
	return (bytes);
}

int
view_space(struct view *v, const struct figures *spool)
{
	struct view_space *s = &v->space;
	struct statvfs fs;
	struct stat st;

	s->used = v->live ? figures_value(spool, "prof_spool_bytes", NULL,
	    NULL) : used_by_queues(v);
	s->capacity = v->conf != NULL ? (double)v->conf->cache_capacity :
	    figures_value(spool, "prof_spool_capacity_bytes", NULL, NULL);
	s->min_free = v->conf != NULL ? (double)v->conf->min_free : 0;
	s->rejects = v->conf != NULL && v->conf->when_full == CONF_REJECT;
	s->free = fstatvfs(v->root, &fs) == 0 ?
	    (double)fs.f_bavail * (double)fs.f_frsize : -1;
	s->growth = v->live ? figures_value(spool,
	    "prof_spool_growth_bytes_per_second", NULL, NULL) : 0;
	s->full_in = until_full(s);
	s->refusing = fstatat(v->root, SPOOL_FULL, &st,
	    AT_SYMLINK_NOFOLLOW) == 0 &&
	    v->now - (double)st.st_mtime < FULL_SECONDS;
	s->last_evicted = figures_value(spool,
	    "prof_spool_last_eviction_timestamp_seconds", NULL, NULL);
	s->admitting = 1;
	if (v->live && spool != NULL) {
		double admitting = 1;

		figures_get(spool, "prof_spool_admitting", NULL, NULL,
		    &admitting);
		s->admitting = admitting != 0;
	}
	if (census_new(v->root, &s->fresh, &s->fresh_oldest) == -1)
		return (view_note(v, SPOOL_NEW, errno));
	return (0);
}

void
view_election(struct view *v, const struct figures *f)
{
	struct view_election *e = &v->election;

	e->enabled = f != NULL && v->conf != NULL && v->conf->election &&
	    v->conf->ntargets > 0;
	if (f == NULL)
		return;
	e->elected = figures_value(f, "prof_pull_elected", NULL, NULL) > 0;
	e->since = figures_value(f, "prof_pull_elected_timestamp_seconds",
	    NULL, NULL);
	figures_label(f, "prof_pull_elected_info", NULL, NULL, "reason", e->why,
	    sizeof(e->why));
	figures_label(f, "prof_pull_leader_info", NULL, NULL, "name", e->leader,
	    sizeof(e->leader));
	e->leader_since = figures_value(f,
	    "prof_pull_leader_timestamp_seconds", NULL, NULL);
	figures_label(f, "prof_pull_election_trouble_info", NULL, NULL,
	    "reason", e->trouble, sizeof(e->trouble));
	e->members = (uint64_t)figures_value(f, "prof_pull_members", NULL,
	    NULL);
	e->mine = (uint64_t)figures_value(f, "prof_pull_targets_mine", NULL,
	    NULL);
	e->targets = (uint64_t)figures_value(f, "prof_pull_targets", NULL,
	    NULL);
}
