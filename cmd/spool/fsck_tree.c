/*
 * fsck: every name in the spool is one of those that prof.7 lists, or stray.
 * The records among them are remembered as sights.
 */
#include "fsck.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "owners.h"
#include "spool.h"

#define PERMS		07777
#define LEDGER_MODE	0600

static const char *
type_name(mode_t mode)
{
	return (S_ISREG(mode) ? "file" : S_ISDIR(mode) ? "directory" :
	    S_ISLNK(mode) ? "symbolic link" : S_ISFIFO(mode) ? "FIFO" :
	    S_ISSOCK(mode) ? "socket" : "device");
}

/* What file_replace leaves behind when it is killed: .NAME.tmp */
static int
is_temporary(const struct name *n)
{
	size_t len = strlen(n->text);

	return (S_ISREG(n->st.st_mode) && n->text[0] == '.' && len > 5 &&
	    strcmp(n->text + len - 4, ".tmp") == 0);
}

void
fsck_stray(struct fsck *f, const struct name *n)
{
	if (is_temporary(n))
		fsck_found(f, REMEDY_LEFT, n->path, NULL, 0,
		    "temporary file left over");
	else
		fsck_found(f, REMEDY_LOST, n->path, NULL, 0, "stray %s",
		    type_name(n->st.st_mode));
}

/* What of dir was not read cannot be said to be in order. */
static void
unreadable(struct fsck *f, const char *dir)
{
	fsck_found(f, REMEDY_NONE, dir, NULL, 0, "cannot be read: %s",
	    strerror(errno));
}

void
fsck_names(struct fsck *f, const char *dir,
    void (*judge)(struct fsck *, const struct name *))
{
	struct name n = { .dir = dir };
	int more = 0;
	DIR *d;

	if ((d = file_opendir(f->root, dir)) == NULL) {
		/* What is missing or no directory is named as a part. */
		if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
			unreadable(f, dir);
		return;
	}
	while (f->failed == 0 && (more = file_next(d, &n.text)) == 1) {
		if (fstatat(dirfd(d), n.text, &n.st, AT_SYMLINK_NOFOLLOW) == -1)
			continue;
		if (strcmp(dir, ".") == 0)
			snprintf(n.path, sizeof(n.path), "%s", n.text);
		else
			snprintf(n.path, sizeof(n.path), "%s/%s", dir, n.text);
		judge(f, &n);
	}
	if (more == -1)
		unreadable(f, dir);
	closedir(d);
}

static int
is_queue_name(const char *name)
{
	size_t len = strlen(name);

	return (len > 0 && len <= SPOOL_NAME_MAX &&
	    strcmp(name, SPOOL_NONE) != 0 && strspn(name,
	    "abcdefghijklmnopqrstuvwxyz0123456789_-") == len);
}

static int
is_queue(const struct fsck *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->nqueues; i++)
		if (strcmp(f->queues[i], name) == 0)
			return (1);
	return (0);
}

static void
add_queue(struct fsck *f, const char *name)
{
	char **v;

	if (!is_queue_name(name) || is_queue(f, name))
		return;
	v = realloc(f->queues, (f->nqueues + 1) * sizeof(*v));
	if (v != NULL)
		f->queues = v;
	if (v == NULL || (v[f->nqueues] = strdup(name)) == NULL)
		f->failed = ENOMEM;
	else
		f->nqueues++;
}

