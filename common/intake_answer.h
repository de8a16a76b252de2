#ifndef INTAKE_ANSWER_H
#define INTAKE_ANSWER_H

#include <stddef.h>
#include <stdint.h>

struct httpd_request;
struct intake_tally;

#define INTAKE_NOWHERE	UINT64_MAX
#define INTAKE_RETRY	"Retry-After: 10\r\n"	/* beside 503 */

/* Answer, counted; the rest is httpd_reply's. */
void	intake_answer(struct httpd_request *, struct intake_tally *,
	    int status, const char *type, const char *extra, const char *body,
	    size_t len);

/*
 * An error in JSON, as httpd's own look. It has an "offset" too, the body's
 * byte at which it was wrong, unless that is INTAKE_NOWHERE. 503 says
 * Retry-After.
 */
void	intake_answer_error(struct httpd_request *, struct intake_tally *,
	    int status, const char *why, uint64_t at);

/* 401; it says that a bearer token is wanted (RFC 6750). */
void	intake_answer_token(struct httpd_request *, struct intake_tally *,
	    const char *why);

/* 405; allow is the method to use instead. */
void	intake_answer_method(struct httpd_request *, struct intake_tally *,
	    const char *allow);

#endif
