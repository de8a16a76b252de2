#include "conf_value.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "conf.h"
#include "conf_field.h"
#include "conf_shape.h"
#include "conf_table.h"
#include "conf_text.h"
#include "when.h"

#define MIB	1048576
#define SHOWN	64	/* bytes of a wrong value that an error shows */

/* What a right value would have been. */
static void
expected(const struct conf_key *k, struct buf *why)
{
	static const char *const forms[] = {
		[CONF_BOOL] = "true or false",
		[CONF_INTEGER] = "an integer, ",
		[CONF_MIB] = "an integer, ",
		[CONF_DURATION] = "a duration such as 1m30s, ",
		[CONF_TEXT] = "text",
		[CONF_PATH] = "an absolute path",
		[CONF_URL] = ("a url such as https://host:443/path, "
		    "file:/path or unix:/path, its scheme one of "),
		[CONF_ADDRESS] = ("host:port, https://host:port or unix:/path "
		    "(107 bytes at most)"),
		[CONF_UID] = "a user's number",
		[CONF_ENDPOINT] = "a path such as /profiling/v1/input",
		[CONF_HEADER] = "a header such as X-Team: blue",
		[CONF_WORD] = "one of ",
		[CONF_ENUM] = "one of ",
		[CONF_BITS] = "one or more of ",
	};

	buf_addf(why, ", expected %s%s",
	    k->flags & CONF_LIST ? "a list of items without commas, each " : "",
	    forms[k->kind]);
	conf_field_bounds(k, why);
	if (k->unit != NULL)
		buf_addf(why, " %s", k->unit);
}

/* What was found in its place, if it is fit to be shown. */
static void
found(const struct conf_key *k, const char *text, struct buf *why)
{
	if (k->flags & CONF_HIDDEN || strstr(text, "://") != NULL)
		buf_adds(why, "found what is not shown, it may be secret");
	else
		buf_addf(why, "found \"%.*s\"%s", SHOWN, text,
		    strlen(text) > SHOWN ? " and more" : "");
	expected(k, why);
}

/* A decimal number of digits alone. */
static int
integer(const char *s, uint64_t *n)
{
	*n = 0;
	if (*s == '\0')
		return (-1);
	for (; *s != '\0'; s++)
		if (!isdigit((unsigned char)*s) ||
		    __builtin_mul_overflow(*n, 10, n) ||
		    __builtin_add_overflow(*n, (uint64_t)(*s - '0'), n))
			return (-1);
	return (0);
}

static int
set_number(const struct conf_key *k, void *base, const char *text,
    struct buf *why)
{
	int64_t ns = 0;
	uint64_t n = 0;
	int raised = k->flags & CONF_RAISED;

	if (k->kind != CONF_DURATION ? integer(text, &n) == -1 :
	    !(raised && *text == '\0') && when_duration(text, &ns) == -1) {
		found(k, text, why);
		return (-1);
	}
	if (k->kind == CONF_DURATION)
		n = (uint64_t)ns;
	if (raised && n < k->min) {
		buf_addf(why, "found \"%.*s\", which is too short; taken as ",
		    SHOWN, text);
		conf_field_duration(why, k->min);
		memcpy(conf_field_at(k, base), &k->min, sizeof(n));
		return (1);
	}
	if (n < k->min || n > k->max) {
		found(k, text, why);
		return (-1);
	}
	if (k->kind == CONF_MIB)
		n *= MIB;
	/* Bounds keep durations positive: the bytes are an int64_t's too. */
	memcpy(conf_field_at(k, base), &n, sizeof(n));
	return (0);
}

