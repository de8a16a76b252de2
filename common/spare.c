#include "spare.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fifo.h"
#include "spool.h"

/* What is on its way is bounded by its pipe: some 220 names. */
#define PIPE_BYTES	8192

struct spare {
	int		 root;
	int		 fd;
	char		 prog[SPOOL_NAME_MAX + 1];
	struct fifo	 names;
};

struct spare *
spare_open(int root, const char *prog)
{
	char name[SPOOL_NAME_MAX + 16];
	struct spare *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	s->root = root;
	snprintf(s->prog, sizeof(s->prog), "%s", prog);
	snprintf(name, sizeof(name), SPOOL_PIPE "/%s.spare", s->prog);
	if ((s->fd = fifo_reader(root, name)) == -1) {
		free(s);
		return (NULL);
	}
	(void)fcntl(s->fd, F_SETPIPE_SZ, PIPE_BYTES);
	return (s);
}

void
spare_close(struct spare *s)
{
	if (s == NULL)
		return;
	close(s->fd);
	free(s);
}

/*
 * Is it ours alone? Locked it is not swept. A lease for writing is granted
 * only on a file that nobody else has open: no prof-spool cat, no slow
 * consumer.
 */
static int
spare_ours(int fd)
{
	struct stat st;

	return (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &st) == 0 &&
	    S_ISREG(st.st_mode) && st.st_nlink == 1 &&
	    fcntl(fd, F_SETLEASE, F_WRLCK) == 0 &&
	    fcntl(fd, F_SETLEASE, F_UNLCK) == 0);
}

static int
spare_claim(struct spare *s, const char *id, const char *to)
{
	char from[sizeof(SPOOL_SPARE) + SPOOL_NAME_MAX + UUID_TEXT + 2];
	int fd;

	snprintf(from, sizeof(from), SPOOL_SPARE "/%s/%s", s->prog, id);
	if (renameat2(s->root, from, s->root, to, RENAME_NOREPLACE) == -1)
		return (-1);
	fd = openat(s->root, to, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (fd != -1 && spare_ours(fd))
		return (fd);
	if (fd != -1)
		close(fd);
	unlinkat(s->root, to, 0);
	return (-1);
}

int
spare_take(struct spare *s, const char *to)
{
	char *id;
	int fd;

	while ((id = fifo_line(&s->names, s->fd)) != NULL)
		if (uuid_valid(id) && (fd = spare_claim(s, id, to)) != -1)
			return (fd);
	return (-1);
}
