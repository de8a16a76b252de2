#ifndef PROBLEM_H
#define PROBLEM_H

#include <stddef.h>
#include <stdint.h>

struct suspects;
struct view;

/*
 * What is wrong with what is seen: what, where, since when, why, and the
 * command that mends it or tells more. What needs a person comes first, and of
 * that the worst.
 */
struct problem {
	int	 rank;		/* 0 is the worst */
	int	 code;		/* 100: needs a person; 111: may pass */
	char	 what[200];	/* with where */
	double	 since;		/* unix seconds; 0: unknown */
	char	 why[300];	/* "": nothing more is known */
	char	 next[600];	/* a command, or what to do */
};

struct problems {
	struct problem	*v;
	size_t		 n;
};

/* From where on something is one. */
struct limits {
	double	 down;		/* seconds without a program, till then 111 */
	double	 silent;	/* seconds that figures may be old */
	double	 stuck;		/* seconds without a delivery */
	double	 away;		/* seconds that a destination may be down */
	double	 full;		/* of the capacity, 0 to 1 */
	double	 dead;		/* records that may be dead */
};

extern const struct limits limits_default;

/* "stuck=15m", "full=80", "dead=10". -1: it means nothing. */
int	limits_set(struct limits *, const char *text);

/* Find them; suspects are of the ledgers. -1: ENOMEM. Free with free(p->v). */
int	problems_find(struct problems *, const struct view *,
	    const struct limits *, const struct suspects *);

/* Add one; the rest of it is the caller's to fill. NULL: ENOMEM. */
struct problem *problem_add(struct problems *, int rank, int code,
	    double since);

/* Its parts, in files of their own: -1: ENOMEM. */
int	problems_space(struct problems *, const struct view *,
	    const struct limits *);
int	problems_queues(struct problems *, const struct view *,
	    const struct limits *);

enum problem_rank {
	RANK_SPOOL, RANK_CONF, RANK_MANAGER, RANK_LEDGER, RANK_DISK, RANK_FULL,
	RANK_INTAKE, RANK_EVICTING, RANK_PROGRAM, RANK_SILENT, RANK_SUSPENDED,
	RANK_STUCK, RANK_AWAY, RANK_DEAD, RANK_NEW, RANK_FILLING, RANK_LEFT,
	RANK_ELECTION, RANK_UNREAD
};

#endif
