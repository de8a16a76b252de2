/*
 * fsck: tmp/PROG and keep/PROG. A directory called by an id is a record and
 * the state that commits with it (prof.7): in tmp not committed, in keep
 * committed and to be ended by its program, at its next start.
 */
#include "fsck.h"

#include <sys/file.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "manager.h"
#include "record.h"
#include "spool.h"

int
fsck_held(const struct fsck *f, const char *prog)
{
	char path[FSCK_PATH];
	int fd, held;

	if (f->lock != -1 && strcmp(prog, "spool") == 0)
		return (0);	/* by us */
	snprintf(path, sizeof(path), SPOOL_LOCK "/%s", prog);
	fd = openat(f->root, path,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return (0);
	held = flock(fd, LOCK_SH | LOCK_NB) == -1 && errno == EWOULDBLOCK;
	close(fd);
	return (held);
}

/* Is it the commit's record? 1: sound; 0: no record; -1: bad. */
static int
read_record(int dir, const char *name, const char *id)
{
	struct record r = { .nlines = 0 };
	const char *why;
	int fd, result = 0;

	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return (0);
	if (record_read(&r, fd, &why) == 0 && strcmp(r.id, id) == 0)
		result = record_check(&r, fd, &why) == 0 ? 1 : -1;
	else if (strcmp(name, id) == 0)
		result = -1;
	record_clear(&r);
	close(fd);
	return (result);
}

/* "a sound record and 2 other names" */
static void
describe(const struct fsck *f, const struct name *n, char *out, size_t len)
{
	const char *record = "no record";
	const char *file;
	size_t others = 0;
	int more = -1, result;
	DIR *d;

	if ((d = file_opendir(f->root, n->path)) == NULL)
		goto out;
	while ((more = file_next(d, &file)) == 1) {
		result = read_record(dirfd(d), file, n->text);
		if (result != 0)
			record = result == 1 ? "a sound record" :
			    "a bad record";
		others += result == 0;
	}
	closedir(d);
out:
	if (more == -1)
		snprintf(out, len, "it cannot be read: %s", strerror(errno));
	else
		snprintf(out, len, "%s and %zu other name%s", record, others,
		    others == 1 ? "" : "s");
}

static int
is_commit(const struct name *n)
{
	return (S_ISDIR(n->st.st_mode) && uuid_valid(n->text));
}

static const char *
prog_of(const struct name *n)
{
	return (strchr(n->dir, '/') + 1);
}

static void
judge_draft(struct fsck *f, const struct name *n)
{
	char holds[128];
	int dir, fd;

	if (is_commit(n)) {
		if (fsck_held(f, prog_of(n)))
			return;		/* at work on it */
		describe(f, n, holds, sizeof(holds));
		fsck_found(f, REMEDY_LOST, n->path, NULL, 0,
		    "commit that was not made, with %s", holds);
		return;
	}
	if (!S_ISREG(n->st.st_mode)) {
		fsck_stray(f, n);
		return;
	}
	dir = openat(f->root, n->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1)
		return;
	if ((fd = sweep_lock(dir, n->text)) != -1) {
		fsck_found(f, REMEDY_LOST, n->path, NULL, 0,
		    "abandoned draft");
		close(fd);
	}
	close(dir);
}

/* Its other names are the program's own. */
static void
judge_kept(struct fsck *f, const struct name *n)
{
	char holds[128];

	if (!is_commit(n) || fsck_held(f, prog_of(n)))
		return;
	describe(f, n, holds, sizeof(holds));
	fsck_found(f, REMEDY_PROGRAM, n->path, prog_of(n), 0,
	    "half-done commit, with %s", holds);
}

void
fsck_drafts(struct fsck *f)
{
	size_t i;

	for (i = 0; i < SPOOL_PARTS; i++)
		if (strncmp(spool_parts[i].name, SPOOL_TMP "/", 4) == 0)
			fsck_names(f, spool_parts[i].name, judge_draft);
		else if (strncmp(spool_parts[i].name, SPOOL_KEEP "/", 5) == 0)
			fsck_names(f, spool_parts[i].name, judge_kept);
}
