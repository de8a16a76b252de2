#ifndef HTTPD_CONN_H
#define HTTPD_CONN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

/*
 * A server and its connections, as the files of httpd see them; nobody else
 * includes this. A connection's state says what is read from it and which
 * deadline it has:
 *
 *	IDLE -> HEAD -> BODY -> OWED -> FLUSH -> IDLE, or LINGER and the end
 *
 * With TLS it begins with SHAKE, and its bytes go through the bufferevent
 * alone, both ways: what comes from the socket is not what was sent.
 *
 * An answer given in BODY leaves it there to read the rest away, if that is
 * little; else, and after what the server refuses itself, FLUSH comes at once.
 */

struct access;
struct bufferevent;
struct event;
struct event_base;
struct http_h2;
struct httpd_calls;
struct httpd_doors;
struct httpd_limits;
struct httpd_refusal;
struct httpd_request;
struct httpd_stats;
struct passed;
struct sockaddr;

#define HTTPD_REMOTE	64	/* room for "[ADDRESS]:PORT" */
#define HTTPD_READ_AHEAD 16384	/* bytes held of a client; TLS: a record more */
#define HTTPD_PEERS	251	/* buckets of connections by address */

/* Read away at most so much of a body whose request was answered early. */
#define HTTPD_AWAY	(UINT64_C(256) << 10)

/*
 * A connection that we end stays open for reading so much and so long, since
 * a close with bytes unread would take the answer from the client. 64 MiB is
 * twice the largest body that is usual.
 */
#define HTTPD_LINGER	(UINT64_C(64) << 20)
#define HTTPD_LINGER_TIME INT64_C(5000000000)

/*
 * A stop closes connections between two requests at once; whoever has just
 * connected gets so long to send the first one.
 */
#define HTTPD_FIRST_TIME INT64_C(1000000000)

enum httpd_state {
	HTTPD_STATE_SHAKE,	/* TLS is being agreed on */
	HTTPD_STATE_IDLE,	/* no byte of the next request yet */
	HTTPD_STATE_HEAD,	/* reading a head */
	HTTPD_STATE_BODY,	/* reading a body */
	HTTPD_STATE_OWED,	/* the owner's answer is to come */
	HTTPD_STATE_FLUSH,	/* the answer is being written */
	HTTPD_STATE_LINGER,	/* closed for writing, read until it ends */
	HTTPD_STATE_STRANGER	/* speaks HTTP/2: from IDLE to FLUSH */
};

struct httpd_conn {
	LIST_ENTRY(httpd_conn) entry;	/* of all */
	LIST_ENTRY(httpd_conn) peers;	/* of those with peer != 0 */
	struct httpd *httpd;
	struct bufferevent *bev;
	struct event *timer;
	struct httpd_request *request;	/* from its first byte */
	struct http_h2 *h2;		/* of a stranger */
	enum httpd_state state;
	int	 told;		/* on_head was called, on_gone not yet */
	int	 answered;
	int	 close;		/* when the answer is written */
	int	 continued;	/* 100 Continue was sent */
	int	 eof;		/* the client sends no more */
	int	 paused;
	int	 held;		/* enough was read ahead, with TLS */
	int	 broken;	/* no memory to go on: the timer ends it */
	int	 surplus;	/* not let in; only told so */
	int	 status;	/* of what to tell it, after the handshake, */
	const char *why;	/* and the text */
	int	 used;		/* has answered a request before */
	unsigned int door;	/* it came in by: see httpd_door */
	unsigned int by;	/* enum access_by */
	uint64_t peer;		/* its address, 0: does not count */
	uint64_t received;	/* of the body */
	uint64_t wasted;	/* read only to be thrown away */
	size_t	 turn;		/* taken straight from the socket, this turn */
	int64_t	 asked;		/* the head was complete, by when_mono */
	int64_t	 began;		/* the state */
	int64_t	 last;		/* byte from the client */
	int64_t	 stopped;	/* when it was paused */
	int64_t	 armed;		/* when the timer goes off; 0: not armed */
	char	 remote[HTTPD_REMOTE];
};

