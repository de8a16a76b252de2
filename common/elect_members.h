#ifndef ELECT_MEMBERS_H
#define ELECT_MEMBERS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Who shares work, and which of them does what: for each piece every member
 * draws a number from its name and the piece's hash, and the highest has it
 * (rendezvous hashing; Thaler and Ravishankar, 1998). So whoever comes takes
 * its pieces from all, whoever goes leaves his to all, and nothing else moves.
 */
#define ELECT_MEMBERS_MAX	1000

struct elect_member {
	uint64_t	 seed;		/* of its name */
	uint64_t	 order;		/* of two of a name the later one has
					   the work: the first is gone, or it
					   will be soon */
	int64_t		 lease;		/* ns */
	int		 self;
};

struct elect_members {
	size_t		 n;
	struct elect_member v[];
};

/* Room for n. NULL: ENOMEM. free(3) frees it. */
struct elect_members *elect_members_new(size_t n);

/* Fill one in; order is another for every member. */
void	elect_members_add(struct elect_members *, const char *name,
	    uint64_t order, int64_t lease, int self);

/* Whose is the work with this hash? NULL: there is no member. */
const struct elect_member *elect_members_owner(const struct elect_members *,
	    uint64_t hash);

/* Are they the same? They stand in the same order. */
int	elect_members_same(const struct elect_members *,
	    const struct elect_members *);

/* The longest lease but our own, ns; 0: we are alone. */
int64_t	elect_members_lease(const struct elect_members *);

#endif
