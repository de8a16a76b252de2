#include "conf_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "conf.h"

static const char *
blanks(const char *p)
{
	return (p + strspn(p, " \t"));
}

int
conf_list_add(struct conf_list *l, const char *p, size_t len)
{
	char **v, *s;

	if ((v = realloc(l->v, (l->n + 1) * sizeof(*v))) == NULL)
		return (-1);
	l->v = v;
	if ((s = malloc(len + 1)) == NULL)
		return (-1);
	memcpy(s, p, len);
	s[len] = '\0';
	l->v[l->n++] = s;
	return (0);
}

void
conf_list_free(struct conf_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	memset(l, 0, sizeof(*l));
}

/* Note len bytes as said; none of them may be a control byte. */
static int
note(struct conf_list *said, const char *p, size_t len, const char **why)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (iscntrl((unsigned char)p[i])) {
			*why = "found a control byte, expected text";
			return (-1);
		}
	*why = NULL;
	return (said != NULL ? conf_list_add(said, p, len) : 0);
}

/* The text in quotes at *at, which moves behind it. */
static int
quoted(const char **at, struct conf_list *said, const char **why)
{
	struct buf b = { 0 };
	const char *p = *at;
	char quote = *p++;
	int res = -1;

	*why = NULL;
	for (; *p != quote; p++) {
		if (*p == '\0') {
			*why = "found no closing quote, expected it on the line";
			goto out;
		}
		if (*p == '\\' && quote == '"' && *++p != '"' && *p != '\\') {
			*why = "found a \\ in double quotes, expected it before "
			    "\" or \\ only (or single quotes)";
			goto out;
		}
		if (buf_addc(&b, *p) == -1)
			goto out;
	}
	*at = p + 1;
	res = note(said, b.len != 0 ? b.p : "", b.len, why);
out:
	buf_free(&b);
	return (res);
}

/* The list at *at, which moves behind it. */
static enum conf_text
list(const char **at, struct conf_list *said, const char **why)
{
	const char *p = blanks(*at + 1);

	while (*p != ']') {
		if (*p == '\0' || *p == '#' || strchr(p, ']') == NULL)
			return (CONF_TEXT_OPEN);
		if (*p != '"' && *p != '\'') {
			*why = "found text without quotes in a list, expected "
			    "quotes";
			return (CONF_TEXT_WRONG);
		}
		if (quoted(&p, said, why) == -1)
			return (CONF_TEXT_WRONG);
		p = blanks(p);
		if (*p == ',')
			p = blanks(p + 1);
		else if (*p != ']' && *p != '\0' && *p != '#') {
			*why = "found no comma between texts of a list, "
			    "expected one";
			return (CONF_TEXT_WRONG);
		}
	}
	*at = p + 1;
	return (CONF_TEXT_LIST);
}

/* A '[' can also begin an address, [::1]:9529. */
static int
is_list(const char *p)
{
	return (*p == '[' && (strchr("\"'],#", *blanks(p + 1)) != NULL ||
	    p[strcspn(p, "], \t")] != ']'));
}

enum conf_text
conf_text_parse(const char *value, struct conf_list *said, const char **end,
    const char **why)
{
	enum conf_text found = CONF_TEXT_ONE;
	const char *p = value;

	if (*p == '"' || *p == '\'') {
		if (quoted(&p, said, why) == -1)
			return (CONF_TEXT_WRONG);
	} else if (is_list(p)) {
		if ((found = list(&p, said, why)) != CONF_TEXT_LIST)
			return (found);
	} else {
		while (*p != '\0' && (*p != '#' ||
		    (p > value && strchr(" \t", p[-1]) == NULL)))
			p++;
		while (p > value && strchr(" \t", p[-1]) != NULL)
			p--;
		if (note(said, value, (size_t)(p - value), why) == -1)
			return (CONF_TEXT_WRONG);
	}
	*end = p;
	p = blanks(p);
	if (*p != '\0' && *p != '#') {
		*why = "found text behind a closing quote or bracket, expected "
		    "a comment";
		return (CONF_TEXT_WRONG);
	}
	return (found);
}
