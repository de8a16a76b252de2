#ifndef TLS_H
#define TLS_H

#include <stdint.h>

struct bufferevent;
struct event_base;

/*
 * The server's end of TLS, as bufferevents of libevent with OpenSSL. Nothing
 * below 1.2, no compression, no renegotiation, no HTTP/2 (ALPN http/1.1);
 * tickets resume sessions, and nothing is kept of them here.
 */
struct tls;

#define TLS_WHY	256		/* room for what is wrong */

struct tls_files {
	const char *cert;	/* PEM: ours and those between it and a root;
				   NULL: nobody is served */
	const char *key;	/* PEM, without a passphrase */
	const char *client_ca;	/* PEM: who signs clients' certificates, which
				   they must show then; NULL: nobody is asked */
	int	 only_13;	/* nothing below 1.3 */
};

/* The files are read, their names copied. NULL: why says it. */
struct tls *tls_new(const struct tls_files *, char why[TLS_WHY]);
void	tls_free(struct tls *);

/*
 * If a file has changed read all of them again: 1, for connections from then
 * on. 0: none has. -1: something is wrong with them, and what was read before
 * stays.
 */
int	tls_renew(struct tls *, char why[TLS_WHY]);

/* When our certificate expires, in unix seconds. */
int64_t	tls_expires(const struct tls *);

/*
 * Begin a handshake on fd, which is closed with it; callbacks are deferred.
 * BEV_EVENT_CONNECTED: it is done. NULL: ENOMEM, and fd stays open.
 */
struct bufferevent *tls_accept(struct tls *, struct event_base *, int fd);

/* What handshakes come to. */
enum tls_end {
	TLS_GONE,		/* the client left */
	TLS_LATE,		/* it did not come to an end in time */
	TLS_HTTP,		/* the client speaks HTTP without TLS */
	TLS_CERTIFICATE,	/* the client's is missing or not good */
	TLS_PROTOCOL,		/* version, ciphers, ALPN; or no TLS at all */
	TLS_ENDS
};

/* Their names, for labels. */
extern const char *const tls_ends[TLS_ENDS];

/*
 * Why one failed, after BEV_EVENT_ERROR or BEV_EVENT_EOF in place of
 * BEV_EVENT_CONNECTED.
 */
enum tls_end tls_failed(struct bufferevent *, char why[TLS_WHY]);

/* Tell the other end that nothing more comes, as far as that can be done. */
void	tls_close(struct bufferevent *);

#endif
