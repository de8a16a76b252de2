#include "pprof_copy.h"

#include <stdlib.h>

#include "pprof.h"
#include "pprof_room.h"
#include "pprof_write.h"

/* The numbers that parts of one profile have in the other, plus 1. */
struct pprof_copy {
	struct pprof_write	*to;
	const struct pprof	*from;
	uint32_t		*string;
	uint32_t		*mapping;
	uint64_t		*moved;		/* of each mapping */
	uint32_t		*function;
	uint32_t		*location;
	/* Of the sample or location being copied: */
	uint32_t		*stack;
	size_t			 stack_cap;
	struct pprof_label	*label;
	size_t			 label_cap;
	struct pprof_line	*line;
	size_t			 line_cap;
};

static uint32_t
pprof_copy_string(struct pprof_copy *c, uint32_t i)
{
	const struct pprof_text *t = &c->from->string[i];

	if (c->string[i] == 0)
		c->string[i] = pprof_write_string(c->to, t->p, t->len) + 1;
	return (c->string[i] - 1);
}

static uint32_t
pprof_copy_mapping(struct pprof_copy *c, uint32_t i)
{
	struct pprof_mapping m = c->from->mapping[i];

	if (c->mapping[i] == 0) {
		m.file = pprof_copy_string(c, m.file);
		m.build_id = pprof_copy_string(c, m.build_id);
		c->mapping[i] = pprof_write_mapping(c->to, &m,
		    &c->moved[i]) + 1;
	}
	return (c->mapping[i] - 1);
}

static uint32_t
pprof_copy_function(struct pprof_copy *c, uint32_t i)
{
	struct pprof_function f = c->from->function[i];

	if (c->function[i] == 0) {
		f.name = pprof_copy_string(c, f.name);
		f.system_name = pprof_copy_string(c, f.system_name);
		f.filename = pprof_copy_string(c, f.filename);
		c->function[i] = pprof_write_function(c->to, &f) + 1;
	}
	return (c->function[i] - 1);
}

/* UINT32_MAX: ENOMEM. */
static uint32_t
pprof_copy_location(struct pprof_copy *c, uint32_t from)
{
	struct pprof_location l = c->from->location[from];
	struct pprof_line *line;
	const char *why;
	uint32_t i;

	if (l.mapping != PPROF_NONE) {
		i = l.mapping;
		l.mapping = pprof_copy_mapping(c, i);
		l.address += c->moved[i];
	}
	line = pprof_room(c->line, &c->line_cap, l.lines, sizeof(*line),
	    SIZE_MAX, &why);
	if (line == NULL)
		return (UINT32_MAX);
	c->line = line;
	for (i = 0; i < l.lines; i++) {
		line[i] = c->from->line[l.line + i];
		line[i].function = pprof_copy_function(c, line[i].function);
	}
	return (pprof_write_location(c->to, &l, line));
}

struct pprof_copy *
pprof_copy_new(struct pprof_write *to, const struct pprof *from)
{
	struct pprof_copy *c;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return (NULL);
	c->to = to;
	c->from = from;
	c->string = calloc(from->strings + 1, sizeof(*c->string));
	c->mapping = calloc(from->mappings + 1, sizeof(*c->mapping));
	c->moved = calloc(from->mappings + 1, sizeof(*c->moved));
	c->function = calloc(from->functions + 1, sizeof(*c->function));
	c->location = calloc(from->locations + 1, sizeof(*c->location));
	if (c->string == NULL || c->mapping == NULL || c->moved == NULL ||
	    c->function == NULL || c->location == NULL) {
		pprof_copy_free(c);
		return (NULL);
	}
	/* The program's own mapping comes first in both. */
	if (from->mappings != 0)
		pprof_copy_mapping(c, 0);
	return (c);
}

void
pprof_copy_free(struct pprof_copy *c)
{
	if (c == NULL)
		return;
	free(c->string);
	free(c->mapping);
	free(c->moved);
	free(c->function);
	free(c->location);
	free(c->stack);
	free(c->label);
	free(c->line);
	free(c);
}

static int
pprof_copy_stack(struct pprof_copy *c, const struct pprof_sample *s)
{
	uint32_t *to, i, at;
	const char *why;
	size_t n;

	to = pprof_room(c->stack, &c->stack_cap, s->depth, sizeof(*to),
	    SIZE_MAX, &why);
	if (to == NULL)
		return (-1);
	c->stack = to;
	for (n = 0; n < s->depth; n++) {
		i = s->location[n];
		if (c->location[i] == 0) {
			if ((at = pprof_copy_location(c, i)) == UINT32_MAX)
				return (-1);
			c->location[i] = at + 1;
		}
		to[n] = c->location[i] - 1;
	}
	return (0);
}

static int
pprof_copy_labels(struct pprof_copy *c, const struct pprof_sample *s)
{
	struct pprof_label *to;
	const char *why;
	size_t n;

	to = pprof_room(c->label, &c->label_cap, s->labels, sizeof(*to),
	    SIZE_MAX, &why);
	if (to == NULL)
		return (-1);
	c->label = to;
	for (n = 0; n < s->labels; n++) {
		to[n].key = pprof_copy_string(c, s->label[n].key);
		to[n].str = pprof_copy_string(c, s->label[n].str);
		to[n].unit = pprof_copy_string(c, s->label[n].unit);
		to[n].num = s->label[n].num;
	}
	return (0);
}

int
pprof_copy_sample(struct pprof_copy *c, const struct pprof_sample *s,
    const int64_t *value)
{
	struct pprof_sample to = *s;

	if (pprof_copy_stack(c, s) == -1 || pprof_copy_labels(c, s) == -1)
		return (-1);
	to.location = c->stack;
	to.label = c->label;
	to.value = value;
	return (pprof_write_sample(c->to, &to));
}

void
pprof_copy_comments(struct pprof_copy *c)
{
	const struct pprof_text *t;
	size_t i;

	for (i = 0; i < c->from->comments; i++) {
		t = &c->from->string[c->from->comment[i]];
		pprof_write_comment(c->to, t->p, t->len);
	}
}
