#include "conf_read.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <string.h>

#include "conf_text.h"

struct reader {
	FILE	*f;
	const struct conf_read_calls *calls;
	void	*arg;
	unsigned int line;
	int	 in_list;	/* behind a list that was not closed */
	int	 error;		/* errno of reading */
	/* As read; then as inih gets it, which is never longer. */
	char	 raw[CONF_LINE_MAX + 1];
	char	 out[CONF_LINE_MAX + 1];
};

static void
wrong(struct reader *r, const char *key, const char *why)
{
	r->calls->on_wrong(key, why, r->line, r->arg);
}

static char *
blanks(char *p)
{
	return (p + strspn(p, " \t"));
}

static void
cut_blanks(char *start, char *end)
{
	while (end > start && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
}

/* The next line into raw, without its end. 1; 0: a refused one; -1: no more. */
static int
next_line(struct reader *r)
{
	const char *why = NULL;
	size_t len = 0;
	int c;

	while ((c = getc(r->f)) != EOF && c != '\n') {
		if (c == '\0')
			why = "found a NUL byte, expected text";
		if (len <= CONF_LINE_MAX)
			r->raw[len] = (char)c;
		len++;
	}
	if (c == EOF && ferror(r->f))
		r->error = errno;
	if (r->error != 0 || (c == EOF && len == 0))
		return (-1);
	r->line++;
	if (len > 0 && len <= CONF_LINE_MAX + 1 && r->raw[len - 1] == '\r')
		len--;
	if (len > CONF_LINE_MAX)
		why = "found a line over 4096 bytes, expected 4096 at most";
	if (why != NULL) {
		wrong(r, NULL, why);
		return (0);
	}
	r->raw[len] = '\0';
	if (r->line == 1 && strncmp(r->raw, "\xef\xbb\xbf", 3) == 0)
		memmove(r->raw, r->raw + 3, len - 2);
	return (1);
}

/* Is p a line of a list whose beginning was refused already? */
static int
skip_list(struct reader *r, const char *p)
{
	if (!r->in_list)
		return (0);
	if (strchr("\"'],", *p) == NULL) {
		r->in_list = 0;
		return (0);
	}
	if (strchr(p, ']') != NULL)
		r->in_list = 0;
	return (1);
}

/* A header at p, such as [[inputs.profile.go]]. What is wrong with it? */
static const char *
header(struct reader *r, char *p)
{
	int doubled = p[1] == '[';
	char *name = blanks(p + 1 + doubled);
	char *end = name + strcspn(name, "[]#\"'=");
	const char *rest;

	if (*end != ']' || (doubled && end[1] != ']'))
		return ("found no whole header, expected [section] or "
		    "[[section]]");
	rest = blanks(end + 1 + doubled);
	if (*rest != '\0' && *rest != '#')
		return ("found text behind a header, expected a comment");
	cut_blanks(name, end);
	if (strncmp(name, "inputs.profile", 14) == 0)
		name += 7;
	if (*name == '\0')
		return ("found no name in a header, expected [section]");
	if (strlen(name) > CONF_SECTION_MAX)
		return ("found a section's name over 49 bytes, expected 49 at "
		    "most");
	for (end = name; *end != '\0'; end++)
		if (iscntrl((unsigned char)*end))
			return ("found a control byte in a header, expected "
			    "none");
	snprintf(r->out, sizeof(r->out), "[%s]", name);
	r->calls->on_section(name, r->line, r->arg);
	return (NULL);
}

/*
 * The key at p, which may stand in quotes, is cut out; NULL: it is refused.
 * *rest is set to the '=' behind it. A refused key is shown up to what is
 * wrong with it and no further: the line can be a piece of a url with a token.
 */
static char *
key(struct reader *r, char *p, char **rest)
{
	int quoted = *p == '"' || *p == '\'';
	char quote = *p, *end, *c;
	const char *why = NULL;

	p += quoted;
	end = p + strcspn(p, "=:,#;[]\"'");
	*rest = end;
	if (quoted && *end == quote)
		*rest = blanks(end + 1);
	if (**rest == '\0' || **rest == '#') {
		wrong(r, NULL, "found no = in the line, expected key = value "
		    "or [section]");
		return (NULL);
	}
	if (**rest != '=' || (quoted && *end != quote))
		why = "found one of = : , # ; [ ] or a quote in a key, "
		    "expected none";
	cut_blanks(p, end);
	if (why == NULL && *p == '\0')
		why = "found no key before =, expected key = value";
	for (c = p; *c != '\0'; c++)
		if (iscntrl((unsigned char)*c))
			why = "found a control byte in a key, expected none";
	if (why == NULL)
		return (p);
	wrong(r, *p != '\0' ? p : NULL, why);
	return (NULL);
}

/* A line "key = value" at p into out. 1; 0: refused. */
static int
pair(struct reader *r, char *p)
{
	const char *value, *end, *why;
	char *name, *rest;

	if ((name = key(r, p, &rest)) == NULL)
		return (0);
	value = blanks(rest + 1);
	switch (conf_text_parse(value, NULL, &end, &why)) {
	case CONF_TEXT_OPEN:
		wrong(r, name, "found a list with no end, expected all of it "
		    "on one line");
		r->in_list = 1;
		return (0);
	case CONF_TEXT_WRONG:
		if (why == NULL)
			r->error = ENOMEM;
		else
			wrong(r, name, why);
		return (0);
	default:
		break;
	}
	snprintf(r->out, sizeof(r->out), "%s=%.*s", name, (int)(end - value),
	    value);
	return (1);
}

/* The line in raw, made fit for inih in out. 1; 0: nothing inih needs. */
static int
normalise(struct reader *r)
{
	char *p = blanks(r->raw);
	const char *why;

	if (*p == '\0' || *p == '#' || *p == ';' || skip_list(r, p))
		return (0);
	if (*p != '[')
		return (pair(r, p));
	if ((why = header(r, p)) == NULL)
		return (1);
	wrong(r, NULL, why);
	r->calls->on_section(NULL, r->line, r->arg);
	return (0);
}

/* inih's reader, in the manner of fgets. */
static char *
read_line(char *out, int size, void *arg)
{
	struct reader *r = arg;
	int found;

	while ((found = next_line(r)) != -1) {
		if (found == 0 || normalise(r) == 0) {
			if (r->error != 0)
				return (NULL);
			continue;
		}
		if (snprintf(out, (size_t)size, "%s\n", r->out) < size)
			return (out);
		r->error = ENOBUFS;	/* inih's buffer is not as we set it */
		return (NULL);
	}
	return (NULL);
}

/* inih calls this before it reads another line, so the line is this one. */
static int
on_pair(void *arg, const char *section, const char *name, const char *value)
{
	struct reader *r = arg;

	(void)section;
	r->calls->on_key(name, value, r->line, r->arg);
	return (1);
}

int
conf_read(FILE *f, const struct conf_read_calls *calls, void *arg)
{
	struct reader r = { .f = f, .calls = calls, .arg = arg };

	ini_allow_multiline = false;	/* an indented line is a line */
	ini_allow_inline_comments = false;	/* " ;" is part of a value */
	ini_allow_bom = false;
	ini_allow_no_value = false;
	ini_stop_on_first_error = false;
	ini_use_stack = false;
	ini_allow_realloc = false;
	ini_initial_alloc = ini_max_line = CONF_LINE_MAX + 3;
	if (ini_parse_stream(read_line, &r, on_pair, &r) == -2)
		r.error = ENOMEM;
	if (r.error == 0)
		return (0);
	errno = r.error;
	return (-1);
}
