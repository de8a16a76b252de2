#include "delta.h"

#include <errno.h>
#include <string.h>

#include "buf.h"
#include "pprof.h"
#include "pprof_copy.h"
#include "pprof_write.h"

static const char no_memory[] = "out of memory";
static const char already[] = "a delta, not cumulative";

/* Both profiles, and what is made of them. */
struct delta {
	struct pprof	*prev;
	struct pprof	*cur;
	struct pprof_write *to;
	int		 wanted[PPROF_TYPES];
	const char	**why;
};

static enum delta_verdict
delta_say(struct delta *d, enum delta_verdict verdict, const char *why)
{
	*d->why = why;
	return (verdict);
}

static int
delta_text_is(const struct pprof_text *a, const struct pprof_text *b)
{
	return (a->len == b->len && memcmp(a->p, b->p, a->len) == 0);
}

static int
delta_type_is(const struct pprof_type *a, const struct pprof_type *b)
{
	return (delta_text_is(&a->type, &b->type) &&
	    delta_text_is(&a->unit, &b->unit));
}

static int
delta_types_are(const struct pprof_head *a, const struct pprof_head *b)
{
	size_t i;

	if (a->types != b->types || a->period != b->period ||
	    !delta_type_is(&a->period_type, &b->period_type))
		return (0);
	for (i = 0; i < a->types; i++)
		if (!delta_type_is(&a->type[i], &b->type[i]))
			return (0);
	return (1);
}

/* As profile/merge.go does: by build id, or by name where there is none. */
static const struct pprof_text *
delta_program(const struct pprof *p)
{
	const struct pprof_mapping *m = &p->mapping[0];

	return (&p->string[m->build_id != 0 ? m->build_id : m->file]);
}

/* The first mapping is the program's; it stays where it is while that runs. */
static int
delta_program_is(const struct pprof *a, const struct pprof *b)
{
	const struct pprof_mapping *x, *y;

	if (a->mappings == 0 || b->mappings == 0)
		return (a->mappings == b->mappings);
	x = &a->mapping[0];
	y = &b->mapping[0];
	return (x->start == y->start && x->limit == y->limit &&
	    x->offset == y->offset &&
	    delta_text_is(delta_program(a), delta_program(b)));
}

/* Can they be of one run of one program? */
static enum delta_verdict
delta_compare(struct delta *d)
{
	const struct pprof_head *a = &d->prev->head, *b = &d->cur->head;

	if (a->duration != 0 || b->duration != 0)
		return (delta_say(d, DELTA_ALREADY, already));
	if (!delta_types_are(a, b))
		return (delta_say(d, DELTA_RESTARTED,
		    "other sample types or period"));
	if (!delta_program_is(d->prev, d->cur))
		return (delta_say(d, DELTA_RESTARTED, "another program"));
	if (a->time < 0 || (a->time == 0) != (b->time == 0) ||
	    (a->time != 0 && b->time <= a->time))
		return (delta_say(d, DELTA_RESTARTED, "time does not go on"));
	return (DELTA_MADE);
}

static enum delta_verdict
delta_want(struct delta *d, const struct pprof_type *want, size_t n)
{
	const struct pprof_head *head = &d->cur->head;
	size_t i;

	for (; n > 0; n--, want++) {
		for (i = 0; i < head->types; i++)
			if (delta_type_is(&head->type[i], want))
				break;
		if (i == head->types)
			return (delta_say(d, DELTA_FAILED,
			    "a sample type that is wanted is missing"));
		d->wanted[i] = 1;
	}
	return (DELTA_MADE);
}

/* All samples of one; what the previous one counted is taken off. */
static enum delta_verdict
delta_add(struct delta *d, struct pprof *from)
{
	struct pprof_copy *copy;
	struct pprof_sample s;
	int64_t value[PPROF_TYPES];
	enum delta_verdict verdict = DELTA_FAILED;
	size_t i;
	int more;

	if ((copy = pprof_copy_new(d->to, from)) == NULL)
		return (delta_say(d, DELTA_FAILED, no_memory));
	while ((more = pprof_next(from, &s, d->why)) == 1) {
		for (i = 0; i < from->head.types; i++) {
			if (s.value[i] < 0) {
				verdict = delta_say(d, DELTA_ALREADY, already);
				goto out;
			}
			value[i] = from == d->cur ? s.value[i] :
			    d->wanted[i] ? -s.value[i] : 0;
		}
		if (pprof_copy_sample(copy, &s, value) == -1) {
			*d->why = errno == ENOMEM ? no_memory :
			    "a value is over 64 bits";
			goto out;
		}
	}
	if (more == 0) {
		pprof_copy_comments(copy);
		verdict = DELTA_MADE;
	}
out:
	pprof_copy_free(copy);
	return (verdict);
}

static enum delta_verdict
delta_subtract(struct delta *d, size_t room, struct buf *out)
{
	struct pprof_head head = d->cur->head;
	enum delta_verdict verdict;

	head.duration = head.time - d->prev->head.time;
	if (head.default_type.len == 0)
		head.default_type = d->prev->head.default_type;
	if ((d->to = pprof_write_new(&head, 1)) == NULL)
		return (delta_say(d, DELTA_FAILED, no_memory));
	if ((verdict = delta_add(d, d->prev)) == DELTA_MADE)
		verdict = delta_add(d, d->cur);
	if (verdict != DELTA_MADE)
		return (verdict);
	if (pprof_write_negative(d->to))
		return (delta_say(d, DELTA_RESTARTED, "a value went back"));
	if (buf_reserve(out, room) == -1 || pprof_write_end(d->to, out) == -1)
		return (delta_say(d, DELTA_FAILED, no_memory));
	return (DELTA_MADE);
}

enum delta_verdict
delta_make(const char *prev, size_t prev_len, const char *cur, size_t cur_len,
    const struct pprof_type *want, size_t n, const struct pprof_limits *limits,
    struct buf *out, const char **why)
{
	struct delta d = { .why = why };
	enum delta_verdict verdict = DELTA_FAILED;

	if ((d.prev = pprof_open(prev, prev_len, limits, why)) != NULL &&
	    (d.cur = pprof_open(cur, cur_len, limits, why)) != NULL &&
	    (verdict = delta_compare(&d)) == DELTA_MADE &&
	    (verdict = delta_want(&d, want, n)) == DELTA_MADE)
		verdict = delta_subtract(&d, cur_len, out);
	pprof_write_free(d.to);
	pprof_free(d.prev);
	pprof_free(d.cur);
	return (verdict);
}
