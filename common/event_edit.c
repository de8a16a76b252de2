#include "event.h"

#include <sys/types.h>

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "json.h"
#include "tags.h"

/* What the next bytes are: the places come in this order, and some not. */
enum event_phase {
	EVENT_BEFORE_TAGS,
	EVENT_IN_TAGS,		/* the value of tags_profiler */
	EVENT_BEFORE_END,	/* up to behind the last member */
	EVENT_AFTER
};

struct event_edit {
	struct event_change	 change;
	struct event_places	 places;
	const struct tags	*tags;
	struct buf		 ours;	/* our tags, escaped */
	int			 add;	/* tags_profiler is a new member */
	int			 filtered;	/* it is the client's, edited */
	enum event_phase	 phase;
	uint64_t		 at;
	struct json_text	 text;
	struct tags_filter	*filter;
};

struct event_edit *
event_edit_new(const struct event_scan *s, const struct tags *tags,
    const struct event_change *change)
{
	struct event_edit *e;
	int write;

	if ((e = calloc(1, sizeof(*e))) == NULL)
		return (NULL);
	e->change = *change;
	e->places = *event_places(s);
	e->tags = tags;
	e->filter = tags_filter_new(tags, change->out, change->arg);
	if (e->filter == NULL || tags_write(tags, &e->ours) == -1) {
		event_edit_free(e);
		return (NULL);
	}
	write = change->write_tags != NULL || e->ours.len != 0;
	e->filtered = change->write_tags == NULL && e->places.tags_text;
	e->add = write && e->places.tags_end == 0;
	e->phase = e->places.tags_end != 0 && (write || e->filtered) ?
	    EVENT_BEFORE_TAGS : EVENT_BEFORE_END;
	return (e);
}

static int
event_out(struct event_edit *e, const char *p, size_t len)
{
	return (len == 0 ? 0 : e->change.out(p, len, e->change.arg));
}

static int
event_puts(struct event_edit *e, const char *s)
{
	return (event_out(e, s, strlen(s)));
}

/* The inside of tags_profiler, or what stands behind the client's in it. */
static int
event_out_tags(struct event_edit *e)
{
	if (e->change.write_tags != NULL)
		return (e->change.write_tags(e->change.arg));
	return (event_out(e, e->ours.p, e->ours.len));
}

static int
event_on_raw(const char *raw, size_t raw_len, const char *text, size_t len,
    void *arg)
{
	return (tags_filter_feed(arg, raw, raw_len, text, len));
}

static int
event_begin_tags(struct event_edit *e)
{
	e->phase = EVENT_IN_TAGS;
	return (event_puts(e, "\""));
}

static int
event_end_tags(struct event_edit *e)
{
	int comma = 0;

	e->phase = EVENT_BEFORE_END;
	if (e->filtered) {
		if (json_text_end(&e->text, event_on_raw, e->filter) == -1 ||
		    (comma = tags_filter_end(e->filter)) == -1)
			return (-1);
		if (comma && e->ours.len != 0 && event_puts(e, ",") == -1)
			return (-1);
	}
	if (event_out_tags(e) == -1)
		return (-1);
	return (event_puts(e, "\""));
}

static int
event_add_members(struct event_edit *e)
{
	int more = e->change.members_len != 0;

	e->phase = EVENT_AFTER;
	if ((e->add || more) && !e->places.empty && event_puts(e, ",") == -1)
		return (-1);
	if (e->add && (event_puts(e, "\"tags_profiler\":\"") == -1 ||
	    event_out_tags(e) == -1 || event_puts(e, "\"") == -1 ||
	    (more && event_puts(e, ",") == -1)))
		return (-1);
	return (event_out(e, e->change.members, e->change.members_len));
}

/* Bytes of the client's tags_profiler, its quotes among them. */
static int
event_tags_bytes(struct event_edit *e, const char *p, size_t len)
{
	uint64_t end = e->at + len;

	if (!e->filtered)
		return (0);
	if (e->at == e->places.tags) {
		p++;
		len--;
	}
	if (end == e->places.tags_end && len != 0)
		len--;
	return (json_text_feed(&e->text, p, len, event_on_raw, e->filter));
}

/* Up to the next place of these len bytes. Its length, or -1. */
static ssize_t
event_edit_piece(struct event_edit *e, const char *p, size_t len)
{
	uint64_t next = UINT64_MAX;

	if (e->phase == EVENT_BEFORE_TAGS)
		next = e->places.tags;
	else if (e->phase == EVENT_IN_TAGS)
		next = e->places.tags_end;
	else if (e->phase == EVENT_BEFORE_END)
		next = e->places.end;
	if (len > next - e->at)
		len = (size_t)(next - e->at);
	if (e->phase == EVENT_IN_TAGS ? event_tags_bytes(e, p, len) == -1 :
	    event_out(e, p, len) == -1)
		return (-1);
	e->at += len;
	if (e->at != next)
		return ((ssize_t)len);
	if (e->phase == EVENT_BEFORE_TAGS ? event_begin_tags(e) == -1 :
	    e->phase == EVENT_IN_TAGS ? event_end_tags(e) == -1 :
	    event_add_members(e) == -1)
		return (-1);
	return ((ssize_t)len);
}

int
event_edit_feed(struct event_edit *e, const char *p, size_t len)
{
	ssize_t n;

	while (len > 0) {
		if ((n = event_edit_piece(e, p, len)) == -1)
			return (-1);
		p += n;
		len -= (size_t)n;
	}
	return (0);
}

int
event_edit_finish(struct event_edit *e)
{
	return (e->phase == EVENT_AFTER ? 0 : -1);
}

void
event_edit_free(struct event_edit *e)
{
	if (e == NULL)
		return;
	tags_filter_free(e->filter);
	buf_free(&e->ours);
	free(e);
}
