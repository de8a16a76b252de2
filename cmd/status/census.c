#include "census.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "file.h"
#include "spool.h"
#include "uuid.h"
#include "walk.h"
#include "when.h"

#define PROGRESS	20000	/* names between two words of it */
#define SAMPLE		1000	/* names looked at for the oldest of them */
#define WHY_MAX		65536

struct count {
	struct census	*c;
	int		 root;
	int64_t		 now;		/* unix seconds */
	uint64_t	 names;
	int		 told;
};

static void
count_progress(struct count *n, const char *queue)
{
	if (++n->names % PROGRESS != 0 || !isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\rcounting %s: %llu", queue,
	    (unsigned long long)n->names);
	n->told = 1;
}

static int
count_place(const struct place *p, void *arg)
{
	struct count *n = arg;
	double came = (double)uuid_time(p->id) / 1000;
	struct stat st;

	count_progress(n, p->queue);
	if (fstatat(n->root, p->path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return (0);	/* moved on meanwhile */
	n->c->bytes += (uint64_t)st.st_blocks * 512;
	if (strcmp(p->state, SPOOL_DEAD) == 0) {
		n->c->dead++;
		return (0);
	}
	if (p->due > n->now) {
		n->c->waiting++;
		if (n->c->next_due == 0 || (double)p->due < n->c->next_due)
			n->c->next_due = (double)p->due;
	} else
		n->c->ready++;
	if (n->c->oldest == 0 || came < n->c->oldest)
		n->c->oldest = came;
	return (0);
}

int
census_take(struct census *c, int root, const char *queue)
{
	struct count n = { .c = c, .root = root,
	    .now = when_now() / WHEN_SECOND };
	int result, saved;

	memset(c, 0, sizeof(*c));
	result = walk(root, SPOOL_QUEUE, queue, count_place, &n) == -1 ||
	    walk(root, SPOOL_DEAD, queue, count_place, &n) == -1 ? -1 : 0;
	saved = errno;
	if (n.told)
		fprintf(stderr, "\r\033[K");
	errno = saved;
	return (result);
}

int
census_new(int root, uint64_t *n, double *oldest)
{
	const char *name;
	double came;
	int more;
	DIR *dir;

	*n = 0;
	*oldest = 0;
	if ((dir = file_opendir(root, SPOOL_NEW)) == NULL)
		return (-1);
	while ((more = file_next(dir, &name)) == 1) {
		if (!uuid_valid(name))
			continue;
		came = (double)uuid_time(name) / 1000;
		if (*oldest == 0 || came < *oldest)
			*oldest = came;
		(*n)++;
	}
	closedir(dir);
	return (more);
}

int
census_sample(int root, const char *queue, char *id)
{
	char name[SPOOL_FILE_MAX + 16], this[UUID_TEXT];
	unsigned int attempts;
	const char *file;
	int64_t due;
	int more = 0, seen = 0;
	DIR *dir;

	snprintf(name, sizeof(name), SPOOL_QUEUE "/%s", queue);
	if ((dir = file_opendir(root, name)) == NULL)
		return (-1);
	while (seen < SAMPLE && (more = file_next(dir, &file)) == 1)
		if (spool_name_parse(file, this, &attempts, &due) == 0 &&
		    (seen++ == 0 || strcmp(this, id) < 0))
			memcpy(id, this, UUID_TEXT);
	closedir(dir);
	if (more != -1)
		errno = ENOENT;
	return (seen > 0 ? 0 : -1);
}

/* The line "reason: " of a .why. */
static void
dead_reason(int dir, const char *name, char *why, size_t size)
{
	struct buf b = { 0 };
	const char *line;

	why[0] = '\0';
	if (file_slurp(dir, name, WHY_MAX, &b) == 0 &&
	    buf_str(&b) != NULL && (line = strstr(b.p, "reason: ")) != NULL)
		snprintf(why, size, "%.*s", (int)strcspn(line + 8, "\n"),
		    line + 8);
	buf_free(&b);
}

int
census_dead(int root, const char *queue, char *id, double *since, char *why,
    size_t size)
{
	char name[SPOOL_FILE_MAX + 16] = "";
	const char *file;
	struct stat st;
	int more = 0, seen = 0;
	DIR *dir;

	snprintf(name, sizeof(name), SPOOL_DEAD "/%s", queue);
	if ((dir = file_opendir(root, name)) == NULL)
		return (-1);
	name[0] = '\0';
	while (seen < SAMPLE && (more = file_next(dir, &file)) == 1) {
		const char *end = strrchr(file, '.');

		if (end == NULL || strcmp(end, ".why") != 0 ||
		    strlen(file) >= sizeof(name) ||
		    fstatat(dirfd(dir), file, &st, AT_SYMLINK_NOFOLLOW) == -1)
			continue;
		if (seen++ > 0 && (double)st.st_mtime >= *since)
			continue;
		*since = (double)st.st_mtime;
		strcpy(name, file);
	}
	if (name[0] != '\0') {
		dead_reason(dirfd(dir), name, why, size);
		snprintf(id, UUID_TEXT, "%s", name);
	}
	closedir(dir);
	if (more != -1)
		errno = ENOENT;
	return (name[0] != '\0' ? 0 : -1);
}
