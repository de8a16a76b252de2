#ifndef SERVICE_H
#define SERVICE_H

struct conf;
struct event_base;
struct intake;

/*
 * The HTTP server on all its addresses, and what it publishes: stat/recv, now
 * and every 10 s. Logs what goes wrong.
 */
struct service;

/* Listen on what in->conf says, write stat/recv. NULL: it is logged why. */
struct service *service_new(struct event_base *, struct intake *in);

/* in->conf has changed: its limits hold for what begins from now on. */
void	service_limit(struct service *);

/*
 * Take nothing new. service_idle: nothing is under way any more, neither a
 * connection nor a commit.
 */
void	service_stop(struct service *);
int	service_idle(const struct service *);

/* Close everything at once. */
void	service_close(struct service *);

/* Write stat/recv for the last time. Harmless with NULL. */
void	service_free(struct service *);

#endif
