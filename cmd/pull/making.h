#ifndef MAKING_H
#define MAKING_H

#include <stddef.h>
#include <stdint.h>

#include "kind.h"
#include "pulled.h"
#include "uuid.h"

struct order;
struct pull;
struct round;
struct target;

/*
 * A record in the making: what a thread needs, and what it comes to. Of one
 * target, what grows is in one making at a time.
 */
struct making {
	struct pull	*pull;
	struct round	*round;
	struct target	*target;	/* of it, as the next */
	struct order	*order;
	char		 id[UUID_TEXT];	/* of the record, from the beginning */
	struct pulled	 pulled[KINDS];
	size_t		 n;
	size_t		 sent;		/* of n, they stand in front */
	int		 restarted;	/* the target, as one of them shows */
	int64_t		 began;		/* when_mono: the commit */
	int64_t		 until;		/* when_mono: commit before */
	int		 error;		/* errno, or 0 */
	int		 late;		/* elected no more */
	unsigned int	 stale;		/* kinds (bits): what is kept is void */
	int		 unfinished;	/* committed, but not ended: error */
	uint64_t	 length;	/* of the record's body */
};

/* In a thread: what is each, and its delta. */
void	making_digest(struct making *);

/* In a thread: the record of those that are sent, and the baselines. */
void	making_commit(struct making *);

#endif
