#ifndef EVENT_H
#define EVENT_H

#include <stddef.h>
#include <stdint.h>

struct tags;

/*
 * The event part of an upload (event.json), rewritten as text: tags added and
 * overridden in tags_profiler, keys that are missing added at the end, every
 * other byte as the client sent it. Two passes over the same bytes, in pieces
 * of any size: event_scan_* finds out what is there, event_edit_* writes. Both
 * need memory only for our own tags and for short values, whatever the size
 * of the event. Where a key stands twice, the last counts.
 */
#define EVENT_VALUE	1024	/* bytes of a value that is kept */
#define EVENT_DEPTH	512	/* levels of an event */

/* The short values of an event, decoded. NULL: absent, no string, too long. */
struct event_facts {
	const char	*format;
	const char	*profiler;
	const char	*language;
	const char	*runtime;
	const char	*family;
	const char	*start;
	const char	*end;
	/* Which keys stand at the top level, whatever their type. */
	int		 has_format, has_profiler, has_language;
	int		 has_attachments, has_start, has_end;
	int		 has_tags;	/* tags_profiler, and it is a string */
};

/* Pass 1 --------------------------------------------------------------- */

struct event_scan;

/*
 * The event's sub_custom_tags are read into tags (borrowed) as protected, and,
 * if with_list, its tags_profiler as the client's list.
 */
struct event_scan *event_scan_new(struct tags *tags, int with_list);
int	event_scan_feed(struct event_scan *, const char *p, size_t len);

/*
 * -1: not a JSON object, or malformed: *why at offset *at. Where memory ran
 * out, *why is NULL.
 */
int	event_scan_finish(struct event_scan *, const char **why, uint64_t *at);

/* Valid until event_scan_free. */
const struct event_facts *event_facts(const struct event_scan *);

void	event_scan_free(struct event_scan *);

/* Pass 2 --------------------------------------------------------------- */

struct event_edit;

struct event_change {
	/* What the event becomes, piece by piece; -1 to stop. */
	int	(*out)(const char *p, size_t len, void *arg);
	/*
	 * NULL: tags_profiler is edited as the tags decided. Else write its
	 * inside anew, through out and escaped for JSON; -1 to stop.
	 */
	int	(*write_tags)(void *arg);
	void	*arg;
	/* Further members behind the last, `"a":1,"b":2`; "": none. */
	const char *members;
	size_t	members_len;
};

/* All borrowed; to be fed what the scan (finished) was fed. */
struct event_edit *event_edit_new(const struct event_scan *,
	    const struct tags *, const struct event_change *);
int	event_edit_feed(struct event_edit *, const char *p, size_t len);
int	event_edit_finish(struct event_edit *);
void	event_edit_free(struct event_edit *);

/* Where the scan found what the edit changes; offsets, for event_edit.c. */
struct event_places {
	uint64_t tags;			/* the last tags_profiler's value */
	uint64_t tags_end;		/* 0: there is none */
	int	 tags_text;		/* it is a string */
	uint64_t end;			/* behind the last member's value, or
					   of the brace of an empty object */
	int	 empty;
};
const struct event_places *event_places(const struct event_scan *);

#endif
