#ifndef SERVED_H
#define SERVED_H

#include <stddef.h>
#include <stdint.h>

struct event_base;
struct httpd;
struct httpd_limits;
struct httpd_request;

/*
 * An HTTP server in the test's own process, and raw clients of it, all in one
 * thread. What its owner does depends on the path:
 *
 *	/early		answers 404 at the head
 *	/middle		answers 503 at the first bytes of the body
 *	/owed		does not answer; the test does, to s->owed
 *	/pause		pauses at every run of the body for a moment
 *	others		answers 200 at the end, with "LENGTH SUM" of the body
 */
struct served {
	struct event_base *base;
	struct httpd *httpd;
	char	 tcp[128];		/* where it listens, for httpd_listen */
	char	 local[128];
	struct httpd_request *owed;
	unsigned int heads;
	unsigned int ends;
	unsigned int gone;
	unsigned int refusals;
	int	 status;		/* of the last refusal, and why */
	const char *why;
};

/* Limits that no test comes near: change what is to be tried. */
extern const struct httpd_limits served_limits;

/* Both exit when they cannot. */
void	served_start(struct served *, const struct httpd_limits *);
void	served_stop(struct served *);

/* What a client got. Statuses in order, 100 left out. */
#define TALK_ANSWERS	8
struct talk {
	char	*text;			/* all of it, with a NUL */
	size_t	 len;
	size_t	 answers;		/* complete ones */
	int	 status[TALK_ANSWERS];
	int	 continues;		/* how often 100 came */
	int	 eof;
	int	 reset;
};

/* A client's socket, connected: to the unix socket or by TCP. */
int	served_connect(struct served *, int local);

/*
 * Send len bytes and read until there are n answers in all, the connection
 * ends, or ms milliseconds are over. What comes is added to t.
 */
void	served_talk(struct served *, int fd, struct talk *t, const void *p,
	    size_t len, size_t n, int ms);
void	talk_clear(struct talk *);

/* Let the server run for ms milliseconds, or until *count is want. */
void	served_run(struct served *, int ms);
void	served_until(struct served *, const unsigned int *count,
	    unsigned int want);

/* The sum that a body's answer has: of its bytes, each times its place. */
uint32_t served_sum(uint32_t sum, uint64_t at, const char *p, size_t len);

/* Print "ok - FACT" or "not ok - FACT"; served_failed is 1 after the latter. */
void	ok(int holds, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
extern int served_failed;

#endif
