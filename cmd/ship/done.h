#ifndef DONE_H
#define DONE_H

#include <stddef.h>

struct event_base;

/*
 * Lines to prof-spool. What the pipe has no room for waits here, in order, and
 * is never dropped; a line is one write.
 */
struct done;

/* fd does not block, and is borrowed. NULL: ENOMEM. */
struct done *done_new(struct event_base *, int fd);
void	done_free(struct done *);

/*
 * Say a line, cut to FIFO_LINE. Without memory to keep it in there is no way to
 * keep a promise but to begin anew: then this ends the process.
 */
void	done_say(struct done *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* Bytes that wait. */
size_t	done_waiting(const struct done *);

#endif
