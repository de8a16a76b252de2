#ifndef MANAGER_H
#define MANAGER_H

#include <dirent.h>
#include <stddef.h>
#include <stdint.h>

#include "fifo.h"
#include "flow.h"
#include "uuid.h"
#include "vitals.h"

struct buf;
struct conf;
struct entry;
struct event;
struct event_base;
struct ledger;
struct program;
struct queue;
struct spool;
struct stock;

/*
 * Records admitted with one fsync a queue. Between two batches consumers are
 * heard: what they do in that time is their window, whatever comes.
 */
#define BATCH	64
#define SOURCES	5	/* kinds of producers, and 0 for the others */
#define WINDOW	256	/* names out at a time, at most */

/* Text of the last failure, for stat and log. */
#define REASON_MAX	256

struct fresh {
	char		 id[UUID_TEXT];
	uint64_t	 bytes;		/* on disk */
	unsigned char	 source;	/* recycle.h's number */
};

/* A delivered record's file, in spare/ and not to be written over yet. */
struct spared {
	char		 id[UUID_TEXT];
	unsigned char	 source;
};

/* A queue and the pipes to the consumer that works it off. */
struct consumer {
	struct manager	*manager;
	struct queue	*queue;
	struct ledger	*ledger;
	int		 external;	/* a script: no hello, window 1 */
	int64_t		 lease;		/* ns */
	int64_t		 retry_min;	/* ns */
	int64_t		 retry_max;	/* ns */

	int		 todo;		/* -1: nobody reads */
	int		 done;
	int64_t		 next_open;	/* of todo, by when_mono() */
	struct event	*todo_gone;	/* the reader has gone */
	struct event	*todo_room;	/* the pipe was full */
	struct event	*done_line;
	struct fifo	 lines;
	int		 heard;		/* its hello */
	int		 up;		/* both, as of the last tick, */
	int64_t		 changed;	/* since this, wall clock, ns */
	int		 greet;		/* it is owed a hello */
	unsigned int	 window;
	int		 failing;	/* its last verdict on one was retry */
	int		 stuck;		/* the disk keeps what was delivered */
	int64_t		 say_again;	/* by when_mono(): a failure like it */

	struct fresh	 fresh[BATCH];	/* linked, not handed out */
	size_t		 nfresh;
	struct spared	 spare[BATCH];
	size_t		 nspare;

	uint64_t	 admitted, delivered, retried, died, charged, back;
	uint64_t	 evicted, removed;
	uint64_t	 ignored;	/* verdicts that meant nothing */
	int64_t		 last_ok;	/* wall clock, ns; 0: never */
	int64_t		 last_failure;	/* the same, and */
	char		 reason[REASON_MAX];	/* why */
	uint64_t	 bytes;		/* on disk, of its records */
	struct flow	 in, out;	/* of admitted, delivered */
};

struct manager {
	struct spool	*spool;
	int		 root;
	const char	*path;
	struct event_base *base;
	struct consumer	**consumers;	/* configured or only left over */
	size_t		 nconsumers;
	struct ledger	*none;		/* of dead/none */
	size_t		 dead_none;	/* records there */
	uint64_t	 none_bytes;	/* that they occupy */
	struct stock	*stock;		/* of the other queues */
	uint64_t	 capacity;	/* bytes */
	uint64_t	 min_free;	/* that producers leave */
	int		 reject;	/* when full, rather than evict */
	DIR		*names;		/* of new/, behind the last batch, or NULL */
	int		 moved;		/* of those before them some have left it */
	int		 behind;	/* there is more than a batch in new/ */
	uint64_t	 new_bytes;	/* there, while behind or troubled */
	int64_t		 count_again;	/* of those, by when_mono() */
	int64_t		 evict_again;	/* after the disk refused, */
	int		 unevicted;	/* and that was said */
	int64_t		 last_evicted;	/* wall clock, ns; 0: never */
	struct flow	 size;		/* of the bytes they occupy */
	int64_t		 full_said;	/* by when_mono(); 0: it is not */
	int		 full_known;	/* whether `full` is a former one's */
	uint64_t	 seq;		/* of the last record admitted */
	int		 bell;
	struct event	*bell_rung;
	struct fifo	 rings;
	int		 ctl;
	struct fifo	 requests;
	uint64_t	 twice;		/* records that came again */
	uint64_t	 unadmitted;	/* to dead/none */
	uint64_t	 swept;		/* drafts left behind */
	int		 spare[SOURCES];	/* pipes; 0: not looked for,
						   -1: none */
	int		 unwritten;	/* said that a ledger is not written, */
	int		 unshortened;	/* or not shortened */
	int		 untold;	/* said that stat/spool is not */
	int		 troubled;	/* said that the disk refuses */
	struct vitals	 vitals;
};

