#include "inflated.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "inflate.h"

static const struct inflate_limits wide = { 64 * 1024 * 1024, 0 };

static int
on_piece(const char *p, size_t len, void *arg)
{
	return (buf_add(arg, p, len));
}

/* What comes of in, fed in pieces of step bytes: NULL, or why not. */
static const char *
pieces(const struct buf *in, size_t step, const struct inflate_limits *limits,
    struct buf *out)
{
	struct inflate *inf = inflate_new(limits, on_piece, out);
	const char *why = NULL, *again;
	size_t at, n;
	int r = 0;

	for (at = 0; at < in->len && r == 0; at += n) {
		n = in->len - at < step ? in->len - at : step;
		r = inflate_feed(inf, in->p + at, n, &why);
	}
	if (r == 0)
		r = inflate_end(inf, &why);
	if (r == -1 && (inflate_feed(inf, "x", 1, &again) == 0 ||
	    again != why || inflate_end(inf, &again) == 0 || again != why))
		why = "an error that does not last";
	inflate_free(inf);
	return (r == -1 ? why : NULL);
}

static int
same_why(const char *a, const char *b)
{
	return (a == NULL ? b == NULL : b != NULL && strcmp(a, b) == 0);
}

int
inflated_within(const struct inflate_limits *limits, struct buf *in,
    const char *expected, size_t len, const char *why)
{
	static const size_t steps[] = { 1, 2, 3, 7, 64, 5000, SIZE_MAX };
	struct buf out = { 0 };
	const char *said = NULL;
	size_t i, skip = 1;
	int r, good;

	buf_adds(&out, "!");
	r = inflate_whole(in->p, in->len, limits, &out, &said);
	good = same_why(why, r == 0 ? NULL : said) && out.p[0] == '!' &&
	    out.len == (r == 0 ? len + 1 : 1);
	/* A byte at a time is for what is small. */
	for (i = in->len > 20000 ? 4 : 0;; i++) {
		if (why == NULL && good && len != 0)
			good = memcmp(out.p + skip, expected, len) == 0;
		if (!good || i == sizeof(steps) / sizeof(steps[0]))
			break;
		out.len = skip = 0;
		said = pieces(in, steps[i], limits, &out);
		good = same_why(why, said) && (why != NULL || out.len == len);
	}
	if (!good)
		printf("# %zu bytes (%zu): %s, %zu\n", in->len, i,
		    said != NULL ? said : "no error", out.len);
	buf_free(&out);
	in->len = 0;
	return (good);
}

int
inflated_gives(struct buf *in, const char *expected, size_t len)
{
	return (inflated_within(&wide, in, expected, len, NULL));
}

int
inflated_refuses(struct buf *in, const char *why)
{
	return (inflated_within(&wide, in, NULL, 0, why));
}

int
inflated_cuts(struct buf *in, size_t n)
{
	struct buf some = { 0 };
	int good = 1;

	for (; n < in->len && good; n++) {
		buf_add(&some, in->p, n);
		good = inflated_refuses(&some, INFLATED_SHORT);
	}
	buf_free(&some);
	in->len = 0;
	return (good);
}

const char *
inflated_text(void)
{
	static char text[INFLATED_TEXT];
	unsigned int seed = 1;
	size_t i;

	for (i = 0; text[sizeof(text) - 1] == '\0'; i++) {
		seed = seed * 1103515245 + 12345;
		text[i] = (char)('a' + (seed >> 16) % (i % 64 < 32 ? 3 : 25));
	}
	return (text);
}
