#include "pprof_encode.h"

#include "buf.h"
#include "pprof.h"
#include "pprof_frames.h"
#include "pprof_kept.h"
#include "pprof_put.h"
#include "pprof_strings.h"
#include "pprof_used.h"
#include "pprof_wire.h"

/* What is being written, and the numbers that its parts have there. */
struct pprof_encoder {
	const struct pprof_encode *from;
	struct buf		*out;
	struct pprof_used	 string;
	struct pprof_used	 mapping;
	struct pprof_used	 function;
	struct pprof_used	 location;
};

/* Room for a message of so many bytes, and its head; NULL: ENOMEM. */
static unsigned char *
pprof_encode_room(struct pprof_encoder *e, size_t bytes)
{
	if (buf_reserve(e->out, bytes + PPROF_PUT_HEAD) == -1)
		return (NULL);
	return ((unsigned char *)e->out->p + e->out->len);
}

static int
pprof_encode_wrote(struct pprof_encoder *e, const unsigned char *end)
{
	e->out->len = (size_t)(end - (unsigned char *)e->out->p);
	return (0);
}

/* A string's place in the table, whose first, the empty one, is 0. */
static uint64_t
pprof_encode_string(struct pprof_encoder *e, uint32_t string)
{
	return (pprof_used_number(&e->string, string) - 1);
}

static int
pprof_encode_type(struct pprof_encoder *e, uint32_t field, uint32_t type,
    uint32_t unit)
{
	unsigned char *p = pprof_encode_room(e, 2 * PPROF_PUT_NUMBER), *q;

	if (p == NULL)
		return (-1);
	q = p + PPROF_PUT_HEAD;
	q = pprof_put_number(q, 1, pprof_encode_string(e, type));
	q = pprof_put_number(q, 2, pprof_encode_string(e, unit));
	return (pprof_encode_wrote(e, pprof_put_message(p, field, q)));
}

static unsigned char *
pprof_encode_label(struct pprof_encoder *e, unsigned char *p,
    const struct pprof_label *l)
{
	unsigned char *q = p + PPROF_PUT_HEAD;

	q = pprof_put_number(q, 1, pprof_encode_string(e, l->key));
	q = pprof_put_number(q, 2, pprof_encode_string(e, l->str));
	q = pprof_put_number(q, 3, (uint64_t)l->num);
	q = pprof_put_number(q, 4, pprof_encode_string(e, l->unit));
	return (pprof_put_message(p, 3, q));
}

static int
pprof_encode_sample(struct pprof_encoder *e, const struct pprof_stack *s)
{
	size_t i, types = e->from->kept->types;
	unsigned char *p, *q, *r;

	/* Three messages deep; numbers of locations have 32 bits. */
	if ((p = pprof_encode_room(e, 5 * s->depth + 10 * types +
	    (4 * PPROF_PUT_NUMBER + PPROF_PUT_HEAD) * s->labels +
	    2 * PPROF_PUT_HEAD)) == NULL)
		return (-1);
	r = q = p + PPROF_PUT_HEAD;
	if (s->depth != 0) {
		for (r += PPROF_PUT_HEAD, i = 0; i < s->depth; i++)
			r = pprof_put_varint(r, pprof_used_number(&e->location,
			    s->location[i]));
		q = pprof_put_message(q, 1, r);
	}
	for (r = q + PPROF_PUT_HEAD, i = 0; i < types; i++)
		r = pprof_put_varint(r, (uint64_t)s->value[i]);
	q = pprof_put_message(q, 2, r);
	for (i = 0; i < s->labels; i++)
		q = pprof_encode_label(e, q, &s->label[i]);
	return (pprof_encode_wrote(e, pprof_put_message(p, PPROF_SAMPLE, q)));
}

