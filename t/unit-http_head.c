#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_head.h"
#include "ok.h"

#define FIELDS	10
#define HOST	"Host: a\r\n"
#define POST	"POST / HTTP/1.1\r\n" HOST

static char block[65536];
static const char *why;
static int status;

static struct http_head *
parse(const char *text, size_t len)
{
	memcpy(block, text, len);
	why = "";
	status = 0;
	return (http_head_parse(block, len, FIELDS, &status, &why));
}

static void
refused_bytes(const char *text, size_t len, int want, const char *sentence,
    const char *fact)
{
	struct http_head *h = parse(text, len);

	ok(h == NULL && status == want && strcmp(why, sentence) == 0, fact);
	if (h == NULL && (status != want || strcmp(why, sentence) != 0))
		printf("# %d %s\n", status, why);
	http_head_free(h);
}

static void
refused(const char *text, int want, const char *sentence, const char *fact)
{
	refused_bytes(text, strlen(text), want, sentence, fact);
}

static void
taken(const char *text, const char *fact)
{
	struct http_head *h = parse(text, strlen(text));

	ok(h != NULL, fact);
	if (h == NULL)
		printf("# %d %s\n", status, why);
	http_head_free(h);
}

static void
length(const char *text, int64_t want, const char *fact)
{
	struct http_head *h = parse(text, strlen(text));

	ok(h != NULL && h->length == want, fact);
	http_head_free(h);
}

static void
request_line(void)
{
	static const char line[] =
	    "the request line is not METHOD TARGET HTTP/1.1";
	static const char spoken[] =
	    "only HTTP/1.0 and HTTP/1.1 are spoken here";
	static const char *const bad[] = { "GET\r\n\r\n",
	    "GET /\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n",
	    "GET /  HTTP/1.1\r\n\r\n", "GET / HTTP/1.1 \r\n\r\n",
	    " GET / HTTP/1.1\r\n\r\n", "GET\t/\tHTTP/1.1\r\n\r\n",
	    "G(T / HTTP/1.1\r\n\r\n", "GET / http/1.1\r\n\r\n",
	    "GET / HTTP/1.10\r\n\r\n", "GET / HTTP/11\r\n\r\n",
	    "GET / HTTP/x.1\r\n\r\n", "GET / a HTTP/1.1\r\n\r\n" };
	static const char *const other[] = { "GET / HTTP/2.0\r\n\r\n",
	    "GET / HTTP/1.2\r\n\r\n", "GET / HTTP/0.9\r\n\r\n",
	    "PRI * HTTP/2.0\r\n\r\n" };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refused(bad[i], 400, line,
		    "a request line that is not three words is refused");
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		refused(other[i], 505, spoken,
		    "a version other than 1.0 and 1.1 is 505");
	taken("\r\n" POST "\r\n", "an empty line before is skipped");
	refused("\r\n\r\n" POST "\r\n", 400, line,
	    "two empty lines before are refused");
	refused("\r\n\r\n", 400, "the head does not end with a blank line",
	    "nothing is no request");
	taken("BREW / HTTP/1.1\r\n" HOST "\r\n", "any token is a method");
}

static void
target(const char *sent, const char *path, const char *query)
{
	char text[256];
	struct http_head *h;

	snprintf(text, sizeof(text), "GET %s HTTP/1.1\r\n" HOST "\r\n", sent);
	h = parse(text, strlen(text));
	if (path == NULL)
		ok(h == NULL && status == 400, sent);
	else
		ok(h != NULL && strcmp(h->target, sent) == 0 &&
		    strcmp(h->path, path) == 0 &&
		    strcmp(h->query, query) == 0, sent);
	http_head_free(h);
}

static void
targets(void)
{
	target("/", "/", "");
	target("/a/b?c=d?e", "/a/b", "c=d?e");
	target("/a?", "/a", "");
	target("/ingest?name=a{k=v}", "/ingest", "name=a{k=v}");
	target("/%00%2f", "/%00%2f", "");
	target("*", "*", "");
	target("http://a:80/b?c", "/b", "c");
	target("HTTPS://[::1]/b", "/b", "");
	target("http://a", "/", "");
	target("http://a?b", "/", "b");
	target("http:///b", NULL, NULL);
	target("http://", NULL, NULL);
	target("http://a\"/b", NULL, NULL);
	target("ftp://a/b", NULL, NULL);
	target("a:443", NULL, NULL);
	target("a/b", NULL, NULL);
	target("*a", NULL, NULL);
	target("/a#b", NULL, NULL);
	target("/\xc3\xa9", NULL, NULL);
}

