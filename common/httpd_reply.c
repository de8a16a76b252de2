#include "httpd.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "access.h"
#include "buf.h"
#include "httpd_conn.h"
#include "httpd_request.h"
#include "when.h"

#define DATE_TEXT	32	/* room for a date, with its NUL */

/* RFC 9110, 15. */
static const struct {
	int	 status;
	const char *phrase;
} phrases[] = {
	{ 200, "OK" },
	{ 202, "Accepted" },
	{ 204, "No Content" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 408, "Request Timeout" },
	{ 411, "Length Required" },
	{ 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" },
	{ 417, "Expectation Failed" },
	{ 422, "Unprocessable Content" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 503, "Service Unavailable" },
	{ 505, "HTTP Version Not Supported" },
};

/* A phrase may be empty (RFC 9112, 4). */
static const char *
phrase_find(int status)
{
	size_t i;

	for (i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
		if (phrases[i].status == status)
			return (phrases[i].phrase);
	return ("");
}

/* IMF-fixdate (RFC 9110, 5.6.7); in no program is a locale set. */
static void
date_format(char out[DATE_TEXT])
{
	time_t now = (time_t)(when_now() / WHEN_SECOND);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(out, DATE_TEXT, "%a, %d %b %Y %H:%M:%S GMT", &tm);
}

/* The head of an answer to c's request. */
static int
head_format(struct buf *b, const struct httpd_conn *c, int status,
    const char *type, const char *extra, size_t len)
{
	char date[DATE_TEXT];
	const char *connection = "";

	if (c->close)
		connection = "Connection: close\r\n";
	else if (httpd_request_minor(c->request) == 0)
		connection = "Connection: keep-alive\r\n";
	date_format(date);
	if (buf_addf(b, "HTTP/1.1 %d %s\r\nDate: %s\r\n", status,
	    phrase_find(status), date) == -1 ||
	    (type != NULL && buf_addf(b, "Content-Type: %s\r\n", type) == -1) ||
	    (status != 204 &&
	    buf_addf(b, "Content-Length: %zu\r\n", len) == -1))
		return (-1);
	return (buf_addf(b, "%s%s\r\n", connection,
	    extra != NULL ? extra : ""));
}

/* The inside of a JSON string. Control bytes have no business in a message. */
static int
json_quote(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		if ((*s == '"' || *s == '\\') && buf_addc(b, '\\') == -1)
			return (-1);
		if (buf_addc(b, (unsigned char)*s < ' ' ? '?' : *s) == -1)
			return (-1);
	}
	return (0);
}

static int
error_format(struct buf *b, int status, const char *message)
{
	if (buf_addf(b, "{\"error\":{\"status\":%d,\"message\":\"",
	    status) == -1 || json_quote(b, message) == -1)
		return (-1);
	return (buf_adds(b, "\"}}\n"));
}

/*
 * Straight to the socket, which mostly takes all of it: a bufferevent asks the
 * kernel first whether it may write, and then to be asked no more.
 */
static int
answer_write(struct httpd_conn *c, const char *p, size_t len)
{
	ssize_t n = 0;

	if (c->by != ACCESS_TLS &&
	    evbuffer_get_length(bufferevent_get_output(c->bev)) == 0)
		n = send(bufferevent_getfd(c->bev), p, len,
		    MSG_DONTWAIT | MSG_NOSIGNAL);
	/* An error the bufferevent will see again. */
	if (n < (ssize_t)len)
		return (bufferevent_write(c->bev, p + (n > 0 ? n : 0),
		    len - (size_t)(n > 0 ? n : 0)));
	bufferevent_trigger(c->bev, EV_WRITE, BEV_OPT_DEFER_CALLBACKS);
	return (0);
}

/* Without memory for the answer the connection ends, from the loop. */
static void
answer(struct httpd_conn *c, int status, const char *type, const char *extra,
    const void *body, size_t len)
{
	struct buf b = { 0 };
	int bare = status == 204 || (c->request != NULL &&
	    httpd_request_begun(c->request) &&
	    strcmp(httpd_method(c->request), "HEAD") == 0);

	c->answered = 1;
	c->last = when_mono();
	if (head_format(&b, c, status, type, extra, len) == -1 ||
	    (!bare && buf_add(&b, body, len) == -1) ||
	    answer_write(c, b.p, b.len) == -1) {
		c->broken = 1;
		event_active(c->timer, EV_TIMEOUT, 0);
	}
	buf_free(&b);
}

void
httpd_conn_error(struct httpd_conn *c, int status, const char *message)
{
	const char *extra = status == 503 ? "Retry-After: 5\r\n" : NULL;
	struct buf b = { 0 };

	if (error_format(&b, status, message) == -1)
		b.len = 0;
	answer(c, status, "application/json", extra, b.p, b.len);
	buf_free(&b);
}

size_t
httpd_unsent(const struct httpd_request *r)
{
	const struct httpd_conn *c;
	size_t bytes = 0;

	LIST_FOREACH(c, &httpd_request_conn(r)->httpd->conns, entry)
		bytes += evbuffer_get_length(bufferevent_get_output(c->bev));
	return (bytes);
}

/* Can, and shall, the connection go on behind this answer? */
static int
kept(const struct httpd_conn *c)
{
	const struct httpd_request *r = c->request;

	if (c->httpd->stopping || !httpd_request_keeps(r))
		return (0);
	if (c->state != HTTPD_STATE_BODY)
		return (1);
	/*
	 * A client that still waits for 100 Continue may send the body now or
	 * not (RFC 9110, 10.1.1), so what comes next would be a guess.
	 */
	return (httpd_request_short(r) &&
	    (c->continued || !httpd_request_waits(r)));
}

void
httpd_reply(struct httpd_request *r, int status, const char *type,
    const char *extra, const void *body, size_t len, int close)
{
	struct httpd_conn *c = httpd_request_conn(r);

	if (c->answered)
		return;
	httpd_resume(r);
	c->close = close || !kept(c);
	answer(c, status, type, extra, body, len);
	if (c->close || c->state == HTTPD_STATE_OWED)
		c->state = HTTPD_STATE_FLUSH;
	httpd_conn_arm(c);
}

void
httpd_reply_error(struct httpd_request *r, int status, const char *extra,
    const char *message, int close)
{
	struct buf b = { 0 };

	if (error_format(&b, status, message) == -1)
		b.len = 0;
	httpd_reply(r, status, "application/json", extra, b.p, b.len, close);
	buf_free(&b);
}
