#include "http_h2.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

/* RFC 9113, 4.1 and 6. */
#define HEAD		9		/* bytes of a frame's */
#define HEADERS		1
#define RST_STREAM	3
#define SETTINGS	4
#define GOAWAY		7
#define ACK		1
#define END_STREAM	1
#define END_HEADERS	4
#define FRAME_MAX	16384
#define PATIENCE	65536		/* bytes in front of a request */

struct http_h2 {
	const char	*text;
	size_t		 preface;	/* bytes of it so far */
	unsigned char	 head[HEAD];
	size_t		 have;		/* bytes of the head */
	uint32_t	 left;		/* of a frame, to be passed over */
	size_t		 total;
};

struct http_h2 *
http_h2_new(const char *text)
{
	struct http_h2 *h;

	if ((h = calloc(1, sizeof(*h))) != NULL)
		h->text = text;
	return (h);
}

void
http_h2_free(struct http_h2 *h)
{
	free(h);
}

static int
h2_frame(struct buf *b, unsigned char type, unsigned char flags,
    uint32_t stream, const void *p, size_t len)
{
	unsigned char head[HEAD] = { (unsigned char)(len >> 16),
	    (unsigned char)(len >> 8), (unsigned char)len, type, flags,
	    (unsigned char)(stream >> 24), (unsigned char)(stream >> 16),
	    (unsigned char)(stream >> 8), (unsigned char)stream };

	if (buf_add(b, head, sizeof(head)) == -1)
		return (-1);
	return (len == 0 ? 0 : buf_add(b, p, len));
}

/* A literal header field without indexing (RFC 7541, 6.2.2), as it is. */
static int
h2_field(struct buf *b, const char *name, const char *value)
{
	return (buf_addf(b, "%c%c%s%c%s", 0, (int)strlen(name), name,
	    (int)strlen(value), value));
}

/* Headers that are trailers, too; the rest of the request is not wanted. */
static int
h2_answer(struct http_h2 *h, uint32_t stream, struct buf *b)
{
	static const char status[] = "\x88";	/* :status 200, in the table */
	unsigned char away[8] = { (unsigned char)(stream >> 24),
	    (unsigned char)(stream >> 16), (unsigned char)(stream >> 8),
	    (unsigned char)stream };
	struct buf fields = { 0 };
	int result = -1;

	if (buf_adds(&fields, status) == 0 &&
	    h2_field(&fields, "content-type", "application/grpc") == 0 &&
	    h2_field(&fields, "grpc-status", "12") == 0 &&
	    h2_field(&fields, "grpc-message", h->text) == 0 &&
	    h2_frame(b, HEADERS, END_STREAM | END_HEADERS, stream, fields.p,
	    fields.len) == 0 &&
	    h2_frame(b, RST_STREAM, 0, stream, "\0\0\0", 4) == 0 &&
	    h2_frame(b, GOAWAY, 0, 0, away, sizeof(away)) == 0)
		result = 1;
	buf_free(&fields);
	return (result);
}

/* A frame's head is complete. */
static int
h2_head(struct http_h2 *h, struct buf *b)
{
	const unsigned char *u = h->head;
	uint32_t stream;

	h->have = 0;
	h->left = (uint32_t)u[0] << 16 | (uint32_t)u[1] << 8 | u[2];
	if (h->left > FRAME_MAX)
		return (-1);
	stream = ((uint32_t)u[5] << 24 | (uint32_t)u[6] << 16 |
	    (uint32_t)u[7] << 8 | u[8]) & INT32_MAX;
	if (u[3] == SETTINGS && (u[4] & ACK) == 0)
		return (h2_frame(b, SETTINGS, ACK, 0, NULL, 0));
	return (u[3] == HEADERS ? h2_answer(h, stream, b) : 0);
}

/* The preface, which our own begins with. How many bytes; -1. */
static int
h2_preface(struct http_h2 *h, const char *p, size_t len, struct buf *b)
{
	static const char preface[] = HTTP_H2_PREFACE;
	size_t n = HTTP_H2_PREFACE_LEN - h->preface;

	if (n > len)
		n = len;
	if (memcmp(p, &preface[h->preface], n) != 0)
		return (-1);
	h->preface += n;
	if (h->preface == HTTP_H2_PREFACE_LEN &&
	    h2_frame(b, SETTINGS, 0, 0, NULL, 0) == -1)
		return (-1);
	return ((int)n);
}

int
http_h2_feed(struct http_h2 *h, const char *p, size_t len, struct buf *b)
{
	int n, result = 0;

	h->total += len;
	if (h->preface < HTTP_H2_PREFACE_LEN) {
		if ((n = h2_preface(h, p, len, b)) == -1)
			return (-1);
		p += n;
		len -= (size_t)n;
	}
	for (; len > 0 && result == 0; len--, p++)
		if (h->left > 0)
			h->left--;
		else {
			h->head[h->have++] = (unsigned char)*p;
			if (h->have == HEAD)
				result = h2_head(h, b);
		}
	return (result == 0 && h->total > PATIENCE ? -1 : result);
}
