#include "query.h"

#include <stdlib.h>
#include <string.h>

#include "appname.h"
#include "attime.h"
#include "buf.h"
#include "origin.h"
#include "percent.h"

#define RATE	100		/* samples a second, where none is said */

static const char no_memory[] = "out of memory";

/* 1; 0: malformed; -1: ENOMEM. */
static int
query_decode(const char *p, size_t len, struct buf *b)
{
	const char *end = p + len;
	int byte;

	for (; p < end; p++) {
		byte = *p == '+' ? ' ' : *p;
		if (*p == '%') {
			if ((byte = percent_byte(p, end)) == -1)
				return (0);
			p += 2;
		}
		if (buf_addc(b, (char)byte) == -1)
			return (-1);
	}
	return (1);
}

/* Is this pair, len bytes, of that name? 1: its value is appended. */
static int
query_pair(const char *p, size_t len, const char *name, struct buf *b)
{
	const char *equals = memchr(p, '=', len);
	size_t n = equals != NULL ? (size_t)(equals - p) : len;
	struct buf key = { 0 };
	int result;

	if (memchr(p, ';', len) != NULL)
		return (0);
	result = query_decode(p, n, &key);
	if (result == 1 && (key.len != strlen(name) ||
	    memcmp(key.p, name, key.len) != 0))
		result = 0;
	buf_free(&key);
	if (result != 1 || equals == NULL)
		return (result);
	return (query_decode(equals + 1, len - n - 1, b));
}

int
query_value(const char *query, const char *name, struct buf *b)
{
	size_t len, start = b->len;
	int result = 0;

	for (; *query != '\0' && result == 0; query += len) {
		len = strcspn(query, "&");
		result = query_pair(query, len, name, b);
		if (result == 0)
			b->len = start;
		if (query[len] != '\0')
			len++;
	}
	return (result == 1 ? b->len > start : result);
}

/* A text of its own; *value stays as it is where there is none. */
static int
query_text(const char *query, const char *name, char **value,
    const char **why)
{
	struct buf b = { 0 };
	int found = query_value(query, name, &b);
	char *text = NULL;

	if (found == 1)
		text = buf_str(&b);
	if (found == -1 || (found == 1 && text == NULL)) {
		*why = no_memory;
		goto fail;
	}
	if (found == 1 && strlen(text) != b.len) {
		*why = "a parameter has a NUL in it";
		goto fail;
	}
	if (found == 1) {
		free(*value);
		*value = text;
		return (0);
	}
	buf_free(&b);
	return (0);
fail:
	buf_free(&b);
	return (-1);
}

/* Decimal digits, perhaps with a sign, as strconv.Atoi takes them. */
static uint32_t
query_rate(const char *text)
{
	uint32_t n = 0;

	if (*text == '+')
		text++;
	if (*text == '\0')
		return (RATE);
	for (; *text != '\0'; text++)
		if (*text < '0' || *text > '9' ||
		    __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint32_t)(*text - '0'), &n))
			return (RATE);
	return (n);
}

static int
query_time(const char *query, const char *name, int64_t now, int64_t *ns,
    const char **why)
{
	struct buf b = { 0 };
	int result = query_value(query, name, &b);

	*ns = now;
	*why = no_memory;
	if (result == 1 && attime_parse(b.p, b.len, now, ns) == -1) {
		*why = *name == 'f' ? "from is no time" : "until is no time";
		result = -1;
	}
	buf_free(&b);
	return (result == -1 ? -1 : 0);
}

static int
query_name(const char *query, struct origin *o, const char **why)
{
	struct buf b = { 0 };
	int result = query_value(query, "name", &b);

	*why = no_memory;
	if (result != -1)
		result = appname_parse(b.p, b.len, &o->app, o->labels, why);
	buf_free(&b);
	return (result);
}

int
query_read(const char *query, int64_t now, struct origin *o, const char **why)
{
	char *rate = NULL;

	*why = no_memory;
	o->rate = RATE;
	o->spy = strdup("unknown");
	o->units = strdup("samples");
	o->aggregation = strdup("sum");
	if (o->spy == NULL || o->units == NULL || o->aggregation == NULL ||
	    query_name(query, o, why) == -1 ||
	    query_time(query, "from", now, &o->from, why) == -1 ||
	    query_time(query, "until", now, &o->until, why) == -1 ||
	    query_text(query, "spyName", &o->spy, why) == -1 ||
	    query_text(query, "units", &o->units, why) == -1 ||
	    query_text(query, "aggregationType", &o->aggregation, why) == -1 ||
	    query_text(query, "sampleRate", &rate, why) == -1)
		return (-1);
	if (rate != NULL)
		o->rate = query_rate(rate);
	free(rate);
	return (0);
}
