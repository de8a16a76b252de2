#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>

#include <event2/event.h>

enum { TERM, INT, HUP, SIGNALS };

struct signals {
	struct event	*event[SIGNALS];
	void		(*on_term)(void *);
	void		(*on_hup)(void *);
	void		*arg;
};

static void
on_signal(evutil_socket_t number, short what, void *arg)
{
	struct signals *s = arg;

	(void)what;
	(number == SIGHUP ? s->on_hup : s->on_term)(s->arg);
}

struct signals *
signals_new(struct event_base *base, void (*on_term)(void *arg),
    void (*on_hup)(void *arg), void *arg)
{
	static const int numbers[] = { [TERM] = SIGTERM, [INT] = SIGINT,
	    [HUP] = SIGHUP };
	struct signals *s;
	size_t i;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	s->on_term = on_term;
	s->on_hup = on_hup;
	s->arg = arg;
	for (i = 0; i < SIGNALS; i++) {
		s->event[i] = evsignal_new(base, numbers[i], on_signal, s);
		if (s->event[i] == NULL || event_add(s->event[i], NULL) == -1) {
			signals_free(s);
			errno = ENOMEM;
			return (NULL);
		}
	}
	return (s);
}

void
signals_free(struct signals *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < SIGNALS; i++)
		if (s->event[i] != NULL)
			event_free(s->event[i]);
	free(s);
}
