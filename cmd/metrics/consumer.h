#ifndef CONSUMER_H
#define CONSUMER_H

struct conf;
struct consumer;
struct event_base;
struct spool;

/*
 * Works off queue/metrics (prof.7): each record goes to the worker, what it
 * makes is committed in a thread, then the verdict is said.
 */

/* NULL with errno. */
struct consumer *consumer_new(struct event_base *, struct spool *,
	    const struct conf *);

/* Say hello. */
int	consumer_start(struct consumer *);

/* Another configuration, for what is begun from now on. */
void	consumer_change(struct consumer *, const struct conf *);

/*
 * Take nothing more, finish what is under way within a bound, give the rest
 * back; then the loop ends.
 */
void	consumer_stop(struct consumer *);

/* After that: does a thread still commit, so that nothing can be freed? */
int	consumer_stuck(const struct consumer *);

void	consumer_free(struct consumer *);

/* Put the figures in stat/metrics. */
int	consumer_stat(struct consumer *);

#endif
