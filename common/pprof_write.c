#include "pprof_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pprof.h"
#include "pprof_encode.h"
#include "pprof_frames.h"
#include "pprof_kept.h"
#include "pprof_room.h"
#include "pprof_strings.h"
#include "pprof_table.h"

struct pprof_write {
	struct pprof_encode	 whole;
	struct pprof_strings	*strings;
	struct pprof_frames	*frames;
	struct pprof_kept	*kept;
	uint32_t		*comment;
	size_t			 comment_cap;
	struct pprof_table	*commented;	/* by number of the string */
	int			 merge;
	int			 failed;	/* errno of the first failure */
};

/* What went wrong is told at the end; until then, 0 stands for it. */
static uint32_t
pprof_write_or_fail(struct pprof_write *w, uint32_t number)
{
	if (number != UINT32_MAX)
		return (number);
	if (w->failed == 0)
		w->failed = ENOMEM;
	return (0);
}

static uint32_t
pprof_write_text(struct pprof_write *w, const struct pprof_text *t)
{
	return (pprof_write_string(w, t->p, t->len));
}

static void
pprof_write_head(struct pprof_write *w, const struct pprof_head *head)
{
	struct pprof_encode_head *h = &w->whole.head;
	size_t i;

	for (i = 0; i < head->types; i++) {
		h->type[2 * i] = pprof_write_text(w, &head->type[i].type);
		h->type[2 * i + 1] = pprof_write_text(w, &head->type[i].unit);
	}
	h->period_type = pprof_write_text(w, &head->period_type.type);
	h->period_unit = pprof_write_text(w, &head->period_type.unit);
	h->default_type = pprof_write_text(w, &head->default_type);
	h->drop_frames = pprof_write_text(w, &head->drop_frames);
	h->keep_frames = pprof_write_text(w, &head->keep_frames);
	h->doc_url = pprof_write_text(w, &head->doc_url);
	h->time = head->time;
	h->duration = head->duration;
	h->period = head->period;
}

struct pprof_write *
pprof_write_new(const struct pprof_head *head, int merge)
{
	struct pprof_write *w;

	if ((w = calloc(1, sizeof(*w))) == NULL)
		return (NULL);
	w->merge = merge;
	w->whole.zeros = !merge;
	w->whole.strings = w->strings = pprof_strings_new();
	w->whole.frames = w->frames = pprof_frames_new();
	w->whole.kept = w->kept = pprof_kept_new(head->types,
	    head->samples, w->strings);
	w->commented = pprof_table_new();
	if (w->strings == NULL || w->frames == NULL || w->kept == NULL ||
	    w->commented == NULL) {
		pprof_write_free(w);
		return (NULL);
	}
	pprof_write_head(w, head);
	return (w);
}

void
pprof_write_free(struct pprof_write *w)
{
	if (w == NULL)
		return;
	pprof_strings_free(w->strings);
	pprof_frames_free(w->frames);
	pprof_kept_free(w->kept);
	pprof_table_free(w->commented);
	free(w->comment);
	free(w);
}

uint32_t
pprof_write_string(struct pprof_write *w, const char *p, size_t len)
{
	return (pprof_write_or_fail(w, pprof_strings_add(w->strings, p, len)));
}

uint32_t
pprof_write_function(struct pprof_write *w, const struct pprof_function *f)
{
	return (pprof_write_or_fail(w, pprof_frames_function(w->frames, f)));
}

uint32_t
pprof_write_mapping(struct pprof_write *w, const struct pprof_mapping *m,
    uint64_t *moved)
{
	uint32_t i = pprof_frames_mapping(w->frames, m);

	*moved = i != UINT32_MAX ?
	    w->frames->mapping[i].start - m->start : 0;
	return (pprof_write_or_fail(w, i));
}

uint32_t
pprof_write_location(struct pprof_write *w, const struct pprof_location *l,
    const struct pprof_line *line)
{
	return (pprof_write_or_fail(w, pprof_frames_location(w->frames, l,
	    line)));
}

uint32_t
pprof_write_frame(struct pprof_write *w, const char *name, size_t len)
{
	struct pprof_function f = { 0 };
	struct pprof_line line = { 0 };
	const struct pprof_location l = { .mapping = PPROF_NONE, .lines = 1 };

	f.name = pprof_write_string(w, name, len);
	line.function = pprof_write_function(w, &f);
	return (pprof_write_location(w, &l, &line));
}

void
pprof_write_comment(struct pprof_write *w, const char *p, size_t len)
{
	uint32_t *c, string = pprof_write_string(w, p, len);
	size_t at = string;
	const char *why;

	if (pprof_table_next(w->commented, string, &at) != UINT32_MAX)
		return;
	c = pprof_room(w->comment, &w->comment_cap, w->whole.comments + 1,
	    sizeof(*c), SIZE_MAX, &why);
	if (c != NULL)
		w->whole.comment = w->comment = c;
	if (c == NULL ||
	    pprof_table_add(w->commented, string, string) == -1)
		(void)pprof_write_or_fail(w, UINT32_MAX);
	else
		c[w->whole.comments++] = string;
}

int
pprof_write_sample(struct pprof_write *w, const struct pprof_sample *s)
{
	if (w->failed == 0 && (w->merge ? pprof_kept_merge(w->kept, s) :
	    pprof_kept_append(w->kept, s)) == -1)
		w->failed = errno;
	if (w->failed == 0)
		return (0);
	errno = w->failed;
	return (-1);
}

static void
pprof_write_settle(struct pprof_write *w)
{
	if (w->failed == 0 && w->merge && pprof_kept_settle(w->kept) == -1)
		w->failed = errno;
}

int
pprof_write_negative(struct pprof_write *w)
{
	size_t i, v;

	pprof_write_settle(w);
	for (i = 0; i < w->kept->samples; i++)
		for (v = 0; v < w->kept->types; v++)
			if (w->kept->sample[i].value[v] < 0 &&
			    !w->kept->sample[i].gone)
				return (1);
	return (0);
}

int
pprof_write_end(struct pprof_write *w, struct buf *out)
{
	pprof_write_settle(w);
	if (w->failed != 0) {
		errno = w->failed;
		return (-1);
	}
	return (pprof_encode(&w->whole, out));
}
