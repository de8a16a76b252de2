#include "board.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "conf.h"
#include "expose.h"
#include "expose_join.h"
#include "file.h"
#include "spool.h"
#include "when.h"

#define FILE_MAX	((size_t)4 << 20)	/* 30,000 targets of prof-pull */
#define ALL_MAX		((size_t)8 << 20)
#define PROGS_MAX	512
#define NAME_MAX_BYTES	(SPOOL_NAME_MAX + 8)	/* ship.NAME and its NUL */

/* A program that has a file, or should have one. */
struct player {
	char		 name[NAME_MAX_BYTES];
	int		 up;
	int		 valid;
	struct buf	 text;
};

struct board {
	struct player	*players;
	size_t		 n;
	size_t		 bytes;		/* of all texts */
};

int
board_fresh(int64_t written)
{
	int64_t age = when_now() - written;

	/* Of the future: before a clock was set back. */
	return (age < BOARD_FRESH && age > -BOARD_FRESH);
}

/* Append at most max bytes of an open file. */
static int
text_read(int fd, off_t size, size_t max, struct buf *b)
{
	size_t len = (size_t)size;

	if (len > max) {
		errno = EFBIG;
		return (-1);
	}
	if (buf_reserve(b, len) == -1 ||
	    file_pread(fd, b->p + b->len, len, 0) == -1)
		return (-1);
	b->len += len;
	return (0);
}

/* With fresh, what is not fresh is only looked at. */
static int
stat_read(const struct spool *s, const char *prog, size_t max, int fresh,
    struct buf *b, int64_t *written)
{
	char path[sizeof(SPOOL_STAT) + NAME_MAX_BYTES];
	struct stat st;
	int fd, result = -1, saved;

	if (snprintf(path, sizeof(path), SPOOL_STAT "/%s", prog) >=
	    (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	fd = openat(spool_dir(s), path,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return (-1);
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))
		errno = EINVAL;
	else {
		*written = st.st_mtim.tv_sec * WHEN_SECOND +
		    st.st_mtim.tv_nsec;
		result = fresh && !board_fresh(*written) ? 0 :
		    text_read(fd, st.st_size, max, b);
	}
	saved = errno;
	close(fd);
	errno = saved;
	return (result);
}

int
board_read(const struct spool *s, const char *prog, struct buf *b,
    int64_t *written)
{
	return (stat_read(s, prog, FILE_MAX, 0, b, written));
}

static struct player *
board_find(const struct board *b, const char *name)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (strcmp(b->players[i].name, name) == 0)
			return (&b->players[i]);
	return (NULL);
}

static void
board_want(struct board *b, const char *kind, const char *name)
{
	struct player *p = &b->players[b->n];

	if (b->n == PROGS_MAX)
		return;
	snprintf(p->name, sizeof(p->name), "%s%s", kind, name);
	b->n += board_find(b, p->name) == NULL;
}

/* Those that the configuration wants on this host, as cmd/prof runs them. */
static void
board_configured(struct board *b, const struct conf *conf)
{
	size_t i;

	board_want(b, "spool", "");
	board_want(b, "recv", "");
	if (conf->generate_metrics)
		board_want(b, "metrics", "");
	if (conf->ntargets > 0)
		board_want(b, "pull", "");
	if (conf->npyroscopes > 0)
		board_want(b, "pyro", "");
	for (i = 0; i < conf->ndestinations; i++)
		if (conf->destinations[i].type != CONF_EXTERNAL)
			board_want(b, "ship.", conf->destinations[i].name);
}

/* May it be a label as it is, and is it no file that is being written? */
static int
is_program(const char *name)
{
	return (name[0] != '.' && strlen(name) < NAME_MAX_BYTES &&
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")] == '\0');
}

/* Those that are there besides, whoever runs them. */
static int
board_others(struct board *b, const struct spool *s)
{
	const char *name;
	DIR *dir;
	int more;

	if ((dir = file_opendir(spool_dir(s), SPOOL_STAT)) == NULL)
		return (-1);
	while ((more = file_next(dir, &name)) == 1)
		if (is_program(name))
			board_want(b, name, "");
	closedir(dir);
	return (more);
}

/* What it wrote, for the join; all the rest goes without saying. */
static int
board_take(struct board *b, const struct spool *s, struct player *p,
    struct expose_join *join)
{
	size_t left = ALL_MAX - b->bytes;
	int64_t written = INT64_MIN / 2;
	int failed;

	failed = stat_read(s, p->name, left < FILE_MAX ? left : FILE_MAX, 1,
	    &p->text, &written) == -1;
	p->up = written != INT64_MIN / 2 && board_fresh(written);
	if (failed || !p->up)
		return (failed && errno == ENOMEM ? -1 : 0);
	b->bytes += p->text.len;
	p->valid = expose_join_add(join, p->text.p, p->text.len) == 0;
	return (!p->valid && errno == ENOMEM ? -1 : 0);
}

/* The first wanted are said to be down, the others only to be up. */
static int
board_ups(const struct board *b, size_t wanted, struct buf *out)
{
	const struct player *p;

	if (expose_type(out, "prof_stat_valid", "gauge",
	    "Whether a program's figures could be read.") == -1)
		return (-1);
	for (p = b->players; p < b->players + b->n; p++)
		if (p->up && buf_addf(out, "prof_stat_valid{program=\"%s\"} "
		    "%d\n", p->name, p->valid) == -1)
			return (-1);
	if (expose_type(out, "prof_up", "gauge",
	    "Whether a program has written its figures lately.") == -1)
		return (-1);
	for (p = b->players; p < b->players + b->n; p++)
		if ((p->up || p < b->players + wanted) && buf_addf(out,
		    "prof_up{program=\"%s\"} %d\n", p->name, p->up) == -1)
			return (-1);
	return (0);
}

int
board_print(const struct spool *s, const struct conf *conf, struct buf *out)
{
	struct expose_join *join = expose_join_new();
	struct board b = { .players = calloc(PROGS_MAX, sizeof(*b.players)) };
	size_t i, wanted;
	int result = -1;

	if (join == NULL || b.players == NULL)
		goto out;
	board_configured(&b, conf);
	wanted = b.n;
	if (board_others(&b, s) == -1)
		goto out;
	for (i = 0; i < b.n; i++)
		if (board_take(&b, s, &b.players[i], join) == -1)
			goto out;
	if (board_ups(&b, wanted, out) == 0)
		result = expose_join_print(join, out);
out:
	for (i = 0; i < b.n; i++)
		buf_free(&b.players[i].text);
	free(b.players);
	expose_join_free(join);
	return (result);
}
