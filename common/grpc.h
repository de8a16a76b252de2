#ifndef GRPC_H
#define GRPC_H

#include <stddef.h>

struct buf;

/*
 * What gRPC-Web and Connect put around the one message of a unary call over
 * HTTP/1.1 (grpc/grpc, doc/PROTOCOL-WEB.md; connectrpc.com/docs/protocol).
 */
enum grpc_status { GRPC_OK = 0, GRPC_INVALID_ARGUMENT = 3,
    GRPC_UNIMPLEMENTED = 12, GRPC_INTERNAL = 13, GRPC_UNAVAILABLE = 14 };

/*
 * The message of a gRPC-Web request, whose body is one frame: a byte of flags,
 * 4 of length, the message. *compressed: it is, as grpc-encoding says. -1: cut
 * short, more or less than one message, or unknown flags: *why.
 */
int	grpc_message(const char *p, size_t len, const char **message,
	    size_t *message_len, int *compressed, const char **why);

/*
 * Append the body of a request as grpc-web-text, decoded: base64, perhaps in
 * several runs, each padded. -1: *why, which may be "out of memory".
 */
int	grpc_text(const char *p, size_t len, struct buf *, const char **why);

/*
 * Append a whole gRPC-Web answer: an empty message, where the status is OK,
 * and the trailers; text is for people. What makes it grpc-web-text is base64.h.
 * -1: ENOMEM.
 */
int	grpc_write_web(struct buf *, enum grpc_status, const char *text);

/*
 * Append a Connect error, {"code":"unavailable","message":"..."}, and the HTTP
 * status that goes with it. -1: ENOMEM.
 */
int	grpc_write_connect(struct buf *, enum grpc_status, const char *text);
unsigned int grpc_http(enum grpc_status);

#endif