static void
fields(void)
{
	static const char name[] =
	    "a header field's name is not a token right before a colon";
	static const char bytes[] = "a line of the head is not ended by CRLF, "
	    "or holds a control byte";
	static const char fields[] =
	    POST "x-a: \t b c \t\r\nX-A:2\r\nX-B:\r\n\r\n";
	struct http_head *h;

	h = parse(fields, strlen(fields));
	ok(h != NULL && h->nfields == 4 &&
	    strcmp(h->fields[1].name, "x-a") == 0 &&
	    strcmp(h->fields[1].value, "b c") == 0,
	    "white space around a value is cut off");
	ok(h != NULL && strcmp(http_head_find(h, "X-a"), "b c") == 0,
	    "the first field of a name is found in any case");
	ok(h != NULL && *http_head_find(h, "x-b") == '\0' &&
	    http_head_find(h, "x-c") == NULL, "an empty value is a value");
	http_head_free(h);
	taken(POST "X: \xc3\xa9\xff\r\n\r\n", "bytes over 0x7f are text");
	refused(POST "X : a\r\n\r\n", 400, name,
	    "a space before the colon is refused");
	refused(POST "X\r\n\r\n", 400, name, "no colon is refused");
	refused(POST ": a\r\n\r\n", 400, name, "an empty name is refused");
	refused(POST "X(: a\r\n\r\n", 400, name,
	    "a name that is no token is refused");
	refused(POST "X: a\r\n b\r\n\r\n", 400,
	    "a header field is folded over two lines", "folding is refused");
	refused("POST / HTTP/1.1\r\n Host: a\r\n\r\n", 400,
	    "a header field is folded over two lines",
	    "a space before the first field is refused");
	refused_bytes(POST "X: a\0b\r\n\r\n", 36, 400, bytes,
	    "a NUL is refused");
	refused(POST "X: a\rb\r\n\r\n", 400, bytes, "a CR is refused");
	refused(POST "X: a\nb\r\n\r\n", 400, bytes, "a LF is refused");
	refused(POST "X: a\x7f\r\n\r\n", 400, bytes, "DEL is refused");
	refused(POST, 400,
	    "the head does not end with a blank line",
	    "a head without its blank line is refused");
	refused(POST "\r\nX: a\r\n\r\n", 400,
	    "bytes behind the head's blank line",
	    "a blank line in the middle is refused");
}

static void
field_limit(void)
{
	static const char text[] = POST
	    "a:\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\n";
	char less[sizeof(text) + 2];
	int extra;
	struct http_head *h;

	for (extra = -1; extra <= 1; extra++) {
		snprintf(less, sizeof(less), "%.*s\r\n",
		    (int)sizeof(text) - 1 - 4 * (1 - extra), text);
		h = parse(less, strlen(less));
		ok(extra <= 0 ? h != NULL &&
		    h->nfields == (size_t)(FIELDS + extra) :
		    h == NULL && status == 431,
		    "fields up to the limit are taken, one more is 431");
		http_head_free(h);
	}
}

static void
lengths(void)
{
	static const char number[] =
	    "Content-Length is not a number of 63 bits";
	static const char *const bad[] = { "", "+3", "-1", "3, 3", "3,3", "3 3",
	    "0x3", "3.0", "9223372036854775808", "18446744073709551619" };
	char text[256];
	size_t i;

	length(POST "\r\n", 0, "no framing is an empty body");
	length(POST "content-length: 3\r\n\r\n", 3, "Content-Length");
	length(POST "Content-Length: 9223372036854775807\r\n\r\n", INT64_MAX,
	    "the greatest Content-Length");
	length("GET / HTTP/1.0\r\nContent-Length: 03\r\n\r\n", 3,
	    "Content-Length in 1.0, leading zeros");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), POST "Content-Length: %s\r\n\r\n",
		    bad[i]);
		refused(text, 400, number,
		    "a Content-Length that is not digits is refused");
	}
	refused(POST "Content-Length: 3\r\nContent-Length: 3\r\n\r\n", 400,
	    "more than one Content-Length",
	    "two Content-Lengths are refused, even the same");
}

static void
codings(void)
{
	static const char *const other[] = { "identity", "gzip, chunked",
	    "chunked, chunked", "xchunked", "chunked;q=1", "" };
	char text[256];
	size_t i;

	length(POST "Transfer-Encoding: Chunked\r\n\r\n", -1, "chunked");
	for (i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		snprintf(text, sizeof(text),
		    POST "Transfer-Encoding: %s\r\n\r\n", other[i]);
		refused(text, 501,
		    "Transfer-Encoding is not exactly chunked",
		    "another transfer coding is 501");
	}
	refused(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: "
	    "identity\r\n\r\n", 400, "more than one Transfer-Encoding",
	    "two Transfer-Encodings are refused");
	refused(POST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
	    400, "both Content-Length and Transfer-Encoding",
	    "both framings are refused");
	refused("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
	    "Transfer-Encoding in HTTP/1.0", "chunked in 1.0 is refused");
}

