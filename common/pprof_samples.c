#include "pprof_samples.h"

#include <stdlib.h>

#include "pprof.h"
#include "pprof_ids.h"
#include "pprof_room.h"
#include "pprof_wire.h"

struct pprof_samples {
	const struct pprof_ids	 *ids;		/* of locations */
	const struct pprof_limits *limits;
	struct pprof_wire	 first;
	uint64_t		 n;
	struct pprof_wire	 at;		/* the next sample, or before */
	uint64_t		 left;		/* samples from there */
	/* The sample told: */
	uint32_t		*stack;
	size_t			 depth;
	size_t			 stack_cap;
	struct pprof_label	*label;
	size_t			 labels;
	size_t			 label_cap;
	int64_t			 value[PPROF_TYPES];
	size_t			 values;
};

struct pprof_samples *
pprof_samples_new(struct pprof_wire first, uint64_t n,
    const struct pprof_ids *ids, const struct pprof_limits *limits)
{
	struct pprof_samples *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	s->ids = ids;
	s->limits = limits;
	s->first = s->at = first;
	s->n = s->left = n;
	return (s);
}

/* Half of the time that a profile takes is spent here. */
static int
pprof_samples_stack(struct pprof_samples *s, struct pprof_wire w,
    const char **why)
{
	size_t n = s->depth + (size_t)(w.end - w.at);	/* or fewer */
	const struct pprof_ids ids = *s->ids;
	const unsigned char *p = w.at;
	uint32_t *stack, *to, *most;
	uint64_t id;

	if (n > s->limits->depth)
		n = s->limits->depth;
	stack = pprof_room(s->stack, &s->stack_cap, n, sizeof(*stack), n, why);
	if (stack == NULL)
		return (-1);
	s->stack = stack;
	to = stack + s->depth;
	most = stack + n;
	while (p < w.end) {
		if (to == most) {
			*why = "a stack is too deep";
			return (-1);
		}
		if ((p = pprof_varint_at(p, w.end, &id)) == NULL) {
			*why = "a location's id is malformed";
			return (-1);
		}
		if ((*to++ = pprof_ids_find(&ids, id)) == PPROF_NONE) {
			*why = "a sample's location is not there";
			return (-1);
		}
	}
	s->depth = (size_t)(to - stack);
	return (0);
}

static int
pprof_samples_values(struct pprof_samples *s, struct pprof_wire w,
    const char **why)
{
	const unsigned char *p = w.at;
	uint64_t v;

	while (p < w.end) {
		if ((p = pprof_varint_at(p, w.end, &v)) == NULL) {
			*why = "a value is malformed";
			return (-1);
		}
		if (s->values == PPROF_TYPES) {
			*why = "a sample has too many values";
			return (-1);
		}
		s->value[s->values++] = (int64_t)v;
	}
	return (0);
}

/* key = 1, str, num, num_unit; without any of the last three it is none */
static int
pprof_samples_label(struct pprof_samples *s, const struct pprof *p,
    struct pprof_wire w, const char **why)
{
	struct pprof_label *l;
	uint64_t v[4];

	if (pprof_scalars(w, v, 4, why) == -1 ||
	    (l = pprof_room(s->label, &s->label_cap, s->labels + 1,
	    sizeof(*l), s->limits->labels, why)) == NULL)
		return (-1);
	s->label = l;
	l += s->labels;
	if (v[0] >= p->strings || v[1] >= p->strings || v[3] >= p->strings) {
		*why = "a string's number is out of range";
		return (-1);
	}
	l->key = (uint32_t)v[0];
	l->str = (uint32_t)v[1];
	l->num = l->str != 0 ? 0 : (int64_t)v[2];
	l->unit = l->str != 0 ? 0 : (uint32_t)v[3];
	if (l->str != 0 || l->num != 0 || l->unit != 0)
		s->labels++;
	return (0);
}

/* location_id = 1, value, label */
static int
pprof_samples_field(struct pprof_samples *s, const struct pprof *p,
    const struct pprof_field *f, const char **why)
{
	switch (f->number) {
	case 1:
		return (pprof_numbers(f, why) == -1 ? -1 :
		    pprof_samples_stack(s, f->in, why));
	case 2:
		return (pprof_numbers(f, why) == -1 ? -1 :
		    pprof_samples_values(s, f->in, why));
	case 3:
		return (pprof_bytes(f, why) == -1 ? -1 :
		    pprof_samples_label(s, p, f->in, why));
	default:
		return (0);
	}
}

int
pprof_samples_next(struct pprof_samples *s, const struct pprof *p,
    struct pprof_sample *told, const char **why)
{
	struct pprof_field f;
	struct pprof_wire w;
	int more;

	if (s->left == 0) {
		s->at = s->first;
		s->left = s->n;
		return (0);
	}
	do {
		if (pprof_field(&s->at, &f, why) != 1)
			return (-1);
	} while (f.number != PPROF_SAMPLE);
	s->left--;
	s->depth = s->labels = s->values = 0;
	for (w = f.in; (more = pprof_field(&w, &f, why)) == 1;)
		if (pprof_samples_field(s, p, &f, why) == -1)
			return (-1);
	if (more == -1)
		return (-1);
	if (s->values != p->head.types || s->values == 0) {
		*why = "samples have more or fewer values than there are types";
		return (-1);
	}
	told->location = s->stack;
	told->depth = s->depth;
	told->value = s->value;
	told->label = s->label;
	told->labels = s->labels;
	return (1);
}

void
pprof_samples_free(struct pprof_samples *s)
{
	if (s == NULL)
		return;
	free(s->stack);
	free(s->label);
	free(s);
}
