/* fsck: what -y does about each kind of finding. */
#include "fsck.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "file.h"
#include "ledger.h"
#include "spool.h"
#include "when.h"

#define WHY_MAX		65536

static int
mend_make(struct fsck *f, const struct finding *it)
{
	if (spool_init_part(f->root, it->path, it->number) == -1)
		return (-1);
	fsck_give(f, it->path);
	return (0);
}

static int
mend_mode(struct fsck *f, const struct finding *it)
{
	return (fchmodat(f->root, it->path, it->number, AT_SYMLINK_NOFOLLOW));
}

/* A change of owner may take bits of the mode along: those are put back. */
static int
mend_owner(struct fsck *f, const struct finding *it)
{
	uid_t uid = it->remedy == REMEDY_OWNER ? it->number : (uid_t)-1;
	gid_t gid = it->remedy == REMEDY_GROUP ? it->number : (gid_t)-1;
	struct stat st;

	if (fstatat(f->root, it->path, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
	    fchownat(f->root, it->path, uid, gid, AT_SYMLINK_NOFOLLOW) == -1)
		return (-1);
	return (fchmodat(f->root, it->path, st.st_mode & 07777,
	    AT_SYMLINK_NOFOLLOW));
}

/* One reason more in a dead record's .why. */
static int
mend_reason(struct fsck *f, const struct finding *it)
{
	char dir[SPOOL_FILE_MAX], name[SPOOL_FILE_MAX + 8], at[WHEN_TEXT];
	const char *slash = strrchr(it->path, '/');
	struct buf b = { 0 };
	int fd, result = -1, saved;

	snprintf(dir, sizeof(dir), "%.*s", (int)(slash - it->path), it->path);
	snprintf(name, sizeof(name), "%s.why", slash + 1);
	fd = openat(f->root, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return (-1);
	when_format(at, when_now(), 3);
	if ((file_slurp(fd, name, WHY_MAX, &b) == 0 || errno == ENOENT) &&
	    buf_addf(&b, "reason: %s\nwhen: %s\n", it->other, at) == 0)
		result = file_replace(fd, name, b.p, b.len, 1);
	saved = errno;
	buf_free(&b);
	close(fd);
	errno = saved;
	return (result);
}

static int
mend_count(struct fsck *f, const struct finding *it)
{
	return (fsck_count(f, strchr(it->path, '/') + 1, (int)it->number,
	    it->other));
}

static int
keep_line(enum ledger_word word, const char *id, uint64_t count, void *arg)
{
	if (id == NULL)
		return (buf_addf(arg, "%s +%llu\n", ledger_words[word],
		    (unsigned long long)count));
	return (buf_addf(arg, "%s %s\n", ledger_words[word], id));
}

/* The whole of the old one is kept in lost/, by a link before the rename. */
static int
mend_lines(struct fsck *f, const struct finding *it)
{
	const char *queue = strchr(it->path, '/') + 1;
	char copy[FSCK_PATH], id[UUID_TEXT];
	struct buf b = { 0 };
	int dir = -1, result = -1, saved;

	uuid_v7(id);
	snprintf(copy, sizeof(copy), SPOOL_LEDGER "/.%s.tmp", id);
	dir = openat(f->root, SPOOL_LEDGER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir != -1 &&
	    ledger_read(f->root, queue, keep_line, &b) == 0 &&
	    linkat(f->root, it->path, f->root, copy, 0) == 0 &&
	    fsck_lose(f, copy, it) == 0 &&
	    file_replace(dir, queue, b.p, b.len, 1) == 0) {
		fsck_give(f, it->path);
		result = 0;
	}
	saved = errno;
	buf_free(&b);
	if (dir != -1)
		close(dir);
	errno = saved;
	return (result);
}

static int
mend_full(struct fsck *f, const struct finding *it)
{
	return (unlinkat(f->root, it->path, 0));
}

static const struct {
	const char	*will;		/* for a look: what -y does */
	const char	*did;
	int		 beside;	/* a running prof-spool too */
	int		(*mend)(struct fsck *, const struct finding *);
} remedies[] = {
	[REMEDY_NONE] = { "needs a person", NULL, 0, NULL },
	[REMEDY_PROGRAM] = { "its program ends it when it starts", NULL, 0,
	    NULL },
	[REMEDY_LOST] = { "-y moves it to lost/", "moved to lost/", 1,
	    fsck_move_lost },
	[REMEDY_LEFT] = { "-y moves it to lost/", "moved to lost/", 0,
	    fsck_move_lost },
	[REMEDY_MAKE] = { "-y makes it", "made", 1, mend_make },
	[REMEDY_MODE] = { "-y sets it", "set", 1, mend_mode },
	[REMEDY_OWNER] = { "-y sets it", "set", 1, mend_owner },
	[REMEDY_GROUP] = { "-y sets it", "set", 1, mend_owner },
	[REMEDY_DEAD] = { "-y moves it to dead/", "moved to dead/", 0,
	    fsck_move_dead },
	[REMEDY_REASON] = { "-y writes it", "written", 0, mend_reason },
	[REMEDY_SECOND] = { "-y removes this name", "name removed", 0,
	    fsck_move_second },
	[REMEDY_ASIDE] = { "-y moves it to dead/none/", "moved to dead/none/",
	    0, fsck_move_aside },
	[REMEDY_ONE] = { "-y makes them one file", "made one file", 0,
	    fsck_move_one },
	[REMEDY_COUNT] = { "-y counts it", "counted", 0, mend_count },
	[REMEDY_LINES] = { "-y takes it out and keeps the old in lost/",
	    "taken out, the old kept in lost/", 0, mend_lines },
	[REMEDY_FULL] = { "-y removes it", "removed", 0, mend_full },
};

const char *
fsck_mend(struct fsck *f, struct finding *it)
{
	it->error = 0;
	if (remedies[it->remedy].mend == NULL ||
	    (f->lock == -1 && !remedies[it->remedy].beside))
		return (NULL);
	if (remedies[it->remedy].mend(f, it) == 0)
		return (remedies[it->remedy].did);
	it->error = errno;
	return (NULL);
}

const char *
fsck_left(const struct fsck *f, const struct finding *it)
{
	if (it->error != 0)
		return (strerror(it->error));
	if (f->mend && f->lock == -1 && remedies[it->remedy].mend != NULL)
		return ("not while prof-spool runs");
	return (remedies[it->remedy].will);
}
