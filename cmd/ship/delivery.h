#ifndef DELIVERY_H
#define DELIVERY_H

#include <stdint.h>

struct answer;
struct destination;
struct record;

/*
 * One record on its way to a destination: opened and checked in a thread, then
 * attempted up to a round, with pauses that double under full jitter. Attempts
 * that fail go to the next URL where there are several, at once until all have
 * had their turn.
 */
struct delivery;

/*
 * path is opened; where it is NULL the record is in fd, which the delivery
 * closes. id: what the record's must be, NULL: any. rounds: those that failed
 * before. on_done is called once, in the loop (or by delivery_stop), and may
 * free it. NULL: ENOMEM.
 */
struct delivery *delivery_new(struct destination *, const char *path, int fd,
	    const char *id, unsigned int rounds,
	    void (*on_done)(struct delivery *, void *arg), void *arg);

/* Begin; on_done may be called from here only where memory is short. */
void	delivery_start(struct delivery *);

/*
 * Make no attempt but the one under way. now: give that up too, unless it is
 * being stored. What is not over then comes back as ANSWER_BACK.
 */
void	delivery_stop(struct delivery *, int now);

/* When it is over, or idle. */
void	delivery_free(struct delivery *);

/* The record's id, or NULL before it could be read. */
const char *delivery_id(const struct delivery *);

/* Of one that is over: the answer; ns to wait where it is to be retried. */
const struct answer *delivery_answer(const struct delivery *);
int64_t	delivery_delay(const struct delivery *);

/* Attempts made, bytes to be sent, and something to log or NULL. */
unsigned int delivery_tries(const struct delivery *);
uint64_t delivery_length(const struct delivery *);
const char *delivery_warning(const struct delivery *);

#endif
