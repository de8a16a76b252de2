#include "derive.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "record.h"
#include "report.h"
#include "spool.h"

/* A draft that was cut short is gone since we started (serve.c). */
static int
derive_write(struct spool *spool, struct record *r, const struct buf *lines,
    const char **why)
{
	struct draft *d;

	*why = "cannot make a draft";
	if ((d = draft_new(spool, "metrics", r)) == NULL)
		return (-1);
	*why = "cannot write a draft";
	if (draft_reserve(d, lines->len) == -1 ||
	    draft_write(d, lines->p, lines->len) == -1) {
		draft_discard(d);
		return (-1);
	}
	*why = "cannot commit a record";
	return (draft_commit(d) == -1 && errno != EEXIST ? -1 : 0);
}

/* The same each time, so that it is the same record. */
static int
derive_one(struct spool *spool, const struct record *parent,
    enum record_kind kind, const struct buf *lines, const char **why)
{
	struct record r = { .kind = kind };
	int result = -1;

	memcpy(r.parent, parent->id, sizeof(r.parent));
	uuid_derive(r.id, parent->id, record_kind_name(kind), 0);
	*why = "out of memory";
	r.source = strdup("metrics");
	r.received = strdup(parent->received);
	r.content_type = strdup("application/line-protocol");
	if (parent->remote != NULL)
		r.remote = strdup(parent->remote);
	if (r.source != NULL && r.received != NULL &&
	    r.content_type != NULL &&
	    (parent->remote == NULL || r.remote != NULL))
		result = derive_write(spool, &r, lines, why);
	record_clear(&r);
	return (result);
}

int
derive_commit(struct spool *spool, int fd, const char *id,
    const struct report *report, const char **why)
{
	struct record parent;
	int n = 0, saved;

	if (record_read(&parent, fd, why) == -1)
		return (-1);
	if (strcmp(parent.id, id) != 0) {
		*why = "its id is not its name";
		record_clear(&parent);
		errno = 0;
		return (-1);
	}
	if (report->metric.len != 0)
		n = derive_one(spool, &parent, RECORD_METRIC, &report->metric,
		    why) == -1 ? -1 : 1;
	if (n != -1 && report->point.len != 0)
		n = derive_one(spool, &parent, RECORD_POINT, &report->point,
		    why) == -1 ? -1 : n + 1;
	saved = errno;
	record_clear(&parent);
	errno = saved;
	return (n);
}
