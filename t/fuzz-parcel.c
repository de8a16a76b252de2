/*
 * What prof-ship makes of any body, with tags of ours: a form that, sent once
 * more, stays as it is; its parts are those that came, and an event.
 */
/* parts: t/sent.o cmd/ship/parcel.o cmd/ship/spill.o */
/* covers: cmd/ship/parcel.c common/form.c common/form_name.c */
/* covers: common/tagging*.c common/members.c common/profile.c */
#include <stdint.h>
#include <string.h>

#include "../cmd/ship/parcel.h"
#include "buf.h"
#include "must.h"
#include "sent.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define TYPE	"multipart/form-data; boundary=b"

static const char *const lines[] = { "tag team=blue", "tag a=b",
    "global-tag host=web-1", "header DD-EVP-ORIGIN: x", NULL };

/*
 * At each part's end is the line break before a boundary; of an empty one that
 * may be the line break behind its head.
 */
static void
parts(const struct sent *s)
{
	const struct parcel_part *p;
	const char *end;
	size_t i, events = 0;

	for (i = 0; i < parcel_parts(s->parcel); i++) {
		p = parcel_part(s->parcel, i);
		must(p->start + p->length + 5 <= s->body.len);
		end = s->body.p + p->start + p->length;
		must(memcmp(end, "\r\n--b", 5) == 0 ||
		    (p->length == 0 && memcmp(end - 2, "\r\n--b", 5) == 0));
		must(p->is_event || p->is_field || p->attachment != NULL);
		events += (size_t)p->is_event;
	}
	must(events <= 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct buf body = { 0 };
	struct sent s, again;

	must(buf_add(&body, in, len) == 0);
	sent_make(&s, &body, TYPE, lines);
	if (s.parcel == NULL)
		must(s.error == 0 && s.why != NULL);
	else {
		must(sent_read(&s, 1 + len % 77) == 0);
		parts(&s);
		if (!parcel_rewritten(s.parcel))
			must(s.body.len == len &&
			    memcmp(s.body.p, in, len) == 0);
		sent_make(&again, &s.body, TYPE, lines);
		must(again.parcel != NULL && sent_read(&again, 100) == 0);
		must(again.body.len == s.body.len && memcmp(again.body.p,
		    s.body.p, s.body.len) == 0);
		sent_free(&again);
	}
	sent_free(&s);
	buf_free(&body);
	return (0);
}