static void
hosts(void)
{
	static const char bad[] = "Host is not HOST or HOST:PORT";

	refused("POST / HTTP/1.1\r\n\r\n", 400, "no Host",
	    "1.1 without Host is refused");
	refused(POST HOST "\r\n", 400, "more than one Host",
	    "two Hosts are refused");
	refused("POST / HTTP/1.0\r\n" HOST HOST "\r\n", 400,
	    "more than one Host", "two Hosts in 1.0 are refused");
	taken("POST / HTTP/1.0\r\n\r\n", "1.0 needs no Host");
	taken("POST / HTTP/1.1\r\nHost:\r\n\r\n", "an empty Host is one");
	taken("POST / HTTP/1.1\r\nHost: [::1]:9529\r\n\r\n", "IPv6 in Host");
	taken("POST / HTTP/1.1\r\nHost: %2Frun%2Fapm.sock\r\n\r\n",
	    "a socket's path in Host");
	refused("POST / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400, bad,
	    "a list in Host is refused");
	refused("POST / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, bad,
	    "a path in Host is refused");
}

static void
keep(const char *version, const char *lines, int want)
{
	struct http_head *h;
	char text[256];

	snprintf(text, sizeof(text), "GET / HTTP/%s\r\n" HOST "%s\r\n", version,
	    lines);
	h = parse(text, strlen(text));
	snprintf(text, sizeof(text), "%s %.*s: %s", version,
	    (int)strcspn(lines, "\r"), lines, want ? "kept" : "closed");
	ok(h != NULL && h->keep == want, text);
	http_head_free(h);
}

static void
expects(const char *version, int want)
{
	char text[256];
	struct http_head *h;

	snprintf(text, sizeof(text), "POST / HTTP/%s\r\n" HOST
	    "Expect: 100-Continue\r\n\r\n", version);
	h = parse(text, strlen(text));
	ok(h != NULL && h->expect == want,
	    want ? "1.1 waits for 100" : "1.0 never waits for 100");
	http_head_free(h);
}

/* In two pieces, cut anywhere; -1: refused, else how many bytes were taken. */
static ssize_t
scan(const char *text, size_t cut)
{
	struct http_scan s = { 0 };
	size_t len = strlen(text);
	ssize_t a, b = 0;

	if ((a = http_head_scan(&s, text, cut, &why)) == -1)
		return (-1);
	if ((size_t)a == cut &&
	    (b = http_head_scan(&s, text + cut, len - cut, &why)) == -1)
		return (-1);
	return (s.done ? a + b : 0);
}

static void
scans(void)
{
	static const char good[] = "\r\n" POST "A: b\r\n\r\nbody\r\n\r\n";
	static const char *const bad[] = { "GET / HTTP/1.1\nHost", "GET\rA",
	    "\x16\x03\x01", "GET / HTTP/1.1\r\n\r\r", "\nGET", "a\x01" };
	size_t i;
	int holds = 1;

	for (i = 0; i <= strlen(good); i++)
		holds &= scan(good, i) == (ssize_t)strlen(good) - 8;
	ok(holds, "the blank line is found wherever the bytes are cut");
	ok(scan("GET / HTTP/1.1\r\nA: b\r\n", 3) == 0,
	    "without a blank line it is not");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(scan(bad[i], 1) == -1,
		    "what no head can hold is known at once");
}

int
main(void)
{
	request_line();
	targets();
	fields();
	field_limit();
	lengths();
	codings();
	hosts();
	keep("1.1", "", 1);
	keep("1.1", "Connection: close\r\n", 0);
	keep("1.1", "Connection: keep-alive, Close\r\n", 0);
	keep("1.1", "Connection: TE\r\nconnection: close\r\n", 0);
	keep("1.1", "Connection: closed\r\n", 1);
	keep("1.0", "", 0);
	keep("1.0", "Connection: foo, Keep-Alive\r\n", 1);
	keep("1.0", "Connection: keep-alive, close\r\n", 0);
	expects("1.1", 1);
	expects("1.0", 0);
	refused(POST "Expect: tea\r\n\r\n", 417,
	    "Expect asks for something other than 100-continue",
	    "another Expect is 417");
	scans();
	return (failed);
}
