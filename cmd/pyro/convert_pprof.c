#include "convert.h"

#include <string.h>

#include "buf.h"
#include "deflate.h"
#include "delta.h"
#include "fields.h"
#include "inflate.h"
#include "origin.h"
#include "pprof.h"
#include "product.h"
#include "sampletype.h"

#define AUTO	"auto.pprof"
#define LEVEL	1		/* of gzip, for what we make */

static const struct pprof_limits limits = PPROF_LIMITS;

static int
is_spy(const struct convert *c, const char *spy)
{
	return (c->origin->spy != NULL && strcmp(c->origin->spy, spy) == 0);
}

static int
pprof_inflate(const struct convert *c, const char *p, size_t len,
    struct buf *out, const char **why)
{
	struct inflate_limits bounds = { c->limit, 0 };

	return (inflate_whole(p, len, &bounds, out, why));
}

/* Is every sample one that can be read? */
static int
pprof_check(struct pprof *pprof, const char **why)
{
	struct pprof_sample sample;
	int more;

	if (pprof->head.types == 0) {
		*why = "the profile has no sample types";
		return (-1);
	}
	while ((more = pprof_next(pprof, &sample, why)) == 1)
		;
	return (more);
}

/* A profile as it came, once it is seen to be one. */
static int
pprof_take(const struct convert *c, const char *p, size_t len,
    const char *name, struct product *product, const char **why)
{
	struct buf plain = { 0 };
	struct pprof *pprof = NULL;
	int result = -1;

	if (pprof_inflate(c, p, len, &plain, why) == -1 ||
	    (pprof = pprof_open(plain.p, plain.len, &limits, why)) == NULL ||
	    pprof_check(pprof, why) == -1)
		goto out;
	product->time = pprof->head.time;
	product->duration = pprof->head.duration;
	result = 0;
	if (is_spy(c, "nodespy"))
		result = convert_node(c, pprof, p, len, product, why);
	else
		product_lend(product, name, p, len);
out:
	pprof_free(pprof);
	buf_free(&plain);
	return (result);
}

int
convert_pprof(const struct convert *c, const char *p, size_t len,
    struct product *product, const char **why)
{
	product->format = "pprof";
	/* Clients send nothing where nothing ran. */
	if (len == 0)
		return (0);
	return (pprof_take(c, p, len, c->file != NULL ? c->file : AUTO,
	    product, why));
}

/* The types that old Go agents count from the program's start. */
static size_t
types_growing(struct pprof *pprof, struct pprof_type *want)
{
	static const char *const names[] = { "alloc_objects", "alloc_space",
	    "contentions", "delay" };
	const struct pprof_head *h = &pprof->head;
	size_t i, at, n = 0;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if ((at = pprof_find(h, names[i])) < h->types)
			want[n++] = h->type[at];
	return (n);
}

/*
 * What was counted since the profile before, which such an agent sends along.
 * 1: it is made; 0: there is nothing to be made, the profile stays; -1.
 */
static int
pprof_delta(const struct convert *c, const struct field *before,
    const struct field *now, struct buf *out, const char **why)
{
	struct buf prev = { 0 }, cur = { 0 }, made = { 0 };
	struct pprof_type want[PPROF_TYPES];
	struct pprof *pprof = NULL;
	int result = -1;
	size_t n;

	if (pprof_inflate(c, before->p, before->len, &prev, why) == -1 ||
	    pprof_inflate(c, now->p, now->len, &cur, why) == -1 ||
	    (pprof = pprof_open(cur.p, cur.len, &limits, why)) == NULL)
		goto out;
	result = 0;
	if ((n = types_growing(pprof, want)) > 0)
		switch (delta_make(prev.p, prev.len, cur.p, cur.len, want, n,
		    &limits, &made, why)) {
		case DELTA_FAILED:
			result = -1;
			break;
		case DELTA_MADE:
			*why = "out of memory";
			result = deflate_gzip(made.p, made.len, LEVEL, out) ==
			    -1 ? -1 : 1;
			break;
		default:
			break;
		}
out:
	pprof_free(pprof);
	buf_free(&prev);
	buf_free(&cur);
	buf_free(&made);
	return (result);
}

static int
form_take(const struct convert *c, const struct fields *fields,
    struct product *product, const char **why)
{
	const struct field *profile, *before, *config;
	const char *name = AUTO;
	struct buf delta = { 0 };
	int made;

	if (fields_find(fields, "profile", &profile, why) == -1 ||
	    fields_find(fields, "prev_profile", &before, why) == -1 ||
	    fields_find(fields, "sample_type_config", &config, why) == -1)
		return (-1);
	*why = "the form has no part profile";
	if (profile == NULL)
		return (-1);
	if (is_spy(c, "gospy") && (name = sampletype_file(
	    config != NULL ? config->p : NULL,
	    config != NULL ? config->len : 0, why)) == NULL)
		return (-1);
	if (profile->len == 0)
		return (0);
	if (before != NULL && before->len > 0) {
		made = pprof_delta(c, before, profile, &delta, why);
		if (made == 1)
			product_give(product, name, &delta);
		if (made != 0)
			return (made == 1 ? 0 : -1);
	}
	return (pprof_take(c, profile->p, profile->len, name, product, why));
}

int
convert_form(const struct convert *c, const char *p, size_t len,
    struct product *product, const char **why)
{
	struct fields fields = { 0 };
	int result = -1;

	product->format = "pprof";
	if (fields_read(&fields, c->type, p, len, c->parts, why) == 0)
		result = form_take(c, &fields, product, why);
	fields_free(&fields);
	return (result);
}
