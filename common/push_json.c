#include "push.h"

#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "buf.h"
#include "json.h"
#include "json_walk.h"
#include "labels.h"

#define DEPTH	32	/* levels of a request; it has 6, annotations more */

static const char no_memory[] = "out of memory";

/* A request being read; what is decoded goes to left. */
struct push_reader {
	struct json_walk	 w;
	struct push		*push;
	const struct push_limits *limits;
	char			*left;
	const char		**why;
};

/* The string at hand, as it is written; null is empty. */
static int
push_raw(struct push_reader *r, struct json_raw *raw)
{
	char type = json_walk_type(&r->w);

	if (type != '"' && type != 'n') {
		*r->why = "a string was expected";
		return (-1);
	}
	json_walk_raw(&r->w, raw);
	if (type == 'n')
		raw->len = 0;
	return (0);
}

/* Each object of the list at hand, the cursor in it; null is no list. */
static int
push_list(struct push_reader *r, int (*each)(struct push_reader *))
{
	char type = json_walk_type(&r->w);

	if (type == 'n') {
		json_walk_skip(&r->w);
		return (0);
	}
	*r->why = "a list was expected";
	if (type != '[')
		return (-1);
	json_walk_enter(&r->w);
	while (json_walk_item(&r->w)) {
		*r->why = "an object was expected";
		if (json_walk_type(&r->w) != '{')
			return (-1);
		json_walk_enter(&r->w);
		if (each(r) == -1)
			return (-1);
	}
	return (0);
}

static int
push_json_label(struct push_reader *r)
{
	struct labels *labels = &r->push->labels[r->push->series - 1];
	struct json_raw key, name = { "", 0 }, value = { "", 0 }, *raw;
	struct buf text = { 0 };
	const char *p;
	size_t name_len;
	int result = -1;

	while (json_walk_key(&r->w, &key)) {
		raw = json_raw_is(&key, "name") ? &name :
		    json_raw_is(&key, "value") ? &value : NULL;
		if (raw == NULL)
			json_walk_skip(&r->w);
		else if (push_raw(r, raw) == -1)
			return (-1);
	}
	*r->why = no_memory;
	if (json_unescape(&text, name.p, name.len) == 0) {
		name_len = text.len;
		if (json_unescape(&text, value.p, value.len) == 0) {
			p = text.p != NULL ? text.p : "";
			result = labels_set(labels, p, name_len, p + name_len,
			    text.len - name_len, r->why);
		}
	}
	buf_free(&text);
	return (result);
}

/* The profile that is written there. */
static int
push_profile(struct push_reader *r, struct push_sample *s,
    const struct json_raw *raw)
{
	struct buf text = { 0 };
	int result = -1;

	s->p = r->left;
	*r->why = no_memory;
	/* Some write a slash as \/. */
	if (raw->len == 0 || memchr(raw->p, '\\', raw->len) == NULL)
		result = base64_decode(raw->p, raw->len, r->left, &s->len);
	else if (json_unescape(&text, raw->p, raw->len) == -1)
		goto out;
	else
		result = base64_decode(text.p, text.len, r->left, &s->len);
	r->left += s->len;
	*r->why = "a profile is no base64";
out:
	buf_free(&text);
	return (result);
}

static int
push_json_sample(struct push_reader *r)
{
	struct push_sample *s = push_sample(r->push, r->limits, r->why);
	struct json_raw key, raw;

	if (s == NULL)
		return (-1);
	while (json_walk_key(&r->w, &key))
		if (json_raw_is(&key, "ID")) {
			if (push_raw(r, &raw) == -1)
				return (-1);
			s->id = raw.p;
			s->id_len = raw.len;
		} else if (json_raw_is(&key, "rawProfile") ||
		    json_raw_is(&key, "raw_profile")) {
			if (push_raw(r, &raw) == -1 ||
			    push_profile(r, s, &raw) == -1)
				return (-1);
		} else
			json_walk_skip(&r->w);
	return (0);
}

static int
push_json_series(struct push_reader *r)
{
	struct json_raw key;

	if (push_series(r->push, r->limits, r->why) == NULL)
		return (-1);
	while (json_walk_key(&r->w, &key))
		if (json_raw_is(&key, "labels")) {
			if (push_list(r, push_json_label) == -1)
				return (-1);
		} else if (json_raw_is(&key, "samples")) {
			if (push_list(r, push_json_sample) == -1)
				return (-1);
		} else
			json_walk_skip(&r->w);
	return (0);
}

int
push_json(const char *p, size_t len, const struct push_limits *limits,
    struct push *push, const char **why)
{
	struct push_reader r = { { p, NULL }, push, limits, NULL, why };
	struct json_raw key;

	memset(push, 0, sizeof(*push));
	if (json_check(p, len, DEPTH, why) == -1)
		return (-1);
	r.w.end = p + len;
	/* Three bytes for four that stand there. */
	if ((r.left = push->bytes = malloc(len / 4 * 3 + 3)) == NULL) {
		*why = no_memory;
		return (-1);
	}
	json_walk_enter(&r.w);
	while (json_walk_key(&r.w, &key))
		if (!json_raw_is(&key, "series"))
			json_walk_skip(&r.w);
		else if (push_list(&r, push_json_series) == -1)
			return (-1);
	return (0);
}
