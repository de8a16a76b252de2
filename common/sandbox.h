#ifndef SANDBOX_H
#define SANDBOX_H

struct buf;
struct conf;

/*
 * A program's sandbox (prof.7, "The sandbox"): what grant.h grants, entered by
 * confine.h. There is one of a process, and it speaks for it, so it logs.
 */

/*
 * Enter it, unless it is configured off, when all is open that is opened once,
 * and before threads are made. prog is recv, ship.NAME and so on;
 * spool 0: records go to standard output.
 */
void	sandbox_enter(const char *prog, const struct conf *, int spool);

/*
 * The targets of this one, too, which the command line names: to be said before
 * that, and again before a sandbox_change by which it is another.
 */
void	sandbox_also(const struct conf *targets);

/* That of prof-metrics' worker: nothing but its socket and what comes by it. */
void	sandbox_worker(void);

/*
 * Say so, and be 1, if a configuration that is taken wants more than was
 * granted; or if a file or directory was replaced that was granted as it was.
 * A program that can then ends with 111, to be started again; sandbox_ends: was
 * it said?
 */
int	sandbox_change(const struct conf *);
int	sandbox_stale(void);
int	sandbox_ends(void);

/* Append the figure that says what is in force. -1: ENOMEM. */
int	sandbox_print(struct buf *, const char *prog);

#endif
