#ifndef ELECT_BACKEND_H
#define ELECT_BACKEND_H

#include <stdint.h>

struct conf;
struct elect;
struct event_base;

/*
 * Whom an election asks. It works in the loop and must not block it, and says
 * what it finds by the two functions below, not before begin has returned.
 */
struct elect_backend {
	const char *name;	/* as in [election] backend */
	void	*(*begin)(struct elect *, struct event_base *,
		    const struct conf *, const char *candidate);
				/* its own; NULL with errno */
	void	(*end)(void *own);	/* resign */
	int	(*busy)(const void *own);	/* end would wait */
};

/*
 * This host is elected until then (when_mono), or goes on to be. back: no other
 * was since it last was. why says how, and is copied.
 */
void	elect_hold(struct elect *, int64_t until, int back, const char *why);

/* It is not, or not any more. */
void	elect_lose(struct elect *, const char *why);

extern const struct elect_backend elect_file;

#endif
