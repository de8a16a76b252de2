#ifndef PIPES_H
#define PIPES_H

#include <sys/queue.h>

#include <stdint.h>

#include "uuid.h"

struct event_base;
struct pipes;
struct spool;

/*
 * A consumer's half of its two pipes (prof.7, "THE PIPES"): it says hello and
 * windows, takes names from pipe/NAME.todo, holds them until they are answered,
 * and writes the verdicts to pipe/NAME.done.
 */
#define PIPES_WINDOW	256	/* prof-spool's own bound */
#define PIPES_PATH	512	/* a line's bound, FIFO_LINE */

/* A name in hand. */
struct pipes_name {
	TAILQ_ENTRY(pipes_name) next;
	struct pipes	*pipes;
	void		*work;		/* the program's; NULL: not begun */
	unsigned int	 attempts;	/* that failed before */
	char		 id[UUID_TEXT];
	char		 path[PIPES_PATH];
};

struct pipes_calls {
	/* How many names are wanted at a time. */
	unsigned int (*window)(void *arg);
	/* Begin what can begin, answer what cannot. */
	void	(*pump)(void *arg);
	/* Every 10 seconds. */
	void	(*tick)(void *arg);
	/* Every 50 ms while it stops, with the ns since. */
	void	(*stopping)(int64_t since, void *arg);
	/* A line of todo that is none. */
	void	(*odd)(const char *line, void *arg);
	/*
	 * There is no memory to keep a verdict in, and so no way to keep a
	 * promise but to begin anew: must end the process.
	 */
	void	(*broken)(void *arg);
};

/* Of the queue of that name; spool is borrowed. NULL with errno. */
struct pipes *pipes_new(struct event_base *, struct spool *, const char *queue,
	    const struct pipes_calls *, void *arg);
void	pipes_free(struct pipes *);

/* Say hello, and take names from now on. -1 with errno. */
int	pipes_start(struct pipes *);

/*
 * Something has changed: in the loop, soon, say the window if it is another
 * one, pump, and read on.
 */
void	pipes_pump(struct pipes *);

/*
 * Take no more names; when all in hand are answered and prof-spool has read it
 * the loop is broken. Said twice, since is five seconds more.
 */
void	pipes_stop(struct pipes *);
int	pipes_stopping(const struct pipes *);

/* The names in hand, in the order they came. */
struct pipes_name *pipes_first(const struct pipes *);
struct pipes_name *pipes_next(const struct pipes_name *);
unsigned int pipes_names(const struct pipes *);

/* The window as it was said last. */
unsigned int pipes_window(const struct pipes *);

/* Answer "ok", "back", "retry SECONDS REASON" or "dead REASON"; n is freed. */
void	pipes_answer(struct pipes_name *n, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

#endif
