/* covers: common/multipart.c common/multipart_head.c common/param.c */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "multipart.h"
#include "must.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * The first line is a Content-Type, the rest a body. In whatever pieces it
 * comes, a body must give the same parts or the same error; parts lie in it
 * one behind another, and their content is what stands there.
 */
struct seen {
	const char	*body;
	struct buf	 said;
	uint64_t	 at;	/* offset that content has come to */
	uint64_t	 ended;	/* of the part before */
};

static void
on_part(const struct multipart_part *p, void *arg)
{
	struct seen *s = arg;

	must(p->start >= s->ended && p->head > p->start && p->body > p->head);
	s->at = p->body;
	must(buf_addf(&s->said, "%zu %llu %llu %s|%s|%s %llu %zu\n", p->index,
	    (unsigned long long)p->start, (unsigned long long)p->body,
	    p->name != NULL ? p->name : "-",
	    p->filename != NULL ? p->filename : "-",
	    p->type != NULL ? p->type : "-",
	    (unsigned long long)p->length_at, p->length_digits) == 0);
}

static void
on_body(const char *p, size_t len, void *arg)
{
	struct seen *s = arg;

	must(memcmp(s->body + s->at, p, len) == 0);
	s->at += len;
}

static void
on_end(uint64_t end, void *arg)
{
	struct seen *s = arg;

	must(end == s->at);
	s->ended = end;
}

static void
run(const char *type, const char *p, size_t len, size_t step, struct buf *said)
{
	static const struct multipart_calls calls = { on_part, on_body,
	    on_end };
	static const struct multipart_limits limits = { 8, 400 };
	struct seen s = { p, { 0 }, 0, 0 };
	struct multipart *m;
	const char *why;
	uint64_t at;
	size_t n, i;

	m = multipart_new(type, &limits, &calls, &s, &why);
	if (m != NULL) {
		for (i = 0; i < len; i += n) {
			n = len - i < step ? len - i : step;
			if (multipart_feed(m, p + i, n) == -1)
				break;
		}
		if (multipart_finish(m) == -1) {
			why = multipart_why(m, &at);
			must(at <= len);
			buf_addf(&s.said, "%s %llu", why,
			    (unsigned long long)at);
		} else {
			must(multipart_close(m) + 2 >= s.ended);
			must(memcmp(p + multipart_close(m), "\r\n--", 4) == 0);
		}
	}
	multipart_free(m);
	*said = s.said;
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct buf whole, pieces;
	const char *nl;
	char type[200];
	size_t n;

	if (len == 0 || (nl = memchr(in, '\n', len)) == NULL)
		return (0);
	n = (size_t)(nl - (const char *)in);
	if (n >= sizeof(type))
		return (0);
	memcpy(type, in, n);
	type[n] = '\0';
	nl++;
	n = len - n - 1;
	run(type, nl, n, n + 1, &whole);
	run(type, nl, n, 1, &pieces);
	must(whole.len == pieces.len && (whole.len == 0 ||
	    memcmp(whole.p, pieces.p, whole.len) == 0));
	buf_free(&pieces);
	run(type, nl, n, 1 + len % 13, &pieces);
	must(whole.len == pieces.len && (whole.len == 0 ||
	    memcmp(whole.p, pieces.p, whole.len) == 0));
	buf_free(&pieces);
	buf_free(&whole);
	return (0);
}
