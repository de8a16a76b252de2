#include "multipart.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "multipart_head.h"
#include "param.h"

#define BOUNDARY_MAX	70	/* RFC 2046, 5.1.1 */

/*
 * What is being read. A delimiter is CRLF "--" boundary; the CRLF in front of
 * the first one, and of one right behind a part's head, is not there or is the
 * head's own (RFC 2046: a part may have no content), and counts as read.
 */
enum multipart_state {
	MULTIPART_PREAMBLE,	/* ignored, as RFC 2046 asks */
	MULTIPART_DELIMITER,	/* what stands behind a boundary */
	MULTIPART_HEAD,
	MULTIPART_BODY,
	MULTIPART_END
};

struct multipart {
	struct multipart_limits	 limits;
	struct multipart_calls	 calls;
	void			*arg;
	char			 delimiter[4 + BOUNDARY_MAX + 1];
	size_t			 delimiter_len;
	enum multipart_state	 state;
	uint64_t		 at;	/* of the next byte */
	size_t			 held;	/* bytes before it that begin a
					   delimiter; it holds only one CR, so
					   they are one's or none's */
	size_t			 ghost;	/* of them, how many are no content */
	char			 last;	/* byte behind a boundary, 0: none */
	uint64_t		 close;
	size_t			 parts;
	struct multipart_part	 part;
	struct multipart_head	 head;
	struct buf		 line;	/* of the head, being read */
	size_t			 head_len;	/* bytes of the head so far */
	const char		*why;
	uint64_t		 why_at;
};

static int
multipart_fail(struct multipart *m, uint64_t at, const char *why)
{
	m->why = why;
	m->why_at = at;
	return (-1);
}

static int
multipart_boundary_ok(const char *p, size_t len)
{
	size_t i;

	if (len == 0 || len > BOUNDARY_MAX || p[len - 1] == ' ')
		return (0);
	for (i = 0; i < len; i++)
		if (!((p[i] >= 'a' && p[i] <= 'z') ||
		    (p[i] >= 'A' && p[i] <= 'Z') ||
		    (p[i] >= '0' && p[i] <= '9') ||
		    (p[i] != '\0' && strchr("'()+_,-./:=? ", p[i]) != NULL)))
			return (0);
	return (1);
}

/* Take the boundary out of a Content-Type. */
static const char *
multipart_type(struct multipart *m, const char *type)
{
	const char *p = type, *end;
	struct param param;
	int n;

	if (p == NULL)
		return ("content type is missing");
	end = p + strlen(p);
	if (!param_word(&p, end, "multipart/form-data"))
		return ("content type is not multipart/form-data");
	while ((n = param_next(&p, end, &param)) == 1) {
		if (!param_is(&param, "boundary"))
			continue;
		if (m->delimiter_len != 0)
			return ("two boundaries in the content type");
		if (!multipart_boundary_ok(param.value, param.value_len))
			return ("bad boundary in the content type");
		memcpy(m->delimiter, "\r\n--", 4);
		memcpy(m->delimiter + 4, param.value, param.value_len);
		m->delimiter_len = 4 + param.value_len;
	}
	if (n == -1)
		return ("malformed content type");
	return (m->delimiter_len == 0 ? "missing boundary" : NULL);
}

struct multipart *
multipart_new(const char *content_type, const struct multipart_limits *limits,
    const struct multipart_calls *calls, void *arg, const char **why)
{
	struct multipart *m;

	if ((m = calloc(1, sizeof(*m))) == NULL) {
		*why = "out of memory";
		return (NULL);
	}
	if ((*why = multipart_type(m, content_type)) != NULL) {
		free(m);
		return (NULL);
	}
	m->limits = *limits;
	m->calls = *calls;
	m->arg = arg;
	m->held = m->ghost = 2;
	return (m);
}

