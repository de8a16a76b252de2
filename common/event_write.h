#ifndef EVENT_WRITE_H
#define EVENT_WRITE_H

#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * The event (event.json) of a profile that is ours, with the members that a
 * dataway knows, in DataKit's order (internal/plugins/inputs/profile/metrics,
 * Metadata).
 */
struct event_write {
	const char	*format;	/* "pprof", "jfr", "collapse" */
	const char	*profiler;	/* "pprof", "pyroscope" */
	const char	*language;	/* language.h; NULL: "unknown" */
	const char	*const *attachments;	/* file names */
	size_t		 n;
	const char	*tags;		/* tags_profiler, as event_write_tag
					   makes it */
	const char	*own;		/* sub_custom_tags, likewise: those of
					   the tags that [profile.tags] does not
					   override; "": none */
	int64_t		 start;		/* ns since 1970 */
	int64_t		 end;
};

/* Append it. -1: ENOMEM. */
int	event_write(const struct event_write *, struct buf *);

/*
 * Append key:value to a list of tags, with a comma in front unless list is
 * empty. There is no way to write a comma within a tag: in a key it becomes
 * "_", as does a colon, in a value ";". -1: ENOMEM.
 */
int	event_write_tag(struct buf *list, const char *key, const char *value);

#endif
