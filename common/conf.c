#include "conf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "conf_build.h"
#include "conf_check.h"
#include "conf_field.h"
#include "conf_owner.h"
#include "conf_read.h"
#include "conf_table.h"

static void
on_section(const char *name, unsigned int line, void *arg)
{
	conf_build_section(arg, name, line);
}

static void
on_key(const char *key, const char *value, unsigned int line, void *arg)
{
	conf_build_key(arg, key, value, line);
}

static void
on_wrong(const char *key, const char *why, unsigned int line, void *arg)
{
	conf_build_error(arg, line, key, "%s", why);
}

/* f NULL: the defaults alone. */
static struct conf *
load(FILE *f, const char *name, const char *spool, struct buf *said)
{
	static const struct conf_read_calls calls = {
		.on_section = on_section,
		.on_key = on_key,
		.on_wrong = on_wrong,
	};
	struct conf_build b = { .file = name, .said = said };
	int error = EINVAL;
	struct conf *c;

	if ((b.c = calloc(1, sizeof(*b.c))) == NULL)
		b.failed = 1;
	else if (f != NULL && conf_read(f, &calls, &b) == -1) {
		error = errno;
		conf_build_error(&b, 0, NULL, "%s", strerror(error));
	} else
		conf_check(&b, spool);
	if (b.failed) {
		error = ENOMEM;
		conf_build_error(&b, 0, NULL, "%s", strerror(error));
	}
	c = b.c;
	if (b.errors != 0) {
		conf_free(c);
		c = NULL;
	}
	free(b.v);
	if (c == NULL)
		errno = error;
	return (c);
}

struct conf *
conf_parse(FILE *f, const char *name, const char *spool, struct buf *said)
{
	return (load(f, name, spool, said));
}

struct conf *
conf_load(const char *file, const char *spool, struct buf *said)
{
	const char *name = file != NULL ? file : CONF_FILE;
	struct conf_build b = { .file = name, .said = said };
	struct conf *c;
	int saved;
	FILE *f;

	if ((f = fopen(name, "re")) == NULL) {
		saved = errno;
		if (file == NULL && saved == ENOENT)
			return (load(NULL, name, spool, said));
		conf_build_error(&b, 0, NULL, "%s", strerror(saved));
		errno = saved;
		return (NULL);
	}
	c = load(f, name, spool, said);
	saved = errno;
	fclose(f);
	if (c != NULL && (c->file = strdup(name)) == NULL) {
		saved = ENOMEM;
		conf_build_error(&b, 0, NULL, "%s", strerror(saved));
		conf_free(c);
		c = NULL;
	}
	errno = saved;
	return (c);
}

/* Free what an owner of a section's kind holds. */
static void
clear(struct conf *c, const struct conf_section *s, size_t i)
{
	char *base = conf_owner(c, s, i);
	struct conf_pairs *l = (struct conf_pairs *)(void *)(base + s->pairs);
	const struct conf_key *k;
	size_t j;

	if (s->keys != NULL) {
		for (k = s->keys; k->name != NULL; k++)
			conf_field_free(k, base);
		return;
	}
	for (j = 0; j < l->n; j++) {
		free(l->v[j].key);
		free(l->v[j].value);
	}
	free(l->v);
}

void
conf_free(struct conf *c)
{
	const struct conf_section *s;
	size_t i;

	if (c == NULL)
		return;
	free(c->file);
	/* [dataway]'s keys are among those of [destination.NAME]. */
	for (s = conf_table; s->name != NULL; s++)
		for (i = 0; strcmp(s->name, "dataway") != 0 &&
		    i < conf_owners(c, s); i++)
			clear(c, s, i);
	for (i = 0; i < c->ndestinations; i++)
		free(c->destinations[i].name);
	free(c->targets);
	free(c->pyroscopes);
	free(c->destinations);
	free(c);
}

const struct conf_destination *
conf_destination(const struct conf *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->ndestinations; i++)
		if (strcmp(c->destinations[i].name, name) == 0)
			return (&c->destinations[i]);
	return (NULL);
}
