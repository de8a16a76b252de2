#include "story.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "when.h"

void
story_clear(struct story *s)
{
	size_t i;

	for (i = 0; i < s->nevents; i++)
		free(s->events[i].text);
	free(s->events);
	free(s->fates);
	memset(s, 0, sizeof(*s));
}

int
story_add(struct story *s, int64_t at, const char *fmt, ...)
{
	struct event *v;
	char *text;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n == -1)
		return (-1);
	if ((v = realloc(s->events, (s->nevents + 1) * sizeof(*v))) == NULL) {
		free(text);
		return (-1);
	}
	s->events = v;
	v += s->nevents;
	v->at = at;
	v->order = s->nevents++;
	v->text = text;
	s->seen = 1;
	return (0);
}

struct fate *
story_fate(struct story *s, const char *queue)
{
	struct fate *f;
	size_t i;

	for (i = 0; i < s->nfates; i++)
		if (strcmp(s->fates[i].queue, queue) == 0)
			return (&s->fates[i]);
	if ((f = realloc(s->fates, (s->nfates + 1) * sizeof(*f))) == NULL)
		return (NULL);
	s->fates = f;
	f += s->nfates++;
	memset(f, 0, sizeof(*f));
	snprintf(f->queue, sizeof(f->queue), "%s", queue);
	return (f);
}

/* Those without a time come last, as they were found. */
static int
by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	int64_t at = x->at != 0 ? x->at : INT64_MAX;
	int64_t other = y->at != 0 ? y->at : INT64_MAX;

	if (at != other)
		return (at < other ? -1 : 1);
	return (x->order < y->order ? -1 : x->order > y->order);
}

int
story_tell(struct story *s)
{
	char at[WHEN_TEXT];
	size_t i;
	char *p;

	if (s->nevents > 0)
		qsort(s->events, s->nevents, sizeof(*s->events), by_time);
	for (i = 0; i < s->nevents; i++) {
		if (s->events[i].at != 0)
			when_format(at, s->events[i].at, 3);
		else
			strcpy(at, "-");
		/* What others have said goes to a terminal. */
		for (p = s->events[i].text; *p != '\0'; p++)
			if ((unsigned char)*p < 0x20 || *p == 0x7f)
				*p = '?';
		printf("%-24s  %s\n", at, s->events[i].text);
	}
	return (ferror(stdout) ? -1 : 0);
}
