/* parts: t/captured.o t/collapsed.o t/unfold.o */
#include "pprof_split.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "captured.h"
#include "collapsed.h"
#include "folded.h"
#include "ok.h"
#include "pprof.h"
#include "unfold.h"

static const struct pprof_limits limits = PPROF_LIMITS;

/* The pprof that a client sent, inflated. */
static void
profile_of(const char *name, struct buf *plain)
{
	struct buf part = { 0 };
	struct captured c;

	if (captured_read(&c, name) == 0 &&
	    captured_part(&c, "profile", &part) == 0)
		captured_inflate(&part, plain);
	buf_free(&part);
	captured_free(&c);
}

/* The labels of a put that are none of the name's. */
static void
put_labels(const json_t *put, struct buf *out)
{
	json_t *labels = json_object_get(put, "labels"), *value;
	const char *key, *comma = "";

	buf_addc(out, '{');
	json_object_foreach(labels, key, value)
		if (strcmp(key, "__name__") != 0 &&
		    strcmp(key, "region") != 0 && strcmp(key, "team") != 0) {
			buf_addf(out, "%s%s=%s", comma, key,
			    json_string_value(value));
			comma = ",";
		}
	buf_addc(out, '}');
}

/* Lines of the reference's puts into an application of that suffix. */
static char *
puts_of(const char *name, const char *suffix)
{
	const char *data = getenv("DATA"), *app;
	json_t *oracle, *put, *line;
	struct buf out = { 0 };
	char path[4096];
	size_t i, j;

	snprintf(path, sizeof(path), "%s/oracle/pyroscope/%s.json",
	    data != NULL ? data : "t/data", name);
	oracle = json_load_file(path, 0, NULL);
	json_array_foreach(json_object_get(oracle, "puts"), i, put) {
		app = json_string_value(json_object_get(put, "app_name"));
		if (strcmp(strrchr(app, '.') + 1, suffix) != 0)
			continue;
		json_array_foreach(json_object_get(put, "collapsed"), j,
		    line) {
			put_labels(put, &out);
			buf_addf(&out, "%s\n", json_string_value(line));
		}
	}
	json_decref(oracle);
	return (collapsed_sort(buf_str(&out)));
}

/* The directories of our own program's files, which the reference's lack. */
static char *
without_home(char *text)
{
	static const char home[] = "/tmp/clients/npm/";
	char *at;

	while ((at = strstr(text, home)) != NULL)
		memmove(at, at + strlen(home), strlen(at + strlen(home)) + 1);
	return (text);
}

/* Does a part of one type hold what the reference put there? */
static int
split_is(const char *name, const char *type, const char *suffix)
{
	struct buf whole = { 0 }, part = { 0 };
	const char *why = "no profile";
	char *ours = NULL, *merged = NULL, *expected;
	struct pprof *pp;
	int good = 0;

	profile_of(name, &whole);
	expected = puts_of(name, suffix);
	pp = pprof_open(whole.p, whole.len, &limits, &why);
	if (pp != NULL && pprof_split(pp, &type, 1, &part, &why) == 0) {
		ours = without_home(unfold(part.p, part.len, 0, 1));
		/* Samples of one stack become one. */
		merged = collapsed_sort(collapsed_of(folded_groups, ours,
		    strlen(ours)));
		good = strcmp(merged, expected) == 0 && expected[0] != '\0';
	}
	if (!good)
		printf("# %s: %s\n%s# instead of\n%s", name, why,
		    merged != NULL ? merged : "", expected);
	free(ours);
	free(merged);
	free(expected);
	pprof_free(pp);
	buf_free(&whole);
	buf_free(&part);
	return (good);
}

static void
clients(void)
{
	ok(split_is("pyro-node-0.2.9-cpu", "samples", "cpu"),
	    "cpu of 0.2.9 is the reference's");
	ok(split_is("pyro-node-0.2.9-heap", "inuse_objects", "inuse_objects")
	    && split_is("pyro-node-0.2.9-heap", "inuse_space", "inuse_space"),
	    "so is its heap");
	ok(split_is("pyro-node-0.4.13-wall", "samples", "cpu"),
	    "and what 0.4.13 sends, with labels");
}

/* Parts of one profile, one behind the other. */
static void
parts(void)
{
	static const char *const both[] = { "inuse_space", "inuse_objects" };
	struct buf whole = { 0 }, part = { 0 };
	struct pprof_sums a = { 0 }, b = { 0 };
	const char *why = "";
	struct pprof *pp;

	profile_of("pyro-node-0.2.9-heap", &whole);
	pp = pprof_open(whole.p, whole.len, &limits, &why);
	ok(pprof_split(pp, both, 2, &part, &why) == 0 &&
	    pprof_sums(whole.p, whole.len, &limits, &a, &why) == 0 &&
	    pprof_sums(part.p, part.len, &limits, &b, &why) == 0 &&
	    b.head.types == 2 && b.sum[0] == a.sum[1] &&
	    b.sum[1] == a.sum[0] &&
	    pprof_text_is(&b.head.type[0].type, "inuse_space") &&
	    pprof_text_is(&b.head.type[0].unit, "bytes"),
	    "types come in the order asked for");
	ok(b.head.time == a.head.time && b.head.period == a.head.period &&
	    pprof_text_is(&b.head.period_type.type, "inuse_space") &&
	    b.head.samples == a.head.samples, "with time and period");
	part.len = 0;
	ok(pprof_split(pp, both, 1, &part, &why) == 0 &&
	    pprof_sums(part.p, part.len, &limits, &b, &why) == 0 &&
	    b.head.types == 1 && b.sum[0] == a.sum[1],
	    "a profile can be split again");
	pprof_free(pp);
	buf_free(&whole);
	buf_free(&part);
}

static int
refuses(struct pprof *pp, const char *const *types, size_t n,
    const char *expected)
{
	struct buf out = { 0 };
	const char *why = "";
	int good;

	good = pprof_split(pp, types, n, &out, &why) == -1 && out.len == 0 &&
	    strcmp(why, expected) == 0;
	buf_free(&out);
	return (good);
}

static void
refusals(void)
{
	static const char *const odd[] = { "contentions" }, *const twice[] = {
		"inuse_space", "inuse_space", "inuse_objects" };
	struct buf whole = { 0 };
	const char *why = "";
	struct pprof *pp;

	profile_of("pyro-node-0.2.9-heap", &whole);
	pp = pprof_open(whole.p, whole.len, &limits, &why);
	ok(refuses(pp, odd, 1, "a sample type that is wanted is missing"),
	    "a type must be there");
	ok(refuses(pp, twice, 2, "a sample type is wanted twice") &&
	    refuses(pp, twice, 3, "a sample type is wanted twice"),
	    "and be asked for once");
	pprof_free(pp);
	buf_free(&whole);
}

int
main(void)
{
	clients();
	parts();
	refusals();
	return (failed);
}
