#include "httpd_request.h"

#include <stdlib.h>

#include "buf.h"
#include "http_chunk.h"
#include "http_head.h"
#include "httpd.h"
#include "httpd_conn.h"

struct httpd_request {
	struct httpd_conn *conn;
	struct http_scan scan;
	struct buf	 block;		/* the head's bytes */
	struct http_head *head;		/* points into block */
	struct http_chunk chunk;	/* where head->length is -1 */
	uint64_t	 left;		/* of the body, where it is not */
	uint64_t	 limit;		/* of the body, when the head came */
	void		*own;
};

struct httpd_request *
httpd_request_new(struct httpd_conn *c)
{
	struct httpd_request *r;

	if ((r = calloc(1, sizeof(*r))) != NULL)
		r->conn = c;
	return (r);
}

void
httpd_request_free(struct httpd_request *r)
{
	if (r == NULL)
		return;
	http_head_free(r->head);
	buf_free(&r->block);
	free(r);
}

struct httpd_conn *
httpd_request_conn(const struct httpd_request *r)
{
	return (r->conn);
}

/* The block is complete. */
static int
head_complete(struct httpd_request *r, const struct httpd_limits *limits,
    struct httpd_refusal *no)
{
	r->head = http_head_parse(r->block.p, r->block.len,
	    limits->head_fields, &no->status, &no->why);
	if (r->head == NULL)
		return (-1);
	r->limit = limits->body_bytes;
	if (r->head->length > 0) {
		r->left = (uint64_t)r->head->length;
		if (r->left > r->limit) {
			no->status = 413;
			no->why = "the body is over body_size_limit_mb";
			return (-1);
		}
	}
	return (0);
}

ssize_t
httpd_request_head(struct httpd_request *r, const struct httpd_limits *limits,
    const char *p, size_t len, struct httpd_refusal *no)
{
	size_t room = limits->head_bytes > r->block.len ?
	    limits->head_bytes - r->block.len : 0;
	ssize_t n;

	no->status = 400;
	n = http_head_scan(&r->scan, p, len < room ? len : room, &no->why);
	if (n == -1)
		return (-1);
	if ((size_t)n == room && !r->scan.done) {
		no->status = 431;
		no->why = "the head is over head_bytes";
		return (-1);
	}
	if (buf_add(&r->block, p, (size_t)n) == -1) {
		no->status = 503;
		no->why = "out of memory";
		return (-1);
	}
	if (r->scan.done && head_complete(r, limits, no) == -1)
		return (-1);
	return (n);
}

int
httpd_request_begun(const struct httpd_request *r)
{
	return (r->head != NULL);
}

int
httpd_request_done(const struct httpd_request *r)
{
	return (r->head->length == -1 ? http_chunk_done(&r->chunk) :
	    r->left == 0);
}

ssize_t
httpd_request_body(struct httpd_request *r, const char *p, size_t len,
    const char **body, size_t *n, struct httpd_refusal *no)
{
	ssize_t took;

	if (r->head->length != -1) {
		*body = p;
		*n = len < r->left ? len : (size_t)r->left;
		r->left -= *n;
		return ((ssize_t)*n);
	}
	no->status = 400;
	took = http_chunk_feed(&r->chunk, p, len, body, n, &no->why);
	if (took != -1 && r->chunk.total > r->limit) {
		no->status = 413;
		no->why = "the body is over body_size_limit_mb";
		return (-1);
	}
	return (took);
}

int
httpd_request_keeps(const struct httpd_request *r)
{
	return (r->head != NULL && r->head->keep);
}

int
httpd_request_waits(const struct httpd_request *r)
{
	return (r->head->expect && !httpd_request_done(r));
}

int
httpd_request_minor(const struct httpd_request *r)
{
	return (r->head == NULL ? 1 : r->head->minor);
}

int
httpd_request_short(const struct httpd_request *r)
{
	return (r->head->length == -1 || r->left <= HTTPD_AWAY);
}

const char *
httpd_method(const struct httpd_request *r)
{
	return (r->head->method);
}

const char *
httpd_path(const struct httpd_request *r)
{
	return (r->head->path);
}

const char *
httpd_query(const struct httpd_request *r)
{
	return (r->head->query);
}

const char *
httpd_remote(const struct httpd_request *r)
{
	return (r->conn->remote);
}

unsigned int
httpd_door(const struct httpd_request *r)
{
	return (r->conn->door);
}

int
httpd_by(const struct httpd_request *r)
{
	return ((int)r->conn->by);
}

int64_t
httpd_asked(const struct httpd_request *r)
{
	return (r->conn->asked);
}

int64_t
httpd_length(const struct httpd_request *r)
{
	return (r->head->length);
}

const char *
httpd_header(const struct httpd_request *r, const char *name)
{
	return (http_head_find(r->head, name));
}

int
httpd_field(const struct httpd_request *r, size_t i, const char **name,
    const char **value)
{
	if (i >= r->head->nfields)
		return (-1);
	*name = r->head->fields[i].name;
	*value = r->head->fields[i].value;
	return (0);
}

void
httpd_set_own(struct httpd_request *r, void *own)
{
	r->own = own;
}

void *
httpd_own(const struct httpd_request *r)
{
	return (r->own);
}
