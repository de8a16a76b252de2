#ifndef ENDPOINT_H
#define ENDPOINT_H

#include <stddef.h>

struct buf;

/*
 * Where a target's profiles are: its url, as prof.conf(5) has it, and what
 * net/http/pprof puts behind it.
 */

/*
 * Append the url of a profile: path below /debug/pprof, which is not doubled
 * where url has it; url's own path in front, its query behind, and seconds=N
 * unless seconds is 0. A socket's is http://localhost. -1: ENOMEM.
 */
int	endpoint_url(struct buf *, const char *url, const char *path,
	    unsigned int seconds);

/* The socket of a url unix:/socket and its length, or NULL. */
const char *endpoint_socket(const char *url, size_t *len);

/* host:port, or unix:/socket: nothing in it is secret. */
const char *endpoint_host(const char *url, size_t *len);

/*
 * May a redirect be followed? Only to the same scheme, host and port, so that
 * no target can send us to another.
 */
int	endpoint_same(const char *from, const char *to);

#endif
