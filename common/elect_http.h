#ifndef ELECT_HTTP_H
#define ELECT_HTTP_H

#include <stddef.h>
#include <stdint.h>

struct conf_list;
struct elect;
struct event_base;
struct secret;

/*
 * Requests of an election, one at a time: a small POST, a bounded answer, to
 * one of several urls that stand in for each other.
 */
struct elect_http;

#define ELECT_HTTP_MAX	((size_t)1024 * 1024)	/* bytes of an answer */

/* How to get there, and the election that is told of files that change. */
struct elect_http_peer {
	struct elect	*elect;
	const struct conf_list *urls;
	const char	*proxy;
	const char	*ca_file;
	const char	*cert_file;
	const char	*key_file;
};

struct elect_http_answer {
	int64_t		 sent;		/* when_mono before the request */
	int		 status;	/* of HTTP; 0: there was no answer */
	const char	*p;		/* its body, with a NUL behind it, */
	size_t		 len;		/* borrowed until on_answer returns */
	const char	*why;		/* NULL: status 200; else one line
					   without secrets, borrowed as well */
};

/*
 * The peer is copied. on_answer is called from the loop, and may send the next.
 * NULL with errno.
 */
struct elect_http *elect_http_new(struct event_base *,
	    const struct elect_http_peer *,
	    void (*on_answer)(const struct elect_http_answer *, void *arg),
	    void *arg);
void	elect_http_free(struct elect_http *);

/* What must not be seen of what a request or an answer says. */
struct secret *elect_http_secrets(struct elect_http *);

/*
 * POST a body to path, which begins with "/", below the url's own path; query,
 * which may be "", is put behind the url's own, if it has one, with a "&".
 * authorization is the value of that header, or NULL. timeout in ns, of all of
 * it. All are copied. -1: ENOMEM.
 */
int	elect_http_send(struct elect_http *, const char *path,
	    const char *query, const char *authorization, const char *body,
	    int64_t timeout);

/*
 * What came was good; it was not, or nothing came: the next url is used from
 * now on. 1: it was not tried since the last that was good.
 */
void	elect_http_good(struct elect_http *);
int	elect_http_next(struct elect_http *);

/*
 * The same as elect_http_send, now, for the end: it waits for the answer, 2 s
 * at most. What was under way is given up.
 */
void	elect_http_last(struct elect_http *, const char *path,
	    const char *authorization, const char *body);

#endif
