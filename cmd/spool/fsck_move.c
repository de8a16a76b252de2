/* fsck: the remedies that move. Nothing that is a last name is unlinked. */
#include "fsck.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "file.h"
#include "ledger.h"
#include "move.h"
#include "spool.h"
#include "when.h"

#define PIECE	32768

/* A record's path, cut up: dir "new", "queue/QUEUE" or "dead/QUEUE". */
struct spot {
	char		 dir[SPOOL_FILE_MAX];
	char		 name[SPOOL_FILE_MAX];
	const char	*queue;			/* "" in new */
	char		 id[UUID_TEXT];
	unsigned int	 attempts;
};

static void
spot_make(struct spot *s, const char *path)
{
	const char *slash = strrchr(path, '/');
	int64_t due;
	char *p;

	snprintf(s->dir, sizeof(s->dir), "%.*s", (int)(slash - path), path);
	snprintf(s->name, sizeof(s->name), "%s", slash + 1);
	p = strchr(s->dir, '/');
	s->queue = p != NULL ? p + 1 : "";
	snprintf(s->id, sizeof(s->id), "%.*s", UUID_LEN, s->name);
	if (spool_name_parse(s->name, s->id, &s->attempts, &due) == -1)
		s->attempts = 0;
}

void
fsck_give(const struct fsck *f, const char *path)
{
	const char *slash = strrchr(path, '/');
	char parent[FSCK_PATH];
	struct stat st;

	snprintf(parent, sizeof(parent), "%.*s",
	    slash != NULL ? (int)(slash - path) : 1,
	    slash != NULL ? path : ".");
	/* What cannot be given is named by the next look. */
	if (geteuid() == 0 && fstatat(f->root, parent, &st, 0) == 0)
		(void)!fchownat(f->root, path, f->uid, st.st_gid,
		    AT_SYMLINK_NOFOLLOW);
}

int
fsck_count(struct fsck *f, const char *queue, int word, const char *id)
{
	char path[FSCK_PATH];
	struct ledger *l;
	int error;

	if ((l = ledger_open(f->root, queue)) == NULL)
		return (-1);
	ledger_add(l, (enum ledger_word)word, id);
	error = ledger_flush(l);
	ledger_close(l);
	snprintf(path, sizeof(path), SPOOL_LEDGER "/%s", queue);
	fsck_give(f, path);
	errno = error;
	return (error == 0 ? 0 : -1);
}

/* The lines before the act, as everywhere: they are put right by the next. */
static int
count_aside(struct fsck *f, const struct spot *s)
{
	if (fsck_count(f, SPOOL_NONE, LEDGER_IN, s->id) == -1 ||
	    fsck_count(f, SPOOL_NONE, LEDGER_DEAD, s->id) == -1)
		return (-1);
	return (*s->queue == '\0' ? 0 :
	    fsck_count(f, s->queue, LEDGER_REMOVED, s->id));
}

static int
why_make(struct buf *b, const struct spot *s, const char *queue,
    const char *reason)
{
	char at[WHEN_TEXT];

	when_format(at, when_now(), 3);
	return (buf_addf(b, "queue: %s\nreason: %s\nattempts: %u\nwhen: %s\n",
	    queue, reason, s->attempts, at));
}

static int
aside(struct fsck *f, const struct spot *s, const char *reason)
{
	struct buf why = { 0 };
	int result = -1;

	if (why_make(&why, s, SPOOL_NONE, reason) == 0 &&
	    count_aside(f, s) == 0)
		result = move_aside(f->root, s->dir, s->name, s->id, why.p,
		    why.len);
	buf_free(&why);
	return (result);
}

int
fsck_move_aside(struct fsck *f, const struct finding *it)
{
	struct spot s = { .queue = "" };

	spot_make(&s, it->path);
	return (aside(f, &s, "its id is another record's"));
}

/* A bad record is dead to its own queue; from new/, to none, as refused. */
int
fsck_move_dead(struct fsck *f, const struct finding *it)
{
	struct buf why = { 0 };
	struct spot s = { .queue = "" };
	const char *queue;
	int result = -1;

	spot_make(&s, it->path);
	queue = *s.queue != '\0' ? s.queue : SPOOL_NONE;
	if (*s.queue == '\0' &&
	    fsck_count(f, SPOOL_NONE, LEDGER_IN, s.id) == -1)
		return (-1);
	if (why_make(&why, &s, queue, it->other) == 0 &&
	    fsck_count(f, queue, LEDGER_DEAD, s.id) == 0)
		result = move_dead(f->root, s.dir, s.name, queue, s.id, why.p,
		    why.len);
	buf_free(&why);
	if (result == -1 && errno == EEXIST)
		result = aside(f, &s, it->other);
	return (result);
}

int
fsck_lose(struct fsck *f, const char *from, const struct finding *it)
{
	char id[UUID_TEXT], at[WHEN_TEXT], shown[4 * FSCK_PATH];
	struct buf why = { 0 };
	int result = -1;

	if (mkdirat(f->root, SPOOL_LOST, 0700) == 0)
		fsck_give(f, SPOOL_LOST);
	else if (errno != EEXIST)
		return (-1);
	uuid_v7(id);
	when_format(at, when_now(), 3);
	fsck_quote(shown, it->path);
	if (buf_addf(&why, "path: %s\nreason: %s\nwhen: %s\n", shown, it->what,
	    at) == 0)
		result = move_lost(f->root, from, id, why.p, why.len);
	buf_free(&why);
	return (result);
}

int
fsck_move_lost(struct fsck *f, const struct finding *it)
{
	return (fsck_lose(f, it->path, it));
}

/* Are two files the same one? -1: errno. */
static int
is_one_file(const struct fsck *f, const char *a, const char *b)
{
	struct stat x, y;

	if (fstatat(f->root, a, &x, AT_SYMLINK_NOFOLLOW) == -1 ||
	    fstatat(f->root, b, &y, AT_SYMLINK_NOFOLLOW) == -1)
		return (-1);
	return (x.st_dev == y.st_dev && x.st_ino == y.st_ino);
}

int
fsck_move_second(struct fsck *f, const struct finding *it)
{
	int same = is_one_file(f, it->path, it->other);

	if (same == 1)
		return (unlinkat(f->root, it->path, 0));
	if (same == 0)
		errno = EXDEV;
	return (-1);
}

static int
compare(int a, int b, off_t size)
{
	char x[PIECE], y[PIECE];
	off_t off = 0;
	size_t n;

	for (; off < size; off += (off_t)n) {
		n = size - off < PIECE ? (size_t)(size - off) : PIECE;
		if (file_pread(a, x, n, (uint64_t)off) == -1 ||
		    file_pread(b, y, n, (uint64_t)off) == -1)
			return (-1);
		if (memcmp(x, y, n) != 0) {
			errno = EILSEQ;
			return (-1);
		}
	}
	return (0);
}

/* A crc is not proof enough to give up a file: compare the bytes. */
int
fsck_move_one(struct fsck *f, const struct finding *it)
{
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	int a = openat(f->root, it->other, flags);
	int b = openat(f->root, it->path, flags);
	struct stat x, y;
	char id[UUID_TEXT];
	int result = -1, saved;

	if (a == -1 || b == -1 || fstat(a, &x) == -1 || fstat(b, &y) == -1)
		goto out;
	errno = EILSEQ;
	if (x.st_size != y.st_size || compare(a, b, x.st_size) == -1)
		goto out;
	uuid_v7(id);
	result = move_over(f->root, it->other, it->path, id);
out:
	saved = errno;
	if (a != -1)
		close(a);
	if (b != -1)
		close(b);
	errno = saved;
	return (result);
}
