#ifndef RESTORE_H
#define RESTORE_H

struct keep;
struct listeners;
struct sets;

/*
 * At the start: end the joins that were committed, and take up the sets that
 * wait in keep/pyro; those of a listener that is no more need not wait. on_bad
 * is told of what is no part; it stays. -1 with errno.
 */
int	restore(struct keep *, struct sets *, const struct listeners *,
	    void (*on_bad)(const char *name, const char *why, void *arg),
	    void *arg);

#endif
