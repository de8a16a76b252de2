#ifndef CREW_H
#define CREW_H

struct counts;
struct destination;
struct done;

/*
 * The names in hand and their deliveries: at most the destination's workers at
 * once, each name once, each answered by a verdict in done.
 */
struct crew;

/* on_change is called when one was answered. NULL: ENOMEM. */
struct crew *crew_new(struct done *, struct counts *,
	    void (*on_change)(void *arg), void *arg);
void	crew_free(struct crew *);

/*
 * Take "ID ATTEMPTS PATH", which is cut apart. What is in hand already is not
 * taken twice. -1: not such a line.
 */
int	crew_take(struct crew *, char *line);

/* Begin what may, give back what may not; with to NULL that is all. */
void	crew_begin(struct crew *, struct destination *to);

/*
 * No further attempts, but for the delivery except; now: end those under way,
 * as delivery_stop has it.
 */
void	crew_stop(struct crew *, const void *except, int now);

/* Names in hand, and how many of them are begun. */
unsigned int crew_names(const struct crew *);
unsigned int crew_active(const struct crew *);

#endif