/* dir/NAME is a queue's part, if of that type, with suffix behind NAME. */
static void
collect(struct fsck *f, const char *dir, mode_t type, const char *suffix)
{
	const char *text;
	struct stat st;
	char name[256];
	size_t len;
	int more;
	DIR *d;

	if ((d = file_opendir(f->root, dir)) == NULL)
		return;
	while ((more = file_next(d, &text)) == 1) {
		snprintf(name, sizeof(name), "%s", text);
		len = strlen(name);
		if (len <= strlen(suffix) ||
		    strcmp(name + len - strlen(suffix), suffix) != 0 ||
		    fstatat(dirfd(d), name, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
		    (st.st_mode & S_IFMT) != type)
			continue;
		name[len - strlen(suffix)] = '\0';
		add_queue(f, name);
	}
	if (more == -1)
		f->failed = errno;
	closedir(d);
}

/* Whatever has a directory or a pipe is one, configured or not. */
void
fsck_queues(struct fsck *f)
{
	collect(f, SPOOL_QUEUE, S_IFDIR, "");
	collect(f, SPOOL_DEAD, S_IFDIR, "");
	collect(f, SPOOL_PIPE, S_IFIFO, ".todo");
	collect(f, SPOOL_PIPE, S_IFIFO, ".done");
}

static int
is_part(const struct fsck *f, const char *path)
{
	const struct spool_part *part;
	char text[FSCK_PATH];
	size_t i, q;

	for (i = 0; i < SPOOL_PARTS; i++)
		if (strcmp(spool_parts[i].name, path) == 0)
			return (1);
	for (q = 0; q < f->nqueues; q++)
		for (i = 0; i < SPOOL_QUEUE_PARTS; i++) {
			part = &spool_queue_parts[i];
			snprintf(text, sizeof(text), "%s%s%s", part->name,
			    f->queues[q], part->suffix);
			if (strcmp(text, path) == 0)
				return (1);
		}
	return (0);
}

static void
judge_part(struct fsck *f, const struct name *n)
{
	if (!is_part(f, n->path))
		fsck_stray(f, n);
}

static void
judge_top(struct fsck *f, const struct name *n)
{
	/* lost+found is the file system's, where the spool is one. */
	if (is_part(f, n->path) || (S_ISDIR(n->st.st_mode) &&
	    (strcmp(n->path, SPOOL_LOST) == 0 ||
	    strcmp(n->path, "lost+found") == 0)))
		return;
	if (strcmp(n->path, SPOOL_FULL) != 0 || !S_ISREG(n->st.st_mode))
		fsck_stray(f, n);
	else if (!spool_is_full(f->spool))
		fsck_found(f, REMEDY_FULL, n->path, NULL, 0,
		    "older than a minute");
}

void
fsck_sight(struct fsck *f, const struct name *n, enum standing standing)
{
	size_t cap = f->cap == 0 ? 1024 : 2 * f->cap;
	struct sight *s;

	if (f->nsights == f->cap) {
		if ((s = realloc(f->sights, cap * sizeof(*s))) == NULL) {
			f->failed = ENOMEM;
			return;
		}
		f->sights = s;
		f->cap = cap;
	}
	s = &f->sights[f->nsights];
	memset(s, 0, sizeof(*s));
	if ((s->path = strdup(n->path)) == NULL) {
		f->failed = ENOMEM;
		return;
	}
	f->nsights++;
	memcpy(s->id, n->text, UUID_LEN);
	s->standing = standing;
	s->inode = n->st.st_ino;
	s->size = n->st.st_size;
	s->written = n->st.st_mtim;
	if ((n->st.st_mode & PERMS) != SPOOL_RECORD_MODE)
		fsck_found(f, REMEDY_MODE, n->path, NULL, SPOOL_RECORD_MODE,
		    "mode is %04o, not %04o", n->st.st_mode & PERMS,
		    SPOOL_RECORD_MODE);
	if (n->st.st_uid != f->uid && n->st.st_gid != f->gid)
		fsck_found(f, REMEDY_GROUP, n->path, NULL, f->gid,
		    "group is %u, not %u", n->st.st_gid, f->gid);
}

static void
judge_new(struct fsck *f, const struct name *n)
{
	if (S_ISREG(n->st.st_mode) && uuid_valid(n->text))
		fsck_sight(f, n, IN_NEW);
	else
		fsck_stray(f, n);
}

static void
judge_queued(struct fsck *f, const struct name *n)
{
	char id[UUID_TEXT];
	unsigned int attempts;
	int64_t due;

	if (S_ISREG(n->st.st_mode) &&
	    spool_name_parse(n->text, id, &attempts, &due) == 0)
		fsck_sight(f, n, IN_QUEUE);
	else
		fsck_stray(f, n);
}

static void
judge_ledger(struct fsck *f, const struct name *n)
{
	if (!S_ISREG(n->st.st_mode) || (!is_queue(f, n->text) &&
	    strcmp(n->text, SPOOL_NONE) != 0)) {
		fsck_stray(f, n);
		return;
	}
	/* Its directory keeps strangers out, whatever more it allows. */
	if ((n->st.st_mode & LEDGER_MODE) != LEDGER_MODE)
		fsck_found(f, REMEDY_MODE, n->path, NULL, LEDGER_MODE,
		    "mode is %04o, not %04o", n->st.st_mode & PERMS,
		    LEDGER_MODE);
	if (n->st.st_uid != f->uid)
		fsck_found(f, REMEDY_OWNER, n->path, NULL, f->uid,
		    "owner is %u, not %u", n->st.st_uid, f->uid);
}

/* stat and lock: recv and the like, ship.NAME; a script's lock is NAME. */
static void
judge_program(struct fsck *f, const struct name *n)
{
	const struct owners *o = spool_owners(f->spool);
	char path[FSCK_PATH];
	const char *name = n->text;
	uid_t uid = o != NULL ? owners_user(o, name) : (uid_t)-1;

	snprintf(path, sizeof(path), SPOOL_TMP "/%s", name);
	if (strncmp(name, "ship.", 5) == 0)
		name += 5;
	if (!S_ISREG(n->st.st_mode) ||
	    (!is_part(f, path) && !is_queue_name(name)))
		fsck_stray(f, n);
	else if (uid != (uid_t)-1 && n->st.st_uid != uid)
		fsck_found(f, REMEDY_OWNER, n->path, NULL, uid,
		    "owner is %u, not %u", n->st.st_uid, uid);
}

/* Files to be written over: no record is in them. */
static void
judge_spare(struct fsck *f, const struct name *n)
{
	if (!S_ISREG(n->st.st_mode) || !uuid_valid(n->text))
		fsck_stray(f, n);
}

void
fsck_tree(struct fsck *f)
{
	char dir[FSCK_PATH];
	size_t i;

	fsck_names(f, ".", judge_top);
	fsck_names(f, SPOOL_TMP, judge_part);
	fsck_names(f, SPOOL_KEEP, judge_part);
	fsck_names(f, SPOOL_QUEUE, judge_part);
	fsck_names(f, SPOOL_DEAD, judge_part);
	fsck_names(f, SPOOL_PIPE, judge_part);
	fsck_names(f, SPOOL_LEDGER, judge_ledger);
	fsck_names(f, SPOOL_STAT, judge_program);
	fsck_names(f, SPOOL_LOCK, judge_program);
	fsck_names(f, SPOOL_NEW, judge_new);
	fsck_names(f, SPOOL_SPARE, judge_part);
	for (i = 0; i < SPOOL_PARTS; i++)
		if (strncmp(spool_parts[i].name, SPOOL_SPARE "/",
		    sizeof(SPOOL_SPARE)) == 0)
			fsck_names(f, spool_parts[i].name, judge_spare);
	for (i = 0; i < f->nqueues; i++) {
		snprintf(dir, sizeof(dir), SPOOL_QUEUE "/%s", f->queues[i]);
		fsck_names(f, dir, judge_queued);
	}
}

void
fsck_forget(struct fsck *f)
{
	size_t i;

	for (i = 0; i < f->nsights; i++)
		free(f->sights[i].path);
	free(f->sights);
	f->sights = NULL;
	f->nsights = f->cap = 0;
	for (i = 0; i < f->nqueues; i++)
		free(f->queues[i]);
	free(f->queues);
	f->queues = NULL;
	f->nqueues = 0;
}
