#ifndef ANSWER_H
#define ANSWER_H

#include <stddef.h>
#include <stdint.h>

/* What one attempt to deliver a record came to. */
enum answer_kind {
	ANSWER_OK,
	ANSWER_RETRY,		/* it may go better later */
	ANSWER_SUSPEND,		/* the destination takes nothing from us */
	ANSWER_DEAD,		/* the record will never be taken */
	ANSWER_BACK		/* not tried, or not to be counted */
};

#define ANSWER_REASON	256

struct answer {
	enum answer_kind kind;
	int	status;		/* HTTP's; 0: none came */
	int64_t	after;		/* ns to wait at least (Retry-After); 0: any */
	int	ours;		/* says nothing about the destination */
	char	reason[ANSWER_REASON];	/* one line, no control bytes */
};

/* No answer by HTTP: kind and a reason, cut to fit and cleaned. */
void	answer_say(struct answer *, enum answer_kind, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));

/* The same where it says nothing about the destination. */
void	answer_ours(struct answer *, enum answer_kind, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));

/*
 * An answer by HTTP, as DESIGN.md "Talking to a destination" has it; a
 * redirect, which is not followed, is a wrong URL and suspends. after: seconds
 * of its Retry-After, 0 if there is none; capped at an hour. The reason is the
 * status and the first line of body.
 */
void	answer_http(struct answer *, int status, int64_t after,
	    const char *body, size_t len);

/* "ok", "retry", "suspended", "dead", "back". */
const char *answer_word(enum answer_kind);

#endif
