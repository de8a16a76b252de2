#include "stacks.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "pprof.h"

/* A line without its values. */
struct stacks_line {
	char	*key;
	int64_t	 value[PPROF_TYPES];
};

struct stacks {
	const struct pprof	*p;
	struct stacks_line	*line;
	size_t			 n;
};

static void
stacks_text(struct buf *b, const struct stacks *s, uint32_t string)
{
	const struct pprof_text *t = &s->p->string[string];

	buf_add(b, t->p, t->len);
}

static void
stacks_frames(struct buf *b, const struct stacks *s,
    const struct pprof_sample *sample)
{
	const struct pprof_location *l;
	const struct pprof_line *line;
	size_t i;
	uint32_t j;

	for (i = sample->depth; i > 0; i--) {
		l = &s->p->location[sample->location[i - 1]];
		for (j = l->lines; j > 0; j--) {
			line = &s->p->line[l->line + j - 1];
			if (b->len != 0)
				buf_addc(b, ';');
			stacks_text(b, s, s->p->function[line->function].name);
			buf_addf(b, ":%" PRId64, line->line);
		}
		if (l->lines == 0)
			buf_addf(b, "%s0x%" PRIx64, b->len != 0 ? ";" : "",
			    l->address);
	}
}

static int
stacks_word_before(const void *a, const void *b)
{
	return (strcmp(*(char *const *)a, *(char *const *)b));
}

/* {kind=hasher worker=1 bytes=[80 ns]}, texts before numbers. */
static void
stacks_labels(struct buf *b, const struct stacks *s,
    const struct pprof_sample *sample, int numbers, const char *open)
{
	char *word[1000];
	struct buf one = { 0 };
	size_t i, n = 0;

	for (i = 0; i < sample->labels && n < 1000; i++) {
		const struct pprof_label *l = &sample->label[i];

		if ((l->str == 0) != numbers)
			continue;
		stacks_text(&one, s, l->key);
		buf_addc(&one, '=');
		stacks_text(&one, s, l->str);
		if (numbers)
			buf_addf(&one, "[%" PRId64 "%s", l->num,
			    l->unit != 0 ? " " : "");
		stacks_text(&one, s, l->unit);
		if (numbers)
			buf_addc(&one, ']');
		word[n++] = strdup(buf_str(&one));
		one.len = 0;
	}
	if (n != 0)
		qsort(word, n, sizeof(word[0]), stacks_word_before);
	for (i = 0; i < n; i++) {
		buf_addf(b, "%s%s", i == 0 ? open : " ", word[i]);
		free(word[i]);
	}
	buf_adds(b, n != 0 ? "}" : "");
	buf_free(&one);
}

static int
stacks_before(const void *a, const void *b)
{
	const struct stacks_line *x = a, *y = b;

	return (strcmp(x->key, y->key));
}

static int
stacks_read(struct stacks *s, struct pprof *p, const char **why)
{
	struct pprof_sample sample;
	struct buf b = { 0 };
	struct stacks_line *line;
	int more;

	*why = "out of memory";
	if ((s->line = calloc(p->head.samples + 1, sizeof(*line))) == NULL)
		return (-1);
	while ((more = pprof_next(p, &sample, why)) == 1) {
		line = &s->line[s->n++];
		b.len = 0;
		stacks_frames(&b, s, &sample);
		stacks_labels(&b, s, &sample, 0, " {");
		stacks_labels(&b, s, &sample, 1, " {");
		line->key = strdup(buf_str(&b));
		memcpy(line->value, sample.value,
		    p->head.types * sizeof(line->value[0]));
	}
	buf_free(&b);
	qsort(s->line, s->n, sizeof(*s->line), stacks_before);
	return (more);
}

int
stacks_print(struct pprof *p, struct buf *out, const char **why)
{
	struct stacks s = { .p = p };
	size_t i, v;
	int result = stacks_read(&s, p, why);

	for (i = 0; i < s.n; i++) {
		if (i + 1 < s.n && strcmp(s.line[i].key, s.line[i + 1].key)
		    == 0) {
			for (v = 0; v < p->head.types; v++)
				s.line[i + 1].value[v] += s.line[i].value[v];
			continue;
		}
		buf_adds(out, s.line[i].key);
		for (v = 0; v < p->head.types; v++)
			buf_addf(out, "%s%" PRId64, v == 0 ? " [" : " ",
			    s.line[i].value[v]);
		buf_adds(out, "]\n");
	}
	for (i = 0; i < s.n; i++)
		free(s.line[i].key);
	free(s.line);
	return (result);
}
