/* parts: t/sent.o cmd/ship/parcel.o cmd/ship/spill.o */
#include "../cmd/ship/parcel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "multipart.h"
#include "ok.h"
#include "profile.h"
#include "sent.h"

#define HEAD	"Content-Disposition: form-data; name="

#define LINES(...)	((const char *const []){ __VA_ARGS__, NULL })

/* A body of parts "header|content". */
static void
form(struct buf *b, const char *const *parts)
{
	const char *bar;

	b->len = 0;
	for (; *parts != NULL; parts++) {
		bar = strchr(*parts, '|');
		buf_addf(b, "--b\r\n%.*s\r\n\r\n%s\r\n", (int)(bar - *parts),
		    *parts, bar + 1);
	}
	buf_adds(b, "--b--\r\n");
}

/* What becomes of the event: its text, "=" where all is as it was. */
static int
becomes(const char *const *parts, const char *const *lines,
    const char *expected)
{
	struct buf body = { 0 };
	struct sent s;
	const struct parcel_part *e;
	char *got = NULL;
	int good;

	form(&body, parts);
	sent_make(&s, &body, "multipart/form-data; boundary=b", lines);
	if (s.parcel == NULL || sent_read(&s, 7) == -1)
		got = strdup(s.why);
	else if (!parcel_rewritten(s.parcel))
		got = strdup(s.body.len == body.len && memcmp(s.body.p, body.p,
		    body.len) == 0 ? "=" : "not as it was");
	else if ((e = sent_event(&s)) != NULL)
		got = strndup(s.body.p + e->start, e->length);
	good = got != NULL && strcmp(got, expected) == 0;
	if (!good)
		printf("#  %s\n#  %s\n", got, expected);
	free(got);
	buf_free(&body);
	sent_free(&s);
	return (good);
}

#define EVENT	HEAD "\"event\"; filename=\"event.json\"|"
#define TAGS	HEAD "\"tags[]\"|"
#define FIELD(k, v)	HEAD "\"" k "\"|" v
#define CPU	HEAD "\"cpu.pprof\"; filename=\"cpu.pprof\"|x"
#define FULL	"\"format\":\"\",\"profiler\":1,\"attachments\":0," \
	"\"language\":[],\"start\":null,\"end\":{}"
#define REST(profiler) "\"format\":\"pprof\",\"profiler\":\"" profiler \
	"\",\"attachments\":[\"cpu.pprof\"],\"language\":\"unknown\"," \
	"\"start\":\"" SENT_RECEIVED "\",\"end\":\"" SENT_RECEIVED "\"}"

static void
events(void)
{
	ok(becomes(LINES(EVENT "{\"tags_profiler\":\"a:b,host:h\"}", CPU),
	    LINES("tag a=b", "global-tag host=x"), "="),
	    "an event that lacks none of our tags goes out byte for byte");
	ok(becomes(LINES(CPU, EVENT "{" FULL ",\"tags_profiler\":\"a:b\"} "),
	    LINES("tag a=c", "global-tag host=x"),
	    "{" FULL ",\"tags_profiler\":\"a:c,host:x\"} "),
	    "keys that are there stay as they are, whatever their value");
	ok(becomes(LINES(CPU, EVENT "{ }"), LINES("tag a=c"),
	    "{ \"tags_profiler\":\"a:c\"," REST("unknown")) &&
	    becomes(LINES(CPU, EVENT "{}"), LINES("header DD-EVP-ORIGIN: x",
	    "tag a=c"), "{\"tags_profiler\":\"a:c\"," REST("ddtrace")) &&
	    becomes(LINES(CPU, EVENT "{}"), LINES("tag library_type=t"),
	    "{\"tags_profiler\":\"library_type:t\"," REST("t")),
	    "keys that are missing are added");
	ok(becomes(LINES(CPU, EVENT "{" FULL "}"), LINES("tag a=b,c",
	    "tag d,e:f=g:h", "tag none", "tag =x", "tag e="),
	    "{" FULL ",\"tags_profiler\":\"a:b_c,d_e_f:g:h,e:\"}"),
	    "a comma in a tag of ours, or a colon in its key, becomes _");
	ok(becomes(LINES(CPU, EVENT "[]"), LINES("tag a=b"), "=") &&
	    becomes(LINES(CPU, EVENT ""), LINES("tag a=b"), "="),
	    "an event that is no JSON object goes out as it is");
}

