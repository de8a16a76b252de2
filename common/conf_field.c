#include "conf_field.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "conf.h"
#include "conf_shape.h"
#include "conf_table.h"
#include "conf_text.h"
#include "when.h"

#define MIB	1048576

void *
conf_field_at(const struct conf_key *k, void *base)
{
	return ((char *)base + k->offset);
}

static const void *
at(const struct conf_key *k, const void *base)
{
	return ((const char *)base + k->offset);
}

int
conf_field_duration(struct buf *out, uint64_t ns)
{
	static const struct {
		uint64_t	 ns;
		const char	*name;
	} units[] = {
		{ 3600 * (uint64_t)WHEN_SECOND, "h" },
		{ 60 * (uint64_t)WHEN_SECOND, "m" },
		{ WHEN_SECOND, "s" },
		{ 1000000, "ms" },
		{ 1000, "us" },
		{ 1, "ns" },
	};
	size_t i = 0;

	if (ns == 0)
		return (buf_adds(out, "0s"));
	while (ns % units[i].ns != 0)
		i++;
	return (buf_addf(out, "%" PRIu64 "%s", ns / units[i].ns,
	    units[i].name));
}

int
conf_field_type(const struct conf_key *k, struct buf *out)
{
	static const char *const names[] = {
		[CONF_BOOL] = "boolean",
		[CONF_INTEGER] = "integer",
		[CONF_MIB] = "integer",
		[CONF_DURATION] = "duration",
		[CONF_TEXT] = "text",
		[CONF_PATH] = "path",
		[CONF_URL] = "url",
		[CONF_ADDRESS] = "address",
		[CONF_UID] = "uid",
		[CONF_ENDPOINT] = "endpoint",
		[CONF_HEADER] = "header",
		[CONF_WORD] = "word",
		[CONF_ENUM] = "word",
		[CONF_BITS] = "word",
	};

	return (buf_addf(out, "%s%s", k->flags & CONF_LIST ? "list of " : "",
	    names[k->kind]));
}

int
conf_field_bounds(const struct conf_key *k, struct buf *out)
{
	if (k->words != NULL)
		return (buf_adds(out, k->words));
	if (k->kind == CONF_INTEGER || k->kind == CONF_MIB)
		return (buf_addf(out, "%" PRIu64 "..%" PRIu64, k->min, k->max));
	if (k->kind != CONF_DURATION)
		return (0);
	if (conf_field_duration(out, k->min) == -1 || buf_adds(out, "..") == -1)
		return (-1);
	return (conf_field_duration(out, k->max));
}

/* A text of its kind, without what may be secret unless it is to be exact. */
static int
print_text(const struct conf_key *k, const char *s, int exact,
    struct buf *out)
{
	if (exact)
		return (buf_adds(out, s));
	switch (k->kind) {
	case CONF_URL:
		return (conf_shape_redact(out, s));
	case CONF_HEADER:
		return (buf_addf(out, "%.*s: ***", (int)strcspn(s, ":"), s));
	default:
		return (buf_adds(out, s));
	}
}

static int
print_list(const struct conf_key *k, const struct conf_list *l, int exact,
    struct buf *out)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if ((i > 0 && buf_addc(out, ',') == -1) ||
		    print_text(k, l->v[i], exact, out) == -1)
			return (-1);
	return (0);
}

static int
print_bits(const struct conf_key *k, unsigned int bits, struct buf *out)
{
	const char *comma = "", *word;
	size_t len;
	int i;

	for (i = 0; (word = conf_shape_word(k->words, i, &len)) != NULL; i++)
		if (bits & 1U << i) {
			if (buf_addf(out, "%s%.*s", comma, (int)len, word) ==
			    -1)
				return (-1);
			comma = ",";
		}
	return (0);
}

int
conf_field_print(const struct conf_key *k, const void *base, int exact,
    struct buf *out)
{
	const char *word, *const *s = at(k, base);
	const int *n = at(k, base);
	const unsigned int *bits = at(k, base);
	const uint64_t *number = at(k, base);
	size_t len;

	switch (k->kind) {
	case CONF_BOOL:
		return (buf_adds(out, *n ? "true" : "false"));
	case CONF_INTEGER:
		return (buf_addf(out, "%" PRIu64, *number));
	case CONF_MIB:
		return (buf_addf(out, "%" PRIu64, *number / MIB));
	case CONF_DURATION:
		/* Never negative, so the bytes are an uint64_t's too. */
		return (conf_field_duration(out, *number));
	case CONF_ENUM:
		word = conf_shape_word(k->words, *n, &len);
		return (buf_add(out, word, len));
	case CONF_BITS:
		return (print_bits(k, *bits, out));
	default:
		break;
	}
	if (k->flags & CONF_LIST)
		return (print_list(k, at(k, base), exact, out));
	return (*s != NULL ? print_text(k, *s, exact, out) : 0);
}

int
conf_field_empty(const struct conf_key *k, const void *base)
{
	const struct conf_list *l = at(k, base);
	const char *const *s = at(k, base);
	const unsigned int *bits = at(k, base);

	if (k->kind == CONF_BITS)
		return (*bits == 0);
	if (k->kind < CONF_TEXT || k->kind == CONF_ENUM)
		return (0);
	return (k->flags & CONF_LIST ? l->n == 0 : *s == NULL);
}

void
conf_field_free(const struct conf_key *k, void *base)
{
	char **s = conf_field_at(k, base);

	if (k->flags & CONF_ALIAS || k->kind < CONF_TEXT ||
	    k->kind == CONF_ENUM || k->kind == CONF_BITS)
		return;
	if (k->flags & CONF_LIST)
		conf_list_free(conf_field_at(k, base));
	else
		free(*s);
}
