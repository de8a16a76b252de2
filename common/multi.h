#ifndef MULTI_H
#define MULTI_H

#include <stdint.h>

#include <curl/curl.h>

struct event_base;

/* libcurl's multi interface on libevent's loop: many transfers at once. */
struct multi;

/*
 * on_end is called from the loop when a transfer has ended, and may take it
 * out and begin others. At most kept connections stay open between transfers.
 * NULL with errno.
 */
struct multi *multi_new(struct event_base *, long kept,
	    void (*on_end)(CURL *, CURLcode, void *arg), void *arg);

/* No transfer may be left in it. multi_free(NULL) is harmless. */
void	multi_free(struct multi *);

/* The other end of a transfer, and how to get there. NULL: none, as usual. */
struct multi_peer {
	int64_t		 timeout;	/* ns, of all of it */
	const char	*proxy;
	/* Read again when they change; see multi_on_files. */
	const char	*ca_file;	/* instead of the system's authorities */
	const char	*cert_file;	/* ours */
	const char	*key_file;
	int		 insecure;	/* do not verify it */
};

/*
 * on_files is called by multi_easy when a peer's files have changed: why is
 * NULL when they are in force, or says why what was read before stays so.
 */
void	multi_on_files(struct multi *, void (*on_files)(const char *why,
	    void *arg), void *arg);

/* Of how many peers have files changed, and were not taken? */
unsigned int multi_stale(const struct multi *);

/*
 * A handle for a transfer to it: http and https alone, no redirects, nothing
 * from the environment. NULL: ENOMEM.
 */
CURL	*multi_easy(struct multi *, const struct multi_peer *);

/* Begin one: nothing of it happens before the loop runs. -1: ENOMEM. */
int	multi_add(struct multi *, CURL *);

/* Take it out, whether it has ended or not. */
void	multi_remove(struct multi *, CURL *);

#endif
