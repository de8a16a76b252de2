#include "pprof.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pprof_head.h"
#include "pprof_ids.h"
#include "pprof_room.h"
#include "pprof_samples.h"
#include "pprof_wire.h"

/* A table that grows, and ids that its entries have or refer to. */
struct pprof_grown {
	size_t		 n;
	size_t		 cap;
	uint64_t	*id;
	size_t		 id_cap;
};

/* What is told, and what it is made of. */
struct pprof_own {
	struct pprof		 told;
	struct pprof_limits	 limits;
	struct pprof_text	*string;
	struct pprof_mapping	*mapping;
	struct pprof_function	*function;
	struct pprof_location	*location;
	struct pprof_line	*line;
	uint32_t		*comment;
	struct pprof_grown	 strings;	/* no ids */
	struct pprof_grown	 mappings;
	struct pprof_grown	 functions;
	struct pprof_grown	 locations;
	struct pprof_grown	 mapped;	/* locations' mappings' ids */
	struct pprof_grown	 lines;		/* their functions' ids */
	struct pprof_grown	 comments;	/* no ids */
	struct pprof_ids	 mapping_ids;
	struct pprof_ids	 function_ids;
	struct pprof_ids	 location_ids;
	struct pprof_wire	 sampled;	/* from the first sample on */
	struct pprof_samples	*samples;
};

/* Room for one more entry in this array. NULL: there is none. */
static void *
pprof_grow(struct pprof_own *o, struct pprof_grown *g, void *array,
    size_t size, const char **why)
{
	return (pprof_room(array, &g->cap, g->n + 1, size, o->limits.entries,
	    why));
}

/* Keep an id of the next entry. */
static int
pprof_grow_id(struct pprof_own *o, struct pprof_grown *g, uint64_t id,
    const char **why)
{
	uint64_t *room;

	if ((room = pprof_room(g->id, &g->id_cap, g->n + 1, sizeof(*room),
	    o->limits.entries, why)) == NULL)
		return (-1);
	g->id = room;
	room[g->n] = id;
	return (0);
}

/* Whether a string of this number comes is seen at the end. */
static uint32_t
pprof_open_text(uint64_t v)
{
	return (v < UINT32_MAX ? (uint32_t)v : UINT32_MAX);
}

static int
pprof_open_string(struct pprof_own *o, struct pprof_wire w, const char **why)
{
	struct pprof_text *t;

	if ((t = pprof_grow(o, &o->strings, o->string, sizeof(*t), why))
	    == NULL)
		return (-1);
	o->string = t;
	t += o->strings.n++;
	t->p = (const char *)w.at;
	t->len = (size_t)(w.end - w.at);
	return (0);
}

/* id = 1, memory_start, memory_limit, file_offset, filename, build_id, has */
static int
pprof_open_mapping(struct pprof_own *o, struct pprof_wire w, const char **why)
{
	struct pprof_mapping *m;
	uint64_t v[10];
	uint32_t i;

	if (pprof_scalars(w, v, 10, why) == -1 ||
	    pprof_grow_id(o, &o->mappings, v[0], why) == -1 ||
	    (m = pprof_grow(o, &o->mappings, o->mapping, sizeof(*m), why))
	    == NULL)
		return (-1);
	o->mapping = m;
	m += o->mappings.n++;
	m->start = v[1];
	m->limit = v[2];
	m->offset = v[3];
	m->file = pprof_open_text(v[4]);
	m->build_id = pprof_open_text(v[5]);
	m->has = 0;
	for (i = 0; i < 4; i++)
		m->has |= (uint32_t)(v[6 + i] != 0) << i;
	return (0);
}

/* id = 1, name, system_name, filename, start_line */
static int
pprof_open_function(struct pprof_own *o, struct pprof_wire w, const char **why)
{
	struct pprof_function *f;
	uint64_t v[5];

	if (pprof_scalars(w, v, 5, why) == -1 ||
	    pprof_grow_id(o, &o->functions, v[0], why) == -1 ||
	    (f = pprof_grow(o, &o->functions, o->function, sizeof(*f), why))
	    == NULL)
		return (-1);
	o->function = f;
	f += o->functions.n++;
	f->name = pprof_open_text(v[1]);
	f->system_name = pprof_open_text(v[2]);
	f->filename = pprof_open_text(v[3]);
	f->start_line = (int64_t)v[4];
	return (0);
}