/* Is one text of a list, or the only one, what its kind asks for? */
static int
fits(const struct conf_key *k, const char *text)
{
	uint64_t n;

	if (k->flags & CONF_LIST && (*text == '\0' || strchr(text, ',')))
		return (0);
	switch (k->kind) {
	case CONF_PATH:
		return (*text == '/');
	case CONF_URL:
		return (conf_shape_url(text, k->words));
	case CONF_ADDRESS:
		return (conf_shape_address(text));
	case CONF_UID:
		return (integer(text, &n) == 0 && n < UINT32_MAX);
	case CONF_ENDPOINT:
		return (conf_shape_endpoint(text));
	case CONF_HEADER:
		return (conf_shape_header(text));
	case CONF_WORD:
	case CONF_ENUM:
	case CONF_BITS:
		return (conf_shape_place(k->words, text) != -1);
	default:
		return (1);
	}
}

static int
set_one(const struct conf_key *k, void *base, const char *text,
    struct buf *why)
{
	char **s = conf_field_at(k, base);
	int *n = conf_field_at(k, base);

	switch (k->kind) {
	case CONF_INTEGER:
	case CONF_MIB:
	case CONF_DURATION:
		return (set_number(k, base, text, why));
	case CONF_BOOL:
		if (conf_shape_place("false|true", text) == -1)
			break;
		*n = conf_shape_place("false|true", text);
		return (0);
	case CONF_ENUM:
		if (!fits(k, text))
			break;
		*n = conf_shape_place(k->words, text);
		return (0);
	default:
		/* Set before, by a section that stands there twice. */
		free(*s);
		*s = NULL;
		/* A text that is not there; words always are. */
		if (*text == '\0' && k->kind != CONF_WORD)
			return (0);
		if (!fits(k, text))
			break;
		return ((*s = strdup(text)) != NULL ? 0 : -1);
	}
	found(k, text, why);
	return (-1);
}

/* Texts between commas; with no commas and nothing else: none. */
static int
split(struct conf_list *out, const char *text)
{
	size_t len;

	if (*text == '\0')
		return (0);
	for (;; text++) {
		text += strspn(text, " \t");
		for (len = strcspn(text, ","); len > 0 &&
		    strchr(" \t", text[len - 1]) != NULL;)
			len--;
		if (conf_list_add(out, text, len) == -1)
			return (-1);
		text += strcspn(text, ",");
		if (*text == '\0')
			return (0);
	}
}

static int
set_list(const struct conf_key *k, void *base, const struct conf_list *said,
    struct buf *why)
{
	struct conf_list *l = conf_field_at(k, base);
	unsigned int *bits = conf_field_at(k, base);
	int warned = 0;
	size_t i;

	if (k->kind == CONF_BITS)
		*bits = 0;
	for (i = 0; i < said->n; i++) {
		if (!fits(k, said->v[i])) {
			if (k->kind == CONF_WORD) {
				buf_addf(why, "%s\"%.*s\"", warned ? ", " :
				    "left out ", SHOWN, said->v[i]);
				warned = 1;
				continue;
			}
			found(k, said->v[i], why);
			return (-1);
		}
		if (k->kind == CONF_BITS)
			*bits |= 1U << conf_shape_place(k->words, said->v[i]);
		else if (conf_list_add(l, said->v[i], strlen(said->v[i])) == -1)
			return (-1);
	}
	if (warned)
		expected(k, why);
	return (warned);
}

int
conf_value_set(const struct conf_key *k, void *base,
    const struct conf_list *said, int is_list, struct buf *why)
{
	struct conf_list parts = { 0 };
	int res = -1;

	if (k->flags & CONF_LIST && is_list)
		return (set_list(k, base, said, why));
	if (is_list) {
		buf_adds(why, "found a list");
		expected(k, why);
		return (-1);
	}
	if (!(k->flags & CONF_LIST))
		return (set_one(k, base, said->v[0], why));
	if (split(&parts, said->v[0]) == 0)
		res = set_list(k, base, &parts, why);
	conf_list_free(&parts);
	return (res);
}

int
conf_value_default(const struct conf_key *k, void *base, const char *text)
{
	struct conf_list said = { 0 };
	struct buf why = { 0 };
	int res = -1;

	if (conf_list_add(&said, text, strlen(text)) == 0)
		res = conf_value_set(k, base, &said, 0, &why);
	buf_free(&why);
	conf_list_free(&said);
	return (res);
}