static void
which(void)
{
	ok(becomes(LINES(HEAD "\"x\"; filename=\"event.json\"|{}",
	    HEAD "\"event.json\"; filename=\"y\"|{}", EVENT "{" FULL "}",
	    EVENT "{}"), LINES("tag a=b"),
	    "{" FULL ",\"tags_profiler\":\"a:b\"}"),
	    "of several events the first named event counts");
	ok(becomes(LINES(HEAD "\"x\"; filename=\"event.json\"|{}",
	    HEAD "\"event.json\"|{" FULL "}"), LINES("tag a=b"),
	    "{" FULL ",\"tags_profiler\":\"a:b\"}"),
	    "else the one named event.json");
	ok(becomes(LINES(CPU, HEAD "\"x\"; filename=\"event.json\"|{" FULL
	    "}"), LINES("tag a=b"), "{" FULL ",\"tags_profiler\":\"a:b\"}"),
	    "else a file of that name");
}

static void
forms(void)
{
	ok(becomes(LINES(TAGS "a:b", CPU, TAGS "c", FIELD("d", "e,f"),
	    FIELD("a", "no"), FIELD("types[0]", "t")), LINES("tag k=v"),
	    "{\"tags_profiler\":\"a:b,c,d:e_f,k:v\"," REST("ddtrace")),
	    "a form gets an event of its tags, fields, and ours");
	ok(becomes(LINES(TAGS "a:b,c:", TAGS "", CPU, FIELD("c", "d"),
	    FIELD("x:y", "\"z"), FIELD("", "e"), FIELD("c", "e")),
	    (const char *const []){ NULL },
	    "{\"tags_profiler\":\"a:b,c:d,x_y:\\\"z,c:e\"," REST("ddtrace")),
	    "a field stands in for an empty tag");
	ok(becomes(LINES(TAGS "k:", CPU, FIELD("k", "v"), FIELD("z", "1")),
	    LINES("tag k=v"), "{\"tags_profiler\":\"k:v,z:1\","
	    REST("ddtrace")), "and may be what we would override it with");
	ok(becomes(LINES(TAGS "a:b", CPU, FIELD("k", "f"), TAGS "k:"),
	    LINES("tag k=v", "global-tag a=x", "global-tag k=x"),
	    "{\"tags_profiler\":\"a:b,k:v\"," REST("ddtrace")),
	    "ours override fields and tags of a form");
	ok(becomes(LINES(TAGS "a:\xff\xe2\x82", CPU, TAGS "\xe2\x82\xac:\n",
	    FIELD("f", "\xc3")), LINES("tag k=v"),
	    "{\"tags_profiler\":\"a:\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd,"
	    "\xe2\x82\xac:\\n,f:\xef\xbf\xbd,k:v\"," REST("ddtrace")),
	    "what is no UTF-8 in a form does not break the event");
	ok(becomes(LINES(TAGS "a:b", CPU, EVENT "{" FULL "}"),
	    LINES("tag a=b"), "=") &&
	    becomes(LINES(TAGS "a:b,s:t", EVENT "{\"tags_profiler\":\"z:z\","
	    FULL ",\"sub_custom_tags\":\"s:\"}"), LINES("tag k=v", "tag s=u"),
	    "{\"tags_profiler\":\"a:b,s:t,k:v\"," FULL
	    ",\"sub_custom_tags\":\"s:\"}"),
	    "tags[] count where an event has tags too");
	ok(becomes(LINES(TAGS "language:java", FIELD("format", "jfr"),
	    FIELD("recording-start", "2026-11-22T18:00:00+08:00"),
	    FIELD("end", "2026-11-22T10:00:01.50Z"),
	    HEAD "\"chunk-data\"; filename=\"a.pprof\"|x"),
	    (const char *const []){ NULL },
	    "{\"tags_profiler\":\"language:java,format:jfr,"
	    "recording-start:2026-11-22T18:00:00+08:00,"
	    "end:2026-11-22T10:00:01.50Z\",\"format\":\"jfr\","
	    "\"profiler\":\"ddtrace\",\"attachments\":[\"a.pprof\"],"
	    "\"language\":\"java\",\"start\":\"2026-11-22T10:00:00Z\","
	    "\"end\":\"2026-11-22T10:00:01.5Z\"}"),
	    "a form's own format and times are taken");
}

