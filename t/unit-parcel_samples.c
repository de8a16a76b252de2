/* parts: t/sent.o cmd/ship/parcel.o cmd/ship/spill.o */
#include "../cmd/ship/parcel.h"

#include <fcntl.h>
#include <glob.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buf.h"
#include "file.h"
#include "http_chunk.h"
#include "multipart.h"
#include "ok.h"
#include "profile.h"
#include "sent.h"
#include "when.h"

static json_t *
event_load(const struct sent *s)
{
	const struct parcel_part *e = sent_event(s);

	return (e == NULL ? NULL : json_loadb(s->body.p + e->start, e->length,
	    0, NULL));
}

static const char *
text(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return (s != NULL ? s : "");
}

static const char *
data(void)
{
	const char *dir = getenv("DATA");

	return (dir != NULL ? dir : "t/data");
}

/* The request in a file: its body, Content-Type, and Datadog's headers. */
struct request {
	struct buf	 file;
	struct buf	 body;
	char		*type;
	char		*lines[32];
	size_t		 nlines;
};

static void
dechunk(struct request *q, const char *p, size_t len)
{
	struct http_chunk c = { 0 };
	const char *why, *piece;
	ssize_t took;
	size_t n;

	while (len > 0 && !http_chunk_done(&c)) {
		took = http_chunk_feed(&c, p, len, &piece, &n, &why);
		if (took == -1)
			return;
		buf_add(&q->body, piece, n);
		p += took;
		len -= (size_t)took;
	}
}

static int
request_read(struct request *q, const char *path)
{
	char *head, *line, *save = NULL, *end;
	int chunked = 0;

	memset(q, 0, sizeof(*q));
	if (file_slurp(AT_FDCWD, path, 64 << 20, &q->file) == -1 ||
	    strncmp(buf_str(&q->file), "POST /profiling/v1/input", 24) != 0 ||
	    (end = strstr(q->file.p, "\r\n\r\n")) == NULL)
		return (-1);
	head = strndup(q->file.p, (size_t)(end - q->file.p));
	for (line = strtok_r(head, "\r\n", &save); line != NULL;
	    line = strtok_r(NULL, "\r\n", &save)) {
		if (strncasecmp(line, "content-type: ", 14) == 0)
			q->type = strdup(line + 14);
		if (strncasecmp(line, "transfer-encoding: chunked", 26) == 0)
			chunked = 1;
		if (strncasecmp(line, "dd-evp", 6) == 0 &&
		    asprintf(&q->lines[q->nlines], "header %s", line) != -1)
			q->nlines++;
	}
	free(head);
	if (chunked)
		dechunk(q, end + 4, (size_t)(q->file.p + q->file.len - end) -
		    4);
	else
		buf_add(&q->body, end + 4,
		    (size_t)(q->file.p + q->file.len - end) - 4);
	return (q->type != NULL ? 0 : -1);
}

static void
request_free(struct request *q)
{
	while (q->nlines > 0)
		free(q->lines[--q->nlines]);
	free(q->type);
	buf_free(&q->body);
	buf_free(&q->file);
}

/* A list of tags as an object; of two of a key the last. */
static json_t *
tags_load(const char *list)
{
	json_t *o = json_object();
	char *copy = strdup(list), *p = copy, *tag, *colon;

	while ((tag = strsep(&p, ",")) != NULL) {
		colon = strchr(tag, ':');
		if (colon != NULL)
			*colon++ = '\0';
		json_object_set_new(o, tag, json_string(colon != NULL ? colon :
		    ""));
	}
	free(copy);
	return (o);
}

/*
 * The client's tags by the reference: what it made of a request, less the
 * event's keys that leak into it (WIRE 7.13) and the pairing of a form.
 */
static json_t *
tags_oracle(const json_t *oracle, const json_t *event, const json_t *own)
{
	json_t *o = json_object(), *value;
	const char *key;
	void *i;

	json_object_foreach_safe(json_object_get(oracle, "metadata"), i, key,
	    value) {
		if (strncmp(key, "types[", 6) == 0 ||
		    (json_object_get(event, key) != NULL &&
		    json_object_get(own, key) == NULL))
			continue;
		json_object_set(o, key, value);
	}
	return (o);
}

