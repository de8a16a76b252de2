#include "report.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* In front of the bytes of why, metric, point and notes. */
struct report_head {
	uint32_t	state;
	uint32_t	why;
	uint64_t	metric;
	uint64_t	point;
	uint64_t	notes;
};

void
report_clear(struct report *r)
{
	buf_free(&r->metric);
	buf_free(&r->point);
	buf_free(&r->notes);
	memset(r, 0, sizeof(*r));
}

void
report_note(struct report *r, const char *part, const char *why)
{
	size_t at = r->notes.len, len;

	/* Without memory to say so it goes unsaid. */
	if (r->nnotes == REPORT_NOTES ||
	    buf_addf(&r->notes, "%.*s%c%.*s%c", REPORT_NOTE / 2 - 1, part,
	    '\0', REPORT_NOTE / 2 - 1, why, '\0') == -1)
		return;
	len = r->notes.len - at;
	if (r->nnotes != 0 && at - r->last == len &&
	    memcmp(r->notes.p + r->last, r->notes.p + at, len) == 0) {
		r->notes.len = at;
		return;
	}
	r->last = at;
	r->nnotes++;
}

int
report_next(const struct report *r, size_t *at, const char **part,
    const char **why)
{
	if (*at >= r->notes.len)
		return (0);
	*part = r->notes.p + *at;
	*at += strlen(*part) + 1;
	*why = r->notes.p + *at;
	*at += strlen(*why) + 1;
	return (1);
}

void
report_say(struct report *r, enum report_state state, const char *fmt, ...)
{
	va_list ap;

	r->state = state;
	va_start(ap, fmt);
	vsnprintf(r->why, sizeof(r->why), fmt, ap);
	va_end(ap);
}

int
report_encode(const struct report *r, struct buf *out)
{
	struct report_head head = { .state = r->state,
	    .why = (uint32_t)strlen(r->why), .metric = r->metric.len,
	    .point = r->point.len, .notes = r->notes.len };

	return (buf_add(out, &head, sizeof(head)) == -1 ||
	    buf_add(out, r->why, head.why) == -1 ||
	    buf_add(out, r->metric.p, r->metric.len) == -1 ||
	    buf_add(out, r->point.p, r->point.len) == -1 ||
	    buf_add(out, r->notes.p, r->notes.len) == -1 ? -1 : 0);
}

/* Are these whole pairs of texts, no more than there may be? */
static int
notes_are(const char *p, size_t len, unsigned int *n)
{
	size_t zeros = 0, i;

	for (i = 0; i < len; i++)
		zeros += p[i] == '\0';
	*n = (unsigned int)(zeros / 2);
	return (zeros <= 2 * (size_t)REPORT_NOTES && zeros % 2 == 0 &&
	    (len == 0 || p[len - 1] == '\0'));
}

int
report_decode(struct report *r, const char *p, size_t len, size_t max)
{
	struct report_head head;
	uint64_t whole;

	if (len < sizeof(head))
		return (0);
	memcpy(&head, p, sizeof(head));
	if (head.state > REPORT_TROUBLE || head.why >= REPORT_WHY ||
	    head.metric > max || head.point > max ||
	    head.notes > (uint64_t)REPORT_NOTES * REPORT_NOTE)
		return (-1);
	whole = sizeof(head) + head.why + head.metric + head.point +
	    head.notes;
	if (len < whole)
		return (0);
	p += sizeof(head);
	if (len > whole || !notes_are(p + head.why + head.metric + head.point,
	    head.notes, &r->nnotes))
		return (-1);
	r->state = (enum report_state)head.state;
	memcpy(r->why, p, head.why);
	r->why[head.why] = '\0';
	p += head.why;
	if (buf_add(&r->metric, p, head.metric) == -1 ||
	    buf_add(&r->point, p + head.metric, head.point) == -1 ||
	    buf_add(&r->notes, p + head.metric + head.point, head.notes) == -1)
		return (-1);
	return (1);
}
