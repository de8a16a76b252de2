#include "locks.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "spool.h"

struct held {
	unsigned int	 major, minor;
	unsigned long long inode;
	pid_t		 pid;
};

struct locks {
	struct held	*v;
	size_t		 n;
};

static int
locks_add(struct locks *l, const struct held *h)
{
	struct held *v;

	if ((v = realloc(l->v, (l->n + 1) * sizeof(*v))) == NULL)
		return (-1);
	l->v = v;
	l->v[l->n++] = *h;
	return (0);
}

/* MAJOR:MINOR:INODE, the former two hexadecimal. -1: it is not. */
static int
held_file(struct held *h, const char *text)
{
	char *end;

	h->major = (unsigned int)strtoul(text, &end, 16);
	if (*end != ':')
		return (-1);
	h->minor = (unsigned int)strtoul(end + 1, &end, 16);
	if (*end != ':')
		return (-1);
	h->inode = strtoull(end + 1, &end, 10);
	return (*end == '\0' ? 0 : -1);
}

/*
 * "1: FLOCK  ADVISORY  WRITE 1234 fd:01:5678 0 EOF"; who waits has "->" before
 * FLOCK. -1: no flock.
 */
static int
held_parse(struct held *h, char *line)
{
	char *words[6], *rest = line, *word;
	size_t n = 0;

	while (n < 6 && (word = strsep(&rest, " \n")) != NULL)
		if (*word != '\0')
			words[n++] = word;
	if (n < 6 || strcmp(words[1], "FLOCK") != 0)
		return (-1);
	h->pid = (pid_t)strtol(words[4], NULL, 10);
	return (held_file(h, words[5]));
}

struct locks *
locks_read(void)
{
	struct locks *l;
	char line[256];
	struct held h;
	FILE *f;

	if ((f = fopen("/proc/locks", "re")) == NULL)
		return (NULL);
	l = calloc(1, sizeof(*l));
	while (l != NULL && fgets(line, sizeof(line), f) != NULL)
		if (held_parse(&h, line) == 0 && locks_add(l, &h) == -1) {
			locks_free(l);
			l = NULL;
		}
	fclose(f);
	return (l);
}

void
locks_free(struct locks *l)
{
	if (l == NULL)
		return;
	free(l->v);
	free(l);
}

/* Try it, for as short as can be. */
static int
lock_is_held(int root, const char *path)
{
	int fd = openat(root, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), held;

	if (fd == -1)
		return (0);
	held = flock(fd, LOCK_SH | LOCK_NB) == -1 && errno == EWOULDBLOCK;
	close(fd);
	return (held);
}

pid_t
locks_holder(const struct locks *l, int root, const char *prog, int try,
    int *elsewhere)
{
	char path[sizeof(SPOOL_LOCK) + 2 * SPOOL_NAME_MAX];
	const struct held *h;
	pid_t pid = 0;
	struct stat st;
	size_t i;

	*elsewhere = 0;
	snprintf(path, sizeof(path), SPOOL_LOCK "/%s", prog);
	if (fstatat(root, path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return (-1);
	for (i = 0; l != NULL && i < l->n; i++) {
		h = &l->v[i];
		if (h->inode != st.st_ino)
			continue;
		/* On btrfs and overlayfs it names another device than stat. */
		pid = h->pid;
		if (h->major == major(st.st_dev) &&
		    h->minor == minor(st.st_dev))
			break;
	}
	if (pid <= 0 && try)
		*elsewhere = lock_is_held(root, path);
	return (pid > 0 ? pid : 0);
}
