#include "conf_build.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "conf.h"
#include "conf_find.h"
#include "conf_owner.h"
#include "conf_table.h"
#include "conf_text.h"
#include "conf_value.h"

_Static_assert(CONF_KEYS_MAX == sizeof(((struct conf_opening *)0)->at) /
    sizeof(unsigned int), "conf_opening has a place for every key");

static void __attribute__((format(printf, 5, 0)))
say(struct conf_build *b, const char *level, unsigned int line,
    const char *key, const char *fmt, va_list ap)
{
	struct buf *said = b->said;
	size_t i = said->len;
	char text[512];

	vsnprintf(text, sizeof(text), fmt, ap);
	buf_addf(said, "%s: %s:", level, b->file);
	if (line != 0)
		buf_addf(said, "%u:", line);
	if (key != NULL)
		buf_addf(said, " %.64s:", key);
	buf_addf(said, " %s", text);
	for (; i < said->len; i++)
		if (iscntrl((unsigned char)said->p[i]))
			said->p[i] = '?';
	buf_addc(said, '\n');
}

void
conf_build_error(struct conf_build *b, unsigned int line, const char *key,
    const char *fmt, ...)
{
	va_list ap;

	b->errors++;
	va_start(ap, fmt);
	say(b, "error", line, key, fmt, ap);
	va_end(ap);
}

/* The same, not counted. */
void
conf_build_warning(struct conf_build *b, unsigned int line, const char *key,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(b, "warning", line, key, fmt, ap);
	va_end(ap);
}

const struct conf_key *
conf_build_row(const struct conf_opening *o, const char *key)
{
	const struct conf_key *k = conf_find_key(o->section, key);

	return (k != NULL && k->flags & CONF_ALIAS ? k - 1 : k);
}

unsigned int
conf_build_line(const struct conf_opening *o, const char *key)
{
	const struct conf_key *k = conf_build_row(o, key);

	return (k != NULL ? o->at[k - o->section->keys] : 0);
}

int
conf_build_wrong(const struct conf_opening *o, const char *key)
{
	const struct conf_key *k = conf_build_row(o, key);

	return (k != NULL && o->wrong & 1U << (k - o->section->keys));
}

struct conf_opening *
conf_build_open(struct conf_build *b, const struct conf_section *s,
    unsigned int line)
{
	struct conf_opening *v;

	if ((v = realloc(b->v, (b->n + 1) * sizeof(*v))) == NULL)
		return (NULL);
	b->v = v;
	if (s->begins && conf_owner_begin(b->c, s) == -1)
		return (NULL);
	v += b->n++;
	memset(v, 0, sizeof(*v));
	v->section = s;
	v->owner = conf_owners(b->c, s) - 1;
	v->line = line;
	return (v);
}

/* May a destination have the name behind "destination."? */
static int
check_name(struct conf_build *b, const char *name, unsigned int line)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	if (len == 0 || len > CONF_NAME_MAX || name[len] != '\0') {
		conf_build_error(b, line, NULL, "[destination.%s]: found a "
		    "name that is not, expected 1 to %d of a-z 0-9 _ -", name,
		    CONF_NAME_MAX);
		return (-1);
	}
	if (strcmp(name, "none") == 0 || strcmp(name, "metrics") == 0) {
		conf_build_error(b, line, NULL, "[destination.%s]: the name "
		    "%s is reserved, expected another", name, name);
		return (-1);
	}
	return (0);
}

/* Say if section s may not stand here again. name: of a destination. */
static void
check_repeated(struct conf_build *b, const struct conf_section *s,
    const char *header, const char *name, unsigned int line)
{
	const struct conf_opening *o;
	size_t i, owner = conf_owners(b->c, s) - 1;

	for (i = 0; i < b->n; i++) {
		o = &b->v[i];
		if (s->owner == CONF_OF_DESTINATION ?
		    o->section->owner != CONF_OF_DESTINATION ||
		    strcmp(b->c->destinations[o->owner].name, name) != 0 :
		    o->section != s || s->repeats || o->owner != owner)
			continue;
		if (o->section != s)
			conf_build_error(b, line, NULL, "[dataway] is the "
			    "destination main, and so is [destination.main]: "
			    "found both (line %u), expected one", o->line);
		else
			conf_build_error(b, line, NULL, "[%s]: found again "
			    "(first in line %u), expected once", header,
			    o->line);
		return;
	}
}

