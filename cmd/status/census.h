#ifndef CENSUS_H
#define CENSUS_H

#include <stddef.h>
#include <stdint.h>

/* What stands in a queue's directories, counted name by name. */
struct census {
	uint64_t	 ready, waiting, dead;
	uint64_t	 bytes;		/* of disk */
	double		 oldest;	/* unix seconds; 0: none */
	double		 next_due;	/* of those that wait; 0: none does */
};

/*
 * Count queue/NAME and dead/NAME; a million takes a while, which is said on
 * standard error if that is a terminal. -1: errno.
 */
int	census_take(struct census *, int root, const char *queue);

/*
 * How many records are in new/, and when the oldest of them was begun. -1:
 * errno.
 */
int	census_new(int root, uint64_t *n, double *oldest);

/*
 * An id of queue/NAME: the oldest of the first thousand that the directory
 * names. -1: errno; ENOENT: none.
 */
int	census_sample(int root, const char *queue, char *id);

/*
 * One of the dead of a queue: the one that died first of the first thousand
 * that the directory names. id has room for UUID_TEXT. -1: errno; ENOENT: none.
 */
int	census_dead(int root, const char *queue, char *id, double *since,
	    char *why, size_t size);

#endif
