/* What prof-pull makes of urls, hashes, lists and tags. */
/* parts: cmd/pull/endpoint.o cmd/pull/schedule.o cmd/pull/listing.o cmd/pull/order.o cmd/pull/plan.o cmd/pull/kind.o */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../cmd/pull/endpoint.h"
#include "../cmd/pull/kind.h"
#include "../cmd/pull/listing.h"
#include "../cmd/pull/order.h"
#include "../cmd/pull/plan.h"
#include "../cmd/pull/schedule.h"
#include "buf.h"
#include "conf.h"
#include "ok.h"
#include "when.h"

#define SECOND	WHEN_SECOND

static const struct {
	const char	*fact;
	const char	*url;
	unsigned int	 seconds;
	const char	*whole;
	const char	*host;
} urls[] = {
	{ "a bare host", "http://h", 0, "http://h/debug/pprof/heap", "h" },
	{ "a slash at its end", "http://h:1/", 0,
	    "http://h:1/debug/pprof/heap", "h:1" },
	{ "a path of its own stays", "https://h/a/b", 0,
	    "https://h/a/b/debug/pprof/heap", "h" },
	{ "/debug/pprof is not doubled", "http://h/debug/pprof", 0,
	    "http://h/debug/pprof/heap", "h" },
	{ "nor with a path and slashes", "http://h/a/debug/pprof//", 0,
	    "http://h/a/debug/pprof/heap", "h" },
	{ "what only ends like it is a path", "http://h/xdebug/pprof", 0,
	    "http://h/xdebug/pprof/debug/pprof/heap", "h" },
	{ "a query stays", "http://h/a?x=1&y", 0,
	    "http://h/a/debug/pprof/heap?x=1&y", "h" },
	{ "without a path, too", "http://h?x=1", 0,
	    "http://h/debug/pprof/heap?x=1", "h" },
	{ "seconds are a query", "http://h", 8,
	    "http://h/debug/pprof/heap?seconds=8", "h" },
	{ "or stand behind one", "http://h?x=1", 8,
	    "http://h/debug/pprof/heap?x=1&seconds=8", "h" },
	{ "or an empty one", "http://h?", 8,
	    "http://h/debug/pprof/heap?seconds=8", "h" },
	{ "userinfo is no part of the host", "http://u:p@[::1]:80/a@b", 0,
	    "http://u:p@[::1]:80/a@b/debug/pprof/heap", "[::1]:80" },
	{ "a socket", "unix:/run/a.sock", 0,
	    "http://localhost/debug/pprof/heap", "unix:/run/a.sock" },
	{ "a socket and a path", "unix:/s:/a/debug/pprof?t=1", 3,
	    "http://localhost/a/debug/pprof/heap?t=1&seconds=3", "unix:/s" },
};

static void
check_urls(void)
{
	struct buf b = { 0 };
	const char *host;
	size_t i, len;

	for (i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		b.len = 0;
		host = endpoint_host(urls[i].url, &len);
		ok(endpoint_url(&b, urls[i].url, "heap", urls[i].seconds) ==
		    0 && strcmp(buf_str(&b), urls[i].whole) == 0 &&
		    strlen(urls[i].host) == len &&
		    memcmp(host, urls[i].host, len) == 0, urls[i].fact);
	}
	buf_free(&b);
}

static const struct {
	const char	*to;
	int		 same;
} redirects[] = {
	{ "http://h/other?x", 1 }, { "http://H:80/", 1 },
	{ "http://h:81/", 0 }, { "https://h/", 0 }, { "http://h.x/", 0 },
	{ "http://hh/", 0 }, { "file:///h", 0 }, { "//h/", 0 }, { "", 0 },
	{ "http://h@x/", 0 }, { "http://x@h/", 1 },
};

static void
check_redirects(void)
{
	int all = 1;
	size_t i;

	for (i = 0; i < sizeof(redirects) / sizeof(redirects[0]); i++)
		all &= endpoint_same("http://h/a", redirects[i].to) ==
		    redirects[i].same;
	ok(all, "same scheme, host and port, and nothing else");
}

