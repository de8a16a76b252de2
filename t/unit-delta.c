#include "delta.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "ok.h"
#include "pprof.h"
#include "pprof_write.h"

static const struct pprof_limits limits = PPROF_LIMITS;

static struct pprof_text
text(const char *s)
{
	struct pprof_text t = { s, strlen(s) };

	return (t);
}

/* A heap of two types, whose samples are letters: "a3/1" of 3 and 1. */
struct heap {
	const char	*samples;
	int64_t		 time;
	int64_t		 duration;
	int64_t		 period;
	const char	*type;
	const char	*file;		/* of the program; NULL: no mapping */
	const char	*build_id;
	uint64_t	 start;
	uint64_t	 size;
	uint64_t	 library;	/* its start; letters from n are there */
};

static const struct heap before = { "a3/1 b2/2 c1/0 n5/1", 100, 0, 512,
    "alloc", "/bin/p", "id", 0x1000, 0x1000, 0x8000 };

static uint32_t
mapping(struct pprof_write *w, const char *file, const char *build_id,
    uint64_t start, uint64_t size)
{
	struct pprof_mapping m = { .start = start, .limit = start + size };
	uint64_t moved;

	m.file = pprof_write_string(w, file, strlen(file));
	m.build_id = pprof_write_string(w, build_id, strlen(build_id));
	return (pprof_write_mapping(w, &m, &moved));
}

static void
sample(struct pprof_write *w, const struct heap *h, char letter,
    uint32_t program, uint32_t library, const int64_t *value)
{
	struct pprof_function f = { 0 };
	struct pprof_line line = { .line = letter };
	struct pprof_location l = { .mapping = program, .lines = 1,
	    .address = h->start + (uint64_t)letter };
	struct pprof_sample s = { .depth = 1, .value = value };
	uint32_t at;

	f.name = pprof_write_string(w, &letter, 1);
	line.function = pprof_write_function(w, &f);
	if (letter >= 'n') {
		l.mapping = library;
		l.address = h->library + (uint64_t)letter;
	}
	at = pprof_write_location(w, &l, &line);
	s.location = &at;
	pprof_write_sample(w, &s);
}

static struct buf
make(const struct heap *h)
{
	struct pprof_head head = { .types = 2, .type = {
	    { text(h->type), text("bytes") }, { text("inuse"), text("bytes") }
	    }, .time = h->time, .duration = h->duration, .period = h->period };
	struct pprof_write *w = pprof_write_new(&head, 0);
	struct buf b = { 0 };
	uint32_t program = PPROF_NONE, library;
	const char *at;
	long long first, second;
	char letter;

	if (h->file != NULL)
		program = mapping(w, h->file, h->build_id, h->start, h->size);
	library = h->library == 0 ? PPROF_NONE :
	    mapping(w, "libc.so", "", h->library, 0x2000);
	pprof_write_comment(w, h->samples, strlen(h->samples));
	for (at = h->samples; *at != '\0'; at += strcspn(at, " ")) {
		at += strspn(at, " ");
		if (sscanf(at, "%c%lld/%lld", &letter, &first, &second) == 3)
			sample(w, h, letter, program, library,
			    (const int64_t []){ first, second });
	}
	if (pprof_write_end(w, &b) == -1)
		ok(0, "a heap is written");
	pprof_write_free(w);
	return (b);
}

/* The letters again, from a profile. */
static void
spell(const struct buf *b, struct buf *said)
{
	const char *why;
	struct pprof *p = pprof_open(b->p, b->len, &limits, &why);
	struct pprof_sample s;

	if (p == NULL) {
		buf_adds(said, why);
		return;
	}
	while (pprof_next(p, &s, &why) == 1)
		buf_addf(said, "%c%lld/%lld ", (int)p->line[p->location[
		    s.location[0]].line].line, (long long)s.value[0],
		    (long long)s.value[1]);
	buf_addf(said, "at %lld for %lld", (long long)p->head.time,
	    (long long)p->head.duration);
	pprof_free(p);
}

