#ifndef CONSUMER_H
#define CONSUMER_H

struct counts;
struct destination;
struct event_base;
struct spool;

/*
 * The daemon's half of the pipes (prof.7): takes names from pipe/NAME.todo,
 * delivers them, answers in pipe/NAME.done.
 */
struct consumer;

/* Takes to over, also on failure. NULL with errno. */
struct consumer *consumer_new(struct event_base *, struct spool *,
	    struct destination *to);

/* Say hello. */
int	consumer_start(struct consumer *);

/* Another configuration; what is under way goes on with the old one. */
void	consumer_change(struct consumer *, struct destination *to);

/*
 * Take nothing more, finish what is under way within a bound, give the rest
 * back; then the loop ends.
 */
void	consumer_stop(struct consumer *);

/* After that: does a thread still store, so that nothing can be freed? */
int	consumer_stuck(const struct consumer *);

void	consumer_free(struct consumer *);

/* Put the figures in stat/ship.NAME. */
int	consumer_stat(struct consumer *);

#endif
