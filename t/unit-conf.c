/* parts: t/reading.o */
#include "conf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "conf_field.h"
#include "conf_find.h"
#include "conf_owner.h"
#include "conf_table.h"
#include "ok.h"
#include "reading.h"
#include "when.h"

#define gives	reading_gives

/* Limits from the table. */

/* A section with what it cannot be without, and room for key's extremes. */
static void
header(struct buf *b, const struct conf_section *s, const struct conf_key *k)
{
	buf_addf(b, "[%s]\n", strcmp(s->name, CONF_NAMED) == 0 ?
	    "destination.x" : s->name);
	if (s->begins && strcmp(k->name, "url") != 0)
		buf_addf(b, "url = %s\n", s->owner == CONF_OF_PYROSCOPE ?
		    ":4040" : "http://h");
	if (strcmp(k->name, "retry_min") == 0)
		buf_adds(b, "retry_max = 1h\n");
	if (strcmp(k->name, "retry_max") == 0)
		buf_adds(b, "retry_min = 1ms\n");
	if (strcmp(k->name, "cpu_seconds") == 0)
		buf_adds(b, "timeout = 24h\n");
	if (s->owner == CONF_OF_TARGET && strcmp(k->name, "timeout") == 0)
		buf_adds(b, "enabled_types = heap\n");
}

/* Is n taken for key k, as n? 1; 0 no; 2: with a warning, as k's least. */
static int
limit(const struct conf_section *s, const struct conf_key *k, uint64_t n)
{
	struct buf b = { 0 }, said = { 0 };
	uint64_t is;
	struct conf *c;
	int res = 0;

	header(&b, s, k);
	if (k->kind == CONF_DURATION)
		buf_addf(&b, "%s = %" PRIu64 "s%" PRIu64 "ns\n", k->name,
		    n / WHEN_SECOND, n % WHEN_SECOND);
	else
		buf_addf(&b, "%s = %" PRIu64 "\n", k->name, n);
	if ((c = reading(&b, &said)) != NULL) {
		memcpy(&is, conf_field_at(k, conf_owner(c, s, 0)),
		    sizeof(is));
		if (k->kind == CONF_MIB)
			is /= 1048576;
		if (is == n && said.len == 0)
			res = 1;
		if (is == k->min && strstr(said.p, "warning: ") != NULL)
			res = 2;
	} else if (strstr(said.p, ", expected ") == NULL)
		res = -1;
	conf_free(c);
	buf_free(&said);
	return (res);
}

static void
check_limits(void)
{
	const struct conf_section *s;
	const struct conf_key *k;
	char fact[128];
	int below;

	for (s = conf_table; s->name != NULL; s++)
		for (k = s->keys; k != NULL && k->name != NULL; k++) {
			if (k->max == 0)
				continue;
			below = k->flags & CONF_RAISED ? 2 : 0;
			snprintf(fact, sizeof(fact), "[%s] %s: from %" PRIu64
			    " to %" PRIu64 " and no further", s->name,
			    k->name, k->min, k->max);
			ok((k->min == 0 ||
			    limit(s, k, k->min - 1) == below) &&
			    limit(s, k, k->min) == 1 &&
			    limit(s, k, k->min + 1) == 1 &&
			    limit(s, k, k->max - 1) == 1 &&
			    limit(s, k, k->max) == 1 &&
			    limit(s, k, k->max + 1) == 0, fact);
		}
}

/* Defaults. */

/* What a key's default is printed as, in a section with its url alone. */
static int
has_default(const struct conf_section *s, const struct conf_key *k)
{
	static const struct conf_key none = { .name = "" };
	struct buf b = { 0 }, said = { 0 }, is = { 0 };
	const struct conf_key *from = k;
	struct conf *c;
	int res;

	header(&b, s, &none);
	if (k->inherits != NULL)
		from = conf_find_key(conf_find_section("profile.io_config"),
		    k->inherits);
	if ((c = reading(&b, &said)) == NULL || said.len != 0)
		abort();
	if (conf_field_print(k, conf_owner(c, s, 0), 0, &is) == -1 ||
	    buf_str(&is) == NULL)
		abort();
	res = strcmp(is.p, from->standard != NULL ? from->standard : "") == 0;
	/* The url that the section was given; what the type decides. */
	res |= (s->begins && strstr(k->name, "url") == k->name) ||
	    (from->standard != NULL && from->standard[0] == '(');
	buf_free(&said);
	buf_free(&is);
	conf_free(c);
	return (res);
}

