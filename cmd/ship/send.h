#ifndef SEND_H
#define SEND_H

#include <stddef.h>
#include <stdint.h>

struct answer;
struct conf_destination;
struct curl_slist;
struct event_base;
struct secret;

/*
 * HTTP requests that post a body read from a file as it goes out: many at once
 * by libcurl's multi interface on libevent's loop, connections kept. TLS is
 * always verified; redirects are not followed.
 */
struct sender;
struct transfer;

struct request {
	char		*url;
	struct curl_slist *headers;
	uint64_t	 length;	/* of the body */
	/* Exactly len bytes at off of the body. -1 with errno. */
	int		(*read)(void *arg, uint64_t off, void *p, size_t len);
	void		*arg;
};

/*
 * d says TLS, proxy and timeout, and is borrowed; so are secrets, which are
 * hidden in what answers say, and bytes, to which is added what goes out of
 * bodies. NULL with errno.
 */
struct sender *sender_new(struct event_base *, const struct conf_destination *d,
	    const struct secret *secrets, uint64_t *bytes);

/* Have files of TLS changed, and were not taken? */
unsigned int sender_stale(const struct sender *);

/* All transfers must have ended. */
void	sender_free(struct sender *);

/*
 * Begin; takes url and headers over, also on failure; one that is NULL is one.
 * on_done is called from the loop, once, with the answer; the transfer is gone
 * then. NULL: ENOMEM.
 */
struct transfer *transfer_new(struct sender *, const struct request *,
	    void (*on_done)(const struct answer *, void *arg), void *arg);

/* Give it up; on_done is not called. */
void	transfer_free(struct transfer *);

#endif
