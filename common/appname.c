#include "appname.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "labels.h"

/* A part of a name, without the blanks around it. */
struct appname_part {
	const char	*p;
	size_t		 len;
};

static int
appname_blank(char c)
{
	return (c == ' ' || (c >= '\t' && c <= '\r'));
}

static struct appname_part
appname_trim(const char *p, const char *end)
{
	while (p < end && appname_blank(*p))
		p++;
	while (end > p && appname_blank(end[-1]))
		end--;
	return ((struct appname_part){ p, (size_t)(end - p) });
}

/* The next of two bytes from p on, or end. */
static const char *
appname_until(const char *p, const char *end, char a, char b)
{
	while (p < end && *p != a && *p != b)
		p++;
	return (p);
}

static int
appname_valid(struct appname_part app, const char **why)
{
	if (app.len == 0)
		*why = "the application has no name";
	else if (!labels_plain(app.p, app.len))
		*why = "the application's name has a character that is not "
		    "allowed";
	else
		return (1);
	return (0);
}

static int
appname_label(struct labels *labels, struct appname_part key,
    struct appname_part value, const char **why)
{
	return (labels_set(labels, key.p, key.len, value.p, value.len, why));
}

/* What is behind the brace that opens. */
static int
appname_labels(const char *p, const char *end, struct labels *labels,
    const char **why)
{
	struct appname_part key, value;
	const char *s;
	int closed = 0;

	for (;;) {
		s = appname_until(p, end, '=', '}');
		key = appname_trim(p, s);
		if (s == end || *s == '}')
			break;
		p = s + 1;
		s = appname_until(p, end, ',', '}');
		value = appname_trim(p, s);
		if (appname_label(labels, key, value, why) == -1)
			return (-1);
		if (s == end)
			return (0);
		/* Behind } more labels may stand, but no text is one. */
		closed = *s == '}';
		p = s + 1;
	}
	if (closed || key.len == 0)
		return (0);
	value.p = "";
	value.len = 0;
	return (appname_label(labels, key, value, why));
}

int
appname_parse(const char *p, size_t len, char **app, struct labels *labels,
    const char **why)
{
	const char *end, *brace, *name;
	struct appname_part part;

	if (len == 0)
		p = "";
	end = p + len;
	brace = memchr(p, '{', len);
	part = appname_trim(p, brace != NULL ? brace : end);
	if (!appname_valid(part, why))
		return (-1);
	if (brace != NULL &&
	    appname_labels(brace + 1, end, labels, why) == -1)
		return (-1);
	if ((name = labels_get(labels, "__name__")) != NULL) {
		part.p = name;
		part.len = strlen(name);
		if (!appname_valid(part, why))
			return (-1);
	}
	if ((*app = strndup(part.p, part.len)) == NULL) {
		*why = "out of memory";
		return (-1);
	}
	labels_drop(labels, "__name__");
	return (0);
}

int
appname_write(const char *app, const struct labels *labels, struct buf *out)
{
	if (buf_adds(out, app) == -1 || buf_addc(out, '{') == -1 ||
	    labels_write(labels, out) == -1)
		return (-1);
	return (buf_addc(out, '}'));
}