static void
multipart_emit(struct multipart *m, const char *p, size_t len)
{
	if (m->state == MULTIPART_BODY && len != 0 && m->calls.on_body != NULL)
		m->calls.on_body(p, len, m->arg);
}

/* A delimiter, its CRLF at that offset, ends what came before. */
static void
multipart_delimited(struct multipart *m, uint64_t at)
{
	uint64_t end = at + m->ghost;

	if (m->state == MULTIPART_BODY && m->calls.on_end != NULL)
		m->calls.on_end(end, m->arg);
	m->close = at;
	m->held = m->ghost = 0;
	m->last = '\0';
	m->state = MULTIPART_DELIMITER;
}

/* More bytes where a delimiter may have begun. How many it took. */
static size_t
multipart_resume(struct multipart *m, const char *p, size_t len)
{
	size_t n = m->delimiter_len - m->held;

	if (n > len)
		n = len;
	if (memcmp(p, m->delimiter + m->held, n) != 0) {
		multipart_emit(m, m->delimiter + m->ghost, m->held - m->ghost);
		m->held = m->ghost = 0;
		return (0);
	}
	if (m->held + n == m->delimiter_len)
		multipart_delimited(m, m->at - m->held);
	else
		m->held += n;
	return (n);
}

/* The length of the delimiter's beginning that p ends with. */
static size_t
multipart_begun(const struct multipart *m, const char *p, size_t len)
{
	size_t max = m->delimiter_len - 1;
	const char *cr, *from = len > max ? p + len - max : p;
	size_t n;

	if ((cr = memrchr(from, '\r', (size_t)(p + len - from))) == NULL)
		return (0);
	n = (size_t)(p + len - cr);
	return (memcmp(cr, m->delimiter, n) == 0 ? n : 0);
}

static size_t
multipart_content(struct multipart *m, const char *p, size_t len)
{
	const char *hit;

	if (m->held != 0)
		return (multipart_resume(m, p, len));
	hit = memmem(p, len, m->delimiter, m->delimiter_len);
	if (hit != NULL) {
		multipart_emit(m, p, (size_t)(hit - p));
		multipart_delimited(m, m->at + (size_t)(hit - p));
		return ((size_t)(hit - p) + m->delimiter_len);
	}
	m->held = multipart_begun(m, p, len);
	multipart_emit(m, p, len - m->held);
	return (len);
}

/* What is no form at all need not be read to its end. */
static size_t
multipart_preamble(struct multipart *m, const char *p, size_t len)
{
	size_t n = multipart_content(m, p, len);
	uint64_t begins = m->at + n + 2 - m->held;	/* the next "--" */

	if (m->state == MULTIPART_DELIMITER)
		begins = m->close + 2;
	if (begins > m->limits.head + 2)
		multipart_fail(m, 0, "missing first boundary");
	return (n);
}

static void
multipart_begin(struct multipart *m)
{
	if (m->parts == m->limits.parts) {
		multipart_fail(m, m->close, "too many parts");
		return;
	}
	memset(&m->part, 0, sizeof(m->part));
	m->part.index = m->parts++;
	m->part.start = m->close + 2;
	m->part.head = m->at + 1;
	multipart_head_clear(&m->head);
	m->line.len = 0;
	m->head_len = 0;
	m->state = MULTIPART_HEAD;
}

/* A byte behind a boundary: "--" ends the form, padding and CRLF a line. */
static void
multipart_behind(struct multipart *m, char c)
{
	if (c == '-' && m->last == '-') {
		m->state = MULTIPART_END;
		m->last = '\0';
		if (m->parts == 0)
			multipart_fail(m, m->close + 2,
			    "no part before the final boundary");
		return;
	}
	if (c == '\n' && m->last == '\r') {
		multipart_begin(m);
		return;
	}
	if (m->last == '-' || m->last == '\r' ||
	    (c == '-' && m->last != '\0') || c == '\0' ||
	    strchr("-\r \t", c) == NULL)
		multipart_fail(m, m->at, "malformed boundary line");
	m->last = c;
}

