/*
 * The disk and the clock of the model: these stand in front of the C library's.
 * Each call may be the one that the process is killed at, or one that fails;
 * and what it has done to a directory is noted until an fsync makes it last.
 */
#include "model.h"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define KILLED	137

int
clock_gettime(clockid_t id, struct timespec *ts)
{
	int64_t now;

	if (world == NULL)
		return ((int)syscall(SYS_clock_gettime, id, ts));
	now = id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE ?
	    world->wall : world->mono;
	ts->tv_sec = now / 1000000000;
	ts->tv_nsec = now % 1000000000;
	return (0);
}

time_t
time(time_t *at)
{
	time_t now = world == NULL ? 0 : world->wall / 1000000000;

	if (at != NULL)
		*at = now;
	return (now);
}

/* prof-spool fsck and check pause between two looks. */
int
usleep(useconds_t us)
{
	world->mono += (int64_t)us * 1000;
	return (0);
}

/* -1: this call fails. Or it is the last one. */
static int
call_begin(void)
{
	if (world == NULL || world->real)
		return (0);
	world->calls++;
	if (world->kill_in > 0 && --world->kill_in == 0)
		_exit(KILLED);
	if (world->fail == 0)
		return (0);
	world->chance = world->chance * 6364136223846793005u + 1442695040888963407u;
	if ((world->chance >> 33) % 100 >= world->share)
		return (0);
	errno = world->fail;
	return (-1);
}

static void
full_path(char out[OP_PATH], int dir, const char *name)
{
	char link[64], at[OP_PATH / 2];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", dir);
	if (*name == '/' || (n = readlink(link, at, sizeof(at) - 1)) == -1)
		snprintf(out, OP_PATH, "%s", name);
	else
		snprintf(out, OP_PATH, "%.*s/%s", (int)n, at, name);
}

static ino_t
inode_of(const char *path)
{
	struct stat st;

	return (fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) == -1 ? 0 :
	    st.st_ino);
}

static ino_t
above(const char *path)
{
	char dir[OP_PATH];
	char *end;

	snprintf(dir, sizeof(dir), "%s", path);
	if ((end = strrchr(dir, '/')) == NULL)
		return (0);
	*end = '\0';
	return (inode_of(dir));
}

static void
grave_path(char out[OP_PATH], int grave)
{
	snprintf(out, OP_PATH, "%s/graves/%d", world->dir, grave);
}

/* Keep a link to what is about to go. */
static int
bury(const char *path)
{
	char grave[OP_PATH];

	grave_path(grave, ++world->graves);
	return (syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, grave, 0) == 0 ?
	    world->graves : 0);
}

/* The first n are on the disk. */
static void
lasts(unsigned int n)
{
	char grave[OP_PATH];
	unsigned int i;

	for (i = 0; i < n; i++)
		if (world->ops[i].grave != 0) {
			grave_path(grave, world->ops[i].grave);
			syscall(SYS_unlinkat, AT_FDCWD, grave, 0);
		}
	world->nops -= n;
	memmove(world->ops, world->ops + n, world->nops * sizeof(world->ops[0]));
}

static struct op *
note(int what, const char *path, const char *to)
{
	struct op *op;

	if (world->nops == OPS)
		lasts(OPS / 2);
	op = &world->ops[world->nops++];
	memset(op, 0, sizeof(*op));
	op->what = what;
	snprintf(op->path, sizeof(op->path), "%s", path);
	snprintf(op->to, sizeof(op->to), "%s", to);
	op->inodes[0] = inode_of(*to != '\0' ? to : path);
	op->inodes[1] = above(path);
	op->inodes[2] = *to != '\0' ? above(to) : 0;
	return (op);
}

static int
is_noted(void)
{
	return (world != NULL && !world->real);
}

int
openat(int dir, const char *name, int flags, ...)
{
	char path[OP_PATH];
	mode_t mode = 0;
	va_list ap;
	int fd, made = 0;

	va_start(ap, flags);
	if (flags & O_CREAT)
		mode = va_arg(ap, mode_t);
	va_end(ap);
	if (call_begin() == -1)
		return (-1);
	if (is_noted() && flags & O_CREAT) {
		full_path(path, dir, name);
		made = inode_of(path) == 0;
	}
	fd = (int)syscall(SYS_openat, dir, name, flags, mode);
	if (fd != -1 && made)
		note(OP_MADE, path, "");
	return (fd);
}

static int
make(int dir, const char *name, long result)
{
	char path[OP_PATH];

	if (result == 0 && is_noted()) {
		full_path(path, dir, name);
		note(OP_MADE, path, "");
	}
	return ((int)result);
}

int
mkdirat(int dir, const char *name, mode_t mode)
{
	if (call_begin() == -1)
		return (-1);
	return (make(dir, name, syscall(SYS_mkdirat, dir, name, mode)));
}

int
mkfifoat(int dir, const char *name, mode_t mode)
{
	if (call_begin() == -1)
		return (-1);
	return (make(dir, name, syscall(SYS_mknodat, dir, name, S_IFIFO | mode,
	    0)));
}

