#ifndef HTTPD_REQUEST_H
#define HTTPD_REQUEST_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * One request as it is read: the head, then where the body ends. Bytes in,
 * verdicts out; the connection does the reading. Private to httpd.
 */

struct httpd_conn;
struct httpd_limits;
struct httpd_request;

/* Why the server itself refuses. */
struct httpd_refusal {
	int	 status;
	const char *why;
};

/* NULL: ENOMEM. */
struct httpd_request *httpd_request_new(struct httpd_conn *);
void	httpd_request_free(struct httpd_request *);
struct httpd_conn *httpd_request_conn(const struct httpd_request *);

/* More of the head. How many bytes were its; -1: refused. */
ssize_t	httpd_request_head(struct httpd_request *, const struct httpd_limits *,
	    const char *p, size_t len, struct httpd_refusal *);

/* Is the head complete, and sound; the body too? */
int	httpd_request_begun(const struct httpd_request *);
int	httpd_request_done(const struct httpd_request *);

/*
 * More of the body. How many bytes were taken, with one run of body, *body and
 * *n, at their end (n 0: none); -1: refused.
 */
ssize_t	httpd_request_body(struct httpd_request *, const char *p, size_t len,
	    const char **body, size_t *n, struct httpd_refusal *);

/* Does its head let the connection be kept; wait for 100 Continue? */
int	httpd_request_keeps(const struct httpd_request *);
int	httpd_request_waits(const struct httpd_request *);

/* 0 or 1, of HTTP/1.x; 1 where it is not known. */
int	httpd_request_minor(const struct httpd_request *);

/* May what is left of the body be at most HTTPD_AWAY bytes? */
int	httpd_request_short(const struct httpd_request *);

#endif
