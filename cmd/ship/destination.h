#ifndef DESTINATION_H
#define DESTINATION_H

struct conf;
struct conf_destination;
struct counts;
struct dataway;
struct event_base;
struct health;
struct outbox;
struct outroom;
struct pool;
struct secret;
struct sender;

/* One destination, as configured, and all it takes to deliver to it. */
struct destination {
	struct destination	*next;		/* its owner's */
	struct event_base	*base;
	struct conf		*conf;
	const struct conf_destination *d;	/* of conf */
	struct pool		*pool;		/* for what blocks */
	struct health		*health;
	struct secret		*secrets;
	struct dataway		*dataway;	/* type dataway, with sender */
	struct sender		*sender;
	struct outbox		*outbox;	/* type file */
	struct outroom		*room;		/* the outbox's; NULL: any */
	struct counts		*counts;	/* borrowed */
	void			(*on_health)(void *arg);	/* it changed;
						   NULL: nobody cares */
	void			*arg;
	int			 by_hand;
	unsigned int		 deliveries;	/* that use it */
	int			 trimming;	/* the outbox, in a thread */
};

/*
 * The destination called name of conf, which is taken over, also on failure.
 * NULL: it was logged why, and code is that to exit with.
 */
struct destination *destination_open(struct event_base *, struct conf *,
	    const char *name, struct counts *, int *code);

/* Take up a token that has changed. Before each request. */
void	destination_renew(struct destination *);

/*
 * If the outbox may be over its capacity see to that in a thread. After
 * anything was stored, and at start.
 */
void	destination_trim(struct destination *);

/* There must be no deliveries, and this is no place called by its pool. */
void	destination_free(struct destination *);

#endif
