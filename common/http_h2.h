#ifndef HTTP_H2_H
#define HTTP_H2_H

#include <stddef.h>

struct buf;

/*
 * A client that speaks HTTP/2 (RFC 9113) at once, as those of gRPC do, to a
 * server of HTTP/1.1. Whatever it asks, it is told in its own language, as gRPC
 * has it (grpc/grpc, doc/PROTOCOL-HTTP2.md): status UNIMPLEMENTED, and a text.
 */
#define HTTP_H2_PREFACE		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
#define HTTP_H2_PREFACE_LEN	24

struct http_h2;

/* text: at most 120 bytes of printable ASCII without %. NULL: ENOMEM. */
struct http_h2 *http_h2_new(const char *text);
void	http_h2_free(struct http_h2 *);

/*
 * What the client sends, preface and all; what to send is appended. 1: it has
 * its answer, and the connection is to end; 0: go on; -1: that was no HTTP/2,
 * or too long without a request, or no memory.
 */
int	http_h2_feed(struct http_h2 *, const char *p, size_t len, struct buf *);

#endif
