#include "multipart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "ok.h"

#define FORM	"multipart/form-data; boundary=b"
#define HEAD	"Content-Disposition: form-data; name=\"n\"\r\n"
#define TWICE	"Content-Disposition: form-data\r\n" HEAD

static const struct multipart_limits roomy = { 100, 1000 };

/* What a parser said, as text: pieces of content run together. */
static void
on_part(const struct multipart_part *p, void *arg)
{
	buf_addf(arg, "%zu@%llu,%llu,%llu %s/%s/%s %llu+%zu[", p->index,
	    (unsigned long long)p->start, (unsigned long long)p->head,
	    (unsigned long long)p->body, p->name != NULL ? p->name : "-",
	    p->filename != NULL ? p->filename : "-",
	    p->type != NULL ? p->type : "-",
	    (unsigned long long)p->length_at, p->length_digits);
}

static void
on_body(const char *p, size_t len, void *arg)
{
	buf_add(arg, p, len);
}

static void
on_end(uint64_t end, void *arg)
{
	buf_addf(arg, "]@%llu ", (unsigned long long)end);
}

/* The text a body gives, fed in pieces of step bytes; to be freed. */
static char *
told(const char *type, const struct multipart_limits *limits, const char *p,
    size_t len, size_t step)
{
	static const struct multipart_calls calls = { on_part, on_body,
	    on_end };
	struct buf b = { 0 };
	struct multipart *m;
	const char *why;
	uint64_t at;
	size_t n;

	if ((m = multipart_new(type, limits, &calls, &b, &why)) == NULL) {
		buf_addf(&b, "! %s", why);
		return (buf_str(&b));
	}
	for (; len > 0; p += n, len -= n) {
		n = len < step ? len : step;
		if (multipart_feed(m, p, n) == -1)
			break;
	}
	if (multipart_finish(m) == -1) {
		why = multipart_why(m, &at);
		buf_addf(&b, "! %s at %llu", why, (unsigned long long)at);
	} else
		buf_addf(&b, "close %llu",
		    (unsigned long long)multipart_close(m));
	multipart_free(m);
	return (buf_str(&b));
}

/* The same in any pieces, and what is expected. */
static void
same_n(const char *type, const struct multipart_limits *limits, const char *p,
    size_t len, const char *expected, const char *fact)
{
	char *s;
	size_t step;
	int good = 1;

	for (step = 1; step <= len + 1 && good; step++) {
		s = told(type, limits, p, len, step);
		good = strcmp(s, expected) == 0;
		if (!good)
			printf("# in pieces of %zu:\n#  %s\n#  %s\n", step, s,
			    expected);
		free(s);
	}
	ok(good, fact);
}

static void
same(const char *body, const char *expected, const char *fact)
{
	same_n(FORM, &roomy, body, strlen(body), expected, fact);
}

static void
content_types(void)
{
	static const char body[] = "--b\r\n\r\nx\r\n--b--";
	static const char good[] = "0@0,5,7 -/-/- 0+0[x]@8 close 8";
	static const struct {
		const char *type, *expected;
	} cases[] = {
		{ NULL, "! content type is missing" },
		{ "text/plain; boundary=b",
		    "! content type is not multipart/form-data" },
		{ "multipart/form-data", "! missing boundary" },
		{ "multipart/form-data; boundary=",
		    "! malformed content type" },
		{ "multipart/form-data; boundary=\"\"",
		    "! bad boundary in the content type" },
		{ "multipart/form-data; boundary=\"b",
		    "! malformed content type" },
		{ "multipart/form-data; boundary=b\xc3",
		    "! malformed content type" },
		{ "multipart/form-data; boundary=\"b\\\\\"",
		    "! bad boundary in the content type" },
		{ "multipart/form-data; boundary=\"b \"",
		    "! bad boundary in the content type" },
		{ "multipart/form-data; boundary=b; boundary=b",
		    "! two boundaries in the content type" },
		{ "Multipart/Form-Data ;charset=utf-8; BOUNDARY=b;", good },
		{ "multipart/form-data; boundary=\"b\"", good },
	};
	char *s;
	size_t i;
	int all = 1;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		s = told(cases[i].type, &roomy, body, strlen(body), 100);
		if (strcmp(s, cases[i].expected) != 0) {
			printf("# %s: %s\n", cases[i].type, s);
			all = 0;
		}
		free(s);
	}
	ok(all, "a boundary is taken quoted or not, in any case, or refused");
}

