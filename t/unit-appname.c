#include "appname.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "labels.h"
#include "ok.h"

/* The one way of writing a name, or "! " and what is wrong with it. */
static char *
parsed(const char *p, size_t len)
{
	struct labels labels = { 0 };
	struct buf out = { 0 };
	const char *why = "nothing said";
	char *app = NULL;

	if (appname_parse(p, len, &app, &labels, &why) == -1)
		buf_addf(&out, "! %s", why);
	else
		appname_write(app, &labels, &out);
	free(app);
	labels_free(&labels);
	return (buf_str(&out));
}

static int
gives(const char *name, const char *expected)
{
	char *s = parsed(name, strlen(name));
	int good = strcmp(s, expected) == 0;

	if (!good)
		printf("# %s\n#  %s\n#  %s\n", name, s, expected);
	free(s);
	return (good);
}

/* Where we take what the reference refuses, or keep what it loses. */
static const char *
difference(const char *name)
{
	static const char *const names[][2] = {
		{ "app{a=b", "app{a=b}" },
		{ "app{a.b=c}", "app{a.b=c}" },
		{ "app{a-b=c}", "app{a-b=c}" },
		{ "app{service.name=x}", "app{service.name=x}" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i][0]) == 0)
			return (names[i][1]);
	return (NULL);
}

static const char *
text(const json_t *o, const char *key)
{
	return (json_string_value(json_object_get(o, key)));
}

/* As the reference's own code, but for the differences. */
static void
oracle(void)
{
	const char *data = getenv("DATA"), *name, *expected;
	size_t i, differ = 0;
	char path[4096], *s;
	json_t *cases, *c;
	int good = 1;

	snprintf(path, sizeof(path), "%s/oracle/pyroscope/keys.json",
	    data != NULL ? data : "t/data");
	cases = json_load_file(path, 0, NULL);
	ok(json_array_size(cases) == 24, "there are 24 names");
	json_array_foreach(cases, i, c) {
		name = text(c, "in");
		if ((expected = difference(name)) != NULL)
			differ++;
		else
			expected = text(c, "normalized");
		if (expected != NULL)
			good &= gives(name, expected);
		else {
			s = parsed(name, strlen(name));
			if (s[0] != '!') {
				printf("# %s: %s\n", name, s);
				good = 0;
			}
			free(s);
		}
	}
	ok(good && differ == 4, "each is the reference's, but for 4");
	json_decref(cases);
}

static void
braces(void)
{
	ok(gives("app{", "app{}") && gives("app{a", "app{a=}") &&
	    gives("app{a}", "app{a=}") && gives("app{a=b, c }", "app{a=b,c=}"),
	    "a label without = is empty");
	ok(gives("app{a=b,}", "app{a=b}") && gives("app{a=b, ", "app{a=b}"),
	    "nothing behind a comma is none");
	ok(gives("app{a={b},c=d}", "! a label's name has a character that is "
	    "not allowed") && gives("app{a={b}", "app{a={b}"),
	    "the first } ends it");
	ok(gives("app{a=b} junk", "app{a=b}") &&
	    gives("app{a=b}c=d}", "app{a=b,c=d}"),
	    "behind } stands no text, but perhaps a label");
	ok(gives("app{z=1,b=2,a=3,b=4}", "app{a=3,b=4,z=1}"),
	    "labels are sorted, the last of a key counts");
}

static void
refusals(void)
{
	struct buf many = { 0 };
	const char *why = "";
	struct labels labels = { 0 };
	char *s;
	int i;

	s = parsed(NULL, 0);
	ok(strcmp(s, "! the application has no name") == 0,
	    "nothing at all is no name");
	free(s);
	ok(gives("app{__name__=}", "! the application has no name") &&
	    gives("a p", "! the application's name has a character that is "
	    "not allowed"), "an application is named");
	ok(gives("app{=}", "! a label has no name") &&
	    gives("app{a,b=c}", "! a label's name has a character that is not "
	    "allowed"), "labels are named");
	s = parsed("app{a=\0b}", 9);
	ok(strcmp(s, "! a label's value has a NUL in it") == 0, "without NUL");
	free(s);
	buf_adds(&many, "app{");
	for (i = 0; i <= LABELS_MAX; i++)
		buf_addf(&many, "k%d=v,", i);
	s = parsed(many.p, many.len);
	ok(strcmp(s, "! too many labels") == 0, "there can be too many");
	free(s);
	buf_free(&many);
	ok(labels_set(&labels, "a", 1, NULL, 0, &why) == 0 &&
	    strcmp(labels_get(&labels, "a"), "") == 0 &&
	    labels_get(&labels, "ab") == NULL, "a value may be empty");
	labels_drop(&labels, "b");
	labels_drop(&labels, "a");
	ok(labels.n == 0, "a label can be taken out");
	labels_free(&labels);
}

int
main(void)
{
	oracle();
	braces();
	refusals();
	return (failed);
}
