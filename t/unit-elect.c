/* elect: who may work, by no backend and by a lock on a file. */
#include "elect.h"

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "buf.h"
#include "conf.h"
#include "elect_backend.h"
#include "ok.h"
#include "when.h"

static struct event_base *base;
static char path[256];

/*
 * A candidate, and what it was told: the letters W, B, L, S, T and A, of
 * enum elect_change.
 */
struct host {
	struct elect	*elect;
	char		 told[32];
};

static void
on_change(enum elect_change change, void *arg)
{
	struct host *h = arg;

	/* WON, BACK, LOST and so on. */
	if (change != ELECT_LEADER)
		strncat(h->told, &"W\0B\0L\0S\0-\0T\0A"[2 * change],
		    sizeof(h->told) - strlen(h->told) - 1);
}

/* [election] as text; spool tells candidates of one host apart. */
static struct conf *
conf(const char *text, const char *spool)
{
	struct buf said = { 0 };
	struct conf *c;
	FILE *f = fmemopen((void *)(intptr_t)text, strlen(text), "r");

	if (f == NULL || (c = conf_parse(f, "c", spool, &said)) == NULL)
		abort();
	fclose(f);
	buf_free(&said);
	return (c);
}

static void
begin(struct host *h, const char *text, const char *spool)
{
	struct conf *c = conf(text, spool);
	const char *why;

	memset(h, 0, sizeof(*h));
	h->elect = elect_new(base, c, on_change, h, &why);
	if (h->elect == NULL || h->told[0] != '\0')
		abort();
	conf_free(c);
}

/* Run the loop until it was told so much, for 10 s at most. */
static int
told(struct host *h, const char *what)
{
	static const struct timeval tick = { .tv_usec = 10000 };
	int64_t end = when_mono() + 10 * WHEN_SECOND;

	while (strcmp(h->told, what) != 0 && when_mono() < end) {
		event_base_loopexit(base, &tick);
		event_base_loop(base, 0);
	}
	return (strcmp(h->told, what) == 0);
}

static void
check_none(void)
{
	static const char *const texts[] = { "[profile]\n",
	    "[election]\nenable = true\n",
	    "[election]\nbackend = file\nfile = /f\n",
	    ("[profile]\nelection = false\n[election]\nenable = true\n"
	    "backend = file\nfile = /f\n") };
	struct host h;
	size_t i;
	int all = 1;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		begin(&h, texts[i], "/s");
		all &= elect_may(h.elect) && elect_decided(h.elect) &&
		    elect_until(h.elect) == INT64_MAX &&
		    !elect_busy(h.elect);
		elect_free(h.elect);
	}
	ok(all, "without an election this host is elected for good");
	begin(&h, "[election]\nenable = true\nbackend = file\nfile = /f\n"
	    "node_whitelist = not-this-host\n", "/s");
	ok(!elect_may(h.elect) && elect_decided(h.elect) &&
	    strstr(elect_why(h.elect), "node_whitelist") != NULL,
	    "one that is not in node_whitelist never is");
	elect_free(h.elect);
	elect_free(NULL);
}

static void
check_lock(const char *text)
{
	struct host a, b;

	begin(&a, text, "/a");
	ok(!elect_may(a.elect) && !elect_decided(a.elect) &&
	    elect_until(a.elect) == 0, "before anybody was asked, nobody is");
	ok(told(&a, "W") && elect_may(a.elect) &&
	    elect_until(a.elect) > when_mono() &&
	    elect_until(a.elect) < INT64_MAX, "who locks the file first is");
	begin(&b, text, "/b");
	ok(told(&b, "L") && !elect_may(b.elect) && elect_decided(b.elect) &&
	    strstr(elect_why(b.elect), "/a") != NULL,
	    "another is not, and knows who is");
	elect_free(a.elect);
	ok(told(&b, "LW") && elect_may(b.elect), "it is when the first goes");
	begin(&a, text, "/a");
	ok(told(&a, "L"), "the first comes back too late");
	elect_free(b.elect);
	ok(told(&a, "LW"), "and knows that another was elected meanwhile");
	elect_free(a.elect);
	begin(&a, text, "/a");
	ok(told(&a, "B"), "back before anybody else it knows that none was");
	unlink(path);
	ok(told(&a, "BL"), "whose file is taken away is elected no more");
	ok(told(&a, "BLW"), "and has to win again");
	elect_free(a.elect);
	unlink(path);
	if (mkdir(path, 0700) == -1)
		abort();
	begin(&a, text, "/a");
	ok(told(&a, "L") && strstr(elect_why(a.elect), "directory") != NULL,
	    "where the file cannot be opened nobody is, and why says so");
	elect_free(a.elect);
	rmdir(path);
}

/* What any backend may say. */
static void
check_lease(const char *text)
{
	struct host h;

	begin(&h, text, "/a");
	elect_hold(h.elect, when_mono() + WHEN_SECOND / 5, 0, "x");
	ok(elect_may(h.elect) && strcmp(h.told, "W") == 0, "a lease begins");
	elect_hold(h.elect, when_mono() + WHEN_SECOND / 4, 0, "x");
	ok(elect_may(h.elect) && strcmp(h.told, "W") == 0, "is renewed");
	while (elect_may(h.elect))
		usleep(1000);
	ok(elect_until(h.elect) != 0,
	    "and over at its end, even before the loop sees it");
	elect_hold(h.elect, when_mono() - 1, 0, "x");
	ok(strcmp(h.told, "WL") == 0 && elect_until(h.elect) == 0,
	    "one that was over when it came is none");
	elect_lose(h.elect, "x");
	ok(strcmp(h.told, "WL") == 0, "nothing is told twice");
	elect_free(h.elect);
	unlink(path);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	char text[512];

	snprintf(path, sizeof(path), "%s/elect-%d", tmp != NULL ? tmp : "/tmp",
	    (int)getpid());
	snprintf(text, sizeof(text), "[election]\nenable = true\n"
	    "backend = file\nfile = %s\n", path);
	if ((base = event_base_new()) == NULL)
		return (1);
	check_none();
	check_lock(text);
	check_lease(text);
	event_base_free(base);
	return (failed);
}
