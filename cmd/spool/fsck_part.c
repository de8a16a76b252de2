/*
 * fsck: what spool_init makes, against the tables that it makes it from. As
 * one user everything has one owner; with separate users (prof.7) what is
 * prof-spool's has its uid, and what it shares with a producer its gid.
 */
#include "fsck.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "owners.h"
#include "spool.h"

#define PERMS		07777
#define SHARED		02770	/* of PROG:prof-spool */

static const char *
type_name(mode_t mode)
{
	return (S_ISDIR(mode) ? "directory" : "FIFO");
}

/* One user's directories that anybody may pass through can be anybody's. */
static int
is_own(mode_t mode)
{
	return ((mode & PERMS) != SHARED && (mode & 05) == 0);
}

static void
judge_ids(struct fsck *f, const char *path, const struct stat *st, uid_t uid,
    gid_t gid)
{
	if (uid != (uid_t)-1 && st->st_uid != uid)
		fsck_found(f, REMEDY_OWNER, path, NULL, uid,
		    "owner is %u, not %u", st->st_uid, uid);
	if (gid != (gid_t)-1 && st->st_gid != gid)
		fsck_found(f, REMEDY_GROUP, path, NULL, gid,
		    "group is %u, not %u", st->st_gid, gid);
}

static void
judge_owner(struct fsck *f, const char *path, const struct stat *st,
    const struct spool_part *part, const char *consumer)
{
	const struct owners *o = spool_owners(f->spool);
	mode_t bits = part->mode & PERMS;

	if (o != NULL)
		judge_ids(f, path, st, owners_user(o, part->user),
		    owners_group(o, *part->group != '\0' ? part->group :
		    consumer));
	else if (is_own(part->mode))
		judge_ids(f, path, st, f->uid, (gid_t)-1);
	else if (bits == SHARED && st->st_uid != f->uid)
		judge_ids(f, path, st, (uid_t)-1, f->gid);
}

static void
judge_part(struct fsck *f, const char *path, const struct spool_part *part,
    const char *consumer)
{
	mode_t mode = part->mode;
	struct stat st;

	if (fstatat(f->root, path, &st, AT_SYMLINK_NOFOLLOW) == -1) {
		if (errno == ENOENT)
			fsck_found(f, REMEDY_MAKE, path, NULL, mode,
			    "missing %s", type_name(mode));
		else if (errno != ENOTDIR)
			fsck_found(f, REMEDY_NONE, path, NULL, 0,
			    "cannot be seen: %s", strerror(errno));
		return;
	}
	if ((st.st_mode & S_IFMT) != (mode & S_IFMT)) {
		fsck_found(f, REMEDY_LOST, path, NULL, 0, "not a %s",
		    type_name(mode));
		return;
	}
	if ((st.st_mode & PERMS) != (mode & PERMS))
		fsck_found(f, REMEDY_MODE, path, NULL, mode & PERMS,
		    "mode is %04o, not %04o", st.st_mode & PERMS,
		    mode & PERMS);
	judge_owner(f, path, &st, part, consumer);
}

/* The root is often there before spool_init: strangers may not write. */
static void
judge_root(struct fsck *f)
{
	struct stat st;

	if (fstatat(f->root, ".", &st, 0) == -1)
		return;
	/* And those of separate users are strangers. */
	if ((st.st_mode & 022) != 0 || (spool_owners(f->spool) != NULL &&
	    (st.st_mode & 0711) != 0711))
		fsck_found(f, REMEDY_MODE, ".", NULL, SPOOL_MODE,
		    "mode is %04o, not %04o", st.st_mode & PERMS, SPOOL_MODE);
}

/* The most frequent of n numbers. */
static unsigned int
most(const unsigned int *v, size_t n)
{
	size_t i, j, count, best = 0;
	unsigned int winner = 0;

	for (i = 0; i < n; i++) {
		for (count = j = 0; j < n; j++)
			count += v[i] == v[j];
		if (count > best) {
			best = count;
			winner = v[i];
		}
	}
	return (winner);
}

/* Whose the spool is: what most parts say, so that one wrong one does not. */
static void
find_owner(struct fsck *f)
{
	unsigned int uids[SPOOL_PARTS], gids[SPOOL_PARTS];
	const struct owners *o = spool_owners(f->spool);
	size_t i, nuids = 0, ngids = 0;
	struct stat st;

	for (i = 0; i < SPOOL_PARTS; i++) {
		if (fstatat(f->root, spool_parts[i].name, &st,
		    AT_SYMLINK_NOFOLLOW) == -1)
			continue;
		if (is_own(spool_parts[i].mode))
			uids[nuids++] = st.st_uid;
		if ((spool_parts[i].mode & PERMS) == SHARED)
			gids[ngids++] = st.st_gid;
	}
	if (o != NULL) {
		f->uid = owners_user(o, "spool");
		f->gid = owners_group(o, "spool");
		return;
	}
	f->uid = most(uids, nuids);
	f->gid = most(gids, ngids);
}

int
fsck_is_none(const struct fsck *f)
{
	static const char *const own[] = { SPOOL_QUEUE, SPOOL_DEAD,
	    SPOOL_LEDGER };
	struct stat st;
	size_t i;

	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (fstatat(f->root, own[i], &st, AT_SYMLINK_NOFOLLOW) == 0 ||
		    errno != ENOENT)
			return (0);
	return (1);
}

void
fsck_parts(struct fsck *f)
{
	size_t i;

	find_owner(f);
	judge_root(f);
	for (i = 0; i < SPOOL_PARTS; i++)
		judge_part(f, spool_parts[i].name, &spool_parts[i], "");
}

void
fsck_queue_parts(struct fsck *f)
{
	const struct spool_part *part;
	char path[FSCK_PATH], consumer[SPOOL_CONSUMER];
	size_t i, q;

	for (q = 0; q < f->nqueues; q++) {
		spool_consumer(consumer, f->queues[q]);
		for (i = 0; i < SPOOL_QUEUE_PARTS; i++) {
			part = &spool_queue_parts[i];
			snprintf(path, sizeof(path), "%s%s%s", part->name,
			    f->queues[q], part->suffix);
			judge_part(f, path, part, consumer);
		}
	}
}
