#include "ledger.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "file.h"
#include "spool.h"
#include "uuid.h"

#define STEP	(UINT64_C(64) << 10)	/* space is reserved this far ahead */
#define KEPT	(UINT64_C(1) << 20)	/* of lines the disk refuses */
#define NAME	(sizeof(SPOOL_LEDGER) + SPOOL_NAME_MAX + 8)

const char *const ledger_words[LEDGER_WORDS] = { "in", "ok", "dead", "evicted",
    "removed" };

struct ledger {
	int		 root;
	char		 name[NAME];
	int		 fd;
	uint64_t	 size;
	uint64_t	 reserved;
	struct buf	 kept;
};

static void
ledger_name(char name[NAME], const char *queue)
{
	snprintf(name, NAME, SPOOL_LEDGER "/%.*s", SPOOL_NAME_MAX, queue);
}

/* The end of the last whole line. */
static int
ledger_whole(int fd, uint64_t *size)
{
	char line[128];
	const char *newline;
	struct stat st;
	size_t n;

	if (fstat(fd, &st) == -1)
		return (-1);
	*size = (uint64_t)st.st_size;
	while (*size > 0) {
		n = *size < sizeof(line) ? (size_t)*size : sizeof(line);
		if (file_pread(fd, line, n, *size - n) == -1)
			return (-1);
		newline = memrchr(line, '\n', n);
		if (newline != NULL) {
			*size -= (size_t)(line + n - newline - 1);
			return (0);
		}
		*size -= n;
	}
	return (0);
}

static int
ledger_fd(int root, const char *name, uint64_t *size)
{
	int fd, saved;

	fd = openat(root, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0600);
	if (fd == -1)
		return (-1);
	if (ledger_whole(fd, size) == -1 || ftruncate(fd, (off_t)*size) == -1) {
		saved = errno;
		close(fd);
		errno = saved;
		return (-1);
	}
	return (fd);
}

struct ledger *
ledger_open(int root, const char *queue)
{
	struct ledger *l;
	int saved;

	if ((l = calloc(1, sizeof(*l))) == NULL)
		return (NULL);
	l->root = root;
	ledger_name(l->name, queue);
	if ((l->fd = ledger_fd(root, l->name, &l->size)) == -1) {
		saved = errno;
		free(l);
		errno = saved;
		return (NULL);
	}
	l->reserved = l->size;
	return (l);
}

void
ledger_close(struct ledger *l)
{
	if (l == NULL)
		return;
	ledger_flush(l);
	close(l->fd);
	buf_free(&l->kept);
	free(l);
}

/* On a full disk there is room for lines in what was reserved before. */
static int
ledger_write(struct ledger *l, const char *p, size_t len)
{
	if (l->size + len + STEP / 2 > l->reserved &&
	    fallocate(l->fd, FALLOC_FL_KEEP_SIZE, (off_t)l->size,
	    STEP) == 0)
		l->reserved = l->size + STEP;
	if (file_pwrite(l->fd, p, len, l->size) == -1)
		return (-1);
	l->size += len;
	return (0);
}

int
ledger_flush(struct ledger *l)
{
	if (l->kept.len == 0)
		return (0);
	if (ledger_write(l, l->kept.p, l->kept.len) == -1)
		return (errno);
	buf_free(&l->kept);
	return (0);
}

void
ledger_add(struct ledger *l, enum ledger_word word, const char *id)
{
	char line[UUID_TEXT + 16];
	int len;

	len = snprintf(line, sizeof(line), "%s %.*s\n", ledger_words[word],
	    UUID_LEN, id);
	if (ledger_flush(l) == 0 && ledger_write(l, line, (size_t)len) == 0)
		return;
	/* A write cut short by the disk is written over by the next. */
	if (l->kept.len < KEPT)
		buf_add(&l->kept, line, (size_t)len);
}

int
ledger_replace(struct ledger *l, const char *text, size_t len)
{
	const char *file = l->name + sizeof(SPOOL_LEDGER);
	int dir, fd, result, saved;
	uint64_t size;

	dir = openat(l->root, SPOOL_LEDGER,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1)
		return (-1);
	result = file_replace(dir, file, text, len, 1);
	saved = errno;
	close(dir);
	errno = saved;
	if (result == -1 || (fd = ledger_fd(l->root, l->name, &size)) == -1)
		return (-1);
	close(l->fd);
	l->fd = fd;
	l->size = l->reserved = size;
	return (0);
}

uint64_t
ledger_size(const struct ledger *l)
{
	return (l->size);
}

int
ledger_parse(char *line, enum ledger_word *word, const char **id,
    uint64_t *count)
{
	char *rest = strchr(line, ' '), *end;
	int w;

	if (rest == NULL)
		return (-1);
	*rest++ = '\0';
	for (w = 0; w < LEDGER_WORDS; w++)
		if (strcmp(ledger_words[w], line) == 0)
			break;
	if (w == LEDGER_WORDS)
		return (-1);
	*word = (enum ledger_word)w;
	*id = NULL;
	if (*rest == '+') {
		if (rest[1] < '0' || rest[1] > '9')
			return (-1);
		*count = strtoull(rest + 1, &end, 10);
		return (*end == '\0' ? 0 : -1);
	}
	*id = rest;
	*count = 1;
	return (uuid_valid(rest) ? 0 : -1);
}

int
ledger_read(int root, const char *queue, int (*on_line)(enum ledger_word,
    const char *, uint64_t, void *), void *arg)
{
	char name[NAME], *line = NULL;
	enum ledger_word word;
	const char *id;
	size_t room = 0;
	uint64_t count;
	ssize_t len;
	FILE *f;
	int fd, result = 0;

	ledger_name(name, queue);
	fd = openat(root, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1)
		return (-1);
	if ((f = fdopen(fd, "r")) == NULL) {
		close(fd);
		return (-1);
	}
	while (result == 0 && (len = getline(&line, &room, f)) > 0) {
		if (line[len - 1] != '\n')
			break;	/* being written, or torn */
		line[len - 1] = '\0';
		if (ledger_parse(line, &word, &id, &count) == 0)
			result = on_line(word, id, count, arg);
	}
	if (result == 0 && ferror(f))
		result = -1;
	free(line);
	fclose(f);
	return (result);
}
