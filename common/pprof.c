#include "pprof.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pprof_head.h"
#include "pprof_ids.h"
#include "pprof_room.h"
#include "pprof_samples.h"
#include "pprof_wire.h"

static const char one_id[] = "two entries have one id";
static const char no_string[] = "a string's number is out of range";

/* The tables while they are made. */
struct pprof_own {
	struct pprof		 told;
	struct pprof_limits	 limits;
	struct pprof_wire	 whole;
	struct pprof_wire	 sampled;	/* from the first sample on */
	struct pprof_samples	*samples;
	struct pprof_text	*string;
	struct pprof_mapping	*mapping;
	struct pprof_function	*function;
	struct pprof_location	*location;
	struct pprof_line	*line;
	size_t			 line_cap;
	uint32_t		*comment;
	size_t			 comment_cap;
	struct pprof_ids	 mapping_ids;
	struct pprof_ids	 function_ids;
	struct pprof_ids	 location_ids;
};

static int
pprof_string(const struct pprof_own *o, uint64_t v, uint32_t *string,
    const char **why)
{
	if (v >= o->told.strings) {
		*why = no_string;
		return (-1);
	}
	*string = (uint32_t)v;
	return (0);
}

static int
pprof_id(struct pprof_ids *ids, uint64_t id, size_t index, const char **why)
{
	if (id == 0) {
		*why = "an id is 0";
		return (-1);
	}
	if (pprof_ids_add(ids, id, (uint32_t)index) == -1) {
		*why = errno == ENOMEM ? pprof_no_memory : one_id;
		return (-1);
	}
	return (0);
}

/* id = 1, memory_start, memory_limit, file_offset, filename, build_id, has */
static int
pprof_open_mapping(struct pprof_own *o, struct pprof_wire w, const char **why)
{
	struct pprof_mapping *m = &o->mapping[o->told.mappings];
	uint64_t v[10];
	uint32_t i;

	if (pprof_scalars(w, v, 10, why) == -1 ||
	    pprof_id(&o->mapping_ids, v[0], o->told.mappings, why) == -1 ||
	    pprof_string(o, v[4], &m->file, why) == -1 ||
	    pprof_string(o, v[5], &m->build_id, why) == -1)
		return (-1);
	m->start = v[1];
	m->limit = v[2];
	m->offset = v[3];
	m->has = 0;
	for (i = 0; i < 4; i++)
		m->has |= (uint32_t)(v[6 + i] != 0) << i;
	o->told.mappings++;
	return (0);
}

/* id = 1, name, system_name, filename, start_line */
static int
pprof_open_function(struct pprof_own *o, struct pprof_wire w, const char **why)
{
	struct pprof_function *f = &o->function[o->told.functions];
	uint64_t v[5];

	if (pprof_scalars(w, v, 5, why) == -1 ||
	    pprof_id(&o->function_ids, v[0], o->told.functions, why) == -1 ||
	    pprof_string(o, v[1], &f->name, why) == -1 ||
	    pprof_string(o, v[2], &f->system_name, why) == -1 ||
	    pprof_string(o, v[3], &f->filename, why) == -1)
		return (-1);
	f->start_line = (int64_t)v[4];
	o->told.functions++;
	return (0);
}

/* function_id = 1, line, column */
static int
pprof_open_line(struct pprof_own *o, struct pprof_wire w, const char **why)
{
	struct pprof_line *line;
	uint64_t v[3];

	if (pprof_scalars(w, v, 3, why) == -1 ||
	    (line = pprof_room(o->line, &o->line_cap, o->told.lines + 1,
	    sizeof(*line), o->limits.entries, why)) == NULL)
		return (-1);
	o->line = line;
	line += o->told.lines;
	line->function = pprof_ids_find(&o->function_ids, v[0]);
	line->line = (int64_t)v[1];
	line->column = (int64_t)v[2];
	if (line->function == PPROF_NONE) {
		*why = "a line's function is not there";
		return (-1);
	}
	o->told.lines++;
	return (0);
}

/* id = 1, mapping_id, address, line, is_folded */
static int
pprof_open_location(struct pprof_own *o, struct pprof_wire w, const char **why)
{
	struct pprof_location *l = &o->location[o->told.locations];
	struct pprof_field f;
	uint64_t v[5] = { 0 };
	int more;

	l->line = (uint32_t)o->told.lines;
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
	if (more == -1 ||
	    pprof_id(&o->location_ids, v[0], o->told.locations, why) == -1)
		return (-1);
	l->lines = (uint32_t)o->told.lines - l->line;
	l->mapping = pprof_ids_find(&o->mapping_ids, v[1]);
	l->address = v[2];
	l->folded = v[4] != 0;
	o->told.locations++;
	return (0);
}

static int
pprof_open_comments(struct pprof_own *o, struct pprof_wire w, const char **why)
{
	uint32_t *c;
	uint64_t v;

	while (w.at < w.end) {
		if (pprof_varint(&w, &v) == -1) {
			*why = "a comment's number is malformed";
			return (-1);
		}
		c = pprof_room(o->comment, &o->comment_cap,
		    o->told.comments + 1, sizeof(*c), o->limits.entries, why);
		if (c == NULL)
			return (-1);
		o->comment = c;
		if (pprof_string(o, v, &c[o->told.comments], why) == -1)
			return (-1);
		o->told.comments++;
	}
	return (0);
}