/* How many of n targets have their rounds in one tenth of the interval, most. */
static int
crowd(const char *format, int n, int64_t interval)
{
	int tenths[10] = { 0 }, most = 0, i;
	char url[64];

	for (i = 0; i < n; i++) {
		/* Some of the same url, too. */
		snprintf(url, sizeof(url), format, i);
		tenths[schedule_first(schedule_hash(url, 0), interval, 0) *
		    10 / interval]++;
	}
	for (i = 0; i < 10; i++)
		if (tenths[i] > most)
			most = tenths[i];
	return (most);
}

static void
check_schedule(void)
{
	uint64_t hash = schedule_hash("http://h", 0), skipped;
	int64_t interval = 10 * SECOND, now, first = 0;
	int all = 1, i;

	ok(crowd("http://10.0.0.%d:6060", 100, interval) <= 25 &&
	    crowd("http://host-%d.example.com/debug/pprof", 100, interval) <=
	    25 && crowd("http://localhost:%d", 100, 60 * SECOND) <= 25,
	    "of 100 targets no tenth of the interval has more than 25");
	ok(crowd("http://10.0.%d.1:6060", 1000, interval) <= 150,
	    "nor of 1000 more than 150");
	ok(schedule_hash("http://h", 0) == hash &&
	    schedule_hash("http://h", 1) != hash &&
	    schedule_hash("http://g", 0) != hash &&
	    schedule_hash("http://h", 256) != schedule_hash("http://h", 1),
	    "a hash is of the url, and of which one it is");
	for (i = 0; i < 1000; i++) {
		now = 1795342785 * SECOND + i * (SECOND / 7);
		first = schedule_first(hash, interval, now);
		all &= first >= 0 && first < interval && (now + first) %
		    interval == (int64_t)(hash % (uint64_t)interval);
	}
	ok(all, "whenever it starts, rounds are at the same times");
	ok(schedule_next(100, 10, 100, &skipped) == 110 && skipped == 0 &&
	    schedule_next(100, 10, 109, &skipped) == 110 && skipped == 0 &&
	    schedule_next(100, 10, 110, &skipped) == 120 && skipped == 1 &&
	    schedule_next(100, 10, 145, &skipped) == 150 && skipped == 4,
	    "rounds that are past are left out, and counted");
}

static const char *const lists[] = {
	"", "{}", "1", "[1]", "[{}]", "[{\"targets\":{}}]",
	"[{\"targets\":[1]}]", "[{\"targets\":[\"a b\"]}]",
	"[{\"targets\":[\"h:1\"],\"labels\":[]}]",
	"[{\"targets\":[\"h:1\"],\"labels\":{\"a\":1}}]",
	"[{\"targets\":[\"ftp://h\"]}]", "[{\"targets\":[\"h:1\"]}",
	"[{\"targets\":[\"h:1\"],\"labels\":{\"__scheme__\":\"gopher\"}}]",
};

static void
check_listing(void)
{
	struct listing l = { .path = "x" };
	const char *why, *text = "[{\"targets\":[\"a:1\",\"https://b/c\"],"
	    "\"labels\":{\"zone\":\"z\",\"__meta\":\"m\"}},"
	    "{\"targets\":[\"c\"],\"labels\":{\"__scheme__\":\"https\"}},"
	    "{\"targets\":[\"unix:/s\"]},{\"targets\":[]}]";
	int all = 1;
	size_t i;

	ok(listing_parse(&l, text, strlen(text), &why) == 0 && l.n == 4 &&
	    strcmp(l.v[0].url, "http://a:1") == 0 &&
	    strcmp(l.v[1].url, "https://b/c") == 0 &&
	    strcmp(l.v[2].url, "https://c") == 0 &&
	    strcmp(l.v[3].url, "unix:/s") == 0,
	    "a list of targets, by address and by url");
	ok(l.v[1].labels.n == 1 &&
	    strcmp(l.v[1].labels.v[0].key, "zone") == 0 &&
	    strcmp(l.v[1].labels.v[0].value, "z") == 0 && l.v[2].labels.n == 0,
	    "with labels, but those in underscores");
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		why = NULL;
		all &= listing_parse(&l, lists[i], strlen(lists[i]), &why) ==
		    -1 && why != NULL && l.n == 4;
	}
	ok(all, "anything else is refused, and what was there stays");
	listing_clear(&l);
}

