#ifndef ROSTER_H
#define ROSTER_H

#include <stddef.h>

struct plan;
struct pull;
struct target;

/*
 * All targets: those of the sections with a url, and those of lists, which are
 * read again when they change.
 */
struct roster;

/* By the plan in force. NULL: ENOMEM. */
struct roster *roster_new(struct pull *);

/* Every target must be idle. */
void	roster_free(struct roster *);

/* Begin with the rounds, of what is there and what comes. */
void	roster_start(struct roster *);

/* The plan in force is another one: targets come, go, and change. */
void	roster_change(struct roster *);

/* No more rounds, and no more lists. */
void	roster_stop(struct roster *);

/* Has no target a round, nor one to come? */
int	roster_idle(const struct roster *);

/* Who is elected, or whose each target is, has changed. */
void	roster_share(struct roster *);

/* How many of them this host pulls. */
size_t	roster_mine(const struct roster *);

/* Remove what is kept of targets that are gone for a day. -1 with errno. */
int	roster_prune(const struct roster *);

/* Forget what is held of all of them in place of a spool. */
void	roster_forget(struct roster *);

/* Those configured now, by the next of struct target. */
struct target *roster_first(const struct roster *);
size_t	roster_targets(const struct roster *);

#endif