/*
 * manager.c: the daemon. Returns an exit code. On SIGHUP *conf is read again
 * and the old one freed.
 */
int	manager_run(struct spool *, struct conf **conf, const struct program *);

/* Free what the loading has made. */
void	manager_clear(struct manager *);

/*
 * load.c: the consumer of a queue, its index made from the directories if it
 * is new. NULL with errno.
 */
struct consumer *load_consumer(struct manager *, const char *name);

/* The queues that are there but no longer configured; dead/none. -1: errno. */
int	load_left_over(struct manager *);
int	load_none(struct manager *);

/*
 * admit.c: take up to BATCH records out of new/ and hand them to their
 * queues. 1: there are more; 0: that was all; -1: the disk refuses some.
 */
int	admit_batch(struct manager *);

/*
 * request.c: do what an operator asks (its head says what). -1 with errno:
 * ENOENT: there is no such record; else the disk refused and it has said so.
 */
int	request_act(struct manager *, const char *verb, const char *queue,
	    const char *name);

/* The same from a line of pipe/ctl, which is cut up. */
void	request_line(struct manager *, char *line);

/* clear.c: remove every record there is. -1: errno. */
int	clear_all(struct manager *);

/* evict.c: do what when_full says if the spool is over its capacity. */
void	evict_over_capacity(struct manager *);

/* sweep.c: remove drafts that nobody writes any more. */
void	sweep_drafts(struct manager *);

/*
 * If dir/name is a draft that nobody writes any more, lock it: nobody will,
 * until the descriptor is closed. -1: it is none.
 */
int	sweep_lock(int dir, const char *name);

/* tally.c: put the figures in stat/spool. */
void	tally_write(struct manager *);

/* tally_flow.c: those of what moves, what does not, and how fast. -1: ENOMEM. */
int	tally_flow(struct manager *, struct buf *);

/* consumer.c */
struct consumer *consumer_new(struct manager *, const char *name);
void	consumer_free(struct consumer *);

/* A record got a name in its queue, or lost it: what that has in bytes. */
int	consumer_gain(struct consumer *, const char *id, uint64_t bytes,
	    unsigned char source);
void	consumer_lose(struct consumer *, const char *id);

/* Remember what went wrong last. */
void	consumer_failed(struct consumer *, const char *reason);

/* Open what pipes are there to open; hand out what may be. Call it often. */
void	consumer_serve(struct consumer *);

/* Charge leases that ran out, wake what waited, serve. */
void	consumer_tick(struct consumer *, int64_t now);

/* Read verdicts to the end of the pipe. */
void	consumer_read(struct consumer *);

/*
 * verdict.c: what becomes of a record. The entry may be gone afterwards.
 * Where the disk keeps one that was delivered, the consumer is stuck: nothing
 * is handed out, or it would be delivered again and again, until
 * verdict_ok_again has been able to remove it.
 */
void	verdict_ok(struct consumer *, struct entry *);
void	verdict_ok_again(struct consumer *);
void	verdict_retry(struct consumer *, struct entry *, int64_t delay,
	    const char *reason);
void	verdict_back(struct consumer *, struct entry *);
void	verdict_dead(struct consumer *, struct entry *, const char *reason);

/* It was out and will not be answered for: an attempt, and a delay. */
void	verdict_charge(struct consumer *, struct entry *, const char *reason);

#endif
