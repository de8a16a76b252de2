#include "convert.h"

#include <string.h>
#include <strings.h>

#include "buf.h"
#include "inflate.h"
#include "input.h"
#include "origin.h"
#include "product.h"

/* Of a sentence, where it is not 422. */
static const struct {
	const char	*why;
	int		 status;
} statuses[] = {
	{ "out of memory", 503 },
	{ "inflates to more bytes than the limit", 413 },
	{ "the stacks take more memory than they may", 413 },
	{ "the stacks take more pprof than they may", 413 },
	{ "the stacks take more text than they may", 413 },
};

static int
convert_status(const char *why)
{
	size_t i;

	for (i = 0; i < sizeof(statuses) / sizeof(*statuses); i++)
		if (strcmp(why, statuses[i].why) == 0)
			return (statuses[i].status);
	return (422);
}

int
convert_encoding(const char *encoding)
{
	static const char *const known[] = { "identity", "gzip", "x-gzip",
	    "deflate", "zstd", "lz4" };
	size_t i;

	if (encoding == NULL || *encoding == '\0')
		return (0);
	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcasecmp(encoding, known[i]) == 0)
			return (0);
	return (-1);
}

/*
 * The body without its Content-Encoding, told by its magic. What is a profile
 * that was compressed only for the way stays so: it is a file like any other.
 */
static int
convert_decode(const struct convert *c, const char **p, size_t *len,
    struct product *product, const char **why)
{
	struct inflate_limits limits = { c->limit, 0 };
	struct buf decoded = { 0 };
	int file = (c->input == INPUT_PPROF || c->input == INPUT_JFR) &&
	    !input_is_form(c->type);

	if (c->encoding == NULL || inflate_format(*p, *len) == INFLATE_NONE)
		return (0);
	if (inflate_once(*p, *len, &limits, &decoded, why) == -1) {
		buf_free(&decoded);
		return (-1);
	}
	if (file && inflate_format(decoded.p, decoded.len) == INFLATE_NONE) {
		buf_free(&decoded);
		return (0);
	}
	product->decoded = decoded.p;
	*p = decoded.p;
	*len = decoded.len;
	return (0);
}

static int
convert_input(const struct convert *c, const char *p, size_t len,
    struct product *product, const char **why)
{
	switch (c->input) {
	case INPUT_PPROF:
		if (input_is_form(c->type))
			return (convert_form(c, p, len, product, why));
		return (convert_pprof(c, p, len, product, why));
	case INPUT_JFR:
		return (convert_jfr(c, p, len, product, why));
	default:
		return (convert_stacks(c, p, len, product, why));
	}
}

int
convert(const struct convert *c, const char *p, size_t len,
    struct product *product, struct convert_refusal *no)
{
	product->start = c->origin->from;
	product->end = c->origin->until;
	if (convert_decode(c, &p, &len, product, &no->why) == 0 &&
	    convert_input(c, p, len, product, &no->why) == 0)
		return (0);
	no->status = convert_status(no->why);
	return (-1);
}
