#ifndef ANSWER_H
#define ANSWER_H

#include <stdint.h>

struct conf_list;
struct httpd_request;
struct tally;

#define ANSWER_NOWHERE	UINT64_MAX

/*
 * Answers in JSON, each counted. An error looks like one of httpd's own and has
 * an "offset" too: the body's byte at which it was wrong, unless that is
 * ANSWER_NOWHERE. 503 says Retry-After.
 */
void	answer_error(struct httpd_request *, struct tally *, int status,
	    const char *why, uint64_t at);

/* 405; allow is the method to use instead. */
void	answer_method(struct httpd_request *, struct tally *,
	    const char *allow);

/* 200: a record is safe (the answer that DataKit's clients know). */
void	answer_id(struct httpd_request *, struct tally *, const char *id);

/* 200: what tracers ask an agent for. */
void	answer_info(struct httpd_request *, struct tally *,
	    const struct conf_list *endpoints);

#endif