/* A part's own Content-Length, against its length. */
struct lengths {
	const struct sent *s;
	size_t		 n;
	int		 good;
};

static void
on_part(const struct multipart_part *part, void *arg)
{
	struct lengths *l = arg;
	const struct parcel_part *p = parcel_part(l->s->parcel, l->n++);

	l->good &= p->start == part->body;
	if (part->length_digits != 0)
		l->good &= strtoul(l->s->body.p + part->length_at, NULL, 10) ==
		    p->length;
}

static int
form_still(const struct sent *s, const char *type)
{
	static const struct multipart_limits limits = { 100, 8192 };
	static const struct multipart_calls calls = { .on_part = on_part };
	struct lengths l = { s, 0, 1 };
	const char *why;
	struct multipart *m = multipart_new(type, &limits, &calls, &l, &why);
	int good = multipart_feed(m, s->body.p, s->body.len) == 0 &&
	    multipart_finish(m) == 0 && l.good &&
	    l.n == parcel_parts(s->parcel);

	multipart_free(m);
	return (good);
}

/* All but the event: byte for byte, and the same parts in their order. */
static int
rest_same(const struct sent *s, const struct sent *plain)
{
	const struct parcel_part *a, *b;
	size_t i, n = parcel_parts(plain->parcel);

	if (parcel_parts(s->parcel) != n)
		return (0);
	for (i = 0; i < n; i++) {
		a = parcel_part(s->parcel, i);
		b = parcel_part(plain->parcel, i);
		if (a->is_event != b->is_event || a->is_field != b->is_field ||
		    strcmp(a->name, b->name) != 0)
			return (0);
		if (!a->is_event && (a->length != b->length ||
		    memcmp(s->body.p + a->start, plain->body.p + b->start,
		    a->length) != 0))
			return (0);
	}
	return (1);
}

static int
keys_kept(const json_t *before, json_t *after)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(size_t)before, key, value)
		if (strcmp(key, "tags_profiler") != 0 &&
		    !json_equal(value, json_object_get(after, key)))
			return (0);
	return (1);
}

static int
time_is(const json_t *event, const char *key, const json_t *oracle,
    const char *oracle_key)
{
	const char *s = text(event, key);
	int64_t ns;

	return (when_parse(s, strlen(s), &ns) == 0 &&
	    ns == json_integer_value(json_object_get(oracle, oracle_key)));
}

static int
language_is(const json_t *event, const json_t *oracle)
{
	json_t *any = json_object_get(oracle, "language_any_of"), *one;
	size_t i;

	json_array_foreach(any, i, one)
		if (strcmp(json_string_value(one), text(event, "language")) ==
		    0)
			return (1);
	return (0);
}

/*
 * Where we say what the reference says is unknown: the form's own format
 * (WIRE 7.14), and the event's, which it overwrites (7.5).
 */
static int
format_is(const char *name, const json_t *event, const json_t *oracle)
{
	static const char *const ours[][2] = {
		{ "constructed-ddjava090", "jfr" },
		{ "constructed-ddpy044", "pprof" },
		{ "dd-go-1.26-form", "pprof" },
		{ "dd-go-1.41-form", "pprof" },
		{ "dd-js-4.8.1-form", "pprof" },
		{ "constructed-pyspy", "rawflamegraph" },
		{ "curl-collapsed", "collapse" }
	};
	const char *theirs = text(json_object_get(oracle,
	    "event_if_rewritten"), "format"), *format = text(event, "format");
	size_t i;

	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(name, ours[i][0]) == 0)
			return (strcmp(theirs, "unknown") == 0 &&
			    strcmp(format, ours[i][1]) == 0);
	return (strcmp(format, theirs) == 0);
}

/* The real names: no event.json (WIRE 7.12), no data[...] (7.14). */
static int
attachments_are(const struct sent *s, const json_t *event)
{
	json_t *list = json_object_get(event, "attachments");
	const struct parcel_part *p;
	const char *name;
	size_t i, k, n = 0;

	for (i = 0; i < parcel_parts(s->parcel); i++) {
		p = parcel_part(s->parcel, i);
		if (p->is_event || p->is_field)
			continue;
		n++;
		for (k = 0; k < json_array_size(list); k++) {
			name = json_string_value(json_array_get(list, k));
			if (strcmp(name, p->attachment) == 0)
				break;
		}
		if (k == json_array_size(list) ||
		    strncmp(p->attachment, "data[", 5) == 0)
			return (0);
	}
	return (n == json_array_size(list));
}