void
conf_build_section(struct conf_build *b, const char *header,
    unsigned int line)
{
	const struct conf_section *s;
	const char *name = "main", *near;
	char *copy;

	b->ignore = 1;
	if (header == NULL || b->failed)
		return;
	if ((s = conf_find_section(header)) == NULL) {
		near = conf_near_section(header);
		conf_build_error(b, line, NULL, "[%s]: unknown section%s%s%s",
		    header, near != NULL ? ", expected perhaps [" : "",
		    near != NULL ? near : "", near != NULL ? "]" : "");
		return;
	}
	if (strcmp(s->name, CONF_NAMED) == 0 &&
	    check_name(b, name = strchr(header, '.') + 1, line) == -1)
		return;
	if (conf_owners(b->c, s) == 0 && !s->begins) {
		conf_build_error(b, line, NULL, "[%s]: found no [%.*s] before "
		    "it, expected one it belongs to", header,
		    (int)(strlen(header) - strlen(".tags")), header);
		return;
	}
	/* What stands below it is looked at all the same. */
	check_repeated(b, s, header, name, line);
	if (s->owner == CONF_OF_DESTINATION) {
		if ((copy = strdup(name)) == NULL ||
		    conf_build_open(b, s, line) == NULL) {
			free(copy);
			b->failed = 1;
			return;
		}
		b->c->destinations[b->c->ndestinations - 1].name = copy;
	} else if (conf_build_open(b, s, line) == NULL)
		b->failed = 1;
	b->ignore = b->failed;
}

/* A key of a section of tags. -1: ENOMEM. */
static int
set_tag(struct conf_build *b, const struct conf_opening *o, const char *key,
    const char *value, unsigned int line)
{
	struct conf_pairs *l = (struct conf_pairs *)((char *)conf_owner(b->c,
	    o->section, o->owner) + o->section->pairs);
	size_t i;

	for (i = 0; i < l->n; i++)
		if (strcmp(l->v[i].key, key) == 0) {
			conf_build_error(b, line, key, "found again in the "
			    "section, expected once");
			return (0);
		}
	return (conf_pairs_add(l, key, value));
}

/* Any other key. */
static int
set_key(struct conf_build *b, struct conf_opening *o, const char *name,
    const struct conf_list *said, int is_list, unsigned int line)
{
	const struct conf_section *s = o->section;
	const struct conf_key *k = conf_find_key(s, name);
	const char *near;
	struct buf why = { 0 };
	size_t i;
	int res = 0;

	if (k == NULL) {
		near = conf_near_key(s, name);
		conf_build_error(b, line, name, "unknown key in [%s]%s%s",
		    s->name, near != NULL ? ", expected perhaps " : "",
		    near != NULL ? near : "");
		return (0);
	}
	if (k->flags & CONF_ALIAS)
		k--;
	i = (size_t)(k - s->keys);
	if (o->at[i] != 0) {
		conf_build_error(b, line, name, "found again (first in line "
		    "%u), expected once in a section", o->at[i]);
		return (0);
	}
	o->at[i] = line;
	switch (conf_value_set(k, conf_owner(b->c, s, o->owner), said, is_list,
	    &why)) {
	case -1:
		o->wrong |= 1U << i;
		if (why.len == 0 || buf_str(&why) == NULL)
			res = -1;
		else
			conf_build_error(b, line, name, "%s", why.p);
		break;
	case 1:
		if (buf_str(&why) == NULL)
			res = -1;
		else
			conf_build_warning(b, line, name, "%s", why.p);
		break;
	}
	buf_free(&why);
	return (res);
}

void
conf_build_key(struct conf_build *b, const char *key, const char *value,
    unsigned int line)
{
	struct conf_opening *o = b->n != 0 ? &b->v[b->n - 1] : NULL;
	struct conf_list said = { 0 };
	enum conf_text form;
	const char *end, *why;

	if (b->ignore || b->failed)
		return;
	if (o == NULL) {
		conf_build_error(b, line, key, "found before any section, "
		    "expected below a [section]");
		return;
	}
	form = conf_text_parse(value, &said, &end, &why);
	if (form != CONF_TEXT_ONE && form != CONF_TEXT_LIST)
		b->failed = 1;		/* conf_read found nothing wrong */
	else if (o->section->keys != NULL)
		b->failed = set_key(b, o, key, &said, form == CONF_TEXT_LIST,
		    line) == -1;
	else if (form == CONF_TEXT_LIST)
		conf_build_error(b, line, key, "found a list, expected text");
	else
		b->failed = set_tag(b, o, key, said.v[0], line) == -1;
	conf_list_free(&said);
}
