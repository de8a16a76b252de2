/* parts: t/served.o */
/*
 * The requests of t/data/hostile, whose README has the strict answers, by TCP
 * and by unix socket, whole and byte by byte: one answer each, and never a
 * second request seen in a body. Where the README names a class of answers the
 * table has ours: 431 for what is too large in the head.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "httpd.h"
#include "served.h"

#define LONG	5000		/* milliseconds for what must come */
#define SHORT	20		/* and for what must not */

static const struct {
	const char *name;
	int	 status;	/* 0: none, the server waits for the body */
	int	 kept;
} cases[] = {
	{ "01-plain", 200, 1 },
	{ "02-cl-te", 400, 0 },
	{ "03-dup-cl-3-5", 400, 0 },
	{ "04-cl-3-3", 400, 0 },
	{ "05-cl-3", 400, 0 },
	{ "06-cl-1", 400, 0 },
	{ "07-cl-2-64-3", 400, 0 },
	{ "08-te-gzip-chunked-cl", 400, 0 },
	{ "09-te-xchunked-cl", 400, 0 },
	{ "10-te-identity-no-cl", 501, 0 },
	{ "11-te-dup-chunked-x2", 400, 0 },
	{ "12-te-space-before-colon", 400, 0 },
	{ "13-chunk-0x3", 400, 0 },
	{ "14-chunk-3", 400, 0 },
	{ "15-chunk-bare-lf", 400, 0 },
	{ "16-chunk-huge", 400, 0 },
	{ "17-chunk-ext", 400, 0 },
	{ "18-bare-lf-headers", 400, 0 },
	{ "19-obs-fold", 400, 0 },
	{ "20-nul-in-header", 400, 0 },
	{ "21-cr-in-header", 400, 0 },
	{ "22-20kb-header", 431, 0 },
	{ "23-5000-headers", 431, 0 },
	{ "24-34mib-cl", 413, 0 },
	{ "25-http-1-0", 200, 0 },
	{ "26-no-host-1-1", 400, 0 },
	{ "27-trailer-w-cl", 200, 1 },
	{ "28-expect-100", 0, 1 },
};

static struct served s;

static int
file_read(struct buf *b, const char *name)
{
	char path[128];
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "t/data/hostile/%s.http", name);
	if ((f = fopen(path, "rb")) == NULL || buf_reserve(b, 65536) == -1) {
		perror(path);
		exit(1);
	}
	while ((n = fread(b->p + b->len, 1, b->cap - b->len, f)) > 0)
		b->len += n;
	return (fclose(f));
}

/* Send it; a body's bytes may not be a request to anybody. */
static void
replay(size_t i, int local, int dripped)
{
	struct buf b = { 0 };
	struct talk t = { 0 };
	unsigned int heads = s.heads;
	int fd = served_connect(&s, local), want = cases[i].status;
	size_t at;

	file_read(&b, cases[i].name);
	for (at = 0; dripped && at + 1 < b.len && b.len < 1000; at++)
		served_talk(&s, fd, &t, b.p + at, 1, t.answers, LONG);
	served_talk(&s, fd, &t, b.p + at, b.len - at, 1, want ? LONG : SHORT);
	served_talk(&s, fd, &t, NULL, 0, 2, SHORT);
	ok(t.answers == (want != 0) && t.continues == (want == 0) &&
	    (want == 0 || t.status[0] == want) && t.eof == !cases[i].kept &&
	    !t.reset && s.heads <= heads + 1, "%s is %d%s%s", cases[i].name,
	    want, local ? " by unix socket" : "", dripped ? ", dripped" : "");
	close(fd);
	talk_clear(&t);
	buf_free(&b);
}

int
main(void)
{
	size_t i;
	int way;

	signal(SIGPIPE, SIG_IGN);
	served_start(&s, &served_limits);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (way = 0; way < 4; way++)
			replay(i, way & 1, way >> 1);
	served_run(&s, SHORT);
	ok(s.heads == s.gone && httpd_open(s.httpd) == 0,
	    "every request came to its end");
	served_stop(&s);
	return (served_failed);
}
