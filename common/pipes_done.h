#ifndef PIPES_DONE_H
#define PIPES_DONE_H

#include <stdarg.h>
#include <stddef.h>

struct event_base;

/*
 * Lines to prof-spool. What the pipe has no room for waits here, in order, and
 * is never dropped; a line is one write. For pipes.c.
 */
struct pipes_done;

/* fd does not block, and is borrowed. NULL: ENOMEM. */
struct pipes_done *pipes_done_new(struct event_base *, int fd);
void	pipes_done_free(struct pipes_done *);

/* Say id, if not NULL, and a text, cut to FIFO_LINE. -1: ENOMEM. */
int	pipes_done_say(struct pipes_done *, const char *id, const char *fmt,
	    va_list) __attribute__((format(printf, 3, 0)));

/* Bytes that wait. */
size_t	pipes_done_waiting(const struct pipes_done *);

#endif
