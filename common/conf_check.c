#include "conf_check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "conf.h"
#include "conf_access.h"
#include "conf_build.h"
#include "conf_field.h"
#include "conf_files.h"
#include "conf_find.h"
#include "conf_owner.h"
#include "conf_shape.h"
#include "conf_table.h"
#include "conf_text.h"
#include "conf_value.h"
#include "when.h"

/* An error at a key, or where its section begins if it is not given. */
#define ERROR(b, o, key, ...) \
	conf_build_error((b), conf_build_line((o), (key)) != 0 ? \
	    conf_build_line((o), (key)) : (o)->line, \
	    conf_build_row((o), (key))->name, __VA_ARGS__)

static const struct conf_opening *
opening(const struct conf_build *b, const char *section)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (strcmp(b->v[i].section->name, section) == 0)
			return (&b->v[i]);
	return (NULL);
}

/* All keys that the struct of o's section has, also if the section has not. */
static const struct conf_key *
keys(const struct conf_opening *o)
{
	return (o->section->owner == CONF_OF_DESTINATION ?
	    conf_find_section(CONF_NAMED)->keys : o->section->keys);
}

/* Begin what no file has begun. -1: ENOMEM, or no name of the host. */
static int
open_missing(struct conf_build *b)
{
	const struct conf_section *s;
	char host[256] = "";

	for (s = conf_table; s->name != NULL; s++)
		if (s->owner == CONF_OF_ALL && s->keys != NULL &&
		    opening(b, s->name) == NULL &&
		    conf_build_open(b, s, 0) == NULL)
			return (-1);
	if (opening(b, "global_host_tags") == NULL &&
	    (gethostname(host, sizeof(host) - 1) == -1 ||
	    conf_pairs_add(&b->c->global_host_tags, "host", host) == -1))
		return (-1);
	if (b->c->ndestinations != 0)
		return (0);
	if (conf_build_open(b, conf_find_section(CONF_NAMED), 0) == NULL)
		return (-1);
	b->c->destinations[0].name = strdup("main");
	return (b->c->destinations[0].name != NULL ? 0 : -1);
}

/* Defaults that stand in the table. */
static int
fill(struct conf_build *b, const struct conf_opening *o)
{
	void *base = conf_owner(b->c, o->section, o->owner);
	const struct conf_key *k;

	if (o->section->keys == NULL)
		return (0);
	for (k = keys(o); k->name != NULL; k++)
		if (conf_build_line(o, k->name) == 0 && k->standard != NULL &&
		    k->standard[0] != '(' &&
		    conf_value_default(k, base, k->standard) == -1)
			return (-1);
	return (0);
}

/* Defaults that another section holds: all of them are numbers. */
static void
inherit(struct conf_build *b, const struct conf_opening *o)
{
	const struct conf_section *from =
	    conf_find_section("profile.io_config");
	void *base = conf_owner(b->c, o->section, o->owner);
	const struct conf_key *k;

	for (k = keys(o); k->name != NULL; k++)
		if (conf_build_line(o, k->name) == 0 && k->inherits != NULL)
			memcpy(conf_field_at(k, base),
			    conf_field_at(conf_find_key(from, k->inherits),
			    b->c), sizeof(uint64_t));
}

/* The outbox of a configuration with no destination, beside its spool. */
static int
fill_outbox(const struct conf *c, struct conf_destination *d)
{
	size_t len = strlen(c->cache_path);
	struct buf url = { 0 };
	int res = -1;

	while (len > 1 && c->cache_path[len - 1] == '/')
		len--;
	if (buf_adds(&url, "file:") == 0 &&
	    buf_add(&url, c->cache_path, len) == 0 &&
	    buf_adds(&url, ".outbox") == 0)
		res = conf_list_add(&d->url, url.p, url.len);
	buf_free(&url);
	return (res);
}

/* Defaults that depend on the type. */
static int
fill_destination(struct conf_build *b, const struct conf_opening *o)
{
	static const unsigned int accepts[] = {
		[CONF_DATAWAY] = 1 | 2,
		[CONF_FILE_DEST] = 1 | 2 | 4,
		[CONF_EXTERNAL] = 1,
	};
	struct conf_destination *d = &b->c->destinations[o->owner];

	if (o->line == 0)
		d->type = CONF_FILE_DEST;
	if (conf_build_line(o, "accept") == 0)
		d->accept = accepts[d->type];
	return (o->line == 0 && b->c->cache_path != NULL ?
	    fill_outbox(b->c, d) : 0);
}