/* A head is complete; the next byte is content. */
static void
multipart_headed(struct multipart *m)
{
	m->part.body = m->at;
	m->part.name = m->head.name;
	m->part.filename = m->head.filename;
	m->part.type = m->head.type;
	m->part.length_at = m->head.length_at;
	m->part.length_digits = m->head.length_digits;
	if (m->calls.on_part != NULL)
		m->calls.on_part(&m->part, m->arg);
	m->held = m->ghost = 2;
	m->state = MULTIPART_BODY;
}

/* m->line is a whole line, m->at behind it. */
static void
multipart_line(struct multipart *m)
{
	uint64_t at = m->at - m->line.len;
	size_t len = m->line.len;
	const char *why;

	if (len < 2 || m->line.p[len - 2] != '\r') {
		multipart_fail(m, at, "malformed part header");
		return;
	}
	if (len == 2) {
		multipart_headed(m);
		return;
	}
	m->line.p[len - 2] = '\0';
	why = multipart_head_line(&m->head, m->line.p, len - 2, at);
	if (why != NULL)
		multipart_fail(m, at, why);
	m->line.len = 0;
}

static size_t
multipart_heading(struct multipart *m, const char *p, size_t len)
{
	const char *nl = memchr(p, '\n', len);
	size_t n = nl != NULL ? (size_t)(nl - p) + 1 : len;

	if (n > m->limits.head - m->head_len) {
		multipart_fail(m, m->part.head, "part head too long");
		return (n);
	}
	m->head_len += n;
	if (buf_add(&m->line, p, n) == -1)
		multipart_fail(m, m->at, "out of memory");
	return (n);
}

/* Behind the final boundary stands nothing, or one CRLF. */
static void
multipart_epilogue(struct multipart *m, char c)
{
	if (c != (m->last == '\0' ? '\r' : '\n') || m->last == '\n')
		multipart_fail(m, m->at, "bytes after the final boundary");
	m->last = c;
}

int
multipart_feed(struct multipart *m, const char *p, size_t len)
{
	const char *end = p + len;
	size_t n;

	while (p < end && m->why == NULL) {
		n = 1;
		if (m->state == MULTIPART_PREAMBLE)
			n = multipart_preamble(m, p, (size_t)(end - p));
		else if (m->state == MULTIPART_BODY)
			n = multipart_content(m, p, (size_t)(end - p));
		else if (m->state == MULTIPART_HEAD)
			n = multipart_heading(m, p, (size_t)(end - p));
		else if (m->state == MULTIPART_DELIMITER)
			multipart_behind(m, *p);
		else
			multipart_epilogue(m, *p);
		p += n;
		m->at += n;
		if (m->state == MULTIPART_HEAD && m->why == NULL &&
		    m->line.len != 0 && m->line.p[m->line.len - 1] == '\n')
			multipart_line(m);
	}
	return (m->why == NULL ? 0 : -1);
}

int
multipart_finish(struct multipart *m)
{
	if (m->why != NULL)
		return (-1);
	if (m->state == MULTIPART_PREAMBLE)
		return (multipart_fail(m, 0, "missing first boundary"));
	if (m->state != MULTIPART_END)
		return (multipart_fail(m, m->at,
		    "body ends before the final boundary"));
	if (m->last == '\r')
		return (multipart_fail(m, m->at,
		    "bytes after the final boundary"));
	return (0);
}

const char *
multipart_why(const struct multipart *m, uint64_t *at)
{
	*at = m->why_at;
	return (m->why);
}

const char *
multipart_boundary(const struct multipart *m)
{
	return (m->delimiter + 4);
}

uint64_t
multipart_close(const struct multipart *m)
{
	return (m->close);
}

void
multipart_free(struct multipart *m)
{
	if (m == NULL)
		return;
	multipart_head_clear(&m->head);
	buf_free(&m->line);
	free(m);
}
