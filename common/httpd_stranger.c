/*
 * Clients of HTTP/2, who are told in their own language that it is not spoken.
 */
#include "httpd_conn.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <string.h>

#include "buf.h"
#include "http_h2.h"

/* Fewer bytes than these may be those of POST. */
#define ENOUGH	4

int
httpd_stranger_is(const struct httpd_conn *c, const char *p, size_t len)
{
	if (c->httpd->h2_text == NULL || len < ENOUGH)
		return (0);
	return (memcmp(p, HTTP_H2_PREFACE, len < HTTP_H2_PREFACE_LEN ? len :
	    HTTP_H2_PREFACE_LEN) == 0);
}

int
httpd_stranger_talk(struct httpd_conn *c)
{
	struct buf out = { 0 };
	int result = 0;
	const char *p;
	size_t len;

	if (c->h2 == NULL &&
	    (c->h2 = http_h2_new(c->httpd->h2_text)) == NULL)
		return (-1);
	while (result == 0 && (len = httpd_conn_peek(c, &p)) > 0) {
		result = http_h2_feed(c->h2, p, len, &out);
		evbuffer_drain(bufferevent_get_input(c->bev), len);
	}
	if (out.len > 0 && bufferevent_write(c->bev, out.p, out.len) == -1)
		result = -1;
	buf_free(&out);
	return (result);
}
