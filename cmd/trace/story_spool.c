#include "story.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "file.h"
#include "ledger.h"
#include "record.h"
#include "spool.h"
#include "walk.h"
#include "when.h"

#define WHY_MAX	65536

/* A look at the spool for the sake of one record. */
struct look {
	struct story	*story;
	int		 root;
	int		 headed;	/* its header has been read */
	const char	*queue;		/* whose ledger is being read */
	enum ledger_word last;
	int		 lines;		/* of it that name the record */
	int		 error;		/* the first thing not to be read */
	const char	*what;
};

static void
look_failed(struct look *l, const char *what)
{
	if (l->error == 0) {
		l->error = errno;
		l->what = what;
	}
}

/* Where it came from, as its header says. */
static int
look_header(struct look *l, const char *path)
{
	struct record r = { .nlines = 0 };
	const char *why, *remote;
	int64_t at = 0;
	int fd, result = 0;

	if (l->headed || (fd = openat(l->root, path,
	    O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) == -1)
		return (0);
	if (record_read(&r, fd, &why) == 0) {
		l->headed = 1;
		(void)when_parse(r.received, strlen(r.received), &at);
		memcpy(l->story->parent, r.parent, UUID_TEXT);
		remote = r.remote != NULL ? r.remote : "";
		result = story_add(l->story, at, "received: %s by prof-%s%s%s, "
		    "%llu bytes", record_kind_name(r.kind), r.source,
		    *remote != '\0' ? " from " : "", remote,
		    (unsigned long long)r.length);
	} else
		result = story_add(l->story, 0, "%s: unreadable: %s", path,
		    why);
	record_clear(&r);
	close(fd);
	return (result);
}

/* The value of a line "name: value" in text, cut to size. */
static void
why_field(const char *text, const char *name, char *out, size_t size)
{
	const char *line = strstr(text, name);

	out[0] = '\0';
	if (line != NULL)
		snprintf(out, size, "%.*s", (int)strcspn(line + strlen(name),
		    "\n"), line + strlen(name));
}

/* Why and when it died. */
static int
look_why(struct look *l, const struct place *p, struct fate *f)
{
	char name[300], when[64], attempts[16];
	struct buf b = { 0 };
	int64_t at = 0;
	int result;

	snprintf(name, sizeof(name), "%s.why", p->path);
	if (file_slurp(l->root, name, WHY_MAX, &b) == -1 ||
	    buf_str(&b) == NULL) {
		buf_free(&b);
		return (story_add(l->story, 0, "dead/%s: no reason is there",
		    p->queue));
	}
	why_field(b.p, "reason: ", f->why, sizeof(f->why));
	why_field(b.p, "when: ", when, sizeof(when));
	why_field(b.p, "attempts: ", attempts, sizeof(attempts));
	(void)when_parse(when, strlen(when), &at);
	result = story_add(l->story, at, "dead/%s: refused for good, attempt "
	    "%s: %s", p->queue, attempts, f->why);
	buf_free(&b);
	return (result);
}

static int
look_queued(struct look *l, const struct place *p, struct fate *f)
{
	char due[WHEN_TEXT];

	f->end = FATE_QUEUED;
	f->attempts = p->attempts;
	f->due = p->due;
	if (p->attempts == 0)
		return (story_add(l->story, 0, "queue/%s: waits, not tried "
		    "yet", p->queue));
	when_format(due, p->due * WHEN_SECOND, 0);
	return (story_add(l->story, 0, "queue/%s: waits, %u attempts failed, "
	    "next try at %s", p->queue, p->attempts, due));
}

static int
on_place(const struct place *p, void *arg)
{
	struct look *l = arg;
	struct fate *f;

	if (strcmp(p->id, l->story->id) != 0)
		return (0);
	l->story->seen = 1;
	if (look_header(l, p->path) == -1)
		return (-1);
	if (strcmp(p->state, SPOOL_NEW) == 0) {
		l->story->committed = 1;
		return (story_add(l->story, 0, "new: committed, and not "
		    "admitted to the queues yet"));
	}
	if ((f = story_fate(l->story, p->queue)) == NULL)
		return (-1);
	if (strcmp(p->state, SPOOL_QUEUE) == 0)
		return (look_queued(l, p, f));
	f->end = FATE_DEAD;
	return (look_why(l, p, f));
}

static int
on_line(enum ledger_word word, const char *id, uint64_t count, void *arg)
{
	struct look *l = arg;

	(void)count;
	if (id == NULL || strcmp(id, l->story->id) != 0)
		return (0);
	l->last = word;
	l->lines++;
	return (story_add(l->story, 0, "ledger/%s: %s", l->queue,
	    ledger_words[word]));
}

/* What is in a directory is there, whatever the ledger says. */
static int
look_ledger(const char *queue, void *arg)
{
	static const enum fate_end ends[LEDGER_WORDS] = { FATE_MISSING,
	    FATE_OK, FATE_MISSING, FATE_EVICTED, FATE_REMOVED };
	struct look *l = arg;
	struct fate *f;

	l->queue = queue;
	l->lines = 0;
	if (ledger_read(l->root, queue, on_line, l) == -1) {
		if (errno != ENOENT)
			look_failed(l, "ledger");
		return (0);
	}
	if (l->lines == 0)
		return (0);
	if ((f = story_fate(l->story, queue)) == NULL)
		return (-1);
	if (f->end == FATE_UNKNOWN || f->told) {
		f->end = ends[l->last];
		f->told = 0;
	}
	return (0);
}

/* What fsck found no place for. */
static int
look_lost(struct look *l)
{
	char path[sizeof(SPOOL_LOST) + UUID_TEXT];

	snprintf(path, sizeof(path), SPOOL_LOST "/%s", l->story->id);
	if (faccessat(l->root, path, F_OK, AT_SYMLINK_NOFOLLOW) == -1)
		return (0);
	l->story->lost = 1;
	return (look_header(l, path) == -1 ? -1 : story_add(l->story, 0,
	    "lost: prof-spool fsck found no place for it"));
}

int
story_spool(struct story *s, int root, const char **what)
{
	static const char *const states[] = { SPOOL_NEW, SPOOL_QUEUE,
	    SPOOL_DEAD };
	struct look l = { .story = s, .root = root };
	size_t i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (walk(root, states[i], NULL, on_place, &l) == -1)
			look_failed(&l, states[i]);
	if (walk_queues(root, SPOOL_LEDGER, look_ledger, &l) == -1)
		look_failed(&l, SPOOL_LEDGER);
	if (look_lost(&l) == -1)
		look_failed(&l, SPOOL_LOST);
	*what = l.what;
	errno = l.error;
	return (l.error != 0 ? -1 : 0);
}
