#include "pprof.h"

#include <string.h>

#include "pprof_head.h"
#include "pprof_wire.h"

#define SAMPLE_VALUE	2	/* of the message Sample */
#define SAMPLE_LABEL	3

/* Values of one sample, of which n came before; how many they are then. */
static int
pprof_sums_values(struct pprof_sums *s, struct pprof_wire w, size_t *n,
    const char **why)
{
	const unsigned char *p = w.at;
	uint64_t v;

	while (p < w.end) {
		if ((p = pprof_varint_at(p, w.end, &v)) == NULL) {
			*why = "a value is cut short or over 64 bits";
			return (-1);
		}
		if (*n == PPROF_TYPES) {
			*why = "a sample has too many values";
			return (-1);
		}
		if (__builtin_add_overflow(s->sum[*n], (int64_t)v,
		    &s->sum[*n])) {
			*why = "a sum is over 64 bits";
			return (-1);
		}
		s->negative |= (int64_t)v < 0;
		(*n)++;
	}
	return (0);
}

/* All samples have as many values; types may come after them. */
static int
pprof_sums_sample(struct pprof_sums *s, struct pprof_wire w, size_t *values,
    const char **why)
{
	struct pprof_field f;
	size_t n = 0;
	int more;

	while ((more = pprof_field(&w, &f, why)) == 1)
		if (f.number == SAMPLE_VALUE) {
			if (pprof_numbers(&f, why) == -1 ||
			    pprof_sums_values(s, f.in, &n, why) == -1)
				return (-1);
		} else if (f.number < SAMPLE_VALUE ?
		    pprof_numbers(&f, why) == -1 : f.number == SAMPLE_LABEL &&
		    pprof_bytes(&f, why) == -1)
			return (-1);
	if (more == 0 && s->head.samples > 1 && n != *values) {
		*why = "a sample has more or fewer values than another";
		return (-1);
	}
	*values = n;
	return (more);
}

int
pprof_sums(const char *p, size_t len, const struct pprof_limits *limits,
    struct pprof_sums *s, const char **why)
{
	const unsigned char *at = (const unsigned char *)p;
	struct pprof_wire w;
	struct pprof_heading h;
	struct pprof_field f;
	size_t values = 0;
	int more;

	memset(s, 0, sizeof(*s));
	if (pprof_head_begin(&h, &s->head, p, len, why) == -1)
		return (-1);
	w.at = at;
	w.end = at + len;
	for (; (more = pprof_field(&w, &f, why)) == 1; at = w.at) {
		if (pprof_head_field(&h, &f, at, why) == -1)
			return (-1);
		if (f.number != PPROF_SAMPLE)
			continue;
		if (s->head.samples > limits->samples) {
			*why = "too many samples";
			return (-1);
		}
		if (pprof_sums_sample(s, f.in, &values, why) == -1)
			return (-1);
	}
	if (more == -1 || pprof_head_end(&h, why) == -1)
		return (-1);
	if (s->head.samples != 0 &&
	    (values != s->head.types || values == 0)) {
		*why = "samples have more or fewer values than there are types";
		return (-1);
	}
	return (0);
}

size_t
pprof_find(const struct pprof_head *head, const char *type)
{
	size_t i;

	for (i = 0; i < head->types; i++)
		if (pprof_text_is(&head->type[i].type, type))
			break;
	return (i);
}

int
pprof_text_is(const struct pprof_text *t, const char *s)
{
	return (t->len == strlen(s) && memcmp(t->p, s, t->len) == 0);
}
