#ifndef WALK_H
#define WALK_H

#include <stdint.h>

#include "uuid.h"

/* One name of a record in the spool: a record can have several. */
struct place {
	const char	*state;		/* "new", "queue", "dead" */
	const char	*queue;		/* "" in new */
	const char	*name;
	char		 id[UUID_TEXT];
	unsigned int	 attempts;
	int64_t		 due;		/* unix seconds, 0: none */
	char		 path[256];	/* from the spool's root */
};

/*
 * Call on_place for every name in the state (NULL: all states) and queue
 * (NULL: all). It stops when on_place returns other than 0, and returns that;
 * -1 with errno when a directory cannot be read.
 */
int	walk(int root, const char *state, const char *queue,
	    int (*on_place)(const struct place *, void *arg), void *arg);

/* The same for the names of the queues of a state ("queue" or "dead"). */
int	walk_queues(int root, const char *state,
	    int (*on_queue)(const char *queue, void *arg), void *arg);

#endif