LIST_HEAD(httpd_conns, httpd_conn);

/* What an address makes of those who come in by it. */
struct httpd_entrance {
	unsigned int number;	/* of its httpd_listen */
	unsigned int by;	/* enum access_by */
	struct access *access;	/* or NULL */
};

struct httpd {
	struct event_base *base;
	struct httpd_limits *limits;
	const struct httpd_calls *calls;
	void	*arg;
	struct httpd_stats *stats;
	struct httpd_doors *doors;	/* what it listens on */
	unsigned int surplus;		/* connections over a limit */
	int64_t	 stopping;	/* since when, by when_mono; 0: not */
	struct passed *passed;		/* see httpd_inherit */
	const char *h2_text;		/* NULL: see httpd_tell_h2 */
	struct httpd_conns conns;
	struct httpd_conns peers[HTTPD_PEERS];
};

/*
 * Serve fd, which is the connection's from now on, also when this fails.
 * NULL: ENOMEM.
 */
struct httpd_conn *httpd_conn_new(struct httpd *,
	    const struct httpd_entrance *, int fd, const char *remote,
	    uint64_t peer);

/*
 * Read no further ahead than HTTPD_READ_AHEAD. With TLS that is for us to see
 * to: a watermark could leave a record half read, and the socket says nothing
 * of what stands in OpenSSL; so reading stops between two records.
 */
void	httpd_conn_hold(struct httpd_conn *);

/* Go on as far as bytes and answers allow; the connection may end in it. */
void	httpd_conn_run(struct httpd_conn *);

/* The first run of bytes read and not used yet; 0: there is none. */
size_t	httpd_conn_peek(struct httpd_conn *, const char **p);

/*
 * Take what has come of the body. 1: something was taken; 0: there is nothing
 * now; -1: refused.
 */
int	httpd_conn_body(struct httpd_conn *, struct httpd_refusal *);

/*
 * Refuse what is being read: tell the owner, answer unless that was done, and
 * close. httpd_conn_run goes on from there.
 */
void	httpd_conn_refuse(struct httpd_conn *, int status, const char *why);

/*
 * A connection with TLS: what the bufferevent says while shaking hands. It may
 * end in it.
 */
void	httpd_shake_event(struct httpd_conn *, short what);

/* The handshake took too long: the end of it. */
void	httpd_shake_late(struct httpd_conn *, const char *why);

/* With bufferevents: callbacks, watermarks, and reading and writing begin. */
int	httpd_conn_attach(struct httpd_conn *, struct bufferevent *);

/* Does this client begin to speak HTTP/2, and is to be told that we do not? */
int	httpd_stranger_is(const struct httpd_conn *, const char *p, size_t len);

/*
 * Tell it. 1: that is done, once it is written; 0: more has to come; -1: it
 * spoke something else, or there is no memory.
 */
int	httpd_stranger_talk(struct httpd_conn *);

/* End it in whatever state. Not from within a call to the owner. */
void	httpd_conn_free(struct httpd_conn *);

/* Set its timer so that it goes off at the state's deadline or before. */
void	httpd_conn_arm(struct httpd_conn *);
void	httpd_conn_late(int fd, short what, void *conn);

/* Write an answer of the server's own; see httpd_reply_error. */
void	httpd_conn_error(struct httpd_conn *, int status, const char *message);

/* A new connection on fd: take it, or turn it away. */
void	httpd_admit(struct httpd *, const struct httpd_entrance *, int fd,
	    const struct sockaddr *);

/* Make and close what httpd_listen opens. */
struct httpd_doors *httpd_doors_new(struct httpd *);
void	httpd_doors_free(struct httpd_doors *);

/*
 * Admit all who wait. The kernel has shaken hands with them, and would reset
 * them when a socket that nobody else holds is closed.
 */
void	httpd_doors_empty(struct httpd_doors *);

#endif
