/* spool, draft, fifo, dirsync: what producers and consumers stand on. */
#include "spool.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fifo.h"
#include "ok.h"
#include "record.h"

static char root[256];

static struct draft *
draft(struct spool *s, struct record *r)
{
	memset(r, 0, sizeof(*r));
	r->kind = RECORD_PROFILE;
	r->source = strdup("recv");
	r->received = strdup("2026-11-22T09:57:57Z");
	return (draft_new(s, "recv", r));
}

static int
exists(const char *dir, const char *id)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s/%s", root, dir, id);
	return (access(path, F_OK) == 0);
}

static void
check_names(void)
{
	static const char *const bad[] = { "", "x",
	    "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11~",
	    "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11~1",
	    "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11~1~",
	    "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11~0~5",
	    "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11~1~05",
	    "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11~1~-5",
	    "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11~1~5x",
	    "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11~1~99999999999999999999",
	    "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11.why" };
	char id[UUID_TEXT], name[SPOOL_FILE_MAX];
	unsigned int attempts;
	int64_t due;
	size_t i;
	int all = 1;

	spool_name(name, "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11", 12,
	    1795342785);
	ok(spool_name_parse(name, id, &attempts, &due) == 0 && attempts == 12 &&
	    due == 1795342785 &&
	    strcmp(id, "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11") == 0,
	    "a name with attempts and due time, there and back");
	spool_name(name, id, 0, 99);
	ok(strcmp(name, id) == 0 &&
	    spool_name_parse(name, id, &attempts, &due) == 0 && attempts == 0,
	    "without attempts it is the id");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		all &= spool_name_parse(bad[i], id, &attempts, &due) == -1;
	ok(all, "anything else is no name");
}

static void
check_draft(struct spool *s)
{
	struct record r, back;
	struct draft *d;
	struct stat st;
	const char *why;
	char path[512];
	int fd;

	d = draft(s, &r);
	ok(d != NULL && !exists("tmp/recv", r.id), "a draft is in memory first");
	ok(draft_reserve(d, 3000000) == 0 && exists("tmp/recv", r.id) &&
	    !exists("new", r.id), "a long one stands in tmp");
	ok(draft_write(d, "hello ", 6) == 0 &&
	    draft_write(d, "world", 5) == 0 && draft_length(d) == 11,
	    "it grows");
	ok(draft_commit(d) == 0 && exists("new", r.id) &&
	    !exists("tmp/recv", r.id), "committed it stands in new");
	snprintf(path, sizeof(path), "%s/new/%s", root, r.id);
	fd = open(path, O_RDONLY);
	ok(record_read(&back, fd, &why) == 0 && back.length == 11 &&
	    record_check(&back, fd, &why) == 0, "as a sound record");
	ok(fstat(fd, &st) == 0 && (st.st_mode & 07777) == 0664 &&
	    st.st_blocks * 512 < 100000, "mode 0664, no space behind its end");
	close(fd);
	record_clear(&back);
	d = draft_new(s, "recv", &r);
	ok(d != NULL && draft_commit(d) == -1 && errno == EEXIST &&
	    !exists("tmp/recv", r.id) && exists("new", r.id),
	    "an id taken in new is refused, and the first stands");
	record_clear(&r);
	d = draft(s, &r);
	ok(draft_reserve(d, 3000000) == 0 && exists("tmp/recv", r.id),
	    "another one stands in tmp");
	draft_discard(d);
	ok(!exists("tmp/recv", r.id), "discarded it is gone");
	record_clear(&r);
}

/* Commit one of len bytes, in two pieces, without a word on how many come. */
static int
sound(struct spool *s, size_t len, int *early)
{
	static const char bytes[100000] = { 'b' };
	struct record r, back;
	struct draft *d = draft(s, &r);
	const char *why;
	char path[512];
	int fd, result;

	if (draft_write(d, bytes, len / 2) == -1 ||
	    draft_write(d, bytes, len - len / 2) == -1)
		abort();
	*early = exists("tmp/recv", r.id);
	if (draft_length(d) != len || draft_commit(d) == -1)
		abort();
	snprintf(path, sizeof(path), "%s/new/%s", root, r.id);
	fd = open(path, O_RDONLY);
	result = record_read(&back, fd, &why) == 0 && back.length == len &&
	    record_check(&back, fd, &why) == 0;
	close(fd);
	record_clear(&back);
	record_clear(&r);
	return (result);
}

#define MANY	100

static void
check_held(struct spool *s)
{
	static const char bytes[65536];
	struct draft *many[MANY];
	struct record r;
	int early, files = 0, i;

	ok(sound(s, 65536, &early) && !early, "a short one is made at once");
	ok(sound(s, 65537, &early) && early, "a longer one before its end");
	for (i = 0; i < MANY; i++) {
		many[i] = draft(s, &r);
		if (draft_write(many[i], bytes, sizeof(bytes)) == -1)
			abort();
		files += exists("tmp/recv", r.id);
		record_clear(&r);
	}
	ok(files == MANY - 64, "4 MiB are held in memory, and no more");
	while (i-- > 0)
		draft_discard(many[i]);
	ok(sound(s, 65536, &early) && !early, "discarded they hold none");
}

static void
check_draft_copy(void)
{
	struct record r;
	struct draft *d = draft(NULL, &r);
	char text[4096] = "";
	int fds[2];
	ssize_t n;

	if (pipe(fds) == -1)
		abort();
	ok(d != NULL && draft_write(d, "hello", 5) == 0 &&
	    draft_copy(d, fds[1]) == 0, "without a spool it goes to a pipe");
	n = read(fds[0], text, sizeof(text) - 1);
	ok(n > 5 && strncmp(text, "prof-record 1\nid: ", 18) == 0 &&
	    strcmp(text + n - 5, "hello") == 0, "whole");
	close(fds[0]);
	close(fds[1]);
	record_clear(&r);
}