int
linkat(int dir, const char *name, int todir, const char *toname, int flags)
{
	char to[OP_PATH];

	if (call_begin() == -1 ||
	    syscall(SYS_linkat, dir, name, todir, toname, flags) == -1)
		return (-1);
	if (is_noted()) {
		full_path(to, todir, toname);
		note(OP_LINKED, to, "");
	}
	return (0);
}

int
unlinkat(int dir, const char *name, int flags)
{
	char path[OP_PATH];
	ino_t inode = 0;
	struct op *op;
	int grave = 0;

	if (call_begin() == -1)
		return (-1);
	if (is_noted()) {
		full_path(path, dir, name);
		inode = inode_of(path);
		grave = bury(path);
	}
	if (syscall(SYS_unlinkat, dir, name, flags) == -1)
		return (-1);
	if (is_noted()) {
		op = note(OP_UNLINKED, path, "");
		op->grave = grave;
		op->inodes[0] = inode;
	}
	return (0);
}

int
renameat2(int dir, const char *name, int todir, const char *toname,
    unsigned int flags)
{
	char path[OP_PATH], to[OP_PATH];
	int grave = 0, same = 0;

	if (call_begin() == -1)
		return (-1);
	if (is_noted()) {
		full_path(path, dir, name);
		full_path(to, todir, toname);
		/* Of two names of one file neither goes. */
		same = inode_of(path) == inode_of(to);
		if ((flags & RENAME_NOREPLACE) == 0)
			grave = bury(to);
	}
	if (syscall(SYS_renameat2, dir, name, todir, toname, flags) == -1)
		return (-1);
	if (is_noted() && !same)
		note(OP_RENAMED, path, to)->grave = grave;
	return (0);
}

int
renameat(int dir, const char *name, int todir, const char *toname)
{
	return (renameat2(dir, name, todir, toname, 0));
}

/* All up to the last change of that inode lasts; what came later may not. */
int
fsync(int fd)
{
	struct stat st;
	unsigned int i, j, n = 0;

	if (call_begin() == -1)
		return (-1);
	if (!is_noted() || fstat(fd, &st) == -1)
		return (0);
	for (i = 0; i < world->nops; i++)
		for (j = 0; j < 3; j++)
			if (world->ops[i].inodes[j] == st.st_ino)
				n = i + 1;
	lasts(n);
	return (0);
}

ssize_t
pwrite(int fd, const void *p, size_t len, off_t off)
{
	return (call_begin() == -1 ? -1 :
	    (ssize_t)syscall(SYS_pwrite64, fd, p, len, off));
}

int
fallocate(int fd, int mode, off_t off, off_t len)
{
	return (call_begin() == -1 ? -1 :
	    (int)syscall(SYS_fallocate, fd, mode, off, len));
}

static void
undo(const struct op *op)
{
	char grave[OP_PATH];
	long result = 0;

	grave_path(grave, op->grave);
	switch (op->what) {
	case OP_MADE:
		if (syscall(SYS_unlinkat, AT_FDCWD, op->path, 0) == -1)
			result = syscall(SYS_unlinkat, AT_FDCWD, op->path,
			    AT_REMOVEDIR);
		break;
	case OP_LINKED:
		result = syscall(SYS_unlinkat, AT_FDCWD, op->path, 0);
		break;
	case OP_UNLINKED:
		result = syscall(SYS_renameat2, AT_FDCWD, grave, AT_FDCWD,
		    op->path, RENAME_NOREPLACE);
		break;
	case OP_RENAMED:
		result = syscall(SYS_renameat2, AT_FDCWD, op->to, AT_FDCWD,
		    op->path, RENAME_NOREPLACE);
		if (op->grave != 0)
			syscall(SYS_renameat2, AT_FDCWD, grave, AT_FDCWD,
			    op->to, RENAME_NOREPLACE);
		break;
	}
	if (result == -1) {
		fprintf(stderr, "model: cannot undo %d %s %s: %s\n", op->what,
		    op->path, op->to, strerror(errno));
		exit(111);
	}
}

/* Lines of a ledger are never fsynced: any number of the last may be gone. */
static void
cut_ledger(const char *queue)
{
	char path[OP_PATH];
	struct stat st;

	snprintf(path, sizeof(path), "%s/spool/ledger/%s", world->dir, queue);
	if (stat(path, &st) == -1 || dice(2) == 0)
		return;
	if (truncate(path, (off_t)dice((unsigned int)st.st_size + 1)) == -1)
		exit(111);
}

void
disk_cut(void)
{
	unsigned int keep = dice(world->nops + 1), i;

	tell("cut: %u of %u changes are lost", world->nops - keep, world->nops);
	while (world->nops > keep)
		undo(&world->ops[--world->nops]);
	lasts(world->nops);
	for (i = 0; i < QUEUES; i++)
		cut_ledger(queue_names[i]);
	cut_ledger("none");
}
