#ifndef PASSED_H
#define PASSED_H

#include <stddef.h>

struct sockaddr;

/*
 * Listening sockets that whoever started this program had opened for it, in
 * the environment of sd_listen_fds(3): LISTEN_FDS of them from descriptor 3 on,
 * if LISTEN_PID is this process; LISTEN_FDNAMES, if there, names them, joined
 * by colons. Anything else that was passed is left alone.
 */
struct passed;

/*
 * Find them, and forget the environment's words for them, which are for this
 * process alone. NULL with errno; EINVAL: LISTEN_FDS is no number, or more
 * than 1024.
 */
struct passed *passed_open(void);

/* Close those that nobody took. Harmless with NULL. */
void	passed_free(struct passed *);

/* How many nobody took. */
unsigned int passed_left(const struct passed *);

/*
 * Take the one that serves this address, of IPv4, IPv6 or AF_UNIX; or the next
 * one of this name. It does not block, nor outlive an exec, and is the
 * caller's. -1: there is none.
 */
int	passed_take(struct passed *, const struct sockaddr *);
int	passed_take_named(struct passed *, const char *name);

/*
 * Does one that was taken serve this address as well? One of [::] that is not
 * for IPv6 alone serves 0.0.0.0, too.
 */
int	passed_covers(const struct passed *, const struct sockaddr *);

/* Of one that nobody took, the i-th: its address as text, in out. */
void	passed_name(const struct passed *, unsigned int i, char *out,
	    size_t size);

#endif
