#include "jfr.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "jfr_chunk.h"
#include "jfr_cursor.h"
#include "jfr_meta.h"
#include "jfr_room.h"
#include "jfr_text.h"

struct count {
	uint64_t	 events;
	uint64_t	 bytes;
};

struct lister {
	struct jfr_room		 room;
	struct jfr_meta		*meta;
	struct jfr_table	 counts;	/* by type, of one chunk */
	struct jfr_table	 tallies;	/* one after the other chunk's */
	struct count		 metadata;
	struct count		 checkpoint;
	struct count		 stray;		/* types not described */
};

static int
tally_add(struct lister *l, const struct jfr_text *name,
    const struct count *count)
{
	struct jfr_tally *t;

	if ((t = jfr_table_add(&l->tallies, &l->room, sizeof(*t))) == NULL)
		return (-1);
	if (name != NULL)
		t->name = *name;
	t->count = count->events;
	t->bytes = count->bytes;
	return (0);
}

static int
named_add(struct lister *l, const char *name, const struct count *count)
{
	struct jfr_text text = { name, strlen(name), 0, JFR_UTF8 };

	return (tally_add(l, &text, count));
}

/* A count for each type described; none where nothing is. */
static int
counts_prepare(struct lister *l, struct jfr_chunk *c, const char **why)
{
	struct jfr_raw e;
	int status = jfr_chunk_metadata(c, &e, why);
	size_t n;
	void *p;

	l->counts.n = 0;
	if (status != 1)
		return (status);
	if (jfr_meta_read(l->meta, &(struct jfr_cursor){ e.p, e.end,
	    c->plain }, &l->room, why) == -1)
		return (-1);
	n = jfr_meta_types(l->meta);
	if ((p = jfr_table_reserve(&l->counts, &l->room, n,
	    sizeof(struct count))) == NULL) {
		*why = l->room.why;
		return (-1);
	}
	memset(p, 0, n * sizeof(struct count));
	l->counts.n = n;
	return (1);
}

static int
chunk_tally(struct lister *l)
{
	const struct count *counts = l->counts.p;
	const struct jfr_type *t;
	uint32_t i;

	for (i = 0; i < l->counts.n; i++) {
		t = jfr_meta_type(l->meta, i);
		if ((t->event || counts[i].events != 0) && tally_add(l,
		    jfr_meta_name(l->meta, t->name), &counts[i]) == -1)
			return (-1);
	}
	return (0);
}

static int
chunk_list(struct jfr_chunk *c, void *arg, const char **why)
{
	struct lister *l = arg;
	struct count *counts, *count;
	const unsigned char *at = jfr_chunk_first(c);
	struct jfr_raw e;
	uint32_t type;
	int decoded, status;

	if ((decoded = counts_prepare(l, c, why)) == -1)
		return (-1);
	counts = l->counts.p;
	while ((status = jfr_chunk_next(c, &at, &e, why)) == 1) {
		type = decoded ? jfr_meta_find(l->meta, e.type) : JFR_NOWHERE;
		count = e.type == JFR_METADATA ? &l->metadata :
		    e.type == JFR_CHECKPOINT ? &l->checkpoint :
		    type == JFR_NOWHERE ? &l->stray : &counts[type];
		count->events++;
		count->bytes += e.size;
	}
	if (status == -1)
		return (-1);
	if (chunk_tally(l) == -1) {
		*why = l->room.why;
		return (-1);
	}
	return (decoded);
}

static int
name_order(const void *a, const void *b)
{
	const struct jfr_tally *x = a, *y = b;

	return (jfr_text_order(&x->name, &y->name));
}

static int
count_order(const void *a, const void *b)
{
	const struct jfr_tally *x = a, *y = b;

	if (x->count != y->count)
		return (x->count > y->count ? -1 : 1);
	return (name_order(a, b));
}

/* One tally a name. */
static size_t
tallies_merge(struct jfr_tally *t, size_t n)
{
	size_t i, to = 0;

	if (n == 0)
		return (0);
	qsort(t, n, sizeof(*t), name_order);
	for (i = 1; i < n; i++) {
		if (name_order(&t[to], &t[i]) != 0) {
			t[++to] = t[i];
			continue;
		}
		t[to].count += t[i].count;
		t[to].bytes += t[i].bytes;
	}
	qsort(t, to + 1, sizeof(*t), count_order);
	return (to + 1);
}

int
jfr_list(const char *p, size_t len, const struct jfr_limits *limits,
    struct jfr_tally **tallies, size_t *n, struct jfr_report *report,
    const char **why)
{
	struct lister l = { .room = { limits->memory, NULL } };
	int status = -1;

	*why = "out of memory";
	errno = 0;
	if ((l.meta = jfr_meta_new()) == NULL)
		return (-1);
	if (jfr_chunks(p, len, chunk_list, &l, report, why) == -1)
		goto out;
	if (named_add(&l, "jdk.Metadata", &l.metadata) == -1 ||
	    named_add(&l, "jdk.CheckPoint", &l.checkpoint) == -1 ||
	    (l.stray.events != 0 && tally_add(&l, NULL, &l.stray) == -1)) {
		*why = l.room.why;
		goto out;
	}
	*tallies = l.tallies.p;
	*n = tallies_merge(l.tallies.p, l.tallies.n);
	l.tallies.p = NULL;
	status = 0;
out:
	if (status == -1 && errno != ENOMEM)
		errno = EINVAL;
	jfr_table_free(&l.tallies, &l.room);
	jfr_table_free(&l.counts, &l.room);
	jfr_meta_free(l.meta, &l.room);
	return (status);
}
