#ifndef EVENT_H
#define EVENT_H

#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * The event part of an upload (event.json), rewritten as text: tags added and
 * overridden in tags_profiler, keys that are missing added at the end, every
 * other byte as the client sent it. Two passes over the same bytes, in pieces
 * of any size: event_scan_* finds out what is there, event_edit_* writes. Both
 * need memory only for our own tags and for short values, whatever the size
 * of the event.
 */

/* A tag of ours. */
struct event_tag {
	const char	*key;
	const char	*value;
	int		 fill;		/* only where the client has no such key
					   (an empty value is no gap); else it
					   overrides, except sub_custom_tags */
};

/* The short values of an event, decoded. NULL: absent, no string, too long. */
struct event_facts {
	const char	*format;
	const char	*profiler;
	const char	*language;
	const char	*runtime;
	const char	*family;
	const char	*service;
	const char	*start;
	const char	*end;
	/* Which keys stand at the top level, whatever their type. */
	int		 has_format, has_profiler, has_language;
	int		 has_attachments, has_start, has_end, has_tags;
};

/* Pass 1 --------------------------------------------------------------- */

struct event_scan;

/* tags: ours, borrowed until event_scan_free. */
struct event_scan *event_scan_new(const struct event_tag *tags, size_t n);
int	event_scan_feed(struct event_scan *, const char *p, size_t len);

/* -1: not a JSON object, or malformed: *why at offset *at. */
int	event_scan_finish(struct event_scan *, const char **why, uint64_t *at);

/* Valid until event_scan_free. */
const struct event_facts *event_facts(const struct event_scan *);

void	event_scan_free(struct event_scan *);

#endif
