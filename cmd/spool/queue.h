#ifndef QUEUE_H
#define QUEUE_H

#include <sys/queue.h>

#include <stddef.h>
#include <stdint.h>

#include "ids.h"

/*
 * What prof-spool has in memory of one queue: an index of queue/NAME and
 * dead/NAME, rebuilt from the directories at start. Nothing here touches the
 * disk. Times are when_mono()'s.
 */
enum entry_state { ENTRY_READY, ENTRY_WAITING, ENTRY_OUT, ENTRY_DEAD };

struct entry {
	struct id	 id;
	TAILQ_ENTRY(entry) line;	/* queued or dead, the oldest first */
	uint64_t	 seq;		/* order of admission */
	int64_t		 until;		/* waiting: eligible; out: lease ends */
	int64_t		 due;		/* as in its name, unix seconds */
	unsigned int	 attempts;
	int		 delivered;	/* but its name could not be removed */
	enum entry_state state;
	size_t		 at[2];		/* places in the heaps it is in */
};

struct heap;

struct queue {
	char		 name[33];
	unsigned int	 accept;	/* kinds, bits; 0: no longer configured */
	struct ids	 ids;
	TAILQ_HEAD(, entry) queued;	/* in order of admission */
	TAILQ_HEAD(, entry) dead;	/* in the order they died */
	size_t		 ndead;
	struct heap	*oldest;	/* the ready ones */
	struct heap	*newest;	/* the same ones */
	struct heap	*waiting;
	struct entry	**out;		/* handed out */
	size_t		 nout, out_cap;
	unsigned int	 picks;
};

struct queue *queue_new(const char *name);
void	queue_free(struct queue *);

/* NULL: not in the queue, nor dead in it. */
struct entry *queue_find(const struct queue *, const char *id);

/* How many records are queued; those dead are ndead. */
size_t	queue_depth(const struct queue *);

/*
 * Index an id that is not there yet; seq is higher than all before. until > 0:
 * it waits till then; else it is ready. NULL: out of memory.
 */
struct entry *queue_add(struct queue *, const char *id, uint64_t seq,
	    unsigned int attempts, int64_t due, int64_t until);

/* Forget and free an entry in any state. */
void	queue_remove(struct queue *, struct entry *);

/* Move an entry to another state. -1: ENOMEM, nothing changed. */
int	queue_ready(struct queue *, struct entry *);
int	queue_wait(struct queue *, struct entry *, int64_t until);
int	queue_out(struct queue *, struct entry *, int64_t lease_end);
void	queue_dead(struct queue *, struct entry *);

/*
 * The next one to hand out: odd picks the oldest, even picks the newest of the
 * ready. The caller moves it on. NULL: none is ready.
 */
struct entry *queue_pick(struct queue *);

/*
 * The one to try a failing destination with: of the ready the one with the
 * fewest attempts, the oldest of those, so that no poisonous record can hold
 * the queue.
 */
struct entry *queue_probe(const struct queue *);

/* Make ready what has waited long enough. -1: ENOMEM. */
int	queue_tick(struct queue *, int64_t now);

#endif
