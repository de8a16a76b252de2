#include "reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "conf.h"

struct conf *
reading(struct buf *text, struct buf *said)
{
	struct conf *c = NULL;
	FILE *f;

	buf_free(said);
	if ((f = fmemopen(text->p, text->len, "r")) == NULL)
		abort();
	c = conf_parse(f, "f", NULL, said);
	fclose(f);
	buf_free(text);
	if (buf_str(said) == NULL)
		abort();
	return (c);
}

int
reading_takes(const char *text, int taken, const char *in)
{
	struct buf b = { 0 }, said = { 0 };
	struct conf *c;
	int res;

	buf_adds(&b, text);
	c = reading(&b, &said);
	res = (c != NULL) == taken && strstr(said.p, in) != NULL;
	if (!res)
		printf("%s%s", text, said.p);
	conf_free(c);
	buf_free(&said);
	return (res);
}

char *
reading_printed(const struct conf *c, const char *name)
{
	struct buf b = { 0 };
	char *line, *end, *value = NULL;
	size_t len = strlen(name);

	if (c == NULL || conf_print(c, &b) == -1 || buf_str(&b) == NULL)
		abort();
	for (line = b.p; value == NULL && *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		*end = '\0';
		if (strncmp(line, name, len) == 0 &&
		    strncmp(line + len, " =", 2) == 0)
			value = strdup(line + len + 2 +
			    (line[len + 2] == ' '));
	}
	buf_free(&b);
	return (value);
}

int
reading_gives(const char *text, const char *name, const char *value)
{
	struct buf b = { 0 }, said = { 0 };
	struct conf *c;
	char *p = NULL;
	int res;

	buf_adds(&b, text);
	if ((c = reading(&b, &said)) != NULL)
		p = reading_printed(c, name);
	res = p != NULL && strcmp(p, value) == 0;
	if (!res)
		printf("%s%s%s: %s\n", text, said.p, name, p ? p : "(none)");
	free(p);
	conf_free(c);
	buf_free(&said);
	return (res);
}