/* How many there are of each, and the head. */
static int
pprof_open_head(struct pprof_own *o, size_t *n, const char **why)
{
	const unsigned char *at = o->whole.at;
	struct pprof_wire w = o->whole;
	struct pprof_heading h;
	struct pprof_field f;
	int more;

	if (pprof_head_begin(&h, &o->told.head, (const char *)w.at,
	    (size_t)(w.end - w.at), why) == -1)
		return (-1);
	for (; (more = pprof_field(&w, &f, why)) == 1; at = w.at) {
		if (pprof_head_field(&h, &f, at, why) == -1)
			return (-1);
		if (f.number > PPROF_STRING)
			continue;
		if (f.number == PPROF_SAMPLE && n[PPROF_SAMPLE] == 0)
			o->sampled.at = at;
		if (++n[f.number] > (f.number == PPROF_SAMPLE ?
		    o->limits.samples : o->limits.entries)) {
			*why = pprof_over;
			return (-1);
		}
	}
	return (more == -1 ? -1 : pprof_head_end(&h, why));
}

static int
pprof_open_room(struct pprof_own *o, const size_t *n, const char **why)
{
	/* Of none there is one, since calloc(0) may be NULL. */
	o->string = calloc(n[PPROF_STRING] + 1, sizeof(*o->string));
	o->mapping = calloc(n[PPROF_MAPPING] + 1, sizeof(*o->mapping));
	o->function = calloc(n[PPROF_FUNCTION] + 1, sizeof(*o->function));
	o->location = calloc(n[PPROF_LOCATION] + 1, sizeof(*o->location));
	if (o->string == NULL || o->mapping == NULL || o->function == NULL ||
	    o->location == NULL ||
	    pprof_ids_new(&o->mapping_ids, n[PPROF_MAPPING]) == -1 ||
	    pprof_ids_new(&o->function_ids, n[PPROF_FUNCTION]) == -1 ||
	    pprof_ids_new(&o->location_ids, n[PPROF_LOCATION]) == -1) {
		*why = pprof_no_memory;
		return (-1);
	}
	o->told.strings = n[PPROF_STRING];
	return (0);
}

/* Everything but locations, which point to the others. */
static int
pprof_open_tables(struct pprof_own *o, const char **why)
{
	struct pprof_wire w = o->whole;
	struct pprof_text *text = o->string;
	struct pprof_field f;
	int bad = 0;

	while (bad == 0 && pprof_field(&w, &f, why) == 1)
		if (f.number == PPROF_STRING) {
			text->p = (const char *)f.in.at;
			text++->len = (size_t)(f.in.end - f.in.at);
		} else if (f.number == PPROF_MAPPING)
			bad = pprof_open_mapping(o, f.in, why);
		else if (f.number == PPROF_FUNCTION)
			bad = pprof_open_function(o, f.in, why);
		else if (f.number == PPROF_COMMENT)
			bad = pprof_open_comments(o, f.in, why);
	if (bad == -1)
		return (-1);
	if (pprof_ids_end(&o->mapping_ids) == -1 ||
	    pprof_ids_end(&o->function_ids) == -1) {
		*why = one_id;
		return (-1);
	}
	return (0);
}

static int
pprof_open_locations(struct pprof_own *o, const char **why)
{
	struct pprof_wire w = o->whole;
	struct pprof_field f;

	while (pprof_field(&w, &f, why) == 1)
		if (f.number == PPROF_LOCATION &&
		    pprof_open_location(o, f.in, why) == -1)
			return (-1);
	if (pprof_ids_end(&o->location_ids) == -1) {
		*why = one_id;
		return (-1);
	}
	return (0);
}

struct pprof *
pprof_open(const char *p, size_t len, const struct pprof_limits *limits,
    const char **why)
{
	size_t n[PPROF_STRING + 1] = { 0 };
	struct pprof_own *o;

	if ((o = calloc(1, sizeof(*o))) == NULL) {
		*why = pprof_no_memory;
		return (NULL);
	}
	o->limits = *limits;
	if (o->limits.entries > UINT32_MAX - 1)
		o->limits.entries = UINT32_MAX - 1;
	o->whole.at = (const unsigned char *)p;
	o->whole.end = len != 0 ? o->whole.at + len : o->whole.at;
	o->sampled = o->whole;
	if (pprof_open_head(o, n, why) == -1 ||
	    pprof_open_room(o, n, why) == -1 ||
	    pprof_open_tables(o, why) == -1 ||
	    pprof_open_locations(o, why) == -1)
		goto fail;
	o->samples = pprof_samples_new(o->sampled, n[PPROF_SAMPLE],
	    &o->location_ids, &o->limits);
	if (o->samples == NULL) {
		*why = pprof_no_memory;
		goto fail;
	}
	o->told.string = o->string;
	o->told.mapping = o->mapping;
	o->told.function = o->function;
	o->told.location = o->location;
	o->told.line = o->line;
	o->told.comment = o->comment;
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
	free(o->string);
	free(o->mapping);
	free(o->function);
	free(o->location);
	free(o->line);
	free(o->comment);
	free(o);
}
