#include "jfr_plan.h"

#include <errno.h>
#include <string.h>

#include "jfr.h"
#include "jfr_cursor.h"
#include "jfr_meta.h"
#include "jfr_pool.h"
#include "jfr_room.h"
#include "jfr_text.h"
#include "jfr_unit.h"

#define DEPTH	16	/* of types within types */

enum code {
	STEP_BYTES,	/* over n bytes */
	STEP_PACKED,	/* over n compressed integers */
	STEP_TEXT,	/* over a text */
	STEP_ARRAY,	/* over an array: the next n steps for each element */
	/* These take a value, and stay where they are. */
	STEP_NUMBER,
	STEP_STRING,	/* type: whose constants it may be one of */
	STEP_CONSTANT	/* the next n steps, at the constant of type whose key
			   stands here */
};

struct step {
	unsigned char		code;
	unsigned char		slot;	/* of the values */
	struct jfr_number	number;
	uint32_t		n;
	uint32_t		type;
};

/* Of each path, what is left of it here; NULL: it leads elsewhere. */
struct tails {
	const char	*of[JFR_FIELDS];
};

static int	value_plan(struct jfr_planner *, const struct jfr_field *,
		    uint32_t, const struct tails *, unsigned int);

static struct step *
step_add(struct jfr_planner *pl, enum code code, uint32_t n)
{
	struct step *s;

	if (n != 0 && pl->steps->n > pl->barrier &&
	    (code == STEP_BYTES || code == STEP_PACKED)) {
		s = (struct step *)pl->steps->p + pl->steps->n - 1;
		if (s->code == code && s->n <= UINT32_MAX - n) {
			s->n += n;
			return (s);
		}
	}
	if ((s = jfr_table_add(pl->steps, pl->room, sizeof(*s))) == NULL)
		return (NULL);
	s->code = (unsigned char)code;
	s->n = n;
	return (s);
}

/* Over an integer of width bytes. */
static int
integer_plan(struct jfr_planner *pl, unsigned int width)
{
	return (step_add(pl, pl->plain ? STEP_BYTES : STEP_PACKED,
	    pl->plain ? width : 1) == NULL ? -1 : 0);
}

/* The steps from first on belong to the one before them. */
static void
steps_close(struct jfr_planner *pl, size_t first)
{
	struct step *s = pl->steps->p;

	s[first - 1].n = (uint32_t)(pl->steps->n - first);
	pl->barrier = pl->steps->n;
}

static int
array_plan(struct jfr_planner *pl, const struct jfr_field *f,
    unsigned int depth)
{
	static const struct tails none;
	size_t first;
	int status;

	if (step_add(pl, STEP_ARRAY, 0) == NULL)
		return (-1);
	pl->barrier = first = pl->steps->n;
	status = f->pooled ? integer_plan(pl, 8) :
	    value_plan(pl, f, f->type, &none, depth + 1);
	steps_close(pl, first);
	return (status);
}

/* A constant: take what is wanted of it, and step over its key. */
static int
constant_plan(struct jfr_planner *pl, const struct jfr_field *f,
    const struct tails *tails, unsigned int depth)
{
	struct tails only;
	struct step *s;
	unsigned int i;
	size_t first;

	for (i = 0; i < JFR_FIELDS; i++) {
		if (tails->of[i] == NULL || f->type == JFR_NOWHERE)
			continue;
		jfr_pools_want(pl->pools, f->type);
		if ((s = step_add(pl, STEP_CONSTANT, 0)) == NULL)
			return (-1);
		s->type = f->type;
		pl->barrier = first = pl->steps->n;
		memset(&only, 0, sizeof(only));
		only.of[i] = tails->of[i];
		if (value_plan(pl, f, f->type, &only, depth + 1) == -1)
			return (-1);
		steps_close(pl, first);
	}
	return (integer_plan(pl, 8));
}