/* function_id = 1, line, column */
static int
pprof_open_line(struct pprof_own *o, struct pprof_wire w, const char **why)
{
	struct pprof_line *line;
	uint64_t v[3];

	if (pprof_scalars(w, v, 3, why) == -1 ||
	    pprof_grow_id(o, &o->lines, v[0], why) == -1 ||
	    (line = pprof_grow(o, &o->lines, o->line, sizeof(*line), why))
	    == NULL)
		return (-1);
	o->line = line;
	line += o->lines.n++;
	line->line = (int64_t)v[1];
	line->column = (int64_t)v[2];
	return (0);
}

/* id = 1, mapping_id, address, line, is_folded */
static int
pprof_open_location(struct pprof_own *o, struct pprof_wire w, const char **why)
{
	size_t first = o->lines.n;
	struct pprof_location *l;
	struct pprof_field f = { 0 };
	uint64_t v[5] = { 0 };
	int more;

	while ((more = pprof_field(&w, &f, why)) == 1)
		if (f.number == 4) {
			if (pprof_bytes(&f, why) == -1 ||
			    pprof_open_line(o, f.in, why) == -1)
				return (-1);
		} else if (f.number <= 5) {
			if (pprof_number(&f, why) == -1)
				return (-1);
			v[f.number - 1] = f.v;
		}
	o->mapped.n = o->locations.n;
	if (more == -1 || pprof_grow_id(o, &o->locations, v[0], why) == -1 ||
	    pprof_grow_id(o, &o->mapped, v[1], why) == -1 ||
	    (l = pprof_grow(o, &o->locations, o->location, sizeof(*l), why))
	    == NULL)
		return (-1);
	o->location = l;
	l += o->locations.n++;
	l->address = v[2];
	l->folded = v[4] != 0;
	l->line = (uint32_t)first;
	l->lines = (uint32_t)(o->lines.n - first);
	return (0);
}

static int
pprof_open_comments(struct pprof_own *o, struct pprof_wire w, const char **why)
{
	const unsigned char *p = w.at;
	uint32_t *c;
	uint64_t v;

	while (p < w.end) {
		*why = "a comment's number is malformed";
		if ((p = pprof_varint_at(p, w.end, &v)) == NULL ||
		    (c = pprof_grow(o, &o->comments, o->comment, sizeof(*c),
		    why)) == NULL)
			return (-1);
		o->comment = c;
		c[o->comments.n++] = pprof_open_text(v);
	}
	return (0);
}

static int
pprof_open_field(struct pprof_own *o, const struct pprof_field *f,
    const char **why)
{
	switch (f->number) {
	case PPROF_SAMPLE:
		if (o->told.head.samples <= o->limits.samples)
			return (0);
		*why = pprof_over;
		return (-1);
	case PPROF_MAPPING:
		return (pprof_open_mapping(o, f->in, why));
	case PPROF_LOCATION:
		return (pprof_open_location(o, f->in, why));
	case PPROF_FUNCTION:
		return (pprof_open_function(o, f->in, why));
	case PPROF_STRING:
		return (pprof_open_string(o, f->in, why));
	case PPROF_COMMENT:
		return (pprof_open_comments(o, f->in, why));
	default:
		return (0);
	}
}

/* In one go, for fields may come in any order, and are many. */
static int
pprof_open_fields(struct pprof_own *o, const char *p, size_t len,
    const char **why)
{
	const unsigned char *at = (const unsigned char *)p;
	struct pprof_wire w;
	struct pprof_heading h;
	struct pprof_field f;
	int more;

	if (pprof_head_begin(&h, &o->told.head, p, len, why) == -1)
		return (-1);
	w.at = at;
	o->sampled.end = w.end = at + len;
	for (; (more = pprof_field(&w, &f, why)) == 1; at = w.at) {
		if (pprof_head_field(&h, &f, at, why) == -1 ||
		    pprof_open_field(o, &f, why) == -1)
			return (-1);
		if (f.number == PPROF_SAMPLE && o->sampled.at == NULL)
			o->sampled.at = at;
	}
	return (more == -1 ? -1 : pprof_head_end(&h, why));
}