/* A sequence of bytes that does not end where a piece does. */
static void
straddling(void)
{
	struct buf part = { 0 }, event = { 0 };

	buf_adds(&part, FIELD("f", ""));
	while (part.len < sizeof(FIELD("f", "")) - 1 + 32767)
		buf_addc(&part, 'f');
	buf_adds(&part, "\xc3\xa4");
	buf_addf(&event, "{\"tags_profiler\":\"a,f:%s\"," REST("ddtrace"),
	    buf_str(&part) + sizeof(FIELD("f", "")) - 1);
	ok(becomes(LINES(TAGS "a", CPU, part.p), (const char *const []){ NULL },
	    buf_str(&event)), "a letter may lie across two pieces of a field");
	buf_free(&part);
	buf_free(&event);
}

static void
attachments(void)
{
	ok(becomes(LINES(EVENT "{\"end\":0,\"start\":0}",
	    HEAD "\"data[0]\"; filename=\"pprof-data\"|FLR",
	    FIELD("types[0]", "samples,cpu"), FIELD("types[1]", "delay"),
	    HEAD "\"data[1]\"; filename=\"\"|x", HEAD "\"data[2]\"|x",
	    HEAD "\"data[wall.pprof]\"; filename=\"pprof-data\"|x",
	    HEAD "\"z\"; filename=\"pprof-data\"|x",
	    HEAD "\"y\"\r\nContent-Type: application/json|x",
	    HEAD "\"y\"; filename=\"../a\\\"b\"|x",
	    HEAD "\"e\"; filename=\"event.json\"|x",
	    "Content-Type: image/png|x"), LINES("tag k=v"),
	    "{\"end\":0,\"start\":0,\"tags_profiler\":\"k:v\",\"format\":"
	    "\"pprof\",\"profiler\":\"unknown\",\"attachments\":[\"cpu.pprof\","
	    "\"block.pprof\",\"data[2]\",\"wall.pprof\",\"z\",\"y\","
	    "\"../a\\\"b\",\"attachment\"],\"language\":\"unknown\"}"),
	    "attachments have the name that says most, events none");
	ok(becomes(LINES(EVENT "{\"end\":0,\"start\":0}",
	    HEAD "\"main\"; filename=\"main\"|a;b 1\n",
	    HEAD "\"metrics.json\"; filename=\"metrics.json\"|[]"),
	    LINES("tag k=v", "tag family=python3.11"),
	    "{\"end\":0,\"start\":0,\"tags_profiler\":\"k:v,family:python3.11"
	    "\",\"format\":\"collapse\",\"profiler\":\"unknown\","
	    "\"attachments\":[\"main\",\"metrics.json\"],"
	    "\"language\":\"python\"}"),
	    "where no name says the format the first bytes do");
}

/* The rest of what a parcel tells. */
static void
telling(void)
{
	struct buf body = { 0 };
	struct sent s;
	char value[1100];

	memset(value, 'v', sizeof(value) - 1);
	memcpy(value, TAGS "long:", sizeof(TAGS "long:") - 1);
	value[sizeof(value) - 1] = '\0';
	form(&body, LINES(TAGS "service:a,service:b", TAGS "team:x", value,
	    FIELD("start", "2026-11-22T10:00:00Z")));
	sent_make(&s, &body, "multipart/form-data; boundary=b",
	    LINES("tag team=red"));
	ok(strcmp(profile_service(s.profile), "b") == 0 &&
	    strcmp(profile_tag(s.profile, "team"), "red") == 0,
	    "the service is the last one, a tag that we override ours");
	ok(profile_tag(s.profile, "long") == NULL ||
	    strlen(profile_tag(s.profile, "long")) <= 1024,
	    "a long value is not told");
	ok(profile_start(s.profile) == INT64_C(1795341600000000000),
	    "the start is the form's");
	sent_free(&s);
	form(&body, LINES(EVENT "{\"tags_profiler\":\"service:x\",}"));
	sent_make(&s, &body, "multipart/form-data; boundary=b",
	    LINES("tag team=red"));
	ok(profile_warning(s.profile) != NULL &&
	    strcmp(profile_warning(s.profile),
	    "event goes out as it is: a key was expected at byte 29 of it") ==
	    0, "an event that is not JSON is warned of");
	ok(profile_start(s.profile) == INT64_C(1795348800500000000) &&
	    strcmp(profile_service(s.profile), "unknown") == 0,
	    "without a start the record's time counts");
	sent_free(&s);
	body.len -= 4;
	sent_make(&s, &body, "multipart/form-data; boundary=b",
	    LINES("tag team=red"));
	ok(s.parcel == NULL && s.error == 0 && strcmp(s.why,
	    "body ends before the final boundary") == 0,
	    "a malformed body is the record's fault");
	sent_free(&s);
	sent_make(&s, &body, "text/plain", LINES("tag team=red"));
	ok(s.parcel == NULL && s.error == 0, "so is another content type");
	sent_free(&s);
	buf_free(&body);
}

