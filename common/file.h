#ifndef FILE_H
#define FILE_H

#include <sys/types.h>

#include <dirent.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

/* Write all of it, through EINTR and short writes. -1 with errno. */
int	file_write(int fd, const void *p, size_t len);
int	file_pwrite(int fd, const void *p, size_t len, uint64_t off);

/* Read exactly len bytes at off. -1 with errno; EIO: the file ends before. */
int	file_pread(int fd, void *p, size_t len, uint64_t off);

/*
 * Append a whole small file to b. dir is a directory's descriptor or AT_FDCWD.
 * No symbolic links. -1 with errno; EFBIG: over max bytes.
 */
int	file_slurp(int dir, const char *name, size_t max, struct buf *b);

/*
 * The same of a path that the configuration names, through symbolic links:
 * where secrets and lists are mounted, they are links.
 */
int	file_load(const char *path, size_t max, struct buf *b);

/*
 * Put len bytes in the place of dir/name by a rename, so that a reader sees
 * the old file or the new one; on stable storage on return if sync.
 */
int	file_replace(int dir, const char *name, const void *p, size_t len,
	    int sync);

/*
 * Open a plain file at path that is no link, to read. -1 with errno; EINVAL:
 * it is something else.
 */
int	file_plain(const char *path);

/* opendir(3) for dir/name, no symbolic link. NULL with errno. */
DIR	*file_opendir(int dir, const char *name);

/*
 * The next name in dir but "." and "..", which is the directory's until the
 * next call. 1; 0: there are no more; -1 with errno: there may be.
 */
int	file_next(DIR *dir, const char **name);

/*
 * fsync a directory; and dir/name. -1 with errno. Once it has shut down, xfs
 * answers 0 for a directory whose last change is lost (Linux 6.18,
 * fs/xfs/xfs_file.c, xfs_dir_fsync), and only fstat tells.
 */
int	file_sync_fd(int dir);
int	file_sync_dir(int dir, const char *name);

/* mkdir -p, the last one with mode. 1: that was made; 0: it was there. */
int	file_mkdirs(const char *path, mode_t mode);

/* A new nameless file in $TMPDIR (/tmp), read and write, close on exec. */
int	file_temp(void);

#endif
