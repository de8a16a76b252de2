#include "conf.h"

#include <fnmatch.h>
#include <string.h>

#include "buf.h"
#include "conf_field.h"
#include "conf_owner.h"
#include "conf_table.h"

/* The i-th section of a kind, and what of it: see conf_print_exact. */
struct print {
	const struct conf	*c;
	const struct conf_section *s;
	size_t			 i;
	const char *const	*only;
};

/* What the i-th section of a kind is called, "profile.go.2.tags". */
static int
print_name(const struct conf *c, const struct conf_section *s, size_t i,
    struct buf *out)
{
	const char *tags = strstr(s->name, ".tags");

	switch (s->owner) {
	case CONF_OF_DESTINATION:
		return (buf_addf(out, "destination.%s",
		    c->destinations[i].name));
	case CONF_OF_ALL:
		return (buf_adds(out, s->name));
	default:
		return (buf_addf(out, "%.*s.%zu%s", tags != NULL ?
		    (int)(tags - s->name) : (int)strlen(s->name), s->name,
		    i + 1, tags != NULL ? tags : ""));
	}
}

/* Is this key one of these, if there are any? */
static int
wanted(const char *name, const char *const *only)
{
	if (only == NULL)
		return (1);
	for (; *only != NULL; only++)
		if (fnmatch(*only, name, 0) == 0)
			return (1);
	return (0);
}

/* "section.key = value": of k in base, or of a tag where k is NULL. */
static int
print_line(const struct print *p, const char *key, const struct conf_key *k,
    const void *base, const char *tag, struct buf *out)
{
	size_t len, at = out->len;

	if (print_name(p->c, p->s, p->i, out) == -1 ||
	    buf_addf(out, ".%s", key) == -1 || buf_str(out) == NULL)
		return (-1);
	if (!wanted(out->p + at, p->only)) {
		out->len = at;
		return (0);
	}
	if (buf_adds(out, " = ") == -1)
		return (-1);
	len = out->len;
	if ((k != NULL ? conf_field_print(k, base, p->only != NULL, out) :
	    buf_adds(out, tag)) == -1)
		return (-1);
	if (out->len == len)
		out->len--;
	return (buf_addc(out, '\n'));
}

static int
print_section(const struct print *p, struct buf *out)
{
	/* It serves those who write, too; here nothing is written. */
	const char *base = conf_owner((struct conf *)p->c, p->s, p->i);
	const struct conf_pairs *l = (const void *)(base + p->s->pairs);
	const struct conf_key *k;
	size_t j;

	if (p->s->keys == NULL) {
		for (j = 0; j < l->n; j++)
			if (print_line(p, l->v[j].key, NULL, base,
			    l->v[j].value, out) == -1)
				return (-1);
		return (0);
	}
	for (k = p->s->keys; k->name != NULL; k++)
		if (!(k->flags & CONF_ALIAS) &&
		    print_line(p, k->name, k, base, NULL, out) == -1)
			return (-1);
	return (0);
}

int
conf_print_exact(const struct conf *c, const char *const *only,
    struct buf *out)
{
	struct print p = { .c = c, .only = only };

	/* A [dataway] is printed as the destination that it is. */
	for (p.s = conf_table; p.s->name != NULL; p.s++)
		for (p.i = 0; strcmp(p.s->name, "dataway") != 0 &&
		    p.i < conf_owners(c, p.s); p.i++)
			if (print_section(&p, out) == -1)
				return (-1);
	return (0);
}

int
conf_print(const struct conf *c, struct buf *out)
{
	return (conf_print_exact(c, NULL, out));
}

static int
print_row(const struct conf_section *s, const struct conf_key *k,
    struct buf *out)
{
	if (buf_addf(out, "%s\t%s\t", s->name, k->name) == -1 ||
	    conf_field_type(k, out) == -1 ||
	    buf_addf(out, "\t%s\t", k->unit != NULL ? k->unit : "") == -1)
		return (-1);
	if ((k->inherits != NULL ? buf_addf(out, "(%s)", k->inherits) :
	    buf_adds(out, k->standard != NULL ? k->standard :
	    k->flags & CONF_FILLED ? "(required)" : "")) == -1)
		return (-1);
	if (buf_addc(out, '\t') == -1 || conf_field_bounds(k, out) == -1)
		return (-1);
	return (buf_addc(out, '\n'));
}

int
conf_print_table(struct buf *out)
{
	const struct conf_section *s;
	const struct conf_key *k;

	for (s = conf_table; s->name != NULL; s++) {
		if (s->keys == NULL) {
			if (buf_addf(out, "%s\t*\ttext\t\t\t\n", s->name) ==
			    -1)
				return (-1);
			continue;
		}
		for (k = s->keys; k->name != NULL; k++)
			if (print_row(s, k, out) == -1)
				return (-1);
	}
	return (0);
}
