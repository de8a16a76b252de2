#ifndef ARRIVAL_H
#define ARRIVAL_H

#include <stddef.h>
#include <stdint.h>

struct draft;
struct httpd_request;
struct intake;
struct record;

/*
 * A request's body on its way into a draft: room is promised ahead of it, and
 * reading rests while too many commits wait.
 */
struct arrival;

/* Why it cannot go on. */
struct arrival_trouble {
	const char	*why;		/* a fixed sentence */
	int		 cause;		/* errno, or 0; EMSGSIZE: the header is
					   too large to keep */
};

/* Begin the draft, with r's header. NULL: *t. */
struct arrival *arrival_new(struct intake *, struct httpd_request *,
	    struct record *r, struct arrival_trouble *t);

/* Some of the body. -1: *t. */
int	arrival_feed(struct arrival *, const char *p, size_t len,
	    struct arrival_trouble *t);

uint64_t arrival_length(const struct arrival *);

/* It is complete: the draft is the caller's, the arrival is to be freed. */
struct draft *arrival_take(struct arrival *);

/* Also before it is complete: the draft is gone then. */
void	arrival_free(struct arrival *);

#endif
