/*
 * Drafts: records on their way into the spool. The header's place is left
 * free at the file's start and written last, when its length and crc are
 * known: a draft cut short is a file that begins with zeros, no record.
 *
 * A short body stays in memory until it is whole, so that whoever commits it
 * does all there is to do on the disk, in a thread of its own.
 */
#include "spool.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "crc32c.h"
#include "file.h"
#include "record.h"

#define STEP	(UINT64_C(1) << 20)	/* space is reserved this far ahead */
#define BEHIND	(UINT64_C(4) << 20)	/* write-back begins this far behind */
#define PIECE	65536
#define HELD_EACH	65536		/* bytes of body in memory, of a draft */
#define HELD_ALL	(4U << 20)	/* and of all there are */

struct draft {
	struct spool	*spool;		/* NULL: nameless, in $TMPDIR */
	const char	*prog;
	int		 fd;		/* -1: there is no file yet */
	char		 id[UUID_TEXT];
	char		 name[128];	/* tmp/PROG/ID */
	struct buf	 head;
	struct buf	 held;		/* the body, as long as there is none */
	uint64_t	 length;	/* of the body in the file */
	uint64_t	 expected;	/* of the body, as draft_reserve said */
	uint64_t	 reserved;	/* of the file */
	uint64_t	 begun;		/* of the body: its write-back */
	uint32_t	 crc;		/* of that */
};

static atomic_size_t held_all;

/*
 * Over an old record: its first bytes go at once, that the draft be none, and
 * its space is as good as reserved.
 */
static int
draft_over(struct draft *d)
{
	static const char zeros[16];
	struct stat st;

	if (fstat(d->fd, &st) == -1 ||
	    file_pwrite(d->fd, zeros, sizeof(zeros), 0) == -1)
		return (-1);
	d->reserved = (uint64_t)st.st_size;
	return (0);
}

static int
draft_create(const struct draft *d)
{
	return (openat(spool_dir(d->spool), d->name,
	    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0664));
}

static int
draft_open(struct draft *d)
{
	if (d->spool == NULL)
		return ((d->fd = file_temp()) == -1 ? -1 : 0);
	d->fd = spool_spare(d->spool, d->prog, d->name);
	if (d->fd != -1)
		return (draft_over(d));
	d->fd = draft_create(d);
	/*
	 * One of a derived id may be left from a try whose unlink failed. Not
	 * even then is it EEXIST, which says that the record is there.
	 */
	if (d->fd == -1 && errno == EEXIST &&
	    unlinkat(spool_dir(d->spool), d->name, 0) == 0 &&
	    (d->fd = draft_create(d)) == -1 && errno == EEXIST)
		errno = EBUSY;
	if (d->fd == -1)
		return (-1);
	/* Locked, it is somebody's; the mode lets prof-spool link it. */
	if (flock(d->fd, LOCK_EX | LOCK_NB) == -1 ||
	    fchmod(d->fd, SPOOL_RECORD_MODE) == -1)
		return (-1);
	return (0);
}

static struct draft *
draft_make(struct spool *s, const char *prog, const char *within,
    struct record *r)
{
	struct draft *d;
	int saved;

	if ((d = calloc(1, sizeof(*d))) == NULL)
		return (NULL);
	d->spool = s;
	d->prog = prog;
	d->fd = -1;
	if (r->id[0] == '\0')
		uuid_v7(r->id);
	memcpy(d->id, r->id, sizeof(d->id));
	if (snprintf(d->name, sizeof(d->name), SPOOL_TMP "/%s/%s%s", prog,
	    within, d->id) >= (int)sizeof(d->name)) {
		draft_discard(d);
		errno = ENAMETOOLONG;
		return (NULL);
	}
	if (record_encode(r, &d->head) == -1) {
		saved = errno;
		draft_discard(d);
		errno = saved;
		return (NULL);
	}
	return (d);
}

struct draft *
draft_new(struct spool *s, const char *prog, struct record *r)
{
	return (draft_make(s, prog, "", r));
}

struct draft *
draft_new_within(struct spool *s, const char *prog, struct record *r)
{
	char within[UUID_TEXT + 1];

	snprintf(within, sizeof(within), "%s/", r->id);
	return (draft_make(s, prog, within, r));
}

/*
 * Reserve up to the file size need, and STEP more where the body is known to
 * go on or has already been long. A file system that cannot reserve says so
 * when it is written to, as any does of what completes the body.
 */
static int
draft_ahead(struct draft *d, uint64_t need)
{
	uint64_t whole = d->head.len + d->expected, to;

	if (need <= d->reserved || need == whole)
		return (0);
	to = (need + STEP - 1) / STEP * STEP;
	if (to > whole && whole >= need)
		to = whole;
	else if (whole < need && need < STEP)
		return (0);
	if (fallocate(d->fd, FALLOC_FL_KEEP_SIZE, (off_t)d->reserved,
	    (off_t)(to - d->reserved)) == -1 && errno != EOPNOTSUPP)
		return (-1);
	d->reserved = to;
	return (0);
}

static int
draft_append(struct draft *d, const void *p, size_t len)
{
	uint64_t end = d->head.len + d->length;

	if (draft_ahead(d, end + len) == -1 ||
	    file_pwrite(d->fd, p, len, end) == -1)
		return (-1);
	d->crc = crc32c(d->crc, p, len);
	d->length += len;
	return (0);
}

