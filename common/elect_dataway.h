#ifndef ELECT_DATAWAY_H
#define ELECT_DATAWAY_H

#include <stddef.h>
#include <stdint.h>

/*
 * What a Dataway answers to POST /v1/election and /v1/election/heartbeat
 * (DataKit, internal/election/leader_election.go):
 *
 *	{"content": {"status": "success" or "defeat", "namespace": ...,
 *	    "id": ..., "incumbency_id": ..., "error_msg": ...,
 *	    "interval": SECONDS}}
 */
struct elect_dataway_answer {
	int		 elected;
	int64_t		 interval;	/* ns: the time to the next question,
					   and so how long it must be good
					   for; within 1 to 60 s */
	char		 leader[256];	/* "": it does not say */
	const char	*odd;		/* a fixed sentence if the interval was
					   none of those, and 4 s is taken; or
					   NULL */
};

/* Parse one to our question. -1: *why (a fixed sentence). */
int	elect_dataway_parse(const char *p, size_t len, const char *name_space,
	    const char *id, struct elect_dataway_answer *, const char **why);

#endif
