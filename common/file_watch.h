#ifndef FILE_WATCH_H
#define FILE_WATCH_H

#include <sys/types.h>

#include <time.h>

/*
 * Files that were read and may be replaced: certificates, keys, tokens. What
 * counts is what a path leads to, so a link that is changed further up, as
 * where Kubernetes mounts secrets, is a change too.
 */

#define FILE_WATCH_MAX	3	/* files that are read together */

struct file_stamp {
	dev_t	 dev;
	ino_t	 ino;
	off_t	 size;
	struct timespec mtime;
	struct timespec ctime;
	int	 error;		/* errno: there is nothing to read */
};

struct file_watch {
	const char *paths[FILE_WATCH_MAX];	/* borrowed; NULL: none */
	struct file_stamp taken[FILE_WATCH_MAX];
};

/* From now on, with paths set; call it before they are read. */
void	file_watch_begin(struct file_watch *);

/*
 * Has one of them changed since they were last said to have? 1: read them
 * again. A file that changed within the last second may still be being
 * written, or be the first of several: 0, and the next look says so.
 */
int	file_watch_look(struct file_watch *);

#endif
