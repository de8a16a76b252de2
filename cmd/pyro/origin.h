#ifndef ORIGIN_H
#define ORIGIN_H

#include <stdint.h>

struct buf;
struct conf_pyroscope;
struct labels;

/*
 * What a client says of a profile, and what becomes of that in its event.
 */
struct origin {
	char		*app;		/* demo.cpu */
	struct labels	*labels;
	char		*spy;		/* "gospy"; NULL: not said */
	char		*units;		/* "samples"; NULL: not said, and */
	char		*aggregation;	/* so are these two: Push does not */
	uint32_t	 rate;		/* samples a second */
	int64_t		 from;		/* ns since 1970 */
	int64_t		 until;
};

/* Without labels. NULL: ENOMEM. */
struct origin *origin_new(void);
void	origin_free(struct origin *);

/* The backend's name for its language (language.h), or NULL. */
const char *origin_language(const struct origin *);

/*
 * Append the tags that a listener gives, as a list: its service, env and
 * version, then its [profile.pyroscope.tags], which say more than these three.
 * origin_own: those of them that [profile.tags] does not override. -1: ENOMEM.
 */
int	origin_listener(const struct conf_pyroscope *, struct buf *tags);
int	origin_own(const struct conf_pyroscope *, struct buf *tags);

/*
 * Append what the client says to that list: of the profile, of format
 * (input_format), then its labels; what is there stays. -1: ENOMEM.
 */
int	origin_tags(const struct origin *, const char *format,
	    struct buf *tags);

#endif
