#ifndef CREW_H
#define CREW_H

struct counts;
struct destination;
struct pipes;

/*
 * The deliveries of the names in hand: at most the destination's workers at
 * once, each answered by a verdict.
 */
struct crew;

/* All borrowed; the crew is freed before the pipes. NULL: ENOMEM. */
struct crew *crew_new(struct pipes *, struct counts *);
void	crew_free(struct crew *);

/* Begin what may, give back what may not; with to NULL that is all. */
void	crew_begin(struct crew *, struct destination *to);

/*
 * No further attempts, but for the delivery except; now: end those under way,
 * as delivery_stop has it.
 */
void	crew_stop(struct crew *, const void *except, int now);

/* How many are under way. */
unsigned int crew_active(const struct crew *);

#endif
