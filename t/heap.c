#include "heap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "pprof.h"
#include "pprof_write.h"

#define DEPTH_MIN	8
#define DEPTH_MAX	40
#define PERIOD		524288
#define TIME		INT64_C(1795341860000000000)
#define SECOND		INT64_C(1000000000)

struct heap {
	struct pprof_write	*w;
	uint64_t		 seed;
	uint64_t		 locations;
	uint32_t		 mapping;
	uint32_t		 bytes;		/* the label's key */
};

/* Of the same two numbers the same one: splitmix64 (Steele and others, 2014) */
static uint64_t
heap_mix(const struct heap *h, uint64_t a, uint64_t b)
{
	uint64_t z = h->seed + a * UINT64_C(0x9e3779b97f4a7c15) + b;

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (z ^ z >> 31);
}

static struct pprof_text
heap_text(const char *s)
{
	struct pprof_text t = { s, strlen(s) };

	return (t);
}

static uint32_t
heap_function(struct heap *h, uint64_t i)
{
	struct pprof_function f = { .start_line = (int64_t)(10 + i % 1000) };
	char text[200];
	int n;

	n = snprintf(text, sizeof(text), "github.com/example/service/internal/"
	    "package%d.(*Type%d).Method%d", (int)(i / 40), (int)(i / 8),
	    (int)i);
	f.name = f.system_name = pprof_write_string(h->w, text, (size_t)n);
	n = snprintf(text, sizeof(text), "/home/build/go/src/github.com/"
	    "example/service/internal/package%d/file%d.go", (int)(i / 40),
	    (int)(i / 10));
	f.filename = pprof_write_string(h->w, text, (size_t)n);
	return (pprof_write_function(h->w, &f));
}

/* Every fourth location has a function inlined. */
static uint32_t
heap_location(struct heap *h, uint64_t i)
{
	struct pprof_location l = { .address = 0x400000 + i * 64,
	    .mapping = h->mapping, .lines = i % 4 == 0 ? 2 : 1 };
	struct pprof_line line[2] = { 0 };
	uint32_t n;

	for (n = 0; n < l.lines; n++) {
		line[n].function = heap_function(h, i / 3 + n);
		line[n].line = (int64_t)(20 + i % 2000 + n);
	}
	return (pprof_write_location(h->w, &l, line));
}

/* Towards the root more and more samples go the same way. */
static int
heap_sample(struct heap *h, uint64_t i, uint64_t age)
{
	uint32_t stack[DEPTH_MAX];
	struct pprof_label label = { .key = h->bytes };
	struct pprof_sample s = { .location = stack, .label = &label,
	    .labels = 1 };
	int64_t value[4];
	uint64_t k, r = heap_mix(h, 1, i);

	s.depth = DEPTH_MIN + r % (DEPTH_MAX - DEPTH_MIN + 1);
	for (k = 0; k < s.depth; k++)
		stack[k] = heap_location(h, heap_mix(h, s.depth - k,
		    i >> (k < 16 ? k : 16)) % h->locations);
	label.num = (int64_t)(16 << r / 64 % 12);
	value[0] = (int64_t)(1 + r / 1024 % 5000 +
	    (r / 7 % 10 < 7 ? age * (1 + r / 16 % 300) : 0));
	value[1] = value[0] * label.num;
	value[2] = r / 3 % 4 == 0 ? (int64_t)(heap_mix(h, i, age) % 50) : 0;
	value[3] = value[2] * label.num;
	s.value = value;
	return (pprof_write_sample(h->w, &s));
}

int
heap_make(struct buf *out, size_t samples, uint64_t seed, unsigned int age)
{
	struct pprof_head head = { .types = 4, .period = PERIOD,
	    .time = TIME + age * SECOND,
	    .type = {
		{ heap_text("alloc_objects"), heap_text("count") },
		{ heap_text("alloc_space"), heap_text("bytes") },
		{ heap_text("inuse_objects"), heap_text("count") },
		{ heap_text("inuse_space"), heap_text("bytes") } },
	    .period_type = { heap_text("space"), heap_text("bytes") } };
	struct pprof_mapping m = { .start = 0x400000, .limit = 0x2400000,
	    .has = 15 };
	struct heap h = { .seed = seed, .locations = samples / 3 + 100 };
	uint64_t i, moved;
	int result = -1;

	if ((h.w = pprof_write_new(&head, 1)) == NULL)
		return (-1);
	m.file = pprof_write_string(h.w, "/usr/bin/service", 16);
	h.mapping = pprof_write_mapping(h.w, &m, &moved);
	h.bytes = pprof_write_string(h.w, "bytes", 5);
	/* A program that runs finds new ways: a fiftieth of them each time. */
	for (i = 0; i < samples + samples * age / 50; i++)
		if (heap_sample(&h, i, age) == -1)
			goto out;
	result = pprof_write_end(h.w, out);
out:
	pprof_write_free(h.w);
	return (result);
}
