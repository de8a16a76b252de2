/* parts: t/recording.o t/recorded.o */
#include "jfr.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "ok.h"
#include "recorded.h"
#include "recording.h"

/* The note or error of a recording that is damaged in one place. */
static int
damaged(void (*damage)(struct recording *), const char *expected)
{
	struct recording r = { 0 };
	int good;

	recorded_read(&r, SECOND, 0, "50", 100);
	damage(&r);
	good = recorded_is(&r, recorded_reads, 1, expected);
	recording_free(&r);
	return (good);
}

static void
old_version(struct recording *r)
{
	r->out.p[5] = 1;
}

static void
older_version(struct recording *r)
{
	memcpy(r->out.p + 4, "\0\0\0\011", 4);
}

static void
no_magic(struct recording *r)
{
	r->out.p[0] = 'f';
}

static void
no_clock(struct recording *r)
{
	recording_set(r, 56, 0);
}

static void
no_metadata(struct recording *r)
{
	recording_set(r, 24, 0);
}

static void
other_metadata(struct recording *r)
{
	recording_set(r, 24, 68);
}

static void
zero_event(struct recording *r)
{
	memset(r->out.p + 68, 0, 1);
}

static void
long_event(struct recording *r)
{
	memset(r->out.p + 68, 0x7f, 1);
}

static void
negative_event(struct recording *r)
{
	memset(r->out.p + 68, 0xff, 4);
	r->out.p[72] = 0x0f;
}

static void
short_event(struct recording *r)
{
	/* Its size only leaves room for the type. */
	r->out.p[68] = (char)0x85;
}

static void
trailer(struct recording *r)
{
	buf_adds(&r->out, "something else");
}

static void
empty(struct recording *r)
{
	r->out.len = 0;
}

static void
strings_off(struct recording *r)
{
	/* How many there are. */
	r->out.p[(size_t)r->metadata + 9] = 2;
}

static void
errors(void)
{
	ok(damaged(old_version, "! unsupported version of JFR: only 2.x is") &&
	    damaged(older_version,
	    "! unsupported version of JFR: only 2.x is"),
	    "versions 1.x and 0.9 are not supported");
	ok(damaged(no_magic, "! not a JFR recording") &&
	    damaged(empty, "! not a JFR recording"),
	    "what is no recording is refused");
	ok(damaged(no_clock, "! a chunk's clock stands still"),
	    "a clock without ticks is refused");
	ok(damaged(no_metadata, "! the description of types is not where it "
	    "should be") && damaged(other_metadata, "! the description of "
	    "types is not where it should be"),
	    "a finished chunk whose metadata is not there is refused");
	ok(damaged(zero_event, "! an event does not fit into its chunk") &&
	    damaged(long_event, "! an event does not fit into its chunk") &&
	    damaged(negative_event, "! an event does not fit into its chunk"),
	    "an event of no size, or of more than its chunk, is refused");
	ok(damaged(short_event, "! an event is shorter than its fields"),
	    "an event that ends before its field is refused");
	ok(damaged(strings_off, "! the description of types is malformed"),
	    "metadata that is malformed is refused");
	ok(damaged(trailer, "100ns ; ! not a JFR recording"),
	    "so are bytes behind the last chunk that are none");
}

static void
still_open(struct recording *r)
{
	r->out.p[64] = 1;
	buf_adds(&r->out, "not written yet");
}

static void
never_flushed(struct recording *r)
{
	r->out.p[64] = 1;
	recording_set(r, 8, 68);
	recording_set(r, 16, 0);
	recording_set(r, 24, 0);
}

static void
async_open(struct recording *r)
{
	recording_set(r, 8, 1 << 30);
	recording_set(r, 24, 0);
}

static void
followed(struct recording *r)
{
	size_t len = r->out.len;
	char *copy = malloc(len);

	if (copy == NULL)
		abort();
	memcpy(copy, r->out.p, len);
	never_flushed(r);
	buf_add(&r->out, copy, len);
	free(copy);
}

static void
without_types(struct recording *r)
{
	r->out.len = r->chunk + (size_t)r->metadata + 3;
}

