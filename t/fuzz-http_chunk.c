/*
 * Any bytes as a chunked body: however they are cut, the same body comes out
 * and the same verdict, and no more bytes than were announced.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_chunk.h"

struct outcome {
	int	 bad;
	int	 done;
	size_t	 taken;
	size_t	 len;
	char	*body;
};

static void
must(int holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "broken: %s\n", what);
		abort();
	}
}

/* Feed p in pieces of at most step bytes. */
static void
feed(struct outcome *o, const char *p, size_t len, size_t step)
{
	struct http_chunk c = { 0 };
	const char *body = NULL, *why = NULL;
	ssize_t took;
	size_t n, piece;

	while (o->taken < len && !http_chunk_done(&c)) {
		piece = len - o->taken < step ? len - o->taken : step;
		took = http_chunk_feed(&c, p + o->taken, piece, &body, &n,
		    &why);
		if (took == -1) {
			must(why != NULL, "a reason");
			o->bad = 1;
			break;
		}
		must(took > 0 && (size_t)took <= piece, "progress");
		must(n == 0 || (body >= p + o->taken &&
		    body + n <= p + o->taken + took), "a run of the input");
		if (n > 0)
			memcpy(o->body + o->len, body, n);
		o->len += n;
		o->taken += (size_t)took;
		must(o->len <= c.total, "no more than announced");
	}
	o->done = http_chunk_done(&c);
	must(!o->done || o->len == c.total, "all that was announced");
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	static const size_t steps[] = { SIZE_MAX, 1, 3 };
	struct outcome o[3] = { { 0 } };
	size_t i;

	for (i = 0; i < 3; i++) {
		if ((o[i].body = malloc(len + 1)) == NULL)
			abort();
		feed(&o[i], (const char *)p, len, steps[i]);
		must(o[i].bad == o[0].bad && o[i].done == o[0].done &&
		    o[i].len == o[0].len &&
		    (o[0].bad || o[i].taken == o[0].taken) &&
		    memcmp(o[i].body, o[0].body, o[0].len) == 0,
		    "cuts change nothing");
	}
	for (i = 0; i < 3; i++)
		free(o[i].body);
	return (0);
}
