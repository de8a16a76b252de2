#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The head of an HTTP/1.x request (RFC 9112, sections 2 to 6, read strictly):
 * what the RFC lets a server repair is refused here, since a proxy in front
 * may have read it another way.
 */

struct http_field {
	const char *name;
	const char *value;		/* without the white space around it */
};

struct http_head {
	const char *method;
	const char *target;		/* as sent */
	const char *path;		/* of the target, not decoded; or "*" */
	const char *query;		/* behind its ?, or "" */
	int	 minor;			/* HTTP/1.minor: 0 or 1 */
	int	 keep;			/* the connection may be kept */
	int	 expect;		/* the client waits for 100 Continue */
	int64_t	 length;		/* of the body; -1: chunked */
	size_t	 nfields;
	struct http_field fields[];
};

/*
 * Looks for the blank line that ends a head in bytes as they come. All zeros:
 * at the start of one.
 */
struct http_scan {
	int	 state;
	int	 begun;			/* a line was seen */
	int	 done;			/* the blank line too */
};

/*
 * Look at more bytes. Returns how many of them belong to the head: all, unless
 * done. -1: a byte that no head can hold, known before the head is complete.
 */
ssize_t	http_head_scan(struct http_scan *, const char *p, size_t len,
	    const char **why);

/*
 * Parse a whole head with its blank line; one empty line before it is skipped
 * (RFC 9112, 2.2). NULs are written into p, and the answer points into it, so
 * p must outlive it. NULL: *status is what to answer and *why says what is
 * wrong: 400; 417 Expect; 431 over max_fields; 501 transfer coding; 503 out of
 * memory; 505 version.
 */
struct http_head *http_head_parse(char *p, size_t len, size_t max_fields,
	    int *status, const char **why);
void	http_head_free(struct http_head *);

/* The value of the first field of that name (any case), or NULL. */
const char *http_head_find(const struct http_head *, const char *name);

/* May c stand in a token; in a field's value (RFC 9110, 5.5 and 5.6.2)? */
int	http_is_token(char c);
int	http_is_text(char c);

#endif
