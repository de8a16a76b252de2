/*
 * target - any number of targets for prof-pull: one server that serves pprof
 *
 * usage:  target [-h] [-a every] [-f frames] [-n fd] [-s samples] DIR
 *         -a  a target whose number can be divided by that never answers (0:
 *             all answer)
 *         -f  depth of a stack (20)
 *         -n  write a newline there when it listens
 *         -s  samples of a profile (200)
 * reads:  GET /N/debug/pprof/TYPE, of target N; what grows grows with time, a
 *         cpu profile takes its seconds
 * writes: DIR/address     127.0.0.1:PORT
 *         DIR/log         on SIGTERM, a line a request: SECONDS N TYPE, by a
 *                         clock that does not jump
 * exits:  0 on SIGTERM; 2 usage; 111 else
 */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "buf.h"
#include "deflate.h"
#include "file.h"
#include "httpd.h"
#include "pprof.h"
#include "pprof_write.h"
#include "when.h"

#define FRESH	(WHEN_SECOND / 5)	/* so long a body is served */
#define DEEP	256

#define TEXT(s)	{ s, sizeof(s) - 1 }

static const struct pprof_type heap[] = {
	{ TEXT("alloc_objects"), TEXT("count") },
	{ TEXT("alloc_space"), TEXT("bytes") },
	{ TEXT("inuse_objects"), TEXT("count") },
	{ TEXT("inuse_space"), TEXT("bytes") },
}, locks[] = {
	{ TEXT("contentions"), TEXT("count") },
	{ TEXT("delay"), TEXT("nanoseconds") },
}, goroutine[] = { { TEXT("goroutine"), TEXT("count") }
}, cpu[] = {
	{ TEXT("samples"), TEXT("count") },
	{ TEXT("cpu"), TEXT("nanoseconds") },
};

/* A type of profile, and its body as it was made last. */
struct type {
	const char	*name;
	const struct pprof_type *type;
	size_t		 types;
	struct buf	 body;
	int64_t		 made;		/* when_mono */
};

static struct type types[] = {
	{ .name = "heap", .type = heap, .types = 4 },
	{ .name = "mutex", .type = locks, .types = 2 },
	{ .name = "block", .type = locks, .types = 2 },
	{ .name = "goroutine", .type = goroutine, .types = 1 },
	{ .name = "profile", .type = cpu, .types = 2 },
};

static unsigned long every, samples = 200, frames = 20;
static int64_t began;
static struct buf requests;	/* the log */

/* A sample's values, which grow by its number each millisecond. */
static void
values(int64_t *v, unsigned long i)
{
	int64_t ms = (when_mono() - began) / 1000000;

	v[0] = (int64_t)(i + 1) * (1000 + ms);
	v[1] = v[0] * 64;
	v[2] = (int64_t)i;
	v[3] = (int64_t)i * 64;
}

static void
make(struct type *t)
{
	struct pprof_head head = { .time = when_now(), .types = t->types };
	struct pprof_sample s = { .depth = frames };
	struct buf plain = { 0 };
	struct pprof_write *w;
	uint32_t stack[DEEP];
	unsigned long i, j;
	int64_t v[4];
	char name[96];

	memcpy(head.type, t->type, t->types * sizeof(*t->type));
	if ((w = pprof_write_new(&head, 0)) == NULL)
		errx(111, "out of memory");
	s.location = stack;
	s.value = v;
	for (i = 0; i < samples; i++) {
		/* The further from the leaf the more stacks share a frame. */
		for (j = 0; j < frames; j++) {
			snprintf(name, sizeof(name),
			    "example.com/service/internal/part%lu.(*Thing).Do%lu",
			    j, i >> (j < 16 ? j / 2 : 8));
			stack[j] = pprof_write_frame(w, name, strlen(name));
		}
		values(v, i);
		if (pprof_write_sample(w, &s) == -1)
			errx(111, "out of memory");
	}
	t->body.len = 0;
	if (pprof_write_end(w, &plain) == -1 ||
	    deflate_gzip(plain.p, plain.len, 1, &t->body) == -1)
		errx(111, "out of memory");
	pprof_write_free(w);
	buf_free(&plain);
	t->made = when_mono();
}

static void
answer(struct httpd_request *r, struct type *t)
{
	if (when_mono() - t->made > FRESH)
		make(t);
	httpd_reply(r, 200, "application/octet-stream", NULL, t->body.p,
	    t->body.len, 0);
}

