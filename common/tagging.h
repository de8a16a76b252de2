#ifndef TAGGING_H
#define TAGGING_H

#include <stddef.h>

struct form;
struct tag;
struct tags;

/*
 * The tags of a profile: the client's, from tags[] fields (and then from plain
 * fields) or from its event, merged with the record's "tag" lines, which
 * override, and "global-tag" lines, which fill gaps.
 */
struct tagging {
	const struct form *form;
	struct tag	*ours;
	char		**copies;	/* what ours points into */
	size_t		 n;
	size_t		 cap;		/* of both */
	char		**fields;	/* a part's key as a field; NULL: none */
	int		 is_form;	/* tags are the form's, not the event's */
	struct tags	*tags;
};

/*
 * Take what the form and its source have; lookup as in profile.h. Then the
 * event is to be scanned into tags, and tagging_decide be called. -1 with
 * errno; tagging_clear in either case.
 */
int	tagging_read(struct tagging *, const struct form *,
	    const char *const *lookup, size_t nlookup);

/* 1: ours change something; 0; -1 with errno. */
int	tagging_decide(struct tagging *);

/*
 * Where is_form: the final list, escaped for JSON, to out, which returns -1 to
 * stop. -1 with errno.
 */
int	tagging_write(const struct tagging *,
	    int (*out)(const char *p, size_t len, void *arg), void *arg);

/* The final value of one of the keys that matter here, not empty, or NULL. */
const char *tagging_value(const struct tagging *, const char *key);

void	tagging_clear(struct tagging *);

#endif
