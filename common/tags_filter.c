#include "tags.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"

enum tags_filter_state {
	TAGS_KEY,	/* the key is held back until it is decided on */
	TAGS_KEEP,
	TAGS_DROP
};

struct tags_filter {
	const struct tags *tags;
	int		 (*out)(const char *, size_t, void *);
	void		*arg;
	enum tags_filter_state state;
	struct buf	 comma;		/* as written, in front of this tag */
	struct buf	 raw;		/* of a tag: what is held back */
	struct buf	 key;		/* the same, decoded */
	int		 any;		/* a tag was kept */
	int		 blank;		/* the last one kept had no byte */
};

struct tags_filter *
tags_filter_new(const struct tags *tags,
    int (*out)(const char *p, size_t len, void *arg), void *arg)
{
	struct tags_filter *f;

	if ((f = calloc(1, sizeof(*f))) == NULL)
		return (NULL);
	f->tags = tags;
	f->out = out;
	f->arg = arg;
	return (f);
}

/* The key is known, or too long to be one that is dropped. */
static int
tags_filter_decide(struct tags_filter *f)
{
	if (tags_dropped(f->tags, f->key.len != 0 ? f->key.p : "",
	    f->key.len)) {
		f->state = TAGS_DROP;
		return (0);
	}
	f->state = TAGS_KEEP;
	f->blank = f->key.len == 0;
	if (f->any && f->out(f->comma.p, f->comma.len, f->arg) == -1)
		return (-1);
	f->any = 1;
	if (f->raw.len == 0)
		return (0);
	return (f->out(f->raw.p, f->raw.len, f->arg));
}

static int
tags_filter_comma(struct tags_filter *f, const char *raw, size_t raw_len)
{
	if (f->state == TAGS_KEY && tags_filter_decide(f) == -1)
		return (-1);
	f->state = TAGS_KEY;
	f->raw.len = f->key.len = f->comma.len = 0;
	return (buf_add(&f->comma, raw, raw_len));
}

/* Bytes of one tag: a part of a key without a colon, a colon, or a value. */
static int
tags_filter_part(struct tags_filter *f, const char *raw, size_t raw_len,
    const char *text, size_t len)
{
	if (f->state == TAGS_DROP)
		return (0);
	if (f->state == TAGS_KEEP)
		return (f->out(raw, raw_len, f->arg));
	if (text[0] == ':' && f->key.len != 0 && f->key.p[0] != ':') {
		if (tags_filter_decide(f) == -1)
			return (-1);
		return (tags_filter_part(f, raw, raw_len, text, len));
	}
	if (buf_add(&f->raw, raw, raw_len) == -1 ||
	    buf_add(&f->key, text, len) == -1)
		return (-1);
	if (f->key.len > tags_key_max(f->tags))
		return (tags_filter_decide(f));
	return (0);
}

/* The bytes of a run that tags_filter_part takes at once. */
static size_t
tags_filter_run(const struct tags_filter *f, const char *p, size_t len)
{
	size_t n, room;

	if (f->state != TAGS_KEY || p[0] == ':')
		return (f->state != TAGS_KEY ? len : 1);
	room = tags_key_max(f->tags) + 1 - f->key.len;
	for (n = 1; n < len && n < room && p[n] != ':'; n++)
		continue;
	return (n);
}

int
tags_filter_feed(struct tags_filter *f, const char *raw, size_t raw_len,
    const char *text, size_t len)
{
	const char *p = raw, *end = raw + raw_len, *comma;
	size_t n;

	if (raw != text) {
		if (len == 1 && text[0] == ',')
			return (tags_filter_comma(f, raw, raw_len));
		return (tags_filter_part(f, raw, raw_len, text, len));
	}
	while (p < end) {
		if (*p == ',') {
			if (tags_filter_comma(f, p++, 1) == -1)
				return (-1);
			continue;
		}
		comma = memchr(p, ',', (size_t)(end - p));
		n = tags_filter_run(f, p,
		    (size_t)((comma != NULL ? comma : end) - p));
		if (tags_filter_part(f, p, n, p, n) == -1)
			return (-1);
		p += n;
	}
	return (0);
}

int
tags_filter_end(struct tags_filter *f)
{
	if (f->state == TAGS_KEY && tags_filter_decide(f) == -1)
		return (-1);
	return (f->any && !f->blank);
}

void
tags_filter_free(struct tags_filter *f)
{
	if (f == NULL)
		return;
	buf_free(&f->comma);
	buf_free(&f->raw);
	buf_free(&f->key);
	free(f);
}