static void
check_bell(struct spool *s)
{
	struct fifo f = { .len = 0 };
	struct record r;
	struct draft *d;
	int fd = fifo_reader(spool_dir(s), "pipe/spool");
	char *line;

	spool_ring(s, "first");
	line = fifo_line(&f, fd);
	ok(line != NULL && strcmp(line, "first") == 0, "the bell carries lines");
	close(fd);
	spool_ring(s, "nobody");
	fd = fifo_reader(spool_dir(s), "pipe/spool");
	d = draft(s, &r);
	draft_commit(d);
	line = fifo_line(&f, fd);
	ok(line != NULL && strcmp(line, r.id) == 0,
	    "a new reader hears the next ring");
	errno = 1;
	ok(fifo_line(&f, fd) == NULL && errno == EAGAIN,
	    "and then nothing more");
	close(fd);
	record_clear(&r);
}

static void
check_fifo(struct spool *s)
{
	struct fifo f = { .len = 0 };
	char longest[FIFO_LINE + 1], *line;
	int dir = spool_dir(s), fd, i;

	ok(fifo_writer(dir, "pipe/spool") == -1 && errno == ENXIO,
	    "a writer without a reader is told");
	ok(fifo_reader(dir, "new") == -1 && fifo_reader(dir, "full") == -1,
	    "what is no FIFO is not opened");
	if (symlinkat("spool", dir, "pipe/link") == -1)
		abort();
	ok(fifo_reader(dir, "pipe/link") == -1 && errno == ELOOP,
	    "nor is a link");
	fd = fifo_both(dir, "pipe/spool");
	memset(longest, 'x', sizeof(longest));
	longest[FIFO_LINE - 1] = '\0';
	ok(fifo_put(fd, "%s", longest) == 0, "a line of 512 bytes goes");
	ok((line = fifo_line(&f, fd)) != NULL && strcmp(line, longest) == 0,
	    "and comes");
	longest[FIFO_LINE - 1] = 'x';
	longest[FIFO_LINE] = '\0';
	ok(fifo_put(fd, "%s", longest) == -1 && errno == EMSGSIZE,
	    "one of 513 does not");
	for (i = 0; i < 20; i++)
		if (write(fd, longest, FIFO_LINE) == -1)
			abort();
	fifo_put(fd, "%s", "");
	fifo_put(fd, "behind");
	ok((line = fifo_line(&f, fd)) != NULL && strcmp(line, "behind") == 0,
	    "what is too long is passed over");
	for (i = 0; fifo_put(fd, "%040d", i) == 0; i++)
		;
	ok(errno == EAGAIN && i > 1000, "a full pipe says EAGAIN");
	close(fd);
}

static void
check_lock(struct spool *s)
{
	int fd = spool_lock(s, "recv"), status;

	ok(fd != -1, "a lock is taken");
	if (fork() == 0)
		_exit(spool_lock(s, "recv") == -1 && errno == EWOULDBLOCK);
	wait(&status);
	ok(WEXITSTATUS(status) == 1, "by one at a time");
	close(fd);
}

static void *
commit_many(void *spool)
{
	struct record r;
	struct draft *d;
	intptr_t bad = 0;
	int i;

	for (i = 0; i < 50; i++) {
		d = draft(spool, &r);
		bad += d == NULL || draft_write(d, "x", 1) == -1 ||
		    draft_commit(d) == -1 || !exists("new", r.id);
		record_clear(&r);
	}
	return ((void *)bad);
}

static void
check_threads(struct spool *s)
{
	pthread_t t[8];
	void *bad;
	int i, sum = 0;

	for (i = 0; i < 8; i++)
		if (pthread_create(&t[i], NULL, commit_many, s) != 0)
			abort();
	for (i = 0; i < 8; i++) {
		pthread_join(t[i], &bad);
		sum += (int)(intptr_t)bad;
	}
	ok(sum == 0, "eight threads commit 400 records");
}

static void
check_lost_directory(struct spool *s)
{
	struct record r;
	struct draft *d;
	char from[300], to[300];

	snprintf(from, sizeof(from), "%s/new", root);
	snprintf(to, sizeof(to), "%s/away", root);
	d = draft(s, &r);
	if (rename(from, to) == -1)
		abort();
	ok(draft_commit(d) == -1 && errno == ENOENT &&
	    !exists("tmp/recv", r.id), "without new/ a commit fails, clean");
	if (rename(to, from) == -1)
		abort();
	record_clear(&r);
	d = draft(s, &r);
	ok(draft_commit(d) == 0, "and succeeds when it is back");
	record_clear(&r);
}

int
main(void)
{
	static const char *const queues[] = { "main", "copy" };
	const char *tmp = getenv("TMPDIR");
	char command[300];
	struct spool *s;

	signal(SIGPIPE, SIG_IGN);
	snprintf(root, sizeof(root), "%s/unit-spool.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(root) == NULL)
		abort();
	ok(spool_open(root) == NULL && errno == ENOENT,
	    "a directory that is no spool is not opened");
	ok(spool_init(root, queues, 2, NULL) == 0 && exists("queue/copy", "") &&
	    exists("dead/none", "") && exists("pipe", "main.todo"),
	    "a spool is made");
	ok(spool_init(root, queues, 1, NULL) == 0, "and made again without harm");
	if ((s = spool_open(root)) == NULL)
		abort();
	check_names();
	check_draft(s);
	check_held(s);
	check_draft_copy();
	check_bell(s);
	check_fifo(s);
	check_lock(s);
	check_threads(s);
	check_lost_directory(s);
	spool_close(s);
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return (system(command) != 0 || failed);
}
