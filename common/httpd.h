#ifndef HTTPD_H
#define HTTPD_H

#include <stddef.h>
#include <stdint.h>

struct access;
struct event_base;

/*
 * An HTTP/1.x server on libevent's bufferevents: strict framing (RFC 9112 read
 * strictly), bodies handed on as they come, never held. One request at a time
 * on a connection; what is pipelined behind it waits in the socket. The owner
 * ignores SIGPIPE.
 */
struct httpd;
struct httpd_request;
struct passed;

struct httpd_limits {
	size_t	 head_bytes;		/* request line and headers, all in */
	size_t	 head_fields;		/* header fields */
	uint64_t body_bytes;		/* after de-chunking: over it 413 */
	/* Of the times and the rate 0 is no limit. */
	int64_t	 head_timeout;		/* ns from its first byte to its last;
					   and of a TLS handshake */
	int64_t	 body_timeout;		/* ns, head's end to body's end */
	int64_t	 idle_timeout;		/* ns without a byte, anywhere */
	uint64_t body_rate;		/* least bytes a second, after grace */
	int64_t	 body_grace;		/* ns before body_rate counts */
	unsigned int connections;	/* in all; 0: no limit */
	unsigned int per_address;	/* of one address (IPv6: one /64),
					   loopback and unix sockets excepted;
					   0: no limit */
};

/* What the owner does with requests; all run in the loop, none may block. */
struct httpd_calls {
	/*
	 * The head is complete and its framing sound. Either answer at once
	 * with httpd_reply (the body is then read away or the connection
	 * closed), or return and take the body. Where the client waits for
	 * 100 Continue it is sent after this returns without an answer.
	 */
	void	(*on_head)(struct httpd_request *, void *arg);
	/* Some of the body. httpd_reply here ends it. */
	void	(*on_body)(struct httpd_request *, const char *p, size_t len,
		    void *arg);
	/* The body is complete: answer now or later with httpd_reply. */
	void	(*on_end)(struct httpd_request *, void *arg);
	/*
	 * The request is over, answered or not; the last call for it. Free
	 * what httpd_set_own gave it. An on_end whose answer is still owed
	 * may be followed by on_gone at any time (the client left): then do
	 * not answer.
	 */
	void	(*on_gone)(struct httpd_request *, void *arg);
	/* A request refused by the server itself, for the log. */
	void	(*on_refused)(const char *remote, int status, const char *why,
		    void *arg);
	/* A handshake that failed: enum tls_end; likewise. */
	void	(*on_handshake)(const char *remote, int end, const char *why,
		    void *arg);
};

struct httpd *httpd_new(struct event_base *, const struct httpd_limits *,
	    const struct httpd_calls *, void *arg);	/* calls stay yours */

/* Other limits (copied, as httpd_new does), for what begins from now on. */
void	httpd_set_limits(struct httpd *, const struct httpd_limits *);

/*
 * Those who speak HTTP/2 at once are told so, as http_h2.h says; the text stays
 * the caller's. Without one they get 505, as any other version does.
 */
void	httpd_tell_h2(struct httpd *, const char *text);

/*
 * Listen on "HOST:PORT", "[V6]:PORT", ":PORT", each also behind "http://" or,
 * for TLS, "https://"; or "unix:PATH" (a stale socket there is replaced, a live
 * one is EADDRINUSE; mode 0666). Port 0 takes any; the real address is written
 * to bound (at least 128 bytes), in the same form. Of access, which the caller
 * keeps as long and may be NULL, the certificate and the users count here;
 * tokens are the owner's to ask for. -1 with errno, or EINVAL where the address
 * is none; *why says more.
 */
int	httpd_listen(struct httpd *, const char *address, struct access *,
	    char *bound, size_t size, const char **why);

/*
 * From now on httpd_listen opens no socket that is among these: it takes that
 * one. The caller's, and there as long as it listens. The N-th address listened
 * on, from 1, with port 0 is served by those named "listen.N".
 */
void	httpd_inherit(struct httpd *, struct passed *);

/*
 * Take no more connections; answer the requests that are being read or owed,
 * and the first one of whoever has just connected, with "Connection: close".
 * httpd_open says how many connections are left. Who connects afterwards is
 * refused, or waits for whoever else holds a socket that was passed.
 */
void	httpd_stop(struct httpd *);
unsigned int httpd_open(const struct httpd *);

/* Close everything at once; on_gone is called for what was under way. */
void	httpd_free(struct httpd *);

/* Of a request, from on_head to on_gone. Strings end with a NUL. */
const char *httpd_method(const struct httpd_request *);
const char *httpd_path(const struct httpd_request *);	/* without query */
const char *httpd_query(const struct httpd_request *);	/* behind ?, or "" */
const char *httpd_remote(const struct httpd_request *);	/* "10.0.0.3:53122",
							   or "unix" */
unsigned int httpd_door(const struct httpd_request *);	/* the address it
							   came to: 0, 1, ...
							   as listened on */
int	httpd_by(const struct httpd_request *);	/* enum access_by */
int64_t	httpd_length(const struct httpd_request *);	/* -1: chunked */
int64_t	httpd_asked(const struct httpd_request *);	/* when_mono of the
							   head's end */

/* The first field of that name (any case) or NULL; the i-th of all, 0 or -1. */
const char *httpd_header(const struct httpd_request *, const char *name);
int	httpd_field(const struct httpd_request *, size_t i, const char **name,
	    const char **value);

void	httpd_set_own(struct httpd_request *, void *own);
void	*httpd_own(const struct httpd_request *);

/*
 * Answer, once. extra: further header lines, each ended by CRLF, or NULL. With
 * close the connection ends after it, as it does when the body was not read to
 * its end and is too long to read away.
 */
void	httpd_reply(struct httpd_request *, int status, const char *type,
	    const char *extra, const void *body, size_t len, int close);

/*
 * The same with {"error":{"status":STATUS,"message":"MESSAGE"}}, as the server
 * answers what it refuses itself. message is text, quoted here.
 */
void	httpd_reply_error(struct httpd_request *, int status,
	    const char *extra, const char *message, int close);

/* Bytes of answers that clients of its server have not read yet. */
size_t	httpd_unsent(const struct httpd_request *);

/* Stop and go on taking the body from the socket: while a disk is slow. */
void	httpd_pause(struct httpd_request *);
void	httpd_resume(struct httpd_request *);

#define HTTPD_ENDS	5	/* as many as TLS_ENDS */

/* What the server counts, for stat/. */
struct httpd_stats {
	uint64_t connections;		/* accepted */
	uint64_t requests;		/* heads complete */
	uint64_t refused;		/* by the server: bad framing, limits */
	uint64_t bytes;			/* of bodies */
	unsigned int open;		/* connections now */
	uint64_t handshakes;		/* done */
	uint64_t failed[HTTPD_ENDS];	/* handshakes, by enum tls_end */
};
void	httpd_stats(const struct httpd *, struct httpd_stats *);

#endif
