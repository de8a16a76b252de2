#include "convert.h"

#include <string.h>

#include "buf.h"
#include "deflate.h"
#include "folded.h"
#include "folded_pprof.h"
#include "inflate.h"
#include "input.h"
#include "origin.h"
#include "product.h"
#include "sampletype.h"
#include "speedscope.h"

#define EBPF	"ebpfspy"
#define LEVEL	1		/* of gzip: stacks compress well at any */
#define GROWTH	4		/* memory of stacks, for each byte they may be */

/* Stacks by what their values count; at most one of each unit. */
struct stacks {
	struct speedscope of;		/* owns them */
	struct folded_type type[SPEEDSCOPE_UNITS];
	struct sampletype said[SPEEDSCOPE_UNITS];
	size_t		 n;
};

static int
stacks_read(const struct convert *c, const char *p, size_t len,
    struct stacks *s, const char **why)
{
	struct folded_limits limits = FOLDED_LIMITS;
	struct folded *f;

	limits.memory = GROWTH * (size_t)c->limit;
	if (c->input == INPUT_SPEEDSCOPE)
		return (speedscope_read(p, len, &limits, &s->of, why));
	*why = "out of memory";
	if ((f = folded_new(&limits)) == NULL)
		return (-1);
	s->of.folded[SPEEDSCOPE_NONE] = f;
	switch (c->input) {
	case INPUT_TRIE:
		return (folded_trie(f, p, len, why));
	case INPUT_TREE:
		return (folded_tree(f, p, len, why));
	case INPUT_LINES:
		return (folded_lines(f, p, len, why));
	default:
		return (folded_groups(f, p, len, why));
	}
}

/* What they count: a file's own unit says more than the request does. */
static void
stacks_name(const struct origin *o, struct stacks *s)
{
	static const char *const units[SPEEDSCOPE_UNITS] = {
		[SPEEDSCOPE_NANOSECONDS] = "nanoseconds",
		[SPEEDSCOPE_BYTES] = "bytes" };
	const char *suffix;
	size_t i, base;

	suffix = sampletype_suffix(o->app, &base);
	for (i = 0; i < SPEEDSCOPE_UNITS; i++) {
		if (s->of.folded[i] == NULL)
			continue;
		sampletype_of(suffix, units[i] != NULL ? units[i] : o->units,
		    o->rate, &s->said[s->n]);
		s->type[s->n].folded = s->of.folded[i];
		s->type[s->n].type = &s->said[s->n];
		s->n++;
	}
}

static int
stacks_write(const struct convert *c, const struct stacks *s,
    struct product *product, const char **why)
{
	const struct origin *o = c->origin;
	struct buf pprof = { 0 }, out = { 0 };
	int64_t duration;
	int result = -1;

	if (__builtin_sub_overflow(o->until, o->from, &duration))
		duration = 0;
	if (o->spy != NULL && strcmp(o->spy, EBPF) == 0 && s->n == 1) {
		product->format = "collapse";
		result = folded_write(s->type->folded, &out,
		    (size_t)c->limit, why);
	} else {
		product->format = "pprof";
		if (folded_pprof(s->type, s->n, o->from, duration, &pprof,
		    (size_t)c->limit, why) == -1)
			goto out;
		*why = "out of memory";
		result = deflate_gzip(pprof.p, pprof.len, LEVEL, &out);
	}
out:
	buf_free(&pprof);
	if (result == 0)
		product_give(product, strcmp(product->format, "pprof") == 0 ?
		    "auto.pprof" : "prof", &out);
	buf_free(&out);
	return (result);
}

int
convert_stacks(const struct convert *c, const char *p, size_t len,
    struct product *product, const char **why)
{
	struct inflate_limits limits = { c->limit, 0 };
	struct buf plain = { 0 };
	struct stacks s = { 0 };
	enum inflate_format format;
	int result = -1;

	format = inflate_format(p, len);
	if (format != INFLATE_NONE &&
	    inflate_whole(p, len, &limits, &plain, why) == 0) {
		p = plain.p;
		len = plain.len;
	} else if (format != INFLATE_NONE && format != INFLATE_ZLIB)
		goto out;
	/* What looks like zlib may be text: "x^" is two letters of a name. */
	if (stacks_read(c, p, len, &s, why) == 0) {
		stacks_name(c->origin, &s);
		result = stacks_write(c, &s, product, why);
	}
out:
	speedscope_free(&s.of);
	buf_free(&plain);
	return (result);
}