/* Kilobytes of memory, by /proc/self/status. */
static size_t
memory(const char *key)
{
	char line[200];
	size_t n = 0;
	FILE *f = fopen("/proc/self/status", "r");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, key, strlen(key)) == 0)
			n = strtoul(line + strlen(key), NULL, 10);
	if (f != NULL)
		fclose(f);
	return (n);
}

/* Forget the peak (proc(5)). */
static void
memory_again(void)
{
	FILE *f = fopen("/proc/self/clear_refs", "w");

	if (f == NULL || fputs("5", f) == EOF || fclose(f) == EOF)
		perror("clear_refs");
}

/* Read all of it, in pieces. How often find stands in them, -1: a failure. */
static int
count(const struct sent *s, const char *find)
{
	static char piece[60000];
	uint64_t off, len = parcel_length(s->parcel);
	const char *p;
	int found = 0;
	size_t n;

	for (off = 0; off < len; off += n) {
		n = len - off < sizeof(piece) ? (size_t)(len - off) :
		    sizeof(piece);
		if (parcel_read(s->parcel, off, piece, n) == -1)
			return (-1);
		for (p = piece; (p = memmem(p, n - (size_t)(p - piece), find,
		    strlen(find))) != NULL; p++)
			found++;
	}
	return (found);
}

/* A form of which one part is large; how much longer it gets. */
static int
large(const char *before, const char *piece, size_t n, const char *after,
    int64_t grows)
{
	static const struct multipart_limits limits = { 10, 1000 };
	struct buf body = { 0 };
	struct sent s;
	int64_t len;
	size_t was;
	int good;

	buf_addf(&body, "--b\r\n%s", before);
	for (; n > 0; n--)
		buf_adds(&body, piece);
	buf_addf(&body, "%s\r\n--b--", after);
	len = (int64_t)body.len;
	sent_make(&s, &body, "multipart/form-data; boundary=b",
	    LINES("tag k=v"));
	buf_free(&body);
	parcel_free(s.parcel);
	memory_again();
	was = memory("VmRSS:");
	s.parcel = parcel_new(s.fd, &s.r, &limits, NULL, 0, &s.why);
	good = s.parcel != NULL && count(&s, "k:v") == 1 &&
	    (int64_t)parcel_length(s.parcel) - len == grows;
	if (memory("VmHWM:") > was + 1024 || !good) {
		printf("# %lld bytes longer, %zu KiB more memory\n",
		    (long long)parcel_length(s.parcel) - (long long)len,
		    memory("VmHWM:") - was);
		good = 0;
	}
	sent_free(&s);
	return (good);
}

static void
sizes(void)
{
	static const char mib32[] = "0123456789abcde,";
	static const char head[] = HEAD "\"event\"\r\n\r\n{" FULL
	    ",\"tags_profiler\":\"a:";
	static const char list[] = HEAD "\"tags[]\"\r\n\r\na:";
	size_t added = strlen("\r\n--b\r\n" HEAD "\"event\"; "
	    "filename=\"event.json\"\r\nContent-Type: application/json"
	    "\r\n\r\n{\"tags_profiler\":\"\"," REST("ddtrace")) -
	    strlen("pprof\"cpu.pprof\"") + strlen("unknown");
	size_t tags = 32 << 20;

	ok(large(head, mib32, 2 << 20, "\"}", 3),
	    "an event of 32 MiB takes no memory");
	ok(large(head, "0123456789abcdef", 2 << 20, "\"}", 4),
	    "nor does a tag of 32 MiB");
	ok(large(head, ",k:x", 1000000, "\"}", 4 - 4000000),
	    "nor do 1,000,000 tags to override");
	ok(large(list, mib32, 2 << 20, "",
	    (int64_t)(added + 2 + tags + strlen("k:v"))),
	    "nor does a tags[] field of 32 MiB");
	ok(large(HEAD "\"tags[]\"\r\n\r\na:\r\n--b\r\n" HEAD
	    "\"f\"\r\n\r\n", mib32, 2 << 20, "",
	    (int64_t)(added + 2 + 3 + tags + strlen(",k:v"))),
	    "nor does another field of 32 MiB");
}

int
main(void)
{
	events();
	which();
	forms();
	straddling();
	attachments();
	telling();
	sizes();
	return (failed);
}