static void
check_defaults(void)
{
	const struct conf_section *s;
	const struct conf_key *k;
	struct buf said = { 0 }, text = { 0 };
	char fact[128], host[256];
	struct conf *c;
	char *value;

	for (s = conf_table; s->name != NULL; s++)
		for (k = s->keys; k != NULL && k->name != NULL; k++) {
			snprintf(fact, sizeof(fact),
			    "[%s] %s has the table's default, in its form",
			    s->name, k->name);
			ok(has_default(s, k), fact);
			ok(k - s->keys < CONF_KEYS_MAX, "and a place");
		}
	if ((c = conf_load("/dev/null", "/s/p/", &said)) == NULL)
		abort();
	value = reading_printed(c, "destination.main.url");
	ok(strcmp(value, "file:/s/p.outbox") == 0 && c->ndestinations == 1 &&
	    c->destinations[0].type == CONF_FILE_DEST &&
	    c->destinations[0].accept == 7 &&
	    conf_destination(c, "main") == c->destinations,
	    "with no destination there is main, an outbox beside the spool");
	ok(conf_destination(c, "other") == NULL, "and no other");
	ok(strcmp(c->cache_path, "/s/p/") == 0, "-s overrides cache_path");
	ok(gethostname(host, sizeof(host)) == 0 &&
	    c->global_host_tags.n == 1 &&
	    strcmp(c->global_host_tags.v[0].key, "host") == 0 &&
	    strcmp(c->global_host_tags.v[0].value, host) == 0,
	    "global_host_tags is the host's name by default");
	free(value);
	conf_free(c);
	buf_adds(&text, "[global_host_tags]\nzone = a\n");
	if ((c = reading(&text, &said)) == NULL)
		abort();
	ok(c->global_host_tags.n == 1 &&
	    strcmp(c->global_host_tags.v[0].key, "zone") == 0,
	    "and exactly what the section says where it stands");
	conf_free(c);
	buf_free(&said);
}

/* Which section belongs to which. */
static void
check_owners(void)
{
	const char *text = "[profile.go]\nurl = http://a\n"
	    "[profile.go]\nurl = http://b\n[profile.go.tags]\nt = 2\n"
	    "[profile]\nelection = false\n"
	    "[profile.go]\nurl = http://c\n[profile.go.tags]\nt = 3\n"
	    "[profile.pyroscope]\nurl = :1\n[profile.pyroscope.tags]\np = 1\n";
	const char *sends = "[destination.a]\nurl = http://h\nworkers = 3\n"
	    "[profile.io_config]\nupload_workers = 5\nlease = 2s\n"
	    "[destination.b]\ntype = external\ncommand = cat\n"
	    "[destination.c]\ntype = file\nurl = file:/x\n";

	ok(gives(text, "profile.go.3.url", "http://c") &&
	    gives(text, "profile.go.2.tags.t", "2") &&
	    gives(text, "profile.go.3.tags.t", "3") &&
	    gives(text, "profile.pyroscope.1.tags.p", "1"),
	    "another [profile.go] is another target, with the tags below it");
	ok(gives(sends, "destination.a.workers", "3") &&
	    gives(sends, "destination.b.workers", "5") &&
	    gives(sends, "destination.a.lease", "2s"),
	    "a destination falls back to [profile.io_config]");
	ok(gives(sends, "destination.a.accept", "profile,metric") &&
	    gives(sends, "destination.b.accept", "profile") &&
	    gives(sends, "destination.c.accept", "profile,metric,point"),
	    "each type accepts what it can");
	ok(gives("[dataway]\nurls = http://h\n", "destination.main.type",
	    "dataway") && gives("[dataway]\nurls = http://h\n",
	    "destination.main.outbox_capacity_mb", "10240"),
	    "[dataway] is the destination main");
	ok(gives("[profile.go]\nurl = http://h\nenabled_types = heap,x,cpu\n",
	    "profile.go.1.enabled_types", "heap,cpu"),
	    "an unknown type of profile is left out");
}

int
main(void)
{
	check_limits();
	check_defaults();
	check_owners();
	return (failed);
}
