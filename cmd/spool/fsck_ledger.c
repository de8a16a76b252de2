/* fsck: the ledgers, line by line and as a sum. */
#include "fsck.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "ledger.h"
#include "spool.h"

/* Of a ledger's lines, those that mean nothing. */
struct lines {
	unsigned long	 n, wrong, first;	/* the first wrong one */
	int		 torn;			/* the last has no newline */
};

static int
is_wrong(char *line, size_t len)
{
	enum ledger_word word;
	const char *id;
	uint64_t count;

	return (strlen(line) != len ||
	    ledger_parse(line, &word, &id, &count) == -1);
}

/* -1: errno. */
static int
lines_read(struct lines *l, int root, const char *path)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	FILE *file;
	int fd, result;

	memset(l, 0, sizeof(*l));
	fd = openat(root, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return (-1);
	if ((file = fdopen(fd, "r")) == NULL) {
		close(fd);
		return (-1);
	}
	while ((len = getline(&line, &room, file)) > 0) {
		l->n++;
		if (line[len - 1] != '\n') {
			l->torn = 1;
			break;
		}
		line[len - 1] = '\0';
		if (is_wrong(line, (size_t)len - 1) && l->wrong++ == 0)
			l->first = l->n;
	}
	result = ferror(file) ? -1 : 0;
	free(line);
	fclose(file);
	return (result);
}

static void
judge_sum(struct fsck *f, const char *queue, const char *path)
{
	struct suspects s = { .n = 0 };
	struct account a;
	size_t i;

	if (account_read(&a, f->root, queue, &s) == -1) {
		s.n = 0;
		if (errno == ENOMEM)
			f->failed = ENOMEM;
		/* What is missing or no directory is named as a part. */
		else if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
			fsck_found(f, REMEDY_NONE, path, NULL, 0,
			    "cannot be proved: %s", strerror(errno));
	}
	for (i = 0; i < s.n; i++)
		fsck_found(f, REMEDY_COUNT, path, s.v[i].id, s.v[i].settles,
		    "%s %s", s.v[i].id, s.v[i].why);
	free(s.v);
}

static void
judge_ledger(struct fsck *f, const char *queue)
{
	char path[FSCK_PATH];
	struct lines l;

	snprintf(path, sizeof(path), SPOOL_LEDGER "/%s", queue);
	if (lines_read(&l, f->root, path) == -1 && errno != ENOENT) {
		/* A link or a directory is named as stray. */
		if (errno != ELOOP && errno != EISDIR)
			fsck_found(f, REMEDY_NONE, path, NULL, 0,
			    "cannot be read: %s", strerror(errno));
		return;
	}
	if (l.wrong > 0)
		fsck_found(f, REMEDY_LINES, path, NULL, 0,
		    "%lu line%s mean%s nothing, the first is line %lu",
		    l.wrong, l.wrong == 1 ? "" : "s", l.wrong == 1 ? "s" : "",
		    l.first);
	else if (l.torn)
		fsck_found(f, REMEDY_LINES, path, NULL, 0,
		    "its last line is torn");
	judge_sum(f, queue, path);
}

void
fsck_ledgers(struct fsck *f)
{
	size_t i;

	for (i = 0; i < f->nqueues; i++)
		judge_ledger(f, f->queues[i]);
	judge_ledger(f, SPOOL_NONE);
}
