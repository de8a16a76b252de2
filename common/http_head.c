#include "http_head.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SCAN_START, SCAN_LINE, SCAN_LINE_LF, SCAN_BLANK_LF };

/* What the fields said that decides where the body ends. */
struct framing {
	unsigned int hosts;
	unsigned int lengths;
	unsigned int codings;
	int	 chunked;
	int	 close;
	int	 keep;
};

/* White space, control bytes and 0x80 and up are not in it. */
static const char host_bytes[] = "!$%&'()*+,-.0123456789:;="
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz~";

int
http_is_token(char c)
{
	return ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL));
}

int
http_is_text(char c)
{
	unsigned char b = (unsigned char)c;

	return (b == '\t' || (b >= ' ' && b != 0x7f));
}

ssize_t
http_head_scan(struct http_scan *s, const char *p, size_t len,
    const char **why)
{
	size_t i;

	for (i = 0; i < len && !s->done; i++) {
		if (s->state == SCAN_LINE_LF || s->state == SCAN_BLANK_LF) {
			if (p[i] != '\n') {
				*why = "a CR without LF in the head";
				return (-1);
			}
			s->done = s->state == SCAN_BLANK_LF && s->begun;
			s->state = SCAN_START;
			s->begun = 1;
		} else if (p[i] == '\r') {
			s->state = s->state == SCAN_START ? SCAN_BLANK_LF :
			    SCAN_LINE_LF;
		} else if (http_is_text(p[i])) {
			s->state = SCAN_LINE;
		} else {
			*why = p[i] == '\n' ? "a LF without CR in the head" :
			    "a control byte in the head";
			return (-1);
		}
	}
	return ((ssize_t)i);
}

/*
 * Cut the line at *p off with a NUL in place of its CR; *p moves behind its
 * LF. NULL: it has no CRLF, or a byte that no line can hold.
 */
static char *
line_take(char **p, const char *end, const char **why)
{
	char *line = *p, *cr;

	for (cr = line; cr < end && http_is_text(*cr); cr++)
		;
	if (end - cr < 2 || cr[0] != '\r' || cr[1] != '\n') {
		*why = "a line of the head is not ended by CRLF, or holds a "
		    "control byte";
		return (NULL);
	}
	*cr = '\0';
	*p = cr + 2;
	return (line);
}

/* The value of n digits; -1: not that, or over 63 bits. */
static int64_t
number_parse(const char *s)
{
	int64_t n = 0;

	if (*s == '\0')
		return (-1);
	for (; *s != '\0'; s++)
		if (*s < '0' || *s > '9' ||
		    __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, *s - '0', &n))
			return (-1);
	return (n);
}

/* Is token among the comma-separated ones of list? */
static int
list_has(const char *list, const char *token)
{
	size_t n, len = strlen(token);

	for (; *list != '\0'; list += n) {
		list += strspn(list, ", \t");
		n = strcspn(list, ", \t");
		if (n == len && strncasecmp(list, token, len) == 0)
			return (1);
	}
	return (0);
}

/*
 * Where the path begins in a target: of origin-form at once, of absolute-form
 * behind the authority. NULL: another form.
 */
static const char *
target_path(const char *target)
{
	const char *p;

	if (*target == '/' || strcmp(target, "*") == 0)
		return (target);
	if (strncasecmp(target, "http://", 7) == 0)
		p = target + 7;
	else if (strncasecmp(target, "https://", 8) == 0)
		p = target + 8;
	else
		return (NULL);
	target = p;
	p += strspn(p, host_bytes);
	return (p > target && (*p == '/' || *p == '?' || *p == '\0') ? p :
	    NULL);
}

/* Set path and query in room, which holds the target's length and 2 more. */
static int
target_parse(struct http_head *h, char *room, const char **why)
{
	const char *p;
	char *query;

	for (p = h->target; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || *p == '#') {
			*why = "the request target holds a byte no URI has";
			return (400);
		}
	if ((p = target_path(h->target)) == NULL) {
		*why = "the request target is neither a path nor a URL";
		return (400);
	}
	h->path = room;
	if (*p != '/' && *p != '*')
		*room++ = '/';
	memcpy(room, p, strlen(p) + 1);
	h->query = "";
	if ((query = strchr(room, '?')) != NULL) {
		*query = '\0';
		h->query = query + 1;
	}
	return (0);
}

/* METHOD SP TARGET SP HTTP/1.x, with exactly these two spaces. */
static int
request_parse(struct http_head *h, char *line, char *room, const char **why)
{
	char *p, *target, *version;

	*why = "the request line is not METHOD TARGET HTTP/1.1";
	for (p = line; http_is_token(*p); p++)
		;
	if (p == line || *p != ' ')
		return (400);
	*p = '\0';
	target = p + 1;
	if ((version = strchr(target, ' ')) == NULL || version == target)
		return (400);
	*version++ = '\0';
	if (strlen(version) != 8 || strncmp(version, "HTTP/", 5) != 0 ||
	    version[5] < '0' || version[5] > '9' || version[6] != '.' ||
	    version[7] < '0' || version[7] > '9')
		return (400);
	if (version[5] != '1' || version[7] > '1') {
		*why = "only HTTP/1.0 and HTTP/1.1 are spoken here";
		return (505);
	}
	h->method = line;
	h->target = target;
	h->minor = version[7] - '0';
	return (target_parse(h, room, why));
}

