#include "line.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

/*
 * line - write line protocol
 *
 * usage:  line <CALLS
 * reads:  a call of common/line.h on each line, of words of which names and
 *         texts are in hexadecimal ("-": empty):
 *         m NAME | t NAME VALUE | i NAME INT | f NAME FLOAT | b NAME 0|1 |
 *         s NAME TEXT | e NANOSECONDS
 * writes: the points to standard output
 * exits:  0; 2 a call is malformed; 111 no memory, output failed
 */

struct text {
	char	*p;
	size_t	 len;
};

/* The next word of the call. */
static char *
word(char **call)
{
	char *w = strsep(call, " \n");

	if (w == NULL || *w == '\0')
		errx(2, "a word is missing");
	return (w);
}

/* The next word, without its hexadecimal. */
static struct text
text(char **call)
{
	char *hex = word(call);
	struct text t = { hex, 0 };
	unsigned int byte;

	for (; strcmp(hex, "-") != 0 && *hex != '\0'; hex += 2) {
		if (hex[1] == '\0' || sscanf(hex, "%2x", &byte) != 1)
			errx(2, "no hexadecimal: %s", hex);
		t.p[t.len++] = (char)byte;
	}
	return (t);
}

static const char *
name(char **call)
{
	struct text t = text(call);

	t.p[t.len] = '\0';
	return (t.p);
}

static int
make(struct line *l, char *call)
{
	char verb = *word(&call);
	const char *key;
	struct text t;

	if (verb == 'm') {
		line_begin(l, name(&call));
		return (0);
	}
	if (verb == 'e')
		return (line_end(l, strtoll(word(&call), NULL, 10)));
	key = name(&call);
	if (verb == 'i')
		line_int(l, key, strtoll(word(&call), NULL, 10));
	else if (verb == 'f')
		line_float(l, key, strtod(word(&call), NULL));
	else if (verb == 'b')
		line_bool(l, key, *word(&call) == '1');
	else {
		t = text(&call);
		if (verb == 't')
			line_tag(l, key, t.p, t.len);
		else if (verb == 's')
			line_text(l, key, t.p, t.len);
		else
			errx(2, "no call: %c", verb);
	}
	return (0);
}

int
main(void)
{
	struct buf out = { 0 };
	struct line *l;
	char *call = NULL;
	size_t cap = 0;

	if ((l = line_new(&out)) == NULL)
		err(111, NULL);
	while (getline(&call, &cap, stdin) != -1)
		if (make(l, call) == -1)
			err(111, NULL);
	if ((out.len != 0 && fwrite(out.p, out.len, 1, stdout) != 1) ||
	    fflush(stdout) == EOF)
		err(111, "output");
	free(call);
	line_free(l);
	buf_free(&out);
	return (0);
}