/* A cpu profile is done. */
static void
on_profile(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	answer(arg, &types[sizeof(types) / sizeof(types[0]) - 1]);
}

static void
profile(struct event_base *base, struct httpd_request *r)
{
	struct timeval tv = { 0 };
	struct event *e = evtimer_new(base, on_profile, r);

	if (strncmp(httpd_query(r), "seconds=", 8) == 0)
		tv.tv_sec = atoi(httpd_query(r) + 8);
	if (e == NULL || evtimer_add(e, &tv) == -1)
		errx(111, "out of memory");
	httpd_set_own(r, e);
}

static void
on_gone(struct httpd_request *r, void *arg)
{
	(void)arg;
	if (httpd_own(r) != NULL)
		event_free(httpd_own(r));
}

static void
on_end(struct httpd_request *r, void *arg)
{
	const char *path = httpd_path(r), *name = strrchr(path, '/');
	unsigned long n = strtoul(path + 1, NULL, 10);
	size_t i;

	name = name != NULL ? name + 1 : "";
	if (buf_addf(&requests, "%.6f %lu %s\n",
	    (double)when_mono() / 1e9, n, name) == -1)
		errx(111, "out of memory");
	if (every != 0 && n % every == 0)
		return;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].name, name) == 0) {
			if (types[i].type == cpu)
				profile(arg, r);
			else
				answer(r, &types[i]);
			return;
		}
	httpd_reply_error(r, 404, NULL, "Unknown profile", 0);
}

static void
on_head(struct httpd_request *r, void *arg)
{
	(void)r;
	(void)arg;
}

static void
on_body(struct httpd_request *r, const char *p, size_t len, void *arg)
{
	(void)r;
	(void)p;
	(void)len;
	(void)arg;
}

static void
on_refused(const char *remote, int status, const char *why, void *arg)
{
	(void)arg;
	warnx("%s: %d %s", remote, status, why);
}

static void
on_term(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	event_base_loopbreak(arg);
}

static struct httpd *
begin(struct event_base *base, int dir)
{
	static const struct httpd_limits limits = { .head_bytes = 16384,
	    .head_fields = 100, .body_bytes = 1 };
	static const struct httpd_calls calls = { on_head, on_body, on_end,
	    on_gone, on_refused, NULL };
	struct httpd *h = httpd_new(base, &limits, &calls, base);
	const char *why = "";
	char address[128];

	if (h == NULL || httpd_listen(h, "127.0.0.1:0", NULL, address,
	    sizeof(address), &why) == -1)
		err(111, "listen %s", why);
	if (file_replace(dir, "address", address, strlen(address), 0) == -1)
		err(111, "address");
	began = when_mono();
	return (h);
}

static void
usage(void)
{
	fputs("usage: target [-h] [-a every] [-f frames] [-n fd] [-s samples] "
	    "DIR\n", stderr);
	exit(2);
}

int
main(int argc, char *argv[])
{
	struct event_base *base;
	struct event *term;
	struct httpd *h;
	int letter, ready = -1, dir;
	size_t i;

	while ((letter = getopt(argc, argv, "a:f:hn:s:")) != -1)
		switch (letter) {
		case 'a':
			every = strtoul(optarg, NULL, 10);
			break;
		case 'f':
			frames = strtoul(optarg, NULL, 10);
			break;
		case 'n':
			ready = atoi(optarg);
			break;
		case 's':
			samples = strtoul(optarg, NULL, 10);
			break;
		default:
			usage();
		}
	if (argc - optind != 1 || frames > DEEP)
		usage();
	signal(SIGPIPE, SIG_IGN);
	if ((dir = open(argv[optind], O_RDONLY | O_DIRECTORY)) == -1)
		err(111, "%s", argv[optind]);
	if ((base = event_base_new()) == NULL ||
	    (term = evsignal_new(base, SIGTERM, on_term, base)) == NULL ||
	    event_add(term, NULL) == -1)
		errx(111, "out of memory");
	h = begin(base, dir);
	if (ready != -1 && (write(ready, "\n", 1) != 1 || close(ready) == -1))
		err(111, "ready");
	event_base_dispatch(base);
	if (file_replace(dir, "log", requests.p, requests.len, 0) == -1)
		err(111, "log");
	httpd_free(h);
	event_free(term);
	event_base_free(base);
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		buf_free(&types[i].body);
	buf_free(&requests);
	close(dir);
	return (0);
}