static void
boundaries(void)
{
	static const char dashes[] = "----------------------------------------"
	    "----------------------------------------";
	struct buf boundary = { 0 }, full = { 0 }, form = { 0 };
	char *s;
	size_t i;

	for (i = 69; i <= 71; i++) {
		buf_addf(&boundary, "%.*s", (int)i, dashes);
		buf_addf(&form, "--%s\r\n\r\nx\r\n--%s--",
		    buf_str(&boundary), buf_str(&boundary));
		buf_addf(&full, "multipart/form-data; boundary=%s",
		    buf_str(&boundary));
		s = told(buf_str(&full), &roomy, form.p, form.len, 7);
		ok((strncmp(s, "! bad boundary", 14) == 0) == (i > 70),
		    i > 70 ? "a boundary of 71 bytes is refused" :
		    "a boundary of 69 or 70 dashes is taken");
		free(s);
		buf_free(&boundary);
		buf_free(&full);
		buf_free(&form);
	}
}

static void
bodies(void)
{
	same("--b\r\n" HEAD "\r\none\r\n--b--",
	    "0@0,5,49 n/-/- 0+0[one]@52 close 52",
	    "a form may end without a line break");
	same("--b\r\n" HEAD "\r\none\r\n--b\r\n" HEAD "\r\ntwo\r\n--b--\r\n",
	    "0@0,5,49 n/-/- 0+0[one]@52 1@54,59,103 n/-/- 0+0[two]@106 "
	    "close 106", "two fields of one name are two parts");
	same("seen\r\nby no one\r\n--b \t\r\n" HEAD "\r\none\r\n--b--",
	    "0@17,24,68 n/-/- 0+0[one]@71 close 71",
	    "a preamble is skipped, blanks behind a boundary are");
	same("--b\r\n" HEAD "\r\n\r\n--b--", "0@0,5,49 n/-/- 0+0[]@49 close 49",
	    "a part may be empty");
	same("--b\r\n" HEAD "\r\n--b--", "0@0,5,49 n/-/- 0+0[]@49 close 47",
	    "a part may have no content at all");
	same("--b\r\n\r\n--c\r\n-\r\r\n\r\n-\r\n--\r\n--b--",
	    "0@0,5,7 -/-/- 0+0[--c\r\n-\r\r\n\r\n-\r\n--]@23 close 23",
	    "what only begins like a boundary is content");
	same("--b\r\n"
	    "content-disposition:form-data;name=\"a\\\"b\\\\\\c%22%41\" ;"
	    " filename=d.e\r\nCONTENT-TYPE:\t text/x \r\n"
	    "Content-Length:  012 \r\nX-Any: \xc3\xa4\t\r\n\r\n\r\n--b--",
	    "0@0,5,134 a\"b\\\\c\"%41/d.e/text/x 114+3[]@134 close 134",
	    "names are unquoted as browsers quote them");
	same("--b\r\nContent-Disposition: form-data; name=a; "
	    "filename*=utf-8''x; filename=\"\"\r\n\r\n\r\n--b--",
	    "0@0,5,80 a//- 0+0[]@80 close 80",
	    "filename* is ignored, an empty file name is one");
	same_n(FORM, &roomy, "--b\r\n\r\n\0\r\n--b--", 16,
	    "0@0,5,7 -/-/- 0+0[", "NUL is content");
}

