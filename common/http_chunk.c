#include "http_chunk.h"

#include "http_head.h"

/* Those from CHUNK_TRAILER on are bounded by HTTP_CHUNK_TRAILERS. */
enum {
	CHUNK_SIZE, CHUNK_SIZE_LF, CHUNK_BODY, CHUNK_BODY_CR, CHUNK_BODY_LF,
	CHUNK_TRAILER, CHUNK_NAME, CHUNK_VALUE, CHUNK_VALUE_LF, CHUNK_END_LF,
	CHUNK_DONE
};

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	if (c >= 'a' && c <= 'f')
		return (c - 'a' + 10);
	if (c >= 'A' && c <= 'F')
		return (c - 'A' + 10);
	return (-1);
}

/* One byte of a size line, its LF left out. */
static int
size_take(struct http_chunk *c, char b, const char **why)
{
	int v = hex_value(b);

	if (b == '\r' && c->line > 1) {
		c->state = CHUNK_SIZE_LF;
		return (0);
	}
	if (v == -1) {
		*why = b == ';' ? "a chunk has an extension" :
		    "a chunk size is not hexadecimal digits and CRLF";
		return (-1);
	}
	if (c->line > HTTP_CHUNK_LINE - 2 || c->left >> 60 != 0) {
		*why = "a chunk size is too long";
		return (-1);
	}
	c->left = c->left << 4 | (uint64_t)v;
	return (0);
}

/* One byte between chunks or behind the last; -1: it does not belong there. */
static int
frame_take(struct http_chunk *c, char b)
{
	switch (c->state) {
	case CHUNK_SIZE_LF:
		if (__builtin_add_overflow(c->total, c->left, &c->total))
			c->total = UINT64_MAX;
		c->line = 0;
		if (b == '\n')
			c->state = c->left > 0 ? CHUNK_BODY : CHUNK_TRAILER;
		return (b == '\n' ? 0 : -1);
	case CHUNK_BODY_CR:
		c->state = CHUNK_BODY_LF;
		return (b == '\r' ? 0 : -1);
	case CHUNK_BODY_LF:
		c->state = CHUNK_SIZE;
		c->line = 0;
		return (b == '\n' ? 0 : -1);
	case CHUNK_TRAILER:
		c->state = b == '\r' ? CHUNK_END_LF : CHUNK_NAME;
		return (b == '\r' || http_is_token(b) ? 0 : -1);
	case CHUNK_NAME:
		if (b == ':')
			c->state = CHUNK_VALUE;
		return (b == ':' || http_is_token(b) ? 0 : -1);
	case CHUNK_VALUE:
		if (b == '\r')
			c->state = CHUNK_VALUE_LF;
		return (b == '\r' || http_is_text(b) ? 0 : -1);
	case CHUNK_VALUE_LF:
		c->state = CHUNK_TRAILER;
		return (b == '\n' ? 0 : -1);
	default:
		c->state = CHUNK_DONE;
		return (b == '\n' ? 0 : -1);
	}
}

static int
byte_take(struct http_chunk *c, char b, const char **why)
{
	c->line++;
	if (c->state == CHUNK_SIZE)
		return (size_take(c, b, why));
	if (c->state >= CHUNK_TRAILER && c->line > HTTP_CHUNK_TRAILERS) {
		*why = "the trailers are too long";
		return (-1);
	}
	if (frame_take(c, b) == 0)
		return (0);
	*why = c->state >= CHUNK_TRAILER ? "a trailer is malformed" :
	    "a chunk is not ended by CRLF";
	return (-1);
}

ssize_t
http_chunk_feed(struct http_chunk *c, const char *p, size_t len,
    const char **body, size_t *n, const char **why)
{
	size_t i;

	*n = 0;
	for (i = 0; i < len && c->state != CHUNK_DONE; i++) {
		if (c->state == CHUNK_BODY) {
			*body = p + i;
			*n = len - i < c->left ? len - i : (size_t)c->left;
			c->left -= *n;
			if (c->left == 0)
				c->state = CHUNK_BODY_CR;
			return ((ssize_t)(i + *n));
		}
		if (byte_take(c, p[i], why) == -1)
			return (-1);
	}
	return ((ssize_t)i);
}

int
http_chunk_done(const struct http_chunk *c)
{
	return (c->state == CHUNK_DONE);
}