static void
check_listing_file(void)
{
	struct listing l = { .path = "listing.json" };
	const char *why;
	FILE *f;

	(void)unlink(l.path);
	ok(listing_read(&l, &why) == -1 && l.n == 0, "a file that is not there");
	if ((f = fopen(l.path, "w")) == NULL)
		abort();
	fputs("[{\"targets\":[\"a\"]}]", f);
	fclose(f);
	ok(listing_read(&l, &why) == 1 && l.n == 1 &&
	    listing_read(&l, &why) == 0, "is read when it is, once");
	if ((f = fopen(l.path, "w")) == NULL)
		abort();
	fputs("[{\"targets\":[\"a\",\"b\"]}]", f);
	fclose(f);
	ok(listing_read(&l, &why) == 1 && l.n == 2, "and when it changes");
	if (truncate(l.path, LISTING_MAX + 1) == -1)
		abort();
	ok(listing_read(&l, &why) == -1 && l.n == 2 &&
	    listing_read(&l, &why) == 0, "a file too large changes nothing");
	(void)unlink(l.path);
	listing_clear(&l);
}

/* The plan of a configuration, with -w wait. */
static struct plan *
plan(const char *text, int64_t wait)
{
	struct buf said = { 0 };
	FILE *f = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	struct conf *c;

	if (f == NULL || (c = conf_parse(f, "c", "/s", &said)) == NULL)
		abort();
	fclose(f);
	buf_free(&said);
	return (plan_new(c, NULL, wait));
}

static void
check_order(void)
{
	struct conf_pair pair[] = { { (char *)"env", (char *)"prod" },
	    { (char *)"zone", (char *)"z" } };
	struct conf_pairs labels = { pair, 2 };
	struct plan *p = plan("[profile.go]\nurl = http://u:p@h/x?token=t\n"
	    "service = s\nversion = 1\n[profile.go.tags]\nteam = a,b\n"
	    "empty = \"\"\nversion = 2\n", 0);
	const struct conf_target *t = p->conf->targets;
	struct order *o = order_new(p, t, t->url, NULL);

	ok(strcmp(o->tags, "service:s,version:2,team:a;b") == 0 &&
	    strcmp(o->own_tags, "team:a;b,version:2") == 0,
	    "tags: service, version, env, then the target's, which win");
	ok(strcmp(o->shown, "http://h/x") == 0 && o->interval == 10 * SECOND &&
	    o->cpu_seconds == 8 && o->timeout == 9 * SECOND &&
	    o->kinds == (1U << KIND_CPU | 1U << KIND_GOROUTINE |
	    1U << KIND_HEAP | 1U << KIND_MUTEX | 1U << KIND_BLOCK),
	    "a section's defaults; of its url no secret is shown");
	order_drop(o);
	o = order_new(p, t, t->url, &labels);
	ok(strcmp(o->tags,
	    "service:s,version:2,env:prod,team:a;b,zone:z") == 0 &&
	    strcmp(o->own_tags, "team:a;b,version:2,env:prod,zone:z") == 0,
	    "a list's labels win over both");
	order_drop(order_hold(o));
	order_drop(o);
	plan_drop(p);
	p = plan("[profile.go]\nurl = http://h\nenabled_types = cpu,allocs\n",
	    SECOND / 2);
	o = order_new(p, p->conf->targets, "http://h", NULL);
	ok(o->interval == SECOND / 2 && o->cpu_seconds == 1 &&
	    o->kinds == (1U << KIND_CPU | 1U << KIND_ALLOCS),
	    "-w goes before the interval, and shortens the cpu profile");
	plan_drop(p);
	order_drop(o);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");

	if (chdir(tmp != NULL ? tmp : "/tmp") == -1)
		return (1);
	check_urls();
	check_redirects();
	check_schedule();
	check_listing();
	check_listing_file();
	check_order();
	return (failed);
}