/* Defaults that depend on the interval. */
static void
fill_target(const struct conf_build *b, const struct conf_opening *o)
{
	struct conf_target *t = &b->c->targets[o->owner];

	/* So that a round is over before the next. */
	if (conf_build_line(o, "cpu_seconds") == 0)
		t->cpu_seconds = t->interval < 13 * WHEN_SECOND ?
		    (uint64_t)(t->interval / 10 * 8 / WHEN_SECOND) : 10;
	if (conf_build_line(o, "timeout") == 0)
		t->timeout = t->interval / 10 * 9;
}

/* The header that o is of. */
static void
header(const struct conf_build *b, const struct conf_opening *o, char *out,
    size_t size)
{
	int named = strcmp(o->section->name, CONF_NAMED) == 0;

	snprintf(out, size, "%s%s", named ? "destination." : o->section->name,
	    named ? b->c->destinations[o->owner].name : "");
}

/* Nothing may be empty that has to be filled. */
static void
check_filled(struct conf_build *b, const struct conf_opening *o)
{
	const void *base = conf_owner(b->c, o->section, o->owner);
	const struct conf_key *k;
	char name[64];

	if (o->section->keys == NULL)
		return;
	header(b, o, name, sizeof(name));
	for (k = o->section->keys; k->name != NULL; k++)
		if (k->flags & CONF_FILLED && !conf_build_wrong(o, k->name) &&
		    conf_field_empty(k, base))
			ERROR(b, o, k->name, "found nothing in [%s], expected "
			    "a value", name);
}

static void
check_retry(struct conf_build *b, const struct conf_opening *o, int64_t min,
    int64_t max)
{
	if (min > max && !conf_build_wrong(o, "retry_min") &&
	    !conf_build_wrong(o, "retry_max") &&
	    (conf_build_line(o, "retry_min") != 0 ||
	    conf_build_line(o, "retry_max") != 0))
		ERROR(b, o, "retry_min", "found more than retry_max, expected "
		    "no more");
}

/* As a url may hold a token, none of these shows what was found. */
static void
check_urls(struct conf_build *b, const struct conf_opening *o,
    const struct conf_destination *d)
{
	char name[64];
	size_t i;

	if (conf_build_wrong(o, "url"))
		return;
	if (d->type == CONF_EXTERNAL) {
		if (d->url.n != 0)
			ERROR(b, o, "url", "found a url, expected none for "
			    "type external");
		return;
	}
	if (d->url.n == 0 && conf_build_row(o, "url")->flags & CONF_FILLED)
		return;		/* check_filled has said so */
	if (d->url.n == 0) {
		header(b, o, name, sizeof(name));
		ERROR(b, o, "url", "found no url in [%s], expected one", name);
		return;
	}
	if (d->type == CONF_FILE_DEST) {
		if (d->url.n != 1 || !conf_shape_url(d->url.v[0], "file"))
			ERROR(b, o, "url", "found another url, expected one "
			    "file:/path for type file");
		return;
	}
	for (i = 0; i < d->url.n; i++)
		if (conf_shape_url(d->url.v[i], "file")) {
			ERROR(b, o, "url", "found a file url, expected http "
			    "or https for type dataway");
			return;
		}
}

static void
check_token(struct conf_build *b, const struct conf_opening *o,
    const struct conf_destination *d)
{
	if (d->token_file == NULL || conf_files_look(d->token_file) == 0)
		return;
	ERROR(b, o, "token_file", "found what cannot be read (%s), expected "
	    "a file", strerror(errno));
}

static void
check_destination(struct conf_build *b, const struct conf_opening *o)
{
	const struct conf_destination *d = &b->c->destinations[o->owner];

	if (!conf_build_wrong(o, "type")) {
		check_urls(b, o, d);
		if (d->command != NULL && d->type != CONF_EXTERNAL)
			ERROR(b, o, "command", "found with another type, "
			    "expected with type external only");
	}
	check_retry(b, o, d->retry_min, d->retry_max);
	check_token(b, o, d);
}

static int
wants_cpu(const struct conf_target *t)
{
	size_t i;

	for (i = 0; i < t->enabled_types.n; i++)
		if (strcmp(t->enabled_types.v[i], "cpu") == 0)
			return (1);
	return (0);
}