/* Keep some more in memory. -1: it may not, or cannot. */
static int
draft_hold(struct draft *d, const void *p, size_t len)
{
	if (d->held.len + len > HELD_EACH)
		return (-1);
	if (atomic_fetch_add(&held_all, len) + len > HELD_ALL ||
	    buf_add(&d->held, p, len) == -1) {
		atomic_fetch_sub(&held_all, len);
		return (-1);
	}
	return (0);
}

static void
draft_drop_held(struct draft *d)
{
	atomic_fetch_sub(&held_all, d->held.len);
	buf_free(&d->held);
}

/* Make the file, of what was held. */
static int
draft_begin(struct draft *d)
{
	int result;

	if (draft_open(d) == -1)
		return (-1);
	result = draft_append(d, d->held.p, d->held.len);
	draft_drop_held(d);
	return (result);
}

int
draft_reserve(struct draft *d, uint64_t len)
{
	d->expected = draft_length(d) + len;
	if (d->fd == -1 && d->expected > HELD_EACH && draft_begin(d) == -1)
		return (-1);
	return (d->fd == -1 ? 0 :
	    draft_ahead(d, d->head.len + d->length + (len > 0)));
}

int
draft_write(struct draft *d, const void *p, size_t len)
{
	if (d->fd == -1) {
		if (draft_hold(d, p, len) == 0)
			return (0);
		if (draft_begin(d) == -1)
			return (-1);
	}
	return (draft_append(d, p, len));
}

int
draft_behind(struct draft *d)
{
	if (d->length - d->begun < BEHIND)
		return (-1);
	d->begun = d->length;
	return (fcntl(d->fd, F_DUPFD_CLOEXEC, 0));
}

uint64_t
draft_length(const struct draft *d)
{
	return (d->length + d->held.len);
}

int
draft_read(const struct draft *d, void *p, size_t len, uint64_t off)
{
	if (d->fd != -1)
		return (file_pread(d->fd, p, len, d->head.len + off));
	if (off > d->held.len || len > d->held.len - off) {
		errno = EIO;
		return (-1);
	}
	if (len > 0)
		memcpy(p, d->held.p + off, len);
	return (0);
}

const char *
draft_id(const struct draft *d)
{
	return (d->id);
}

/* Header in its place, no space behind the end. */
static int
draft_finish(struct draft *d)
{
	if (d->fd == -1 && draft_begin(d) == -1)
		return (-1);
	record_seal(d->head.p, d->head.len, d->length, d->crc);
	if (file_pwrite(d->fd, d->head.p, d->head.len, 0) == -1)
		return (-1);
	if (d->reserved > d->head.len + d->length)
		return (ftruncate(d->fd, (off_t)(d->head.len + d->length)));
	return (0);
}

static void
draft_free(struct draft *d)
{
	if (d->fd != -1)
		close(d->fd);
	draft_drop_held(d);
	buf_free(&d->head);
	free(d);
}

int
draft_seal(struct draft *d)
{
	int saved;

	if (draft_finish(d) == 0 && fsync(d->fd) == 0) {
		draft_free(d);
		return (0);
	}
	saved = errno;
	draft_discard(d);
	errno = saved;
	return (-1);
}

int
draft_keep(struct draft *d, const char *to)
{
	int dir = spool_dir(d->spool), saved;

	/* An fsync that failed has dropped what it could not write: a second
	 * one would succeed on nothing. */
	if (draft_finish(d) == -1 || fsync(d->fd) == -1 ||
	    renameat2(dir, d->name, dir, to, RENAME_NOREPLACE) == -1) {
		saved = errno;
		draft_discard(d);
		errno = saved;
		return (-1);
	}
	draft_free(d);
	return (0);
}

int
draft_move(struct draft *d)
{
	char name[sizeof(SPOOL_NEW) + UUID_TEXT];

	snprintf(name, sizeof(name), SPOOL_NEW "/%s", d->id);
	return (draft_keep(d, name));
}

int
draft_commit(struct draft *d)
{
	struct spool *s = d->spool;
	char id[UUID_TEXT];
	int result, saved;

	memcpy(id, d->id, sizeof(id));
	if (draft_move(d) == -1)
		return (-1);
	/* From here the record is there, whatever we say of it. */
	result = spool_sync_new(s);
	saved = errno;
	spool_ring(s, id);
	errno = saved;
	return (result);
}

int
draft_copy(struct draft *d, int fd)
{
	uint64_t off = 0, end;
	char *p = NULL;
	size_t n;
	int result = -1, saved;

	if (draft_finish(d) == -1 || (p = malloc(PIECE)) == NULL)
		goto out;
	end = d->head.len + d->length;
	for (; off < end; off += n) {
		n = end - off < PIECE ? (size_t)(end - off) : PIECE;
		if (file_pread(d->fd, p, n, off) == -1 ||
		    file_write(fd, p, n) == -1)
			goto out;
	}
	result = 0;
out:
	saved = errno;
	free(p);
	draft_discard(d);
	errno = saved;
	return (result);
}

void
draft_discard(struct draft *d)
{
	if (d == NULL)
		return;
	if (d->spool != NULL && d->fd != -1)
		unlinkat(spool_dir(d->spool), d->name, 0);
	draft_free(d);
}
