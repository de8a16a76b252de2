/* parts: t/recording.o t/recorded.o */
#include "jfr.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "recorded.h"
#include "recording.h"

static int failed;

static void
ok(int holds, const char *fact)
{
	printf("%s - %s\n", holds ? "ok" : "not ok", fact);
	failed |= !holds;
}

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

static void
unfinished(void)
{
	ok(damaged(still_open, "100ns ; ~ a chunk was still being written"),
	    "a chunk still written is read as far as its writer says");
	ok(damaged(never_flushed, "100ns ; ~ a chunk was still being written"),
	    "and where it says nothing, as far as there are events");
	ok(damaged(async_open, "100ns ; ~ a chunk is cut short"),
	    "metadata of such a chunk is found");
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

static void
bounds(void)
{
	static const struct jfr_limits tight = { 1000 };
	static const char undescribed[] = "! a field's type is not described";
	struct recording r = { 0 };
	struct buf b = { 0 };
	char *s;
	int i;

	recorded_read(&r, SECOND, 0, "50", 100);
	s = recorded(r.out.p, r.out.len, recorded_reads, 1, &tight);
	ok(strcmp(s, "! its tables would take more memory than is allowed") ==
	    0, "tables are bounded");
	free(s);
	recording_free(&r);
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
	put_hostile(&r, RECORDED_BASES "event 50 jdk.FileRead\n field a 60 array\n"
	    " field duration 1\ntype 60 app.A\n field b 5\n");
	ok(is_refused(&r, "! an event is shorter than its fields"),
	    "an array longer than its event is refused");
	recording_begin(&r, SECOND, 0);
	recording_types(&r, "");
	recording_end(&r);
	ok(is_refused(&r, ""), "a chunk that describes no type has no events");
	put_hostile(&r, RECORDED_BASES "event 50 jdk.FileRead\n field b 60\n");
	ok(is_refused(&r, "- ; "),
	    "what is behind the last field wanted does not matter");
	buf_free(&b);
}

int
main(void)
{
	errors();
	unfinished();
	bounds();
	return (failed);
}