static void
check_target(struct conf_build *b, const struct conf_opening *o)
{
	const struct conf_target *t = &b->c->targets[o->owner];

	if (t->url == NULL && t->file_sd == NULL && !conf_build_wrong(o, "url") &&
	    !conf_build_wrong(o, "file_sd"))
		ERROR(b, o, "url", "found nothing in [profile.go], expected "
		    "a value, or file_sd");
	if (t->url != NULL && t->file_sd != NULL)
		ERROR(b, o, "file_sd", "found beside url, expected one of "
		    "them");
	if (t->basic_auth_file != NULL && t->bearer_token_file != NULL)
		ERROR(b, o, "bearer_token_file", "found beside "
		    "basic_auth_file, expected one of them");
	if (wants_cpu(t) && !conf_build_wrong(o, "timeout") &&
	    !conf_build_wrong(o, "cpu_seconds") &&
	    t->timeout <= (int64_t)t->cpu_seconds * WHEN_SECOND)
		ERROR(b, o, conf_build_line(o, "timeout") != 0 ? "timeout" :
		    "cpu_seconds", "found a timeout within cpu_seconds, "
		    "expected one that is longer");
}

/* A path as -s takes it, made absolute, for an outbox stands beside it. */
static char *
absolute(const char *path)
{
	char *cwd, *whole = NULL;

	if (path[0] == '/')
		return (strdup(path));
	if ((cwd = getcwd(NULL, 0)) == NULL)
		return (NULL);
	if (asprintf(&whole, "%s/%s", cwd, path) == -1)
		whole = NULL;
	free(cwd);
	return (whole);
}

static int
fill_all(struct conf_build *b, const char *spool)
{
	struct conf *c = b->c;
	size_t i;

	if (open_missing(b) == -1)
		return (-1);
	for (i = 0; i < b->n; i++)
		if (fill(b, &b->v[i]) == -1)
			return (-1);
	if (spool != NULL) {
		free(c->cache_path);
		if ((c->cache_path = absolute(spool)) == NULL)
			return (-1);
	}
	for (i = 0; i < b->n; i++) {
		if (b->v[i].section->begins &&
		    b->v[i].section->owner == CONF_OF_TARGET)
			fill_target(b, &b->v[i]);
		if (b->v[i].section->owner != CONF_OF_DESTINATION)
			continue;
		inherit(b, &b->v[i]);
		if (fill_destination(b, &b->v[i]) == -1)
			return (-1);
	}
	return (0);
}

static void
check_election(struct conf_build *b, const struct conf_opening *o)
{
	const struct conf *c = b->c;
	const struct conf_destination *d = conf_destination(c, "main");
	const char *backend = c->election_backend;

	if (backend == NULL || conf_build_wrong(o, "backend"))
		return;
	if (strcmp(backend, "file") == 0 && c->election_file == NULL &&
	    !conf_build_wrong(o, "file"))
		ERROR(b, o, "file", "found nothing in [election], expected a "
		    "path for backend file");
	if (c->election_urls.n == 0 && !conf_build_wrong(o, "urls") &&
	    (strcmp(backend, "etcd") == 0 || (strcmp(backend, "dataway") == 0 &&
	    (d == NULL || d->type != CONF_DATAWAY))))
		ERROR(b, o, "urls", "found nothing in [election], expected "
		    "one for backend %s", backend);
	if (c->election_mode == CONF_SHARD && strcmp(backend, "etcd") != 0)
		ERROR(b, o, "mode", "found shard with another backend, "
		    "expected with etcd only");
}

void
conf_check(struct conf_build *b, const char *spool)
{
	const struct conf_opening *o;
	const struct conf *c = b->c;

	if (b->failed || (b->failed = fill_all(b, spool) == -1))
		return;
	for (o = b->v; o < b->v + b->n; o++) {
		check_filled(b, o);
		conf_files_check(b, o);
		if (o->section->owner == CONF_OF_DESTINATION)
			check_destination(b, o);
		else if (o->section->begins &&
		    o->section->owner == CONF_OF_TARGET)
			check_target(b, o);
		else if (o->section->begins &&
		    o->section->owner == CONF_OF_PYROSCOPE)
			conf_access_check(b, o);
	}
	conf_access_check(b, opening(b, "http_api"));
	o = opening(b, "profile.io_config");
	check_retry(b, o, c->retry_min, c->retry_max);
	check_election(b, opening(b, "election"));
}