/* Is this what is made of both? A verdict is told in its place. */
static int
gives(const struct heap *from, const struct heap *to, const char *expected)
{
	static const char *const verdicts[] = { "made", "restarted: ",
	    "already: " };
	const struct pprof_type want = { text("alloc"), text("bytes") };
	struct buf a = make(from), b = make(to), out = { 0 }, said = { 0 };
	const char *why = "";
	enum delta_verdict verdict;
	int holds;

	buf_addc(&out, '!');
	verdict = delta_make(a.p, a.len, b.p, b.len, &want, 1, &limits, &out,
	    &why);
	holds = out.p[0] == '!' && (verdict == DELTA_MADE) == (out.len > 1);
	buf_drop(&out, 1);
	if (verdict == DELTA_MADE)
		spell(&out, &said);
	else
		buf_addf(&said, "%s%s", verdict == DELTA_FAILED ? "failed: " :
		    verdicts[verdict], why);
	if (strcmp(buf_str(&said), expected) != 0) {
		printf("# %s\n", said.p);
		holds = 0;
	}
	buf_free(&a);
	buf_free(&b);
	buf_free(&out);
	buf_free(&said);
	return (holds);
}

/* The same program later, with these samples. */
static struct heap
later(const char *samples)
{
	struct heap h = before;

	h.samples = samples;
	h.time = 160;
	return (h);
}

static int
then(const char *samples, const char *expected)
{
	struct heap h = later(samples);

	return (gives(&before, &h, expected));
}

static void
deltas(void)
{
	ok(then("a4/7 b2/3 c1/0 n5/0 d6/1", "a1/7 b0/3 d6/1 at 160 for 60"),
	    "what was counted is taken off, what is in use stays, what did "
	    "not change vanishes");
	ok(then("n6/0 d1/1 c2/0 b2/0 a3/0", "c1/0 n1/0 d1/1 at 160 for 60"),
	    "the order is that of the first, new samples behind");
	ok(then("a1/0 a2/0 b2/0 n5/0 c1/0 a4/5", "a4/5 at 160 for 60"),
	    "samples that come in parts are one");
	ok(then("a3/0 b2/0 c1/0 n5/0", "at 160 for 60"),
	    "there may be nothing left");
}

static void
restarts(void)
{
	struct heap h;

	ok(then("a3/1 b1/9 c1/0 n5/0", "restarted: a value went back"),
	    "a value that goes back is a restart");
	ok(then("a3/1 b2/9 n5/0", "restarted: a value went back"),
	    "a stack that vanishes is one");
	h = later("a9/0 b9/0 c9/0 n9/0");
	h.build_id = "another";
	ok(gives(&before, &h, "restarted: another program"),
	    "another build id is one");
	h.build_id = "id";
	h.start = 0x2000;
	ok(gives(&before, &h, "restarted: another program"),
	    "the program at another place is one");
	h.start = before.start;
	h.size = 0x1008;
	ok(gives(&before, &h, "restarted: another program"),
	    "one of another size is");
	h.start = before.start + 8;
	h.size = before.size - 8;
	ok(gives(&before, &h, "restarted: another program"),
	    "both are");
	h = later("a9/0 b9/0 c9/0 n9/0");
	h.file = "/bin/p (deleted)";
	ok(gives(&before, &h, "a6/0 b7/0 c8/0 n4/0 at 160 for 60"),
	    "another name of the same build id is none");
	h.build_id = "";
	ok(gives(&before, &h, "restarted: another program"),
	    "without that it is one");
	h = later("a9/0 b9/0 c9/0 n9/0");
	h.period = 4096;
	ok(gives(&before, &h, "restarted: other sample types or period"),
	    "another period is one");
	h.period = before.period;
	h.type = "allocs";
	ok(gives(&before, &h, "restarted: other sample types or period"),
	    "other sample types are one");
	h = later("a9/0 b9/0 c9/0 n9/0");
	h.time = 100;
	ok(gives(&before, &h, "restarted: time does not go on"),
	    "time that does not go on is one");
	h.time = 0;
	ok(gives(&before, &h, "restarted: time does not go on"),
	    "time that was known and is not is one");
	ok(gives(&(struct heap){ "a1/0", 0, 0, 512, "alloc", "/bin/p", "id",
	    0x1000, 0x1000, 0x8000 }, &before,
	    "restarted: time does not go on"),
	    "time that is known and was not is one");
	h = later("a9/0 b9/0 c9/0 n9/0");
	h.library = 0xf000;
	ok(gives(&before, &h, "a6/0 b7/0 c8/0 n4/0 at 160 for 60"),
	    "a library at another place is none");
}

