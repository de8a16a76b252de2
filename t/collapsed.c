#include "collapsed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "folded.h"

decoder *
decoder_of(const char *format)
{
	if (strncmp(format, "trie", 4) == 0)
		return (folded_trie);
	if (strncmp(format, "tree", 4) == 0)
		return (folded_tree);
	return (strncmp(format, "groups", 6) == 0 ? folded_groups :
	    folded_lines);
}

static int
compare(const void *a, const void *b)
{
	return (strcmp(*(char *const *)a, *(char *const *)b));
}

char *
collapsed_sort(char *text)
{
	char *line[64] = { NULL }, *save = NULL, *s;
	struct buf out = { 0 };
	size_t i, n = 0;

	for (s = strtok_r(text, "\n", &save); s != NULL && n < 64;
	    s = strtok_r(NULL, "\n", &save))
		line[n++] = s;
	qsort(line, n, sizeof(*line), compare);
	for (i = 0; i < n; i++)
		buf_addf(&out, "%s\n", line[i]);
	free(text);
	return (buf_str(&out));
}

char *
collapsed_of(decoder *decode, const char *p, size_t len)
{
	static const struct folded_limits limits = { 1 << 20, 100 };
	struct folded *f = folded_new(&limits);
	struct buf out = { 0 };
	const char *why = "nothing said";

	if (decode(f, p, len, &why) == -1 ||
	    folded_write(f, &out, 1 << 20, &why) == -1) {
		out.len = 0;
		buf_addf(&out, "! %s\n", why);
	}
	folded_free(f);
	return (buf_str(&out));
}

int
collapsed_is(decoder *decode, const char *p, size_t len, const char *expected)
{
	char *s = collapsed_sort(collapsed_of(decode, p, len));
	int good = strcmp(s, expected) == 0;

	if (!good)
		printf("#  %s#  instead of\n#  %s", s, expected);
	free(s);
	return (good);
}
