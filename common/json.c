#include "json.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"

#define KEY_MAX	255	/* bytes of a key that are told */

enum json_state {
	JSON_START,		/* before the object */
	JSON_FIRST_KEY,		/* behind {: a key or } */
	JSON_KEY,
	JSON_COLON,
	JSON_FIRST_VALUE,	/* behind [: a value or ] */
	JSON_VALUE,
	JSON_AFTER,		/* behind a value: a comma or an end */
	JSON_IN_STRING,
	JSON_IN_NUMBER,
	JSON_IN_WORD,		/* true, false, null */
	JSON_DONE
};

/* Where in a number; those that may end there come last. */
enum json_number { JSON_MINUS, JSON_DOT, JSON_E, JSON_E_SIGN, JSON_ZERO,
    JSON_DIGITS, JSON_FRACTION, JSON_E_DIGITS };

struct json {
	void	(*on_member)(const struct json_member *, void *);
	void	(*on_begin)(const struct json_member *, void *);
	void	(*on_text)(const char *, size_t, void *);
	void	*arg;
	unsigned char	*objects;	/* a bit a level: an object, no array */
	unsigned int	 depth;
	unsigned int	 max_depth;
	enum json_state	 state;
	uint64_t	 at;		/* of the next byte */
	int		 in_key;	/* the string is one */
	int		 escape;	/* 1: behind \; 2 to 5: of \u, 7 less
					   the digits owed */
	enum json_number number;
	const char	*word;		/* what is left of it */
	struct json_member member;
	struct json_text key_text;
	struct buf	 key;
	uint64_t	 members;
	uint64_t	 close;
	const char	*why;
	uint64_t	 why_at;
};

struct json *
json_new(unsigned int max_depth,
    void (*on_member)(const struct json_member *, void *), void *arg)
{
	struct json *j;

	if ((j = calloc(1, sizeof(*j))) == NULL)
		return (NULL);
	if ((j->objects = calloc(max_depth / 8 + 1, 1)) == NULL ||
	    buf_reserve(&j->key, KEY_MAX + 1) == -1) {
		json_free(j);
		return (NULL);
	}
	j->max_depth = max_depth;
	j->on_member = on_member;
	j->arg = arg;
	return (j);
}

void
json_watch(struct json *j,
    void (*on_begin)(const struct json_member *, void *),
    void (*on_text)(const char *, size_t, void *))
{
	j->on_begin = on_begin;
	j->on_text = on_text;
}

static void
json_fail(struct json *j, const char *why)
{
	j->why = why;
	j->why_at = j->at;
}

static int
json_in_object(const struct json *j)
{
	return (j->objects[(j->depth - 1) / 8] >> ((j->depth - 1) % 8) & 1);
}

/* A value ended before offset end. */
static void
json_ended(struct json *j, uint64_t end)
{
	j->state = JSON_AFTER;
	if (j->depth == 1) {
		j->member.end = end;
		j->members++;
		j->on_member(&j->member, j->arg);
	}
}

static void
json_push(struct json *j, int object)
{
	unsigned char bit;

	if (j->depth == j->max_depth) {
		json_fail(j, "nested too deeply");
		return;
	}
	bit = (unsigned char)(1 << (j->depth % 8));
	if (object)
		j->objects[j->depth / 8] |= bit;
	else
		j->objects[j->depth / 8] &= (unsigned char)~bit;
	j->depth++;
	j->state = object ? JSON_FIRST_KEY : JSON_FIRST_VALUE;
}

static void
json_pop(struct json *j, char c)
{
	if ((c == '}') != json_in_object(j)) {
		json_fail(j, "wrong bracket");
		return;
	}
	if (--j->depth == 0) {
		j->close = j->at;
		j->state = JSON_DONE;
	} else
		json_ended(j, j->at + 1);
}

static void
json_begin(struct json *j, enum json_type type, enum json_state state)
{
	j->state = state;
	if (j->depth == 1) {
		j->member.type = type;
		j->member.start = j->at;
		j->member.end = 0;
		if (j->on_begin != NULL)
			j->on_begin(&j->member, j->arg);
	}
}

static void
json_word(struct json *j, enum json_type type, const char *rest)
{
	j->word = rest;
	json_begin(j, type, JSON_IN_WORD);
}

static void
json_value(struct json *j, char c)
{
	if (c == '"') {
		j->in_key = 0;
		json_begin(j, JSON_STRING, JSON_IN_STRING);
	} else if (c == '{' || c == '[') {
		json_begin(j, c == '{' ? JSON_OBJECT : JSON_ARRAY, JSON_VALUE);
		json_push(j, c == '{');
	} else if (c == '-' || (c >= '0' && c <= '9')) {
		j->number = c == '-' ? JSON_MINUS :
		    c == '0' ? JSON_ZERO : JSON_DIGITS;
		json_begin(j, JSON_NUMBER, JSON_IN_NUMBER);
	} else if (c == 't')
		json_word(j, JSON_TRUE, "rue");
	else if (c == 'f')
		json_word(j, JSON_FALSE, "alse");
	else if (c == 'n')
		json_word(j, JSON_NULL, "ull");
	else
		json_fail(j, "a value was expected");
}

static void
json_key(struct json *j, char c)
{
	if (c != '"') {
		json_fail(j, "a key was expected");
		return;
	}
	j->in_key = 1;
	j->state = JSON_IN_STRING;
	if (j->depth == 1)
		j->key.len = 0;
}

