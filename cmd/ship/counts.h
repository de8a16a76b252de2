#ifndef COUNTS_H
#define COUNTS_H

#include <stdatomic.h>
#include <stdint.h>

#include "histogram.h"

struct answer;
struct buf;

/* What prof-ship counts of one destination, for stat/ship.NAME. */
struct counts {
	uint64_t	verdicts[5];	/* by enum answer_kind */
	uint64_t	attempts[6];	/* by hundreds of the status; 0: none */
	uint64_t	bytes;		/* of bodies, as far as they got */
	struct histogram upload;	/* attempts that were answered */
	int64_t		last_ok;	/* unix ns; 0: never */
	atomic_ullong	evicted;	/* from an outbox, by a thread */
	char		reason[256];	/* of the last answer; "" if ok */
};

/* What holds now. */
struct counts_now {
	const char	*queue;
	int		 state;		/* enum health_state */
	int64_t		 since;		/* unix ns of its beginning */
	unsigned int	 in_hand;
	unsigned int	 workers;
	unsigned int	 window;
	int64_t		 opens;		/* unix ns of the next probe; 0: none */
	int		 stale_token;	/* these changed, and were not taken */
	int		 stale_files;
	int		 outbox;	/* it is one, and holds */
	uint64_t	 outbox_bytes;
};

/* One attempt, which took so many ns, and one verdict. */
void	counts_attempt(struct counts *, const struct answer *, int64_t took);
void	counts_verdict(struct counts *, const struct answer *, int64_t now);

/* Append them in Prometheus' text format. -1: ENOMEM. */
int	counts_text(const struct counts *, const struct counts_now *,
	    struct buf *out);

#endif
