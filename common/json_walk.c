#include "json_walk.h"

#include <string.h>

#include "buf.h"
#include "json.h"

static void
json_walk_member(const struct json_member *m, void *arg)
{
	(void)m;
	(void)arg;
}

int
json_check(const char *p, size_t len, unsigned int max_depth,
    const char **why)
{
	struct json *j = json_new(max_depth, json_walk_member, NULL);
	uint64_t at;
	int result;

	if (j == NULL) {
		*why = "out of memory";
		return (-1);
	}
	if (len != 0)
		(void)json_feed(j, p, len);
	result = json_finish(j, why, &at);
	json_free(j);
	return (result);
}

/* To the next byte that is no white space and nothing between two values. */
static char
json_walk_next(struct json_walk *w)
{
	while (w->at < w->end && (*w->at == ' ' || *w->at == '\t' ||
	    *w->at == '\n' || *w->at == '\r' || *w->at == ',' ||
	    *w->at == ':'))
		w->at++;
	return (w->at < w->end ? *w->at : '\0');
}

char
json_walk_type(struct json_walk *w)
{
	char c = json_walk_next(w);

	return (c >= '0' && c <= '9' ? '0' : c);
}

void
json_walk_enter(struct json_walk *w)
{
	if (json_walk_next(w) != '\0')
		w->at++;
}

int
json_walk_item(struct json_walk *w)
{
	char c = json_walk_next(w);

	if (c != '}' && c != ']' && c != '\0')
		return (1);
	if (c != '\0')
		w->at++;
	return (0);
}

int
json_walk_key(struct json_walk *w, struct json_raw *key)
{
	if (!json_walk_item(w))
		return (0);
	json_walk_raw(w, key);
	return (1);
}

/* A string of which w is at the quote. */
static void
json_walk_string(struct json_walk *w, struct json_raw *raw)
{
	raw->p = ++w->at;
	while (w->at < w->end && *w->at != '"')
		w->at += *w->at == '\\' && w->end - w->at > 1 ? 2 : 1;
	raw->len = (size_t)(w->at - raw->p);
	if (w->at < w->end)
		w->at++;
}

void
json_walk_raw(struct json_walk *w, struct json_raw *raw)
{
	if (json_walk_next(w) == '"') {
		json_walk_string(w, raw);
		return;
	}
	raw->p = w->at;
	while (w->at < w->end && ((*w->at >= 'a' && *w->at <= 'z') ||
	    (*w->at >= '0' && *w->at <= '9') || *w->at == '-' ||
	    *w->at == '+' || *w->at == '.' || *w->at == 'E'))
		w->at++;
	raw->len = (size_t)(w->at - raw->p);
}

void
json_walk_skip(struct json_walk *w)
{
	struct json_raw raw;
	size_t depth = 0;
	char c;

	do {
		c = json_walk_next(w);
		if (c == '{' || c == '[')
			depth++;
		else if (c == '}' || c == ']')
			depth--;
		if (c == '{' || c == '[' || c == '}' || c == ']')
			w->at++;
		else
			json_walk_raw(w, &raw);
	} while (depth > 0 && w->at < w->end);
}

int
json_raw_is(const struct json_raw *raw, const char *s)
{
	struct buf text = { 0 };
	int same;

	if (raw->len == 0 || memchr(raw->p, '\\', raw->len) == NULL)
		return (raw->len == strlen(s) &&
		    memcmp(raw->p, s, raw->len) == 0);
	same = json_unescape(&text, raw->p, raw->len) == 0 &&
	    text.len == strlen(s) && memcmp(text.p, s, text.len) == 0;
	buf_free(&text);
	return (same);
}
