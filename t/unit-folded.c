/* parts: t/collapsed.o */
#include "folded.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "collapsed.h"
#include "file.h"
#include "ok.h"

static const char *
text(const json_t *o, const char *key)
{
	return (json_string_value(json_object_get(o, key)));
}

static json_t *
load(const char *name)
{
	const char *data = getenv("DATA");
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", data != NULL ? data : "t/data",
	    name);
	return (json_load_file(path, 0, NULL));
}

static struct buf
unhex(const char *hex)
{
	struct buf out = { 0 };
	char two[3] = { 0 };

	for (; hex[0] != '\0'; hex += 2) {
		memcpy(two, hex, 2);
		buf_addc(&out, (char)strtol(two, NULL, 16));
	}
	return (out);
}

/* The strings of an array, as lines. */
static char *
joined(const json_t *lines)
{
	struct buf out = { 0 };
	const json_t *line;
	size_t i;

	json_array_foreach(lines, i, line)
		if (json_string_length(line) > 0)
			buf_addf(&out, "%s\n", json_string_value(line));
	return (buf_str(&out));
}

/* What is not as the reference has it, and why: folded.h. */
static const char *const differences[][2] = {
	{ "trie: zero-length name below root",
	    "! a node of a trie has no name\n" },
	{ "trie: root with a value", "! nodes are missing at the end\n" },
	{ "tree: root self value", " 7\n" },
	{ "groups: no count", "! a line has no value\n" },
	{ "groups: negative", "foo -5\n" },
};

static const char *
difference(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(differences) / sizeof(*differences); i++)
		if (strcmp(name, differences[i][0]) == 0)
			return (differences[i][1]);
	return (NULL);
}

/* One input of formats.json, in one format. 0: not as it should be. */
static int
format_case(const json_t *c, const char *format, const char *p, size_t len,
    const json_t *expected)
{
	const char *name = text(c, "name"), *instead = difference(name);
	char *s, *lines;
	int good;

	if (instead != NULL)
		good = collapsed_is(decoder_of(format), p, len, instead);
	else if (json_is_string(json_object_get(c, "error"))) {
		s = collapsed_of(decoder_of(format), p, len);
		good = s[0] == '!';
		free(s);
	} else {
		lines = collapsed_sort(text(c, "collapsed") != NULL ?
		    strdup(text(c, "collapsed")) : joined(expected));
		good = collapsed_is(decoder_of(format), p, len, lines);
		free(lines);
	}
	if (!good)
		printf("# %s as %s\n", name, format);
	return (good);
}

static int
format_hex(const json_t *c, const char *format)
{
	char key[32];
	const json_t *expected;
	struct buf bytes;
	int good;

	snprintf(key, sizeof(key), "%s_hex", format);
	if (text(c, key) == NULL)
		return (1);
	bytes = unhex(text(c, key));
	snprintf(key, sizeof(key), "%s_decoded_in_order", format);
	expected = json_object_get(c, "decoded");
	if (expected == NULL)
		expected = json_object_get(c, key);
	good = format_case(c, format, bytes.p, bytes.len, expected);
	buf_free(&bytes);
	return (good);
}

/* All that the reference's own code wrote and read. */
static void
formats(void)
{
	json_t *cases = load("formats/formats.json"), *c;
	int good = 1;
	size_t i;

	ok(json_array_size(cases) == 35, "there are 35 examples");
	json_array_foreach(cases, i, c) {
		good &= format_hex(c, "trie");
		good &= format_hex(c, "tree");
		if (text(c, "text") != NULL)
			good &= format_case(c, text(c, "name"),
			    text(c, "text"), strlen(text(c, "text")), NULL);
	}
	ok(good, "each is what the reference reads, but for 5");
	json_decref(cases);
}

/* A file as its own code wrote it; groups and lines are in the oracle. */
static struct buf
input_of(const char *name, const json_t *oracle)
{
	const char *data = getenv("DATA");
	struct buf body = { 0 };
	char path[4096];

	if (strchr(name, '.') == NULL)
		return (unhex(text(oracle, "body_hex")));
	snprintf(path, sizeof(path), "%s/formats/%s",
	    data != NULL ? data : "t/data", name);
	file_slurp(AT_FDCWD, path, 4096, &body);
	return (body);
}

/* As it put them into its store. */
static void
puts_of(const char *name, const char *format)
{
	const json_t *put;
	char path[200], *lines;
	json_t *oracle;
	struct buf body;

	snprintf(path, sizeof(path), "oracle/pyroscope/fmt-%s.json", name);
	oracle = load(path);
	body = input_of(name, oracle);
	put = json_array_get(json_object_get(oracle, "puts"), 0);
	lines = collapsed_sort(joined(json_object_get(put, "collapsed")));
	ok(put != NULL && body.len > 0 &&
	    collapsed_is(decoder_of(format), body.p, body.len, lines), name);
	free(lines);
	buf_free(&body);
	json_decref(oracle);
}

static void
puts_all(void)
{
	static const char *const names[] = { "empty", "single", "siblings",
	    "prefix-split", "big-values", "three-levels" };
	char name[100];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(name, sizeof(name), "%s.trie", names[i]);
		puts_of(name, "trie");
		snprintf(name, sizeof(name), "%s.tree", names[i]);
		puts_of(name, "tree");
	}
	puts_of("groups", "groups");
	puts_of("lines", "lines");
}

int
main(void)
{
	formats();
	puts_all();
	return (failed);
}