static int
pprof_encode_samples(struct pprof_encoder *e)
{
	const struct pprof_kept *k = e->from->kept;
	const struct pprof_stack *s;
	size_t i, v;

	for (i = 0; i < k->samples; i++) {
		s = &k->sample[i];
		for (v = 0; v < k->types && s->value[v] == 0; v++)
			;
		if (!s->gone && (v < k->types || e->from->zeros) &&
		    pprof_encode_sample(e, s) == -1)
			return (-1);
	}
	return (0);
}

static int
pprof_encode_location(struct pprof_encoder *e, uint32_t id,
    const struct pprof_location *l)
{
	const struct pprof_line *line;
	unsigned char *p, *q, *r;
	uint32_t i;

	if ((p = pprof_encode_room(e, 4 * PPROF_PUT_NUMBER + l->lines *
	    (3 * PPROF_PUT_NUMBER + PPROF_PUT_HEAD))) == NULL)
		return (-1);
	q = pprof_put_number(p + PPROF_PUT_HEAD, 1, id);
	if (l->mapping != PPROF_NONE)
		q = pprof_put_number(q, 2, pprof_used_number(&e->mapping,
		    l->mapping));
	q = pprof_put_number(q, 3, l->address);
	for (i = 0; i < l->lines; i++) {
		line = &e->from->frames->line[l->line + i];
		r = pprof_put_number(q + PPROF_PUT_HEAD, 1,
		    pprof_used_number(&e->function, line->function));
		r = pprof_put_number(r, 2, (uint64_t)line->line);
		r = pprof_put_number(r, 3, (uint64_t)line->column);
		q = pprof_put_message(q, 4, r);
	}
	q = pprof_put_number(q, 5, l->folded);
	return (pprof_encode_wrote(e, pprof_put_message(p, PPROF_LOCATION,
	    q)));
}

static int
pprof_encode_function(struct pprof_encoder *e, uint32_t id,
    const struct pprof_function *f)
{
	unsigned char *p = pprof_encode_room(e, 5 * PPROF_PUT_NUMBER), *q;

	if (p == NULL)
		return (-1);
	q = pprof_put_number(p + PPROF_PUT_HEAD, 1, id);
	q = pprof_put_number(q, 2, pprof_encode_string(e, f->name));
	q = pprof_put_number(q, 3, pprof_encode_string(e, f->system_name));
	q = pprof_put_number(q, 4, pprof_encode_string(e, f->filename));
	q = pprof_put_number(q, 5, (uint64_t)f->start_line);
	return (pprof_encode_wrote(e, pprof_put_message(p, PPROF_FUNCTION,
	    q)));
}

static int
pprof_encode_mapping(struct pprof_encoder *e, uint32_t id,
    const struct pprof_mapping *m)
{
	unsigned char *p = pprof_encode_room(e, 10 * PPROF_PUT_NUMBER), *q;
	uint32_t i;

	if (p == NULL)
		return (-1);
	q = pprof_put_number(p + PPROF_PUT_HEAD, 1, id);
	q = pprof_put_number(q, 2, m->start);
	q = pprof_put_number(q, 3, m->limit);
	q = pprof_put_number(q, 4, m->offset);
	q = pprof_put_number(q, 5, pprof_encode_string(e, m->file));
	q = pprof_put_number(q, 6, pprof_encode_string(e, m->build_id));
	for (i = 0; i < 4; i++)
		q = pprof_put_number(q, 7 + i, m->has >> i & 1);
	return (pprof_encode_wrote(e, pprof_put_message(p, PPROF_MAPPING, q)));
}

/* In such an order that each is numbered before it is written. */
static int
pprof_encode_tables(struct pprof_encoder *e)
{
	const struct pprof_frames *f = e->from->frames;
	uint32_t i;

	for (i = 0; i < e->location.n; i++)
		if (pprof_encode_location(e, i + 1,
		    &f->location[e->location.order[i]]) == -1)
			return (-1);
	for (i = 0; i < e->function.n; i++)
		if (pprof_encode_function(e, i + 1,
		    &f->function[e->function.order[i]]) == -1)
			return (-1);
	for (i = 0; i < e->mapping.n; i++)
		if (pprof_encode_mapping(e, i + 1,
		    &f->mapping[e->mapping.order[i]]) == -1)
			return (-1);
	return (0);
}