/* The metadata again, with another name for the type that was read. */
static void
flushed_twice(struct recording *r)
{
	recording_types(r, RECORDED_BASES "event 50 app.Other\n");
	never_flushed(r);
}

static void
unfinished(void)
{
	ok(damaged(still_open, "100ns ; ~ a chunk was still being written"),
	    "a chunk still written is read as far as its writer says");
	ok(damaged(never_flushed, "100ns ; ~ a chunk was still being written"),
	    "and where it says nothing, as far as there are events");
	ok(damaged(async_open, "100ns ; ~ a chunk is cut short"),
	    "metadata of such a chunk is found");
	ok(damaged(flushed_twice, "~ a chunk was still being written"),
	    "of two the one written last");
	ok(damaged(followed, "100ns ; 100ns ; "
	    "~ a chunk was still being written"),
	    "the chunk behind it, too");
	ok(damaged(without_types, "! a chunk ends before the description of "
	    "its types"), "a chunk cut before its metadata is none");
}

static int
is_refused(struct recording *r, const char *expected)
{
	int good = recorded_is(r, recorded_reads, 1, expected);

	recording_free(r);
	return (good);
}

static void
put_hostile(struct recording *r, const char *types)
{
	recording_begin(r, SECOND, 0);
	recording_types(r, types);
	recording_event(r, 50);
	recording_int(r, INT32_MAX);
	recording_long(r, 0);
	recording_over(r);
	recording_end(r);
}

/* A chunk whose metadata is strings, and then whatever integers are given. */
static int
tree_is_refused(const int32_t *p, size_t n, size_t levels)
{
	static const char *const strings[] = { "root", "metadata", "class",
	    "field", "id", "x" };
	struct recording r = { 0 };
	size_t i;

	recording_begin(&r, SECOND, 0);
	r.metadata = (int64_t)(r.out.len - r.chunk);
	recording_event(&r, 0);
	for (i = 0; i < 3; i++)
		recording_long(&r, 0);
	recording_int(&r, 6);
	for (i = 0; i < 6; i++)
		recording_text(&r, 3, strings[i]);
	for (i = 0; i < levels; i++) {
		recording_int(&r, 0);
		recording_int(&r, 0);
		recording_int(&r, 1);
	}
	for (i = 0; i < n; i++)
		recording_int(&r, p[i]);
	recording_over(&r);
	recording_end(&r);
	return (is_refused(&r, "! the description of types is malformed"));
}

static void
trees(void)
{
	static const int32_t leaf[] = { 0, 0, 0 }, name[] = { 6, 0, 0 },
	    negative[] = { -1, 0, 0 }, key[] = { 0, 1, 6, 0, 0 },
	    value[] = { 0, 1, 0, 6, 0 }, id[] = { 0, 0, 1, 1, 0, 1, 2, 1, 4,
	    5, 0 };
	struct recording r = { 0 };

	ok(tree_is_refused(leaf, 3, 500000),
	    "elements nested without end are refused");
	ok(tree_is_refused(name, 3, 0) && tree_is_refused(negative, 3, 0) &&
	    tree_is_refused(key, 5, 0) && tree_is_refused(value, 5, 0),
	    "a string that is not there is refused");
	ok(tree_is_refused(leaf, 1, 0) && tree_is_refused(leaf, 2, 3),
	    "a tree that is cut short is refused");
	ok(tree_is_refused(id, 11, 0), "an id that is no number is refused");
	recording_begin(&r, SECOND, 0);
	r.metadata = (int64_t)(r.out.len - r.chunk);
	recording_event(&r, 0);
	recording_over(&r);
	recording_end(&r);
	ok(is_refused(&r, "! the description of types is malformed"),
	    "so is one that is not there");
}

/* A field outside of a type is none. */
static void
misplaced(void)
{
	struct recording r = { 0 };
	int i;

	recording_begin(&r, SECOND, 0);
	r.metadata = (int64_t)(r.out.len - r.chunk);
	recording_event(&r, 0);
	for (i = 0; i < 3; i++)
		recording_long(&r, 0);
	recording_int(&r, 3);
	recording_text(&r, 3, "metadata");
	recording_text(&r, 3, "field");
	recording_text(&r, 3, "annotation");
	for (i = 0; i < 3; i++) {
		recording_int(&r, i);
		recording_int(&r, 0);
		recording_int(&r, i < 2);
	}
	recording_over(&r);
	recording_end(&r);
	ok(is_refused(&r, ""), "a field outside of a type is none");
}

