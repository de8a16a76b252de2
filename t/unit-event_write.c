/* event_write and form_write: what the readers of a profile make of them. */
#include "event_write.h"

#include <errno.h>
#include <string.h>

#include "buf.h"
#include "form.h"
#include "form_write.h"
#include "multipart.h"
#include "ok.h"
#include "profile.h"

#define ID	"019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11"

static int
holds(const struct buf *b, const char *text)
{
	return (b->len == strlen(text) && memcmp(b->p, text, b->len) == 0);
}

static void
check_tags(void)
{
	struct buf b = { 0 };

	ok(event_write_tag(&b, "service", "shop") == 0 &&
	    event_write_tag(&b, "team", "") == 0 &&
	    event_write_tag(&b, "url", "http://a:1") == 0 &&
	    holds(&b, "service:shop,team:,url:http://a:1"),
	    "tags are joined by commas");
	b.len = 0;
	ok(event_write_tag(&b, "a,b:c", "x,y") == 0 && holds(&b, "a_b_c:x;y"),
	    "what would end a tag or a key becomes something else");
	buf_free(&b);
}

static void
check_event(void)
{
	static const char *const names[] = { "cpu.pprof", "delta-heap.pprof" };
	struct event_write e = { .format = "pprof", .profiler = "pyroscope",
	    .attachments = names, .n = 2, .tags = "a:\"quoted\"", .own = "",
	    .start = 1795341719000000000, .end = 1795341729500000000 };
	struct buf b = { 0 };

	ok(event_write(&e, &b) == 0 && holds(&b, "{\"format\":\"pprof\","
	    "\"profiler\":\"pyroscope\",\"attachments\":[\"cpu.pprof\","
	    "\"delta-heap.pprof\"],\"language\":\"unknown\","
	    "\"tags_profiler\":\"a:\\\"quoted\\\"\","
	    "\"start\":\"2026-11-22T10:01:59Z\","
	    "\"end\":\"2026-11-22T10:02:09.5Z\"}"), "an event is written");
	e.own = "tag1:val1";
	e.language = "golang";
	b.len = 0;
	ok(event_write(&e, &b) == 0 && buf_str(&b) != NULL &&
	    strstr(b.p, "\"language\":\"golang\"") != NULL &&
	    strstr(b.p, "\"sub_custom_tags\":\"tag1:val1\"") != NULL,
	    "with a language and tags of its own");
	buf_free(&b);
}

static int
on_read(void *arg, uint64_t off, void *p, size_t len)
{
	const struct buf *b = arg;

	if (off + len > b->len) {
		errno = EIO;
		return (-1);
	}
	memcpy(p, b->p + off, len);
	return (0);
}

static const char *
on_line(void *arg, const char *name, size_t *at)
{
	(void)arg;
	(void)name;
	(void)at;
	return (NULL);
}

/* A whole body, as profile.h reads it. */
static void
check_form(void)
{
	static const char *const names[] = { "cpu.pprof" };
	static const char *const lookup[] = { "service" };
	struct event_write e = { .format = "pprof", .profiler = "pprof",
	    .language = "golang", .attachments = names, .n = 1,
	    .tags = "service:shop", .own = "",
	    .start = 1795341719000000000, .end = 1795341729000000000 };
	struct multipart_limits limits = { 10, 1000 };
	struct form_source source = { .received = "2026-11-22T00:00:00Z",
	    .read = on_read, .line = on_line };
	char type[FORM_WRITE_TYPE];
	const struct form *f;
	struct buf b = { 0 };
	struct profile *p;
	const char *why;

	form_write_type(type, ID);
	if (form_write_event(&b, ID) == -1 || event_write(&e, &b) == -1 ||
	    form_write_next(&b) == -1 ||
	    form_write_file(&b, ID, "cpu.pprof") == -1 ||
	    buf_adds(&b, "\r\nbytes\r\n--") == -1 ||
	    form_write_next(&b) == -1 || form_write_end(&b, ID) == -1)
		failed = 1;
	source.content_type = type;
	source.length = b.len;
	source.arg = &b;
	p = profile_new(&source, &limits, lookup, 1, &why);
	ok(p != NULL, "a form that was written is read");
	if (p == NULL)
		return;
	f = profile_form(p);
	ok(f->n == 2 && f->event == 0 && f->part[1].attachment != NULL &&
	    strcmp(f->part[1].attachment, "cpu.pprof") == 0 &&
	    f->part[1].length == 11 && memcmp(b.p + f->part[1].start,
	    "\r\nbytes\r\n--", 11) == 0, "its attachment is what it was");
	ok(!profile_changed(p) && profile_warning(p) == NULL &&
	    strcmp(profile_service(p), "shop") == 0 &&
	    strcmp(profile_language(p), "golang") == 0 &&
	    profile_start(p) == e.start && profile_end(p) == e.end,
	    "and its event needs nothing added");
	profile_free(p);
	buf_free(&b);
}

int
main(void)
{
	check_tags();
	check_event();
	check_form();
	return (failed);
}