static int
pprof_encode_head(struct pprof_encoder *e)
{
	const struct pprof_encode_head *h = &e->from->head;
	unsigned char *p, *q;
	size_t i;

	if ((h->period_type != 0 || h->period_unit != 0) &&
	    pprof_encode_type(e, PPROF_PERIOD_TYPE, h->period_type,
	    h->period_unit) == -1)
		return (-1);
	if ((p = pprof_encode_room(e, 7 * PPROF_PUT_NUMBER +
	    5 * e->from->comments)) == NULL)
		return (-1);
	p = pprof_put_number(p, PPROF_DROP_FRAMES,
	    pprof_encode_string(e, h->drop_frames));
	p = pprof_put_number(p, PPROF_KEEP_FRAMES,
	    pprof_encode_string(e, h->keep_frames));
	p = pprof_put_number(p, PPROF_TIME, (uint64_t)h->time);
	p = pprof_put_number(p, PPROF_DURATION, (uint64_t)h->duration);
	p = pprof_put_number(p, PPROF_PERIOD, (uint64_t)h->period);
	p = pprof_put_number(p, PPROF_DEFAULT_TYPE,
	    pprof_encode_string(e, h->default_type));
	p = pprof_put_number(p, PPROF_DOC_URL,
	    pprof_encode_string(e, h->doc_url));
	if (e->from->comments != 0) {
		for (q = p + PPROF_PUT_HEAD, i = 0; i < e->from->comments; i++)
			q = pprof_put_varint(q, pprof_encode_string(e,
			    e->from->comment[i]));
		p = pprof_put_message(p, PPROF_COMMENT, q);
	}
	return (pprof_encode_wrote(e, p));
}

static int
pprof_encode_strings(struct pprof_encoder *e)
{
	struct pprof_text t;
	unsigned char *p;
	uint32_t i;

	for (i = 0; i < e->string.n; i++) {
		t = pprof_strings_text(e->from->strings, e->string.order[i]);
		if ((p = pprof_encode_room(e, 0)) == NULL)
			return (-1);
		*p++ = PPROF_STRING << 3 | PPROF_BYTES;
		pprof_encode_wrote(e, pprof_put_varint(p, t.len));
		if (buf_add(e->out, t.p, t.len) == -1)
			return (-1);
	}
	return (0);
}

static int
pprof_encode_all(struct pprof_encoder *e)
{
	const uint32_t *type = e->from->head.type;
	size_t i;

	(void)pprof_encode_string(e, 0);
	if (e->from->frames->mappings != 0)
		(void)pprof_used_number(&e->mapping, 0);
	for (i = 0; i < e->from->kept->types; i++, type += 2)
		if (pprof_encode_type(e, PPROF_SAMPLE_TYPE, type[0], type[1])
		    == -1)
			return (-1);
	if (pprof_encode_samples(e) == -1 || pprof_encode_tables(e) == -1 ||
	    pprof_encode_head(e) == -1)
		return (-1);
	return (pprof_encode_strings(e));
}

int
pprof_encode(const struct pprof_encode *from, struct buf *out)
{
	struct pprof_encoder e = { .from = from, .out = out };
	size_t len = out->len;
	int result = -1;

	if (pprof_used_new(&e.string, pprof_strings_count(from->strings))
	    == 0 &&
	    pprof_used_new(&e.mapping, from->frames->mappings) == 0 &&
	    pprof_used_new(&e.function, from->frames->functions) == 0 &&
	    pprof_used_new(&e.location, from->frames->locations) == 0)
		result = pprof_encode_all(&e);
	if (result == -1)
		out->len = len;
	pprof_used_free(&e.string);
	pprof_used_free(&e.mapping);
	pprof_used_free(&e.function);
	pprof_used_free(&e.location);
	return (result);
}
