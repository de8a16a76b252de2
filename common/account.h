#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <stddef.h>
#include <stdint.h>

#include "ledger.h"
#include "spool.h"
#include "uuid.h"

/* An id of a queue that does not add up. */
struct suspect {
	char		 queue[SPOOL_NAME_MAX + 1];
	char		 id[UUID_TEXT];
	const char	*why;		/* a fixed sentence */
	enum ledger_word settles;	/* the line that would put it right */
};

struct suspects {
	struct suspect	*v;
	size_t		 n;
};

/* A queue's figures, by distinct id. */
struct account {
	uint64_t	 received;
	uint64_t	 ended[LEDGER_WORDS];	/* of ids that are not there */
	uint64_t	 queued, dead;
};

/*
 * Add up a queue's ledger and directories; what does not add up is appended to
 * s, which is freed by free(s->v). -1: errno.
 */
int	account_read(struct account *, int root, const char *queue,
	    struct suspects *s);

/*
 * What does not add up in any queue, and still did not in each of several
 * looks at a spool that may be at work: up to 2 s. -1: errno.
 */
int	account_check(int root, struct suspects *found);

#endif