static int
base_plan(struct jfr_planner *pl, const struct jfr_field *f, uint32_t type,
    const struct tails *tails)
{
	enum jfr_base base = (enum jfr_base)jfr_meta_type(pl->meta, type)->base;
	struct step *s;
	unsigned int i;

	for (i = 0; i < JFR_FIELDS; i++) {
		if (tails->of[i] == NULL || *tails->of[i] != '\0')
			continue;
		if (base == JFR_STRING)
			jfr_pools_want(pl->pools, type);
		if ((s = step_add(pl, base == JFR_STRING ? STEP_STRING :
		    STEP_NUMBER, 0)) == NULL)
			return (-1);
		s->slot = (unsigned char)i;
		s->type = type;
		s->number = (struct jfr_number){ (unsigned char)base,
		    f->positive, f->unit, f->scale };
	}
	if (base == JFR_STRING)
		return (step_add(pl, STEP_TEXT, 0) == NULL ? -1 : 0);
	if (jfr_base_packed(base))
		return (integer_plan(pl, jfr_base_width(base)));
	return (step_add(pl, STEP_BYTES, jfr_base_width(base)) == NULL ? -1 :
	    0);
}

/* Which paths lead through a field of this name, and on to where; if any. */
static int
tails_through(const struct tails *from, const struct jfr_text *name,
    struct tails *to)
{
	unsigned int i;
	int any = 0;
	size_t len;

	memset(to, 0, sizeof(*to));
	for (i = 0; i < JFR_FIELDS; i++) {
		if (from->of[i] == NULL)
			continue;
		len = strcspn(from->of[i], ".");
		if (!jfr_text_same(name, from->of[i], len))
			continue;
		to->of[i] = from->of[i] + len + (from->of[i][len] == '.');
		any = 1;
	}
	return (any);
}

/*
 * The first n fields of a type, in order. EDOM: what it is made of cannot be
 * told.
 */
static int
fields_plan(struct jfr_planner *pl, uint32_t type, uint32_t n,
    const struct tails *tails, unsigned int depth)
{
	const struct jfr_type *t = jfr_meta_type(pl->meta, type);
	const struct jfr_field *f;
	struct tails through;
	uint32_t i;
	int status;

	for (i = 0; i < n; i++) {
		if (pl->budget == 0) {
			errno = EDOM;
			return (-1);
		}
		pl->budget--;
		f = jfr_meta_field(pl->meta, t->first + i);
		tails_through(tails, jfr_meta_name(pl->meta, f->name),
		    &through);
		status = f->array ? array_plan(pl, f, depth) :
		    f->pooled ? constant_plan(pl, f, &through, depth) :
		    value_plan(pl, f, f->type, &through, depth + 1);
		if (status == -1)
			return (-1);
	}
	return (0);
}

/* A value as it stands, of a field or in an array. */
static int
value_plan(struct jfr_planner *pl, const struct jfr_field *f, uint32_t type,
    const struct tails *tails, unsigned int depth)
{
	const struct jfr_type *t;

	if (type == JFR_NOWHERE || depth > DEPTH) {
		errno = EDOM;
		return (-1);
	}
	t = jfr_meta_type(pl->meta, type);
	if (t->base != JFR_STRUCT)
		return (base_plan(pl, f, type, tails));
	if (t->nfields == 0) {
		errno = EDOM;
		return (-1);
	}
	return (fields_plan(pl, type, t->nfields, tails, depth));
}

/* How many fields there are up to the last that a path leads through. */
static uint32_t
fields_wanted(const struct jfr_planner *pl, uint32_t type,
    const struct tails *tails)
{
	const struct jfr_type *t = jfr_meta_type(pl->meta, type);
	uint32_t n = t->nfields;
	struct tails ignored;

	while (n > 0 && !tails_through(tails, jfr_meta_name(pl->meta,
	    jfr_meta_field(pl->meta, t->first + n - 1)->name), &ignored))
		n--;
	return (n);
}