/* Are all the strings there that anything refers to? */
static int
pprof_open_texts(const struct pprof_own *o, const char **why)
{
	const size_t n = o->strings.n;
	const struct pprof_mapping *m = o->mapping;
	const struct pprof_function *f = o->function;
	size_t i;

	*why = "a string's number is out of range";
	for (i = 0; i < o->mappings.n; i++)
		if (m[i].file >= n || m[i].build_id >= n)
			return (-1);
	for (i = 0; i < o->functions.n; i++)
		if (f[i].name >= n || f[i].system_name >= n ||
		    f[i].filename >= n)
			return (-1);
	for (i = 0; i < o->comments.n; i++)
		if (o->comment[i] >= n)
			return (-1);
	return (0);
}

static int
pprof_open_ids(struct pprof_ids *ids, const struct pprof_grown *g,
    const char **why)
{
	if (pprof_ids_make(ids, g->id, g->n) == 0)
		return (0);
	*why = errno == EEXIST ? "two entries have one id" :
	    errno == EINVAL ? "an id is 0" : pprof_no_memory;
	return (-1);
}

/* Look up what locations and lines refer to. */
static int
pprof_open_refer(struct pprof_own *o, const char **why)
{
	size_t i;

	if (pprof_open_ids(&o->mapping_ids, &o->mappings, why) == -1 ||
	    pprof_open_ids(&o->function_ids, &o->functions, why) == -1 ||
	    pprof_open_ids(&o->location_ids, &o->locations, why) == -1)
		return (-1);
	for (i = 0; i < o->locations.n; i++)
		o->location[i].mapping = pprof_ids_find(&o->mapping_ids,
		    o->mapped.id[i]);
	for (i = 0; i < o->lines.n; i++) {
		o->line[i].function = pprof_ids_find(&o->function_ids,
		    o->lines.id[i]);
		if (o->line[i].function == UINT32_MAX) {
			*why = "a line's function is not there";
			return (-1);
		}
	}
	return (0);
}

static void
pprof_open_tell(struct pprof_own *o)
{
	struct pprof *p = &o->told;

	p->string = o->string;
	p->strings = o->strings.n;
	p->mapping = o->mapping;
	p->mappings = o->mappings.n;
	p->function = o->function;
	p->functions = o->functions.n;
	p->location = o->location;
	p->locations = o->locations.n;
	p->line = o->line;
	p->lines = o->lines.n;
	p->comment = o->comment;
	p->comments = o->comments.n;
}

struct pprof *
pprof_open(const char *p, size_t len, const struct pprof_limits *limits,
    const char **why)
{
	struct pprof_own *o;

	if ((o = calloc(1, sizeof(*o))) == NULL) {
		*why = pprof_no_memory;
		return (NULL);
	}
	o->limits = *limits;
	if (o->limits.entries > UINT32_MAX - 1)
		o->limits.entries = UINT32_MAX - 1;
	if (pprof_open_fields(o, p, len, why) == -1 ||
	    pprof_open_texts(o, why) == -1 || pprof_open_refer(o, why) == -1)
		goto fail;
	o->samples = pprof_samples_new(o->sampled, o->told.head.samples,
	    &o->location_ids, &o->limits);
	if (o->samples == NULL) {
		*why = pprof_no_memory;
		goto fail;
	}
	pprof_open_tell(o);
	return (&o->told);
fail:
	pprof_free(&o->told);
	return (NULL);
}

int
pprof_next(struct pprof *p, struct pprof_sample *s, const char **why)
{
	return (pprof_samples_next(((struct pprof_own *)p)->samples, p, s,
	    why));
}

void
pprof_free(struct pprof *p)
{
	struct pprof_own *o = (struct pprof_own *)p;

	if (p == NULL)
		return;
	pprof_samples_free(o->samples);
	pprof_ids_free(&o->mapping_ids);
	pprof_ids_free(&o->function_ids);
	pprof_ids_free(&o->location_ids);
	free(o->mappings.id);
	free(o->functions.id);
	free(o->locations.id);
	free(o->mapped.id);
	free(o->lines.id);
	free(o->string);
	free(o->mapping);
	free(o->function);
	free(o->location);
	free(o->line);
	free(o->comment);
	free(o);
}
