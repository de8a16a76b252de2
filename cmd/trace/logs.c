#include "logs.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stamp.h"
#include "story.h"
#include "uuid.h"
#include "when.h"

#define MOMENT	13	/* characters of an id that are its time */
#define NEAR	(5 * WHEN_SECOND)

struct line {
	int64_t		 at;
	char		*text;		/* behind its stamp */
};

struct logs {
	char		 prefix[MOMENT + 1];
	struct line	*v;
	size_t		 n, cap;
	int		 cut;
};

struct logs *
logs_new(const char *prefix)
{
	struct logs *l;

	if ((l = calloc(1, sizeof(*l))) != NULL)
		snprintf(l->prefix, sizeof(l->prefix), "%s", prefix);
	return (l);
}

void
logs_free(struct logs *l)
{
	size_t i;

	if (l == NULL)
		return;
	for (i = 0; i < l->n; i++)
		free(l->v[i].text);
	free(l->v);
	free(l);
}

static int
logs_keep(struct logs *l, int64_t at, const char *text)
{
	size_t cap = l->cap == 0 ? 64 : 2 * l->cap;
	struct line *v;

	if (l->n == LOGS_LINES) {
		l->cut = 1;
		return (0);
	}
	if (l->n == l->cap) {
		if ((v = realloc(l->v, cap * sizeof(*v))) == NULL)
			return (-1);
		l->v = v;
		l->cap = cap;
	}
	if ((l->v[l->n].text = strdup(text)) == NULL)
		return (-1);
	l->v[l->n++].at = at;
	return (0);
}

/*
 * s6 counts leap seconds where the others do not, and a line does not say who
 * wrote it; but the last line of a file was written when the file was.
 */
static void
logs_unleap(struct logs *l, size_t first, FILE *f, int64_t last)
{
	int64_t written, leap = STAMP_LEAP * WHEN_SECOND;
	struct stat st;
	size_t i;

	if (last == 0 || fstat(fileno(f), &st) == -1 || !S_ISREG(st.st_mode))
		return;
	written = (int64_t)st.st_mtim.tv_sec * WHEN_SECOND +
	    st.st_mtim.tv_nsec;
	if (llabs(last - leap - written) > NEAR)
		return;
	for (i = first; i < l->n; i++)
		if (l->v[i].at != 0)
			l->v[i].at -= leap;
}

static int
logs_stream(struct logs *l, FILE *f)
{
	char *line = NULL;
	const char *rest;
	size_t room = 0, first = l->n;
	int64_t at = 0, tai = 0;
	ssize_t len;
	int result = 0;

	while (result == 0 && (len = getline(&line, &room, f)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		/* A line without a time is of that before it. */
		if (stamp_parse(line, &at, &rest) == -1)
			rest = line;
		else if (stamp_is_tai(line))
			tai = at;
		if (strstr(rest, l->prefix) != NULL)
			result = logs_keep(l, at, rest);
	}
	if (result == 0 && ferror(f))
		result = -1;
	free(line);
	logs_unleap(l, first, f, tai);
	return (result);
}

int
logs_read(struct logs *l, const char *path)
{
	FILE *f = stdin;
	int result, saved;

	if (strcmp(path, "-") != 0 && (f = fopen(path, "re")) == NULL)
		return (-1);
	result = logs_stream(l, f);
	saved = errno;
	if (f != stdin)
		fclose(f);
	errno = saved;
	return (result);
}

int
logs_ids(const struct logs *l, int (*on_id)(const char *, void *), void *arg)
{
	char id[UUID_TEXT];
	const char *p;
	size_t i;

	for (i = 0; i < l->n; i++)
		for (p = l->v[i].text; (p = strstr(p, l->prefix)) != NULL;
		    p++) {
			snprintf(id, sizeof(id), "%s", p);
			if (uuid_valid(id) && on_id(id, arg) == -1)
				return (-1);
		}
	return (0);
}

/* The value of key in a line of ours, without its quotes. */
static void
line_value(const char *line, const char *key, char *out, size_t size)
{
	const char *p = strstr(line, key);
	size_t n = 0;
	int quoted;

	out[0] = '\0';
	if (p == NULL)
		return;
	p += strlen(key);
	quoted = *p == '"';
	for (p += quoted; *p != '\0' && *p != (quoted ? '"' : ' '); p++) {
		if (quoted && *p == '\\' && p[1] != '\0')
			p++;
		if (n + 1 < size)
			out[n++] = *p;
	}
	out[n] = '\0';
}

/* What a log says of a record's end, if the ledger says no more. */
static int
logs_fate(struct story *s, const char *line)
{
	char msg[64], queue[64];
	enum fate_end end;
	struct fate *f;

	line_value(line, " msg=", msg, sizeof(msg));
	line_value(line, " queue=", queue, sizeof(queue));
	if (strcmp(msg, "delivered") == 0) {
		line_value(line, " to=", queue, sizeof(queue));
		end = FATE_OK;
	} else if (strcmp(msg, "metrics made") == 0) {
		snprintf(queue, sizeof(queue), "metrics");
		end = FATE_OK;
	} else if (strcmp(msg, "evicted") == 0)
		end = FATE_EVICTED;
	else if (strcmp(msg, "removed") == 0)
		end = FATE_REMOVED;
	else
		return (0);
	if (queue[0] == '\0' || strcmp(queue, "-") == 0)
		return (0);
	if ((f = story_fate(s, queue)) == NULL)
		return (-1);
	if (f->end == FATE_UNKNOWN || f->told) {
		f->end = end;
		f->told = 1;
	}
	return (0);
}

int
logs_tell(const struct logs *l, struct story *s)
{
	char prog[64], msg[128];
	const char *line, *rest;
	size_t i;

	for (i = 0; i < l->n; i++) {
		line = l->v[i].text;
		if (strstr(line, s->id) == NULL)
			continue;
		/* level=info prog=prof-ship id=ID msg="delivered" to=main */
		line_value(line, " prog=", prog, sizeof(prog));
		line_value(line, " msg=", msg, sizeof(msg));
		rest = strstr(line, " msg=\"");
		if (rest != NULL && prog[0] != '\0' &&
		    (rest = strchr(rest + 6, '"')) != NULL) {
			if (story_add(s, l->v[i].at, "%s: %s%s", prog, msg,
			    rest + 1) == -1 || logs_fate(s, line) == -1)
				return (-1);
		} else if (story_add(s, l->v[i].at, "log: %s", line) == -1)
			return (-1);
	}
	return (0);
}

int
logs_cut(const struct logs *l)
{
	return (l->cut);
}