static void
unknowns(void)
{
	struct heap h = later("a9/0 b9/0 c9/0 n9/0"), other = before;

	h.build_id = other.build_id = "";
	ok(gives(&other, &h, "a6/0 b7/0 c8/0 n4/0 at 160 for 60"),
	    "a program without a build id goes on");
	h.file = "/bin/q";
	ok(gives(&other, &h, "restarted: another program"),
	    "unless it has another name");
	h = later("a9/0 b9/0 c9/0 n9/0");
	other = before;
	h.time = other.time = 0;
	ok(gives(&other, &h, "a6/0 b7/0 c8/0 n4/0 at 0 for 0"),
	    "profiles that tell no time can be taken off");
	h.file = other.file = NULL;
	h.library = other.library = 0;
	ok(gives(&other, &h, "a6/0 b7/0 c8/0 n4/0 at 0 for 0"),
	    "so can those without a program");
}

static void
already(void)
{
	struct heap h = later("a9/0 b9/0 c9/0 n9/0"), delta = h;

	delta.duration = 60;
	ok(gives(&delta, &h, "already: a delta, not cumulative") &&
	    gives(&before, &delta, "already: a delta, not cumulative"),
	    "a profile with a duration is a delta already");
	ok(then("a9/0 b9/0 c9/0 n9/-1", "already: a delta, not cumulative"),
	    "one with a value below 0 is");
	delta = before;
	delta.samples = "a-1/0";
	ok(gives(&delta, &h, "already: a delta, not cumulative"),
	    "in the previous one, too");
}

static void
failures(void)
{
	struct heap h = later("a9/0 b9/0 c9/0 n9/0"), other = before;
	struct buf a = make(&before), b = make(&h), out = { 0 };
	const struct pprof_type want = { text("alloc"), text("bytes") };
	const struct pprof_type two[] = { want, { text("inuse"),
	    text("count") } };
	const char *why = "";

	ok(delta_make(a.p, a.len, b.p, b.len, two, 2, &limits, &out, &why) ==
	    DELTA_FAILED && strcmp(why,
	    "a sample type that is wanted is missing") == 0,
	    "a wanted type must be there, with its unit");
	ok(delta_make(a.p, a.len - 1, b.p, b.len, &want, 1, &limits, &out,
	    &why) == DELTA_FAILED && strcmp(why, "a field is cut short") == 0
	    && delta_make(a.p, a.len, b.p, 0, &want, 1, &limits, &out, &why)
	    == DELTA_FAILED && strcmp(why, "empty") == 0 && out.len == 0,
	    "both must be profiles");
	other.samples = "a1/0 a9223372036854775807/0";
	h.samples = "a1/9223372036854775807 a1/1";
	ok(gives(&other, &h, "failed: a value is over 64 bits") &&
	    gives(&before, &h, "failed: a value is over 64 bits"),
	    "a value over 64 bits is an error");
	buf_free(&a);
	buf_free(&b);
	buf_free(&out);
}

static void
heads(void)
{
	struct heap h = later("a9/0 b9/0 c9/0 n9/0");
	struct buf a = make(&before), b = make(&h), out = { 0 };
	const struct pprof_type want = { text("alloc"), text("bytes") };
	const char *why = "";
	struct pprof *p = NULL;

	if (delta_make(a.p, a.len, b.p, b.len, &want, 1, &limits, &out, &why)
	    == DELTA_MADE)
		p = pprof_open(out.p, out.len, &limits, &why);
	ok(p != NULL && p->head.period == 512 && p->head.types == 2 &&
	    pprof_text_is(&p->head.type[1].type, "inuse") &&
	    p->comments == 2 && p->mappings == 2,
	    "types, period, mappings and comments are kept");
	pprof_free(p);
	buf_free(&a);
	buf_free(&b);
	buf_free(&out);
}

int
main(void)
{
	deltas();
	restarts();
	unknowns();
	already();
	failures();
	heads();
	return (failed);
}
