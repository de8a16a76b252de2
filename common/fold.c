#include "fold.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

static int
fold_line(enum ledger_word word, const char *id, uint64_t count, void *arg)
{
	struct fold *f = arg;
	struct folded *v;
	size_t cap = f->cap == 0 ? 1024 : 2 * f->cap;

	if (id == NULL) {
		f->totals[word] += count;
		return (0);
	}
	if (f->n == f->cap) {
		if ((v = realloc(f->v, cap * sizeof(*v))) == NULL)
			return (-1);
		f->v = v;
		f->cap = cap;
	}
	v = &f->v[f->n++];
	memcpy(v->id, id, UUID_TEXT);
	v->word = (unsigned char)word;
	v->order = ++f->lines;
	return (0);
}

static int
by_id(const void *a, const void *b)
{
	const struct folded *x = a, *y = b;
	int c = strcmp(x->id, y->id);

	if (c != 0)
		return (c);
	return (x->order < y->order ? -1 : x->order > y->order);
}

static int
by_order(const void *a, const void *b)
{
	const struct folded *x = a, *y = b;

	return (x->order < y->order ? -1 : x->order > y->order);
}

int
fold_read(struct fold *f, int root, const char *queue)
{
	size_t i, n = 0;

	memset(f, 0, sizeof(*f));
	if (ledger_read(root, queue, fold_line, f) == -1 && errno != ENOENT) {
		fold_free(f);
		return (-1);
	}
	if (f->n == 0)
		return (0);
	qsort(f->v, f->n, sizeof(*f->v), by_id);
	for (i = 1; i < f->n; i++)
		if (strcmp(f->v[i].id, f->v[n].id) == 0)
			f->v[n].word = f->v[i].word;
		else
			f->v[++n] = f->v[i];
	f->n = n + 1;
	return (0);
}

void
fold_free(struct fold *f)
{
	free(f->v);
	memset(f, 0, sizeof(*f));
}

static int
id_of(const void *id, const void *folded)
{
	return (strcmp(id, ((const struct folded *)folded)->id));
}

const struct folded *
fold_find(const struct fold *f, const char *id)
{
	if (f->n == 0)
		return (NULL);
	return (bsearch(id, f->v, f->n, sizeof(*f->v), id_of));
}

static int
fold_write(struct fold *f, struct buf *b,
    int (*is_there)(const char *id, void *arg), void *arg)
{
	size_t i, n = 0;
	int word;

	for (i = 0; i < f->n; i++)
		/* One that came in and is nowhere is what a check names. */
		if (f->v[i].word == LEDGER_IN || is_there(f->v[i].id, arg))
			f->v[n++] = f->v[i];
		else
			f->totals[f->v[i].word]++;
	f->n = n;
	qsort(f->v, f->n, sizeof(*f->v), by_order);
	for (word = 0; word < LEDGER_WORDS; word++)
		if (f->totals[word] > 0 && buf_addf(b, "%s +%llu\n",
		    ledger_words[word],
		    (unsigned long long)f->totals[word]) == -1)
			return (-1);
	for (i = 0; i < f->n; i++)
		if (buf_addf(b, "%s %s\n", ledger_words[LEDGER_IN],
		    f->v[i].id) == -1)
			return (-1);
	return (0);
}

int
fold_shorten(struct ledger *l, int root, const char *queue,
    int (*is_there)(const char *id, void *arg), void *arg)
{
	struct buf b = { 0 };
	struct fold f;
	int result = -1;

	if ((errno = ledger_flush(l)) != 0 || fold_read(&f, root, queue) == -1)
		return (-1);
	if (fold_write(&f, &b, is_there, arg) == 0)
		result = ledger_replace(l, b.p, b.len);
	buf_free(&b);
	fold_free(&f);
	return (result);
}
