#include "expose_join.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "expose.h"
#include "expose_read.h"

#define HELP	"# HELP "
#define TYPE	"# TYPE "
#define WORDS	"_info"		/* of these, those with a */
#define REASON	"reason"

/* A family of one text: its two lines, then its samples. */
struct section {
	const char	*name;
	size_t		 name_len;
	const char	*head;
	const char	*samples;
	const char	*end;
	size_t		 order;		/* of its text, and within it */
};

struct expose_join {
	struct section	*sections;
	size_t		 n, cap;
};

struct expose_join *
expose_join_new(void)
{
	return (calloc(1, sizeof(struct expose_join)));
}

void
expose_join_free(struct expose_join *j)
{
	if (j == NULL)
		return;
	free(j->sections);
	free(j);
}

/* The length of the line at p, and *next behind it. 0: there is none. */
static size_t
line_length(const char *p, const char *end, const char **next)
{
	const char *newline = p < end ? memchr(p, '\n', (size_t)(end - p)) :
	    NULL;

	*next = newline != NULL ? newline + 1 : end;
	return (newline != NULL ? (size_t)(newline - p) : 0);
}

/* Does the line begin with the word, and have a name behind it? */
static size_t
line_about(const char *p, size_t len, const char *word, const char **name)
{
	size_t n = strlen(word);
	const char *blank;

	if (len <= n || memcmp(p, word, n) != 0)
		return (0);
	*name = p + n;
	blank = memchr(*name, ' ', len - n);
	return (blank != NULL ? (size_t)(blank - *name) : 0);
}

/* Is it the family's, or one of a histogram's three? */
static int
belongs(const struct section *s, const struct expose_sample *sample)
{
	static const char *const tails[] = { "", "_bucket", "_sum", "_count" };
	size_t i, tail;

	if (sample->name_len < s->name_len ||
	    memcmp(sample->name, s->name, s->name_len) != 0)
		return (0);
	tail = sample->name_len - s->name_len;
	for (i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		if (strlen(tails[i]) == tail &&
		    memcmp(sample->name + s->name_len, tails[i], tail) == 0)
			return (1);
	return (0);
}

static int
is_words(const struct section *s, const struct expose_sample *sample)
{
	size_t n = strlen(WORDS);
	char reason[2];

	return (s->name_len > n &&
	    memcmp(s->name + s->name_len - n, WORDS, n) == 0 &&
	    expose_sample_label(sample, REASON, reason, sizeof(reason)) == 0);
}

static int
is_utf8(const char *p, size_t len)
{
	size_t n;

	for (; len > 0; p += n, len -= n)
		if ((n = expose_character(p, len)) == 0)
			return (0);
	return (1);
}

/*
 * HELP and TYPE at p, and nothing in them that is not as expose_type has it.
 * Behind them, or NULL.
 */
static const char *
head_read(struct section *s, const char *p, const char *end)
{
	static const char *const types[] = { "counter", "gauge", "histogram" };
	const char *next, *name;
	size_t len, i, kind;

	s->head = p;
	len = line_length(p, end, &next);
	if ((s->name_len = line_about(p, len, HELP, &s->name)) == 0 ||
	    memchr(p, '\\', len) != NULL ||
	    expose_name_length(s->name, s->name + s->name_len) != s->name_len)
		return (NULL);
	len = line_length(p = next, end, &next);
	if (line_about(p, len, TYPE, &name) != s->name_len ||
	    memcmp(name, s->name, s->name_len) != 0)
		return (NULL);
	kind = (size_t)(p + len - (name + s->name_len + 1));
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strlen(types[i]) == kind &&
		    memcmp(p + len - kind, types[i], kind) == 0)
			return (next);
	return (NULL);
}

/* The family at p: behind its end, or NULL. *words: it is to be left out. */
static const char *
section_read(struct section *s, const char *p, const char *end, int *words)
{
	struct expose_sample sample;
	const char *next;
	size_t len;

	*words = 0;
	if ((p = head_read(s, p, end)) == NULL)
		return (NULL);
	s->samples = p;
	while (p < end && *p != '#') {
		len = line_length(p, end, &next);
		if (expose_sample_read(p, len, &sample) == -1 ||
		    !belongs(s, &sample))
			return (NULL);
		*words |= is_words(s, &sample);
		p = next;
	}
	s->end = p;
	return (p);
}

static int
section_add(struct expose_join *j, struct section *s)
{
	struct section *more;
	size_t cap;

	if (j->n == j->cap) {
		cap = j->cap == 0 ? 64 : 2 * j->cap;
		more = realloc(j->sections, cap * sizeof(*more));
		if (more == NULL)
			return (-1);
		j->sections = more;
		j->cap = cap;
	}
	s->order = j->n;
	j->sections[j->n++] = *s;
	return (0);
}

int
expose_join_add(struct expose_join *j, const char *p, size_t len)
{
	const char *end = len != 0 ? p + len : p;
	struct section s;
	size_t before = j->n;
	int words;

	errno = EINVAL;
	if (!is_utf8(p, len))
		return (-1);
	while (p < end) {
		errno = EINVAL;
		if ((p = section_read(&s, p, end, &words)) == NULL ||
		    (!words && section_add(j, &s) == -1)) {
			j->n = before;
			return (-1);
		}
	}
	return (0);
}

static int
names_compare(const struct section *a, const struct section *b)
{
	size_t shorter = a->name_len < b->name_len ? a->name_len : b->name_len;
	int result = memcmp(a->name, b->name, shorter);

	if (result != 0 || a->name_len == b->name_len)
		return (result);
	return (a->name_len < b->name_len ? -1 : 1);
}

static int
by_name(const void *x, const void *y)
{
	const struct section *a = x, *b = y;
	int result = names_compare(a, b);

	return (result != 0 ? result : a->order < b->order ? -1 : 1);
}

int
expose_join_print(struct expose_join *j, struct buf *out)
{
	const struct section *s;
	const char *from;
	size_t i;

	if (j->n > 0)
		qsort(j->sections, j->n, sizeof(*j->sections), by_name);
	for (i = 0; i < j->n; i++) {
		s = &j->sections[i];
		from = i > 0 && names_compare(s - 1, s) == 0 ? s->samples :
		    s->head;
		if (buf_add(out, from, (size_t)(s->end - from)) == -1)
			return (-1);
	}
	return (0);
}