/* More of a number. 0: it ended before c. */
static int
json_number(struct json *j, char c)
{
	static const enum json_number digits[] = {
		[JSON_MINUS] = JSON_DIGITS, [JSON_DOT] = JSON_FRACTION,
		[JSON_E] = JSON_E_DIGITS, [JSON_E_SIGN] = JSON_E_DIGITS,
		[JSON_ZERO] = JSON_ZERO, [JSON_DIGITS] = JSON_DIGITS,
		[JSON_FRACTION] = JSON_FRACTION,
		[JSON_E_DIGITS] = JSON_E_DIGITS };
	enum json_number n = j->number;

	if (c >= '0' && c <= '9' && n != JSON_ZERO) {
		j->number = n == JSON_MINUS && c == '0' ? JSON_ZERO : digits[n];
		return (1);
	}
	if (c == '.' && (n == JSON_ZERO || n == JSON_DIGITS))
		j->number = JSON_DOT;
	else if ((c == 'e' || c == 'E') &&
	    (n == JSON_ZERO || n == JSON_DIGITS || n == JSON_FRACTION))
		j->number = JSON_E;
	else if ((c == '+' || c == '-') && n == JSON_E)
		j->number = JSON_E_SIGN;
	else {
		if (n < JSON_ZERO)
			json_fail(j, "malformed number");
		else
			json_ended(j, j->at);
		return (0);
	}
	return (1);
}

static int
json_key_unit(const char *raw, size_t raw_len, const char *text, size_t len,
    void *arg)
{
	struct buf *key = arg;

	/* A NUL must not make a key look like a shorter one. */
	if (len == 1 && text[0] == '\0') {
		text = raw;
		len = raw_len;
	}
	if (len > KEY_MAX - key->len)
		len = KEY_MAX - key->len;
	return (buf_add(key, text, len));
}

/* The part of a string that p is, up to its end or the first wrong byte. */
static size_t
json_inside(struct json *j, const char *p, size_t len)
{
	size_t i;
	char c;

	for (i = 0; i < len; i++) {
		c = p[i];
		if (j->escape == 0) {
			if (c == '\\')
				j->escape = 1;
			else if (c == '"' || (unsigned char)c < 0x20)
				break;
		} else if (j->escape == 1) {
			if (c == '\0' || strchr("\"\\/bfnrtu", c) == NULL)
				break;
			j->escape = c == 'u' ? 2 : 0;
		} else {
			if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')
			    || (c >= 'A' && c <= 'F')))
				break;
			j->escape = j->escape == 5 ? 0 : j->escape + 1;
		}
	}
	return (i);
}

static size_t
json_string(struct json *j, const char *p, size_t len)
{
	size_t n = json_inside(j, p, len);

	if (j->depth == 1 && j->in_key)
		(void)json_text_feed(&j->key_text, p, n, json_key_unit,
		    &j->key);
	else if (j->depth == 1 && n != 0 && j->on_text != NULL)
		j->on_text(p, n, j->arg);
	j->at += n;
	if (n == len)
		return (n);
	if (j->escape != 0)
		json_fail(j, "malformed escape");
	else if (p[n] != '"')
		json_fail(j, "control byte in a string");
	else if (!j->in_key)
		json_ended(j, j->at + 1);
	else {
		j->state = JSON_COLON;
		if (j->depth == 1) {
			(void)json_text_end(&j->key_text, json_key_unit,
			    &j->key);
			j->member.key = buf_str(&j->key);
		}
	}
	j->at++;
	return (n + 1);
}

/* A byte that is no white space, outside of strings, numbers and words. */
static void
json_mark(struct json *j, char c)
{
	switch (j->state) {
	case JSON_START:
		if (c == '{')
			json_push(j, 1);
		else
			json_fail(j, "not a JSON object");
		break;
	case JSON_COLON:
		if (c == ':')
			j->state = JSON_VALUE;
		else
			json_fail(j, "a colon was expected");
		break;
	case JSON_FIRST_KEY:
	case JSON_KEY:
		if (c == '}' && j->state == JSON_FIRST_KEY)
			json_pop(j, c);
		else
			json_key(j, c);
		break;
	case JSON_AFTER:
		if (c == ',')
			j->state = json_in_object(j) ? JSON_KEY : JSON_VALUE;
		else if (c == '}' || c == ']')
			json_pop(j, c);
		else
			json_fail(j, "a comma or an end was expected");
		break;
	case JSON_DONE:
		json_fail(j, "bytes after the object");
		break;
	default:
		if (c == ']' && j->state == JSON_FIRST_VALUE)
			json_pop(j, c);
		else
			json_value(j, c);
	}
}

int
json_feed(struct json *j, const char *p, size_t len)
{
	const char *end = p + len;

	while (p < end && j->why == NULL) {
		if (j->state == JSON_IN_STRING) {
			p += json_string(j, p, (size_t)(end - p));
			continue;
		}
		if (j->state == JSON_IN_NUMBER && !json_number(j, *p))
			continue;
		if (j->state == JSON_IN_WORD) {
			if (*p != *j->word)
				json_fail(j, "a value was expected");
			else if (*++j->word == '\0')
				json_ended(j, j->at + 1);
		} else if (j->state != JSON_IN_NUMBER &&
		    *p != ' ' && *p != '\t' && *p != '\n' && *p != '\r')
			json_mark(j, *p);
		p++;
		j->at++;
	}
	return (j->why == NULL ? 0 : -1);
}

int
json_finish(struct json *j, const char **why, uint64_t *at)
{
	if (j->why == NULL && j->state != JSON_DONE)
		json_fail(j, j->state == JSON_START ? "not a JSON object" :
		    "the object does not end");
	*why = j->why;
	*at = j->why_at;
	return (j->why == NULL ? 0 : -1);
}

uint64_t
json_close(const struct json *j)
{
	return (j->close);
}

int
json_empty(const struct json *j)
{
	return (j->members == 0);
}

void
json_free(struct json *j)
{
	if (j == NULL)
		return;
	buf_free(&j->key);
	free(j->objects);
	free(j);
}
