#ifndef FOLD_H
#define FOLD_H

#include <stddef.h>
#include <stdint.h>

#include "ledger.h"
#include "uuid.h"

/* Of an id in a ledger read to its end: its first line's order, last word. */
struct folded {
	char		 id[UUID_TEXT];
	unsigned char	 word;		/* enum ledger_word */
	uint64_t	 order;		/* 1, 2, ... */
};

struct fold {
	struct folded	*v;		/* by id */
	size_t		 n, cap;
	uint64_t	 lines;
	uint64_t	 totals[LEDGER_WORDS];	/* of ids no longer listed */
};

/* -1: errno. A ledger that is not there is an empty one. */
int	fold_read(struct fold *, int root, const char *queue);
void	fold_free(struct fold *);

/* NULL: it has no line. */
const struct folded *fold_find(const struct fold *, const char *id);

/*
 * Replace a queue's ledger by a shorter one: totals of the ids that have an end
 * and that is_there denies, "in" lines of the others in their order. -1: errno,
 * and the old one goes on.
 */
int	fold_shorten(struct ledger *, int root, const char *queue,
	    int (*is_there)(const char *id, void *arg), void *arg);

#endif
