#include "event.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "json.h"
#include "tags.h"

/* The keys that matter; the values of the first EVENT_KEPT are kept. */
enum event_key { EVENT_FORMAT, EVENT_PROFILER, EVENT_LANGUAGE, EVENT_RUNTIME,
    EVENT_FAMILY, EVENT_START, EVENT_END, EVENT_KEPT,
    EVENT_ATTACHMENTS = EVENT_KEPT, EVENT_TAGS, EVENT_SUB_TAGS, EVENT_KEYS };

static const char *const event_keys[] = { "format", "profiler", "language",
    "runtime", "family", "start", "end", "attachments",
    "tags_profiler", "sub_custom_tags" };

struct event_scan {
	struct json	*json;
	struct tags	*tags;
	int		 with_list;
	int		 key;		/* of the value being read */
	struct json_text text;		/* of its inside */
	int		 has[EVENT_KEYS];
	int		 is_text[EVENT_KEYS];
	struct buf	 kept[EVENT_KEPT];
	struct event_facts facts;
	struct event_places places;
	int		 broken;	/* out of memory */
};

static int
event_listed(const struct event_scan *s)
{
	return (s->key == EVENT_SUB_TAGS ||
	    (s->key == EVENT_TAGS && s->with_list));
}

static void
event_on_begin(const struct json_member *m, void *arg)
{
	struct event_scan *s = arg;

	for (s->key = 0; s->key < EVENT_KEYS; s->key++)
		if (strcmp(event_keys[s->key], m->key) == 0)
			break;
	if (s->key == EVENT_KEYS)
		return;
	s->has[s->key] = 1;
	s->is_text[s->key] = m->type == JSON_STRING;
	memset(&s->text, 0, sizeof(s->text));
	if (s->key < EVENT_KEPT)
		s->kept[s->key].len = 0;
	if (event_listed(s))
		tags_begin(s->tags, s->key == EVENT_TAGS ? TAGS_CLIENT :
		    TAGS_PROTECTED);
}

static int
event_on_unit(const char *raw, size_t raw_len, const char *text, size_t len,
    void *arg)
{
	struct event_scan *s = arg;
	size_t room;

	(void)raw;
	(void)raw_len;
	if (event_listed(s))
		return (tags_feed(s->tags, text, len));
	if (s->key >= EVENT_KEPT)
		return (0);
	room = EVENT_VALUE + 1 - s->kept[s->key].len;
	return (buf_add(&s->kept[s->key], text, len < room ? len : room));
}

static void
event_on_text(const char *p, size_t len, void *arg)
{
	struct event_scan *s = arg;

	if (s->key != EVENT_KEYS && !s->broken &&
	    json_text_feed(&s->text, p, len, event_on_unit, s) == -1)
		s->broken = 1;
}

static void
event_on_member(const struct json_member *m, void *arg)
{
	struct event_scan *s = arg;

	s->places.end = m->end;
	if (s->key == EVENT_KEYS || s->broken)
		return;
	if (json_text_end(&s->text, event_on_unit, s) == -1 ||
	    (event_listed(s) && tags_end(s->tags) == -1))
		s->broken = 1;
	if (s->key == EVENT_TAGS) {
		s->places.tags = m->start;
		s->places.tags_end = m->end;
		s->places.tags_text = m->type == JSON_STRING;
	}
}

struct event_scan *
event_scan_new(struct tags *tags, int with_list)
{
	struct event_scan *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	s->tags = tags;
	s->with_list = with_list;
	s->key = EVENT_KEYS;
	if ((s->json = json_new(EVENT_DEPTH, event_on_member, s)) == NULL) {
		free(s);
		return (NULL);
	}
	json_watch(s->json, event_on_begin, event_on_text);
	return (s);
}

int
event_scan_feed(struct event_scan *s, const char *p, size_t len)
{
	return (json_feed(s->json, p, len) == -1 || s->broken ? -1 : 0);
}

/* A value that was kept whole, or NULL. */
static const char *
event_value(struct event_scan *s, enum event_key key)
{
	struct buf *b = &s->kept[key];
	const char *p;

	if (!s->has[key] || !s->is_text[key] || b->len > EVENT_VALUE)
		return (NULL);
	if ((p = buf_str(b)) == NULL)
		s->broken = 1;
	return (p == NULL || strlen(p) != b->len ? NULL : p);
}

int
event_scan_finish(struct event_scan *s, const char **why, uint64_t *at)
{
	struct event_facts *f = &s->facts;

	if (json_finish(s->json, why, at) == -1 && !s->broken)
		return (-1);
	f->format = event_value(s, EVENT_FORMAT);
	f->profiler = event_value(s, EVENT_PROFILER);
	f->language = event_value(s, EVENT_LANGUAGE);
	f->runtime = event_value(s, EVENT_RUNTIME);
	f->family = event_value(s, EVENT_FAMILY);
	f->start = event_value(s, EVENT_START);
	f->end = event_value(s, EVENT_END);
	f->has_format = s->has[EVENT_FORMAT];
	f->has_profiler = s->has[EVENT_PROFILER];
	f->has_language = s->has[EVENT_LANGUAGE];
	f->has_attachments = s->has[EVENT_ATTACHMENTS];
	f->has_start = s->has[EVENT_START];
	f->has_end = s->has[EVENT_END];
	f->has_tags = s->places.tags_text;
	if ((s->places.empty = json_empty(s->json)) != 0)
		s->places.end = json_close(s->json);
	if (s->broken) {
		*why = NULL;
		return (-1);
	}
	return (0);
}

const struct event_facts *
event_facts(const struct event_scan *s)
{
	return (&s->facts);
}

const struct event_places *
event_places(const struct event_scan *s)
{
	return (&s->places);
}

void
event_scan_free(struct event_scan *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < EVENT_KEPT; i++)
		buf_free(&s->kept[i]);
	json_free(s->json);
	free(s);
}
