#ifndef LOCKS_H
#define LOCKS_H

#include <sys/types.h>

/*
 * Who holds the flocks of lock/, by /proc/locks (proc(5)): it is read and
 * nothing is tried, for whoever tries holds the lock for a moment himself, and
 * a program that starts in that moment would not.
 */
struct locks;

/* NULL: errno. */
struct locks *locks_read(void);
void	locks_free(struct locks *);

/*
 * The process that holds lock/PROG of the spool whose root is open as root; 0:
 * none. -1: errno; ENOENT: there is no such lock.
 *
 * A holder in a container of its own is not in our /proc/locks. Where try is
 * set because its figures are fresh all the same, the lock is tried after all:
 * *elsewhere says that someone has it.
 */
pid_t	locks_holder(const struct locks *, int root, const char *prog, int try,
	    int *elsewhere);

#endif
