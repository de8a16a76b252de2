#include "pprof_head.h"

#include <stdlib.h>
#include <string.h>

#include "pprof.h"
#include "pprof_wire.h"

enum { HEAD_PERIOD_TYPE, HEAD_PERIOD_UNIT, HEAD_DEFAULT, HEAD_DROP, HEAD_KEEP,
    HEAD_DOC, HEAD_TYPES };

_Static_assert(sizeof(((struct pprof_heading *)0)->text) ==
    (HEAD_TYPES + 2 * PPROF_TYPES) * sizeof(struct pprof_wanted),
    "there is room for two texts of each type");

int
pprof_head_begin(struct pprof_heading *h, struct pprof_head *head,
    const char *p, size_t len, const char **why)
{
	memset(h, 0, sizeof(*h));
	memset(head, 0, sizeof(*head));
	if (len == 0) {
		*why = "empty";
		return (-1);
	}
	h->head = head;
	h->end = (const unsigned char *)p + len;
	h->text[HEAD_PERIOD_TYPE].to = &head->period_type.type;
	h->text[HEAD_PERIOD_UNIT].to = &head->period_type.unit;
	h->text[HEAD_DEFAULT].to = &head->default_type;
	h->text[HEAD_DROP].to = &head->drop_frames;
	h->text[HEAD_KEEP].to = &head->keep_frames;
	h->text[HEAD_DOC].to = &head->doc_url;
	return (0);
}

/* A ValueType (type = 1, unit = 2), into text i and the next. */
static int
pprof_head_type(struct pprof_heading *h, size_t i,
    const struct pprof_field *f, const char **why)
{
	uint64_t v[2];

	if (pprof_bytes(f, why) == -1 ||
	    pprof_scalars(f->in, v, 2, why) == -1)
		return (-1);
	h->text[i].index = v[0];
	h->text[i + 1].index = v[1];
	return (0);
}

static int
pprof_head_sample_type(struct pprof_heading *h, const struct pprof_field *f,
    const char **why)
{
	struct pprof_head *head = h->head;
	size_t i = HEAD_TYPES + 2 * head->types;

	if (head->types == PPROF_TYPES) {
		*why = "too many sample types";
		return (-1);
	}
	h->text[i].to = &head->type[head->types].type;
	h->text[i + 1].to = &head->type[head->types].unit;
	head->types++;
	return (pprof_head_type(h, i, f, why));
}

static int
pprof_head_string(struct pprof_heading *h, const struct pprof_field *f,
    const unsigned char *at, const char **why)
{
	if (pprof_bytes(f, why) == -1)
		return (-1);
	if (h->strings++ != 0)
		return (0);
	h->from = at;
	if (f->in.at != f->in.end) {
		*why = "the first string is not empty";
		return (-1);
	}
	return (0);
}

static int
pprof_head_time(struct pprof_heading *h, const struct pprof_field *f,
    const char **why)
{
	if (h->head->time != 0) {
		*why = "two profiles, one behind the other";
		return (-1);
	}
	h->head->time = (int64_t)f->v;
	return (0);
}

/* A number that stands for itself or for a string. */
static int
pprof_head_number(struct pprof_heading *h, const struct pprof_field *f,
    const char **why)
{
	if (pprof_number(f, why) == -1)
		return (-1);
	switch (f->number) {
	case PPROF_TIME:
		return (pprof_head_time(h, f, why));
	case PPROF_DURATION:
		h->head->duration = (int64_t)f->v;
		break;
	case PPROF_PERIOD:
		h->head->period = (int64_t)f->v;
		break;
	case PPROF_DROP_FRAMES:
		h->text[HEAD_DROP].index = f->v;
		break;
	case PPROF_KEEP_FRAMES:
		h->text[HEAD_KEEP].index = f->v;
		break;
	case PPROF_DEFAULT_TYPE:
		h->text[HEAD_DEFAULT].index = f->v;
		break;
	default:
		h->text[HEAD_DOC].index = f->v;
	}
	return (0);
}

int
pprof_head_field(struct pprof_heading *h, const struct pprof_field *f,
    const unsigned char *at, const char **why)
{
	switch (f->number) {
	case PPROF_SAMPLE_TYPE:
		return (pprof_head_sample_type(h, f, why));
	case PPROF_SAMPLE:
		h->head->samples++;
		return (pprof_bytes(f, why));
	case PPROF_MAPPING:
	case PPROF_LOCATION:
	case PPROF_FUNCTION:
		return (pprof_bytes(f, why));
	case PPROF_STRING:
		return (pprof_head_string(h, f, at, why));
	case PPROF_PERIOD_TYPE:
		return (pprof_head_type(h, HEAD_PERIOD_TYPE, f, why));
	case PPROF_COMMENT:
		return (pprof_numbers(f, why));
	default:
		return (f->number > PPROF_DOC_URL ? 0 :
		    pprof_head_number(h, f, why));
	}
}

static int
pprof_head_before(const void *a, const void *b)
{
	const struct pprof_wanted *x = a, *y = b;

	return (x->index < y->index ? -1 : x->index > y->index);
}

/* In order of their numbers, so that one walk over the table finds all. */
int
pprof_head_end(struct pprof_heading *h, const char **why)
{
	size_t i = 0, n = HEAD_TYPES + 2 * h->head->types;
	struct pprof_wire w = { h->from, h->end };
	struct pprof_field f;
	uint64_t at = 0;

	qsort(h->text, n, sizeof(h->text[0]), pprof_head_before);
	if (h->text[n - 1].index >= h->strings) {
		*why = "a string's number is out of range";
		return (-1);
	}
	while (i < n) {
		if (pprof_field(&w, &f, why) != 1)
			return (-1);
		if (f.number != PPROF_STRING)
			continue;
		for (; i < n && h->text[i].index == at; i++) {
			h->text[i].to->p = (const char *)f.in.at;
			h->text[i].to->len = (size_t)(f.in.end - f.in.at);
		}
		at++;
	}
	return (0);
}
