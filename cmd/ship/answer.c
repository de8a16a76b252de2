#include "answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "when.h"

#define AFTER_MAX	3600	/* seconds */

/* One line without control bytes, no blanks at its end. */
static void
answer_clean(char *reason)
{
	size_t i, len;

	reason[strcspn(reason, "\r\n")] = '\0';
	len = strlen(reason);
	for (i = 0; i < len; i++)
		if ((unsigned char)reason[i] < 0x20 || reason[i] == 0x7f)
			reason[i] = '?';
	while (len > 0 && reason[len - 1] == ' ')
		reason[--len] = '\0';
}

static void __attribute__((format(printf, 3, 0)))
answer_set(struct answer *a, enum answer_kind kind, const char *fmt, va_list ap)
{
	memset(a, 0, sizeof(*a));
	a->kind = kind;
	vsnprintf(a->reason, sizeof(a->reason), fmt, ap);
	answer_clean(a->reason);
}

void
answer_say(struct answer *a, enum answer_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	answer_set(a, kind, fmt, ap);
	va_end(ap);
}

void
answer_ours(struct answer *a, enum answer_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	answer_set(a, kind, fmt, ap);
	va_end(ap);
	a->ours = 1;
}

static enum answer_kind
answer_class(int status)
{
	if (status >= 200 && status < 300)
		return (ANSWER_OK);
	if (status == 408 || status == 425 || status == 429 || status >= 500)
		return (ANSWER_RETRY);
	if (status == 401 || status == 403 || status == 404 ||
	    (status >= 300 && status < 400))
		return (ANSWER_SUSPEND);
	if (status >= 400)
		return (ANSWER_DEAD);
	return (ANSWER_RETRY);
}

void
answer_http(struct answer *a, int status, int64_t after, const char *body,
    size_t len)
{
	enum answer_kind kind = answer_class(status);

	/* The first line that says anything. */
	while (len > 0 && (*body == '\r' || *body == '\n' || *body == ' ')) {
		body++;
		len--;
	}
	if (kind == ANSWER_OK)
		len = 0;
	answer_say(a, kind, "%d%s%.*s", status, len != 0 ? " " : "",
	    (int)(len < ANSWER_REASON ? len : ANSWER_REASON), body);
	if (status >= 300 && status < 400)
		answer_say(a, kind, "%d redirects are not followed", status);
	a->status = status;
	if (kind == ANSWER_RETRY && after > 0)
		a->after = (after < AFTER_MAX ? after : AFTER_MAX) *
		    WHEN_SECOND;
}

const char *
answer_word(enum answer_kind kind)
{
	static const char *const words[] = { "ok", "retry", "suspended",
	    "dead", "back" };

	return (words[kind]);
}