static void
bad_heads(void)
{
	static const char *const heads[] = { "no colon\r\n", "a b: c\r\n",
	    " folded: line\r\n", "a: b\n", "a: b\rc: d\r\n", "a: \x7f\r\n",
	    "Content-Disposition: attachment; name=x\r\n",
	    "Content-Disposition: form-data; name\r\n",
	    "Content-Disposition: form-data; name=\"x\r\n",
	    "Content-Disposition: form-data; name=x; name=y\r\n",
	    "Content-Disposition: form-data; name=\"\"; name=y\r\n",
	    "Content-Disposition: form-data; name=\"x\" y\r\n",
	    TWICE };
	static const char why[] = "! malformed part header at ";
	char body[200], *s;
	const char *at;
	size_t i, step;
	int all = 1;

	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		snprintf(body, sizeof(body), "--b\r\n%s\r\nx\r\n--b--",
		    heads[i]);
		for (step = 1; step < 80; step++) {
			s = told(FORM, &roomy, body, strlen(body), step);
			at = strcmp(heads[i], TWICE) == 0 ? "37" : "5";
			if (strncmp(s, why, strlen(why)) != 0 ||
			    strcmp(s + strlen(why), at) != 0) {
				printf("# %s: %s\n", heads[i], s);
				all = 0;
			}
			free(s);
		}
	}
	ok(all, "a malformed part header is refused, with its offset");
}

static void
refusals(void)
{
	same("", "! missing first boundary at 0", "an empty body is refused");
	same("hello", "! missing first boundary at 0",
	    "a body without a boundary is refused");
	same("--b--", "! no part before the final boundary at 0",
	    "a form without a part is refused");
	same("--b\r\n" HEAD "\r\none\r\n--b",
	    "0@0,5,49 n/-/- 0+0[one]@52 "
	    "! body ends before the final boundary at 57",
	    "a body that stops at a boundary is refused");
	same("--b\r\n" HEAD,
	    "! body ends before the final boundary at 47",
	    "a body that stops in a head is refused");
	same("--b\r\n\r\nx\r\n--bc\r\n", "0@0,5,7 -/-/- 0+0[x]@8 "
	    "! malformed boundary line at 13",
	    "a boundary with more behind it is refused");
	same("--b\n\r\nx\r\n--b--", "! malformed boundary line at 3",
	    "a boundary ended by a bare line feed is refused");
	same("--b\r\n\r\nx\r\n--b- -", "0@0,5,7 -/-/- 0+0[x]@8 "
	    "! malformed boundary line at 14",
	    "half a final boundary is refused");
	same("--b\r\n\r\nx\r\n--b--\r\n\r\n", "0@0,5,7 -/-/- 0+0[x]@8 "
	    "! bytes after the final boundary at 17",
	    "bytes after the final boundary are refused");
	same("--b\r\n\r\nx\r\n--b--\r", "0@0,5,7 -/-/- 0+0[x]@8 "
	    "! bytes after the final boundary at 16",
	    "half a line break after the final boundary is refused");
	same("--b\r\n: x\r\n\r\n", "! part header without a name at 5",
	    "a part header without a name is refused");
}

static void
limits(void)
{
	static const char two[] =
	    "--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--";
	static const char one[] = "--b\r\n" HEAD "\r\nx\r\n--b--";
	static const char fore[] = "12345678\r\n--b\r\n\r\nx\r\n--b--";
	struct multipart_limits l = roomy;

	l.parts = 1;
	same_n(FORM, &l, two, strlen(two), "0@0,5,7 -/-/- 0+0[x]@8 "
	    "! too many parts at 8", "a part over the limit is refused");
	l.parts = 2;
	same_n(FORM, &l, two, strlen(two), "0@0,5,7 -/-/- 0+0[x]@8 "
	    "1@10,15,17 -/-/- 0+0[y]@18 close 18",
	    "as many parts as the limit are taken");
	l.head = strlen(HEAD) + 1;
	same_n(FORM, &l, one, strlen(one), "! part head too long at 5",
	    "a part head over the limit is refused");
	l.head = strlen(HEAD) + 2;
	same_n(FORM, &l, one, strlen(one),
	    "0@0,5,49 n/-/- 0+0[x]@50 close 50",
	    "a part head of the limit is taken");
	l.head = 7;
	same_n(FORM, &l, fore, strlen(fore), "! missing first boundary at 0",
	    "a preamble over the limit is refused");
	l.head = 8;
	same_n(FORM, &l, fore, strlen(fore),
	    "0@10,15,17 -/-/- 0+0[x]@18 close 18",
	    "a preamble of the limit is skipped");
}

int
main(void)
{
	content_types();
	boundaries();
	bodies();
	refusals();
	bad_heads();
	limits();
	return (failed);
}