/* NAME ":" OWS VALUE OWS. */
static int
field_parse(struct http_field *f, char *line, const char **why)
{
	char *p = line, *end;

	while (http_is_token(*p))
		p++;
	if (p == line || *p != ':') {
		*why = *line == ' ' || *line == '\t' ?
		    "a header field is folded over two lines" :
		    "a header field's name is not a token right before a colon";
		return (400);
	}
	*p++ = '\0';
	p += strspn(p, " \t");
	for (end = p + strlen(p); end > p && (end[-1] == ' ' ||
	    end[-1] == '\t');)
		*--end = '\0';
	f->name = line;
	f->value = p;
	return (0);
}

static int
expect_read(struct http_head *h, const char *value, const char **why)
{
	if (strcasecmp(value, "100-continue") != 0) {
		*why = "Expect asks for something other than 100-continue";
		return (417);
	}
	h->expect = h->minor == 1;	/* RFC 9110, 10.1.1: ignored in 1.0 */
	return (0);
}

/* Note what the field says about framing, if it does. */
static int
framing_read(struct framing *r, struct http_head *h,
    const struct http_field *f, const char **why)
{
	if (strcasecmp(f->name, "Host") == 0) {
		r->hosts++;
		if (f->value[strspn(f->value, host_bytes)] != '\0') {
			*why = "Host is not HOST or HOST:PORT";
			return (400);
		}
	} else if (strcasecmp(f->name, "Content-Length") == 0) {
		r->lengths++;
		if ((h->length = number_parse(f->value)) == -1) {
			*why = "Content-Length is not a number of 63 bits";
			return (400);
		}
	} else if (strcasecmp(f->name, "Transfer-Encoding") == 0) {
		r->codings++;
		r->chunked = strcasecmp(f->value, "chunked") == 0;
	} else if (strcasecmp(f->name, "Connection") == 0) {
		r->close |= list_has(f->value, "close");
		r->keep |= list_has(f->value, "keep-alive");
	} else if (strcasecmp(f->name, "Expect") == 0) {
		return (expect_read(h, f->value, why));
	}
	return (0);
}

static int
framing_decide(const struct framing *r, struct http_head *h, const char **why)
{
	if (r->hosts > 1 || (r->hosts == 0 && h->minor == 1))
		*why = r->hosts > 1 ? "more than one Host" : "no Host";
	else if (r->lengths > 1)
		*why = "more than one Content-Length";
	else if (r->codings > 1)
		*why = "more than one Transfer-Encoding";
	else if (r->codings == 1 && r->lengths == 1)
		*why = "both Content-Length and Transfer-Encoding";
	else if (r->codings == 1 && h->minor == 0)
		*why = "Transfer-Encoding in HTTP/1.0";
	else if (r->codings == 1 && !r->chunked) {
		*why = "Transfer-Encoding is not exactly chunked";
		return (501);
	} else {
		if (r->chunked)
			h->length = -1;
		h->keep = !r->close && (h->minor == 1 || r->keep);
		return (0);
	}
	return (400);
}

/* The most fields there can be: a head has two lines more. */
static size_t
fields_count(const char *p, const char *end)
{
	size_t lines = 0;

	for (; p < end; p++)
		lines += *p == '\n';
	return (lines - 2);
}

/* room: for the target's path and query, behind the fields. */
static int
head_read(struct http_head *h, char *p, const char *end, char *room,
    const char **why)
{
	struct framing framing = { 0 };
	char *line;
	int status;

	if ((line = line_take(&p, end, why)) == NULL)
		return (400);
	if ((status = request_parse(h, line, room, why)) != 0)
		return (status);
	for (;;) {
		if ((line = line_take(&p, end, why)) == NULL)
			return (400);
		if (*line == '\0')
			break;
		if ((status = field_parse(&h->fields[h->nfields], line,
		    why)) != 0 ||
		    (status = framing_read(&framing, h,
		    &h->fields[h->nfields], why)) != 0)
			return (status);
		h->nfields++;
	}
	if (p != end) {
		*why = "bytes behind the head's blank line";
		return (400);
	}
	return (framing_decide(&framing, h, why));
}

struct http_head *
http_head_parse(char *p, size_t len, size_t max_fields, int *status,
    const char **why)
{
	struct http_head *h;
	char *end = p + len;
	size_t n;

	if (len >= 2 && p[0] == '\r' && p[1] == '\n')
		p += 2;
	if (end - p < 4 || memcmp(end - 4, "\r\n\r\n", 4) != 0) {
		*status = 400;
		*why = "the head does not end with a blank line";
		return (NULL);
	}
	if ((n = fields_count(p, end)) > max_fields) {
		*status = 431;
		*why = "there are more header fields than head_fields";
		return (NULL);
	}
	if ((h = calloc(1, sizeof(*h) + n * sizeof(h->fields[0]) +
	    (size_t)(end - p) + 2)) == NULL) {
		*status = 503;
		*why = "out of memory";
		return (NULL);
	}
	*status = head_read(h, p, end, (char *)(h->fields + n), why);
	if (*status != 0) {
		free(h);
		return (NULL);
	}
	return (h);
}

void
http_head_free(struct http_head *h)
{
	free(h);
}

const char *
http_head_find(const struct http_head *h, const char *name)
{
	size_t i;

	for (i = 0; i < h->nfields; i++)
		if (strcasecmp(h->fields[i].name, name) == 0)
			return (h->fields[i].value);
	return (NULL);
}
