#include "param.h"

#include <string.h>
#include <strings.h>

#include "buf.h"

static void
param_blank(const char **p, const char *end)
{
	while (*p < end && (**p == ' ' || **p == '\t'))
		(*p)++;
}

/* The length of the bytes at p that may stand in a word without quotes. */
static size_t
param_token(const char *p, const char *end, const char *stop)
{
	const char *s = p;

	while (p < end && *p > ' ' && *p != 0x7f && strchr(stop, *p) == NULL)
		p++;
	return ((size_t)(p - s));
}

int
param_word(const char **p, const char *end, const char *word)
{
	size_t len;

	param_blank(p, end);
	len = param_token(*p, end, ";,\"");
	if (len != strlen(word) || strncasecmp(*p, word, len) != 0)
		return (0);
	*p += len;
	return (1);
}

static int
param_quoted(const char **p, const char *end, struct param *m)
{
	m->quoted = 1;
	m->value = ++*p;
	for (; *p < end && **p != '"'; (*p)++)
		if (**p == '\\' && *p + 1 < end &&
		    ((*p)[1] == '"' || (*p)[1] == '\\'))
			(*p)++;
	if (*p == end)
		return (-1);
	m->value_len = (size_t)(*p - m->value);
	(*p)++;
	return (0);
}

int
param_next(const char **p, const char *end, struct param *m)
{
	memset(m, 0, sizeof(*m));
	param_blank(p, end);
	if (*p == end)
		return (0);
	if (**p != ';')
		return (-1);
	(*p)++;
	param_blank(p, end);
	if (*p == end)
		return (0);
	m->name = *p;
	m->name_len = param_token(*p, end, "=;,\"");
	*p += m->name_len;
	if (m->name_len == 0 || *p == end || **p != '=')
		return (-1);
	(*p)++;
	if (*p < end && **p == '"')
		return (param_quoted(p, end, m) == -1 ? -1 : 1);
	m->value = *p;
	m->value_len = param_token(*p, end, ";\"");
	*p += m->value_len;
	return (m->value_len == 0 ? -1 : 1);
}

int
param_is(const struct param *m, const char *name)
{
	return (m->name_len == strlen(name) &&
	    strncasecmp(m->name, name, m->name_len) == 0);
}

int
param_text(const struct param *m, struct buf *out)
{
	const char *p = m->value, *end = p + m->value_len;
	char c;

	if (!m->quoted)
		return (buf_add(out, p, m->value_len));
	while (p < end) {
		c = *p++;
		if (c == '\\' && p < end && (*p == '"' || *p == '\\'))
			c = *p++;
		else if (c == '%' && end - p >= 2 && memcmp(p, "22", 2) == 0) {
			c = '"';
			p += 2;
		}
		if (buf_addc(out, c) == -1)
			return (-1);
	}
	return (0);
}
