#ifndef SIGNALS_H
#define SIGNALS_H

struct event_base;
struct signals;

/*
 * What a daemon hears (prof.7, "Signals"): SIGTERM and SIGINT, and SIGHUP,
 * each in the loop. NULL with errno.
 */
struct signals *signals_new(struct event_base *, void (*on_term)(void *arg),
	    void (*on_hup)(void *arg), void *arg);
void	signals_free(struct signals *);

#endif