static void
fact(int holds, const char *name, const char *what)
{
	char line[200];

	snprintf(line, sizeof(line), "%s: %s", name, what);
	ok(holds, line);
}

/* A sample with a tag of ours, against the oracle. */
static void
agree(const char *name, const struct sent *s, const json_t *before,
    const json_t *oracle)
{
	json_t *event = event_load(s), *tags = NULL, *own, *theirs;

	fact(event != NULL && parcel_rewritten(s->parcel), name,
	    "is rewritten");
	fact(keys_kept(before, event), name, "the event's keys survive");
	own = tags_load(text(before, "tags_profiler"));
	theirs = tags_oracle(oracle, before, own);
	tags = tags_load(text(event, "tags_profiler"));
	fact(strcmp(text(tags, "prof_test"), "1") == 0, name, "has our tag");
	json_object_del(tags, "prof_test");
	fact(json_equal(tags, theirs), name, "has the client's tags");
	fact(language_is(event, oracle), name, "language agrees");
	fact(format_is(name, event, oracle), name, "format agrees");
	fact(time_is(event, "start", oracle, "start_ns") &&
	    time_is(event, "end", oracle, "end_ns"), name, "times agree");
	fact(profile_start(s->profile) == json_integer_value(json_object_get(
	    oracle, "start_ns")), name, "start is told");
	fact(attachments_are(s, event), name, "attachments are named");
	json_decref(theirs);
	json_decref(own);
	json_decref(tags);
	json_decref(event);
}

static void
sample(const char *path)
{
	const char *base = strrchr(path, '/') + 1;
	char name[100], oracle_path[500];
	struct request q;
	struct sent plain, s;
	json_t *oracle, *before;
	int had;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(base, "\n") - 5,
	    base);
	snprintf(oracle_path, sizeof(oracle_path), "%s/oracle/requests/%s.json",
	    data(), name);
	if (request_read(&q, path) == -1)
		goto out;
	sent_make(&plain, &q.body, q.type, (const char *const *)q.lines);
	q.lines[q.nlines++] = strdup("tag prof_test=1");
	sent_make(&s, &q.body, q.type, (const char *const *)q.lines);
	if (plain.parcel == NULL || s.parcel == NULL ||
	    sent_read(&plain, 5000) == -1 || sent_read(&s, 3001) == -1) {
		fact(0, name, "is a parcel");
		goto sent;
	}
	had = memmem(q.body.p, q.body.len, "event.json", 10) != NULL;
	fact(parcel_rewritten(plain.parcel) == !had &&
	    (!had || (plain.body.len == q.body.len && memcmp(plain.body.p,
	    q.body.p, q.body.len) == 0)), name,
	    had ? "goes out byte for byte" : "gets an event");
	fact(rest_same(&s, &plain), name, "other parts are as they were");
	fact(form_still(&s, q.type), name, "is a form still");
	oracle = json_load_file(oracle_path, JSON_REJECT_DUPLICATES, NULL);
	before = had ? event_load(&plain) : json_object();
	/* A request that the reference drops (WIRE 7.15) has no oracle. */
	if (json_object_get(oracle, "event_if_rewritten") != NULL)
		agree(name, &s, before, oracle);
	json_decref(before);
	json_decref(oracle);
sent:
	sent_free(&plain);
	sent_free(&s);
out:
	request_free(&q);
}

int
main(void)
{
	char pattern[500];
	glob_t g;
	size_t i;

	snprintf(pattern, sizeof(pattern), "%s/requests/*.http", data());
	if (glob(pattern, 0, NULL, &g) != 0) {
		printf("not ok - no samples at %s\n", pattern);
		return (1);
	}
	for (i = 0; i < g.gl_pathc; i++)
		sample(g.gl_pathv[i]);
	globfree(&g);
	return (failed);
}
