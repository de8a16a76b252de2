#include "folded_pprof.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "folded.h"
#include "pprof.h"
#include "pprof_write.h"
#include "sampletype.h"

static const char no_memory[] = "out of memory";
static const char too_large[] = "the stacks take more pprof than they may";

/* Bytes that a sample takes at least, besides one for each frame of it; and a
   name, as a string, a function and a location, besides its own. */
#define SAMPLE	6
#define NAME	14

struct folded_writer {
	struct pprof_write	*to;
	size_t			 left;		/* bytes that may be written */
	uint32_t		*location;	/* of a name, plus 1 */
	uint32_t		*stack;
	const char		**why;
};

static void
folded_pprof_text(struct pprof_text *t, const char *s)
{
	t->p = s;
	t->len = strlen(s);
}

static void
folded_pprof_head(struct pprof_head *h, const struct folded_type *t, size_t n)
{
	size_t i;

	h->types = n;
	for (i = 0; i < n; i++) {
		folded_pprof_text(&h->type[i].type, t[i].type->type);
		folded_pprof_text(&h->type[i].unit, t[i].type->unit);
	}
	if (t->type->period_type != NULL) {
		folded_pprof_text(&h->period_type.type, t->type->period_type);
		folded_pprof_text(&h->period_type.unit, "nanoseconds");
		h->period = t->type->period;
	}
}

/* What will be too much is not to be gathered first. */
static int
folded_pprof_charge(struct folded_writer *w, size_t n)
{
	if (n > w->left) {
		*w->why = too_large;
		return (-1);
	}
	w->left -= n;
	return (0);
}

/* Names to locations, the leaf first. */
static int
folded_pprof_stack(struct folded_writer *w, const struct folded *f,
    uint32_t node, uint32_t depth)
{
	uint32_t i, name;
	const char *p;
	size_t len;

	for (i = 0; i < depth; i++) {
		name = folded_node(f, node)->name;
		if (w->location[name] == 0) {
			p = folded_text(f, name, &len);
			if (folded_pprof_charge(w, NAME + len) == -1)
				return (-1);
			w->location[name] = pprof_write_frame(w->to, p,
			    len) + 1;
		}
		w->stack[i] = w->location[name] - 1;
		node = folded_node(f, node)->parent;
	}
	return (0);
}

static int
folded_pprof_samples(struct folded_writer *w, const struct folded *f,
    size_t type)
{
	int64_t value[PPROF_TYPES] = { 0 };
	struct pprof_sample s = { .value = value };
	const struct folded_node *n;
	uint32_t i;

	for (i = 0; i < folded_nodes(f); i++) {
		n = folded_node(f, i);
		if (n->self == 0)
			continue;
		if (folded_pprof_charge(w, SAMPLE + n->depth) == -1 ||
		    folded_pprof_stack(w, f, i, n->depth) == -1)
			return (-1);
		s.location = w->stack;
		s.depth = n->depth;
		value[type] = n->self;
		if (pprof_write_sample(w->to, &s) == -1) {
			*w->why = no_memory;
			return (-1);
		}
	}
	return (0);
}

static int
folded_pprof_type(struct folded_writer *w, const struct folded *f, size_t type)
{
	int result = -1;

	w->location = calloc((size_t)folded_names(f) + 1,
	    sizeof(*w->location));
	w->stack = calloc((size_t)folded_depth(f) + 1, sizeof(*w->stack));
	if (w->location == NULL || w->stack == NULL)
		*w->why = no_memory;
	else
		result = folded_pprof_samples(w, f, type);
	free(w->location);
	free(w->stack);
	return (result);
}

int
folded_pprof(const struct folded_type *t, size_t n, int64_t time,
    int64_t duration, struct buf *out, size_t max, const char **why)
{
	struct pprof_head head = { .time = time, .duration = duration };
	struct folded_writer w = { .left = max, .why = why };
	size_t i, start = out->len;
	int result = -1;

	folded_pprof_head(&head, t, n);
	if ((w.to = pprof_write_new(&head, 0)) == NULL) {
		*why = no_memory;
		return (-1);
	}
	for (i = 0; i < n; i++)
		if (folded_pprof_type(&w, t[i].folded, i) == -1)
			goto out;
	if (pprof_write_end(w.to, out) == -1)
		*why = no_memory;
	else if (out->len - start > max)
		*why = too_large;
	else
		result = 0;
out:
	pprof_write_free(w.to);
	return (result);
}