static void
tables(void)
{
	struct jfr_limits tight = { 0 };
	struct recording r = { 0 };
	char *s;
	int good = 1;

	recorded_read(&r, SECOND, 0, "50", 100);
	/* Strings and types alone take some thousands of bytes. */
	for (; tight.memory < 5000; tight.memory += 100) {
		s = recorded(r.out.p, r.out.len, recorded_reads, 1, &tight);
		good &= strcmp(s, "! its tables would take more memory than "
		    "is allowed") == 0;
		free(s);
	}
	ok(good, "tables are bounded");
	recording_free(&r);
}

static void
types(void)
{
	static const char undescribed[] = "! a field's type is not described";
	struct recording r = { 0 };
	struct buf b = { 0 };
	int i;

	put_hostile(&r, RECORDED_BASES "event 50 jdk.FileRead\n field a 60\n"
	    " field duration 1\ntype 60 app.Loop\n field a 60\n");
	ok(is_refused(&r, undescribed),
	    "a type that holds itself is refused");
	buf_adds(&b, RECORDED_BASES "event 50 jdk.FileRead\n field a 60\n"
	    " field duration 1\n");
	for (i = 60; i < 74; i++)
		buf_addf(&b, "type %d app.T%d\n field a %d\n field b %d\n"
		    " field c %d\n field d %d\n", i, i, i + 1, i + 1, i + 1,
		    i + 1);
	buf_addf(&b, "type 74 app.T74\n field a 1\n");
	put_hostile(&r, buf_str(&b));
	ok(is_refused(&r, undescribed),
	    "types that multiply are refused");
	put_hostile(&r, RECORDED_BASES "event 50 jdk.FileRead\n field a 60\n"
	    " field duration 1\ntype 60 app.Nothing\n");
	ok(is_refused(&r, undescribed),
	    "a type of which nothing is known is refused");
	recording_begin(&r, SECOND, 0);
	recording_types(&r, "");
	recording_end(&r);
	ok(is_refused(&r, ""), "a chunk that describes no type has no events");
	buf_free(&b);
}

static void
events(void)
{
	static const char shorter[] =
	    "! an event is shorter than its fields";
	struct recording r = { 0 };

	recording_begin(&r, SECOND, 0);
	recording_types(&r, RECORDED_BASES "event 50 jdk.FileRead\n"
	    " field a 1\n field b 1\n field duration 1\n");
	recording_event(&r, 50);
	recording_long(&r, 1);
	recording_byte(&r, 0x80);
	recording_over(&r);
	recording_event(&r, 50);
	recording_long(&r, 1);
	recording_over(&r);
	recording_end(&r);
	ok(is_refused(&r, shorter),
	    "an integer that goes on behind its event is refused");
	recording_begin(&r, SECOND, 0);
	recording_types(&r, RECORDED_BASES "event 50 jdk.FileRead\n"
	    " field a 9\n field duration 1\n");
	recording_event(&r, 50);
	recording_byte(&r, 6);
	recording_byte(&r, 1);
	recording_over(&r);
	recording_end(&r);
	ok(is_refused(&r, shorter),
	    "a text that is encoded as none is refused");
	put_hostile(&r, RECORDED_BASES "event 50 jdk.FileRead\n"
	    " field a 60 array\n field duration 1\ntype 60 app.A\n"
	    " field b 5\n");
	ok(is_refused(&r, shorter),
	    "an array longer than its event is refused");
	put_hostile(&r, RECORDED_BASES "event 50 jdk.FileRead\n field b 60\n");
	ok(is_refused(&r, "- ; "),
	    "what is behind the last field wanted does not matter");
}

int
main(void)
{
	errors();
	unfinished();
	trees();
	misplaced();
	tables();
	types();
	events();
	return (failed);
}