int
jfr_plan_make(struct jfr_planner *pl, uint32_t type,
    const char *const *paths, unsigned int n, struct jfr_plan *plan)
{
	static const struct jfr_field plain;
	struct tails tails = { { NULL } };
	unsigned int i;
	int status;

	for (i = 0; i < n; i++)
		tails.of[i] = paths[i];
	plan->first = (uint32_t)pl->steps->n;
	plan->why = NULL;
	pl->barrier = pl->steps->n;
	status = n != 0 ? fields_plan(pl, type,
	    fields_wanted(pl, type, &tails), &tails, 0) :
	    value_plan(pl, &plain, type, &tails, 0);
	if (status == -1 && errno != EDOM)
		return (-1);
	if (status == -1)
		plan->why = "a field's type is not described";
	plan->n = (uint32_t)(pl->steps->n - plan->first);
	return (0);
}

static int	steps_walk(const struct step *, uint32_t, struct jfr_cursor *,
		    const struct jfr_walk *);

static int
array_walk(const struct step *s, struct jfr_cursor *at,
    const struct jfr_walk *w)
{
	const struct step *each = s + 1;
	size_t n;

	if (jfr_cursor_count(at, &n) == -1)
		return (-1);
	if (s->n == 1 && each->code == STEP_BYTES)
		return (jfr_cursor_skip(at, (uint64_t)n * each->n));
	if (s->n == 1 && each->code == STEP_PACKED)
		return (jfr_cursor_skip_packed(at, (uint64_t)n * each->n));
	for (; n > 0; n--)
		if (steps_walk(each, s->n, at, w) == -1)
			return (-1);
	return (0);
}

static int
string_take(const struct step *s, struct jfr_cursor at,
    const struct jfr_walk *w)
{
	struct jfr_value *v = &w->values[s->slot];

	if (jfr_text_read(&at, &v->text) == -1)
		return (-1);
	if (v->text.form == JFR_POOLED) {
		if (!jfr_pools_find(w->pools, s->type, v->text.key, &at))
			return (0);
		if (jfr_text_read(&at, &v->text) == -1)
			return (-1);
		/* A constant that only refers to another one is none. */
		if (v->text.form == JFR_POOLED)
			return (0);
	}
	v->unit = JFR_NUMBER;
	v->kind = JFR_TEXT;
	return (0);
}

static int
constant_take(const struct step *s, struct jfr_cursor at,
    const struct jfr_walk *w)
{
	int64_t key;

	if (jfr_cursor_integer(&at, 8, &key) == -1)
		return (-1);
	if (!jfr_pools_find(w->pools, s->type, key, &at))
		return (0);
	return (steps_walk(s + 1, s->n, &at, w));
}

static int
steps_walk(const struct step *s, uint32_t n, struct jfr_cursor *at,
    const struct jfr_walk *w)
{
	const struct step *end = s + n;
	struct jfr_cursor ahead;
	int status = 0;

	for (; s < end && status == 0; s++) {
		switch ((enum code)s->code) {
		case STEP_BYTES:
			status = jfr_cursor_skip(at, s->n);
			break;
		case STEP_PACKED:
			status = jfr_cursor_skip_packed(at, s->n);
			break;
		case STEP_TEXT:
			status = jfr_text_skip(at);
			break;
		case STEP_ARRAY:
			status = array_walk(s, at, w);
			s += s->n;
			break;
		case STEP_NUMBER:
			ahead = *at;
			status = jfr_number_read(&ahead, s->number, w->chunk,
			    &w->values[s->slot]);
			break;
		case STEP_STRING:
			status = string_take(s, *at, w);
			break;
		case STEP_CONSTANT:
			status = constant_take(s, *at, w);
			s += s->n;
			break;
		}
	}
	return (status);
}

int
jfr_plan_walk(const struct jfr_table *steps, const struct jfr_plan *plan,
    struct jfr_cursor *at, const struct jfr_walk *w)
{
	return (plan->n == 0 ? 0 : steps_walk((const struct step *)steps->p +
	    plan->first, plan->n, at, w));
}
