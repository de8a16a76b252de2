#ifndef FETCH_H
#define FETCH_H

#include <stdint.h>

struct credential;
struct event_base;
struct order;
struct spool;

/*
 * GET requests whose bodies go to files as they come, many at once, in the
 * loop. Redirects are followed within the same scheme, host and port.
 */
struct fetcher;
struct fetch;

enum fetch_end { FETCH_OK, FETCH_UNREACHED, FETCH_TIMEOUT, FETCH_STATUS,
    FETCH_REDIRECT, FETCH_LARGE, FETCH_SPOOL, FETCH_LATE, FETCH_ENDS };

/* What they are called in the figures. */
extern const char *const fetch_ends[FETCH_ENDS];

struct fetch_outcome {
	enum fetch_end	 end;
	char		 reason[256];	/* "": OK; else one line, no secrets */
	uint64_t	 length;	/* of the body, as it came */
	int64_t		 began;		/* when_now around it */
	int64_t		 ended;
};

/*
 * kept connections stay open between fetches; spool, NULL: none, is where large
 * bodies go. NULL with errno.
 */
struct fetcher *fetcher_new(struct event_base *, const struct spool *spool,
	    long kept);

/* Of how many targets have files of TLS changed, and were not taken? */
unsigned int fetcher_stale(const struct fetcher *);

/* All fetches must have ended. */
void	fetcher_free(struct fetcher *);

/*
 * Fetch path with seconds, as endpoint_url has them, of the order's target
 * into the scratch file fd, limit bytes at most. order, credential and fd are
 * borrowed until on_done, which is called from the loop, once; the fetch is
 * gone then. may is asked when a connection is there, right before the request
 * is sent; 0: it is not, FETCH_LATE. NULL: ENOMEM.
 */
struct fetch *fetch_new(struct fetcher *, const struct order *,
	    struct credential *, const char *path, unsigned int seconds,
	    uint64_t limit, int fd, int (*may)(void *arg),
	    void (*on_done)(const struct fetch_outcome *, void *arg),
	    void *arg);

/* Give it up; on_done is not called. */
void	fetch_free(struct fetch *);

#endif
