#ifndef SERVICE_H
#define SERVICE_H

struct pull;

/*
 * All that prof-pull works with, made, run and ended. Logs what goes wrong.
 */

/* By p->plan, p->once and p->output. -1: it is logged why. */
int	service_begin(struct pull *);

/* Until everything is pulled (p->once), or service_stop. */
int	service_run(struct pull *);

/*
 * No more rounds; what was fetched is committed, for 30 s at most. Said again,
 * not at all.
 */
void	service_stop(struct pull *);

/* p->plan is another one now. */
void	service_change(struct pull *);

/* -1: something hangs, nothing is freed, and the process is to end. */
int	service_end(struct pull *);

#endif
