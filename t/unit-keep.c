/* keep: state that commits with a record, killed in between. */
#include "keep.h"

#include <sys/wait.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "ok.h"
#include "record.h"
#include "spool.h"

#define KILLS	60

static char root[256];

/* How many names a directory of the spool has, without . and .. */
static int
names(const char *dir)
{
	char path[512];
	DIR *d;
	int n = -2;

	snprintf(path, sizeof(path), "%s/%s", root, dir);
	if ((d = opendir(path)) == NULL)
		return (-1);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return (n);
}

/* A file that holds that text, to read. */
static int
holding(const char *text)
{
	int fd = file_temp();

	if (fd == -1 || file_write(fd, text, strlen(text)) == -1)
		abort();
	return (fd);
}

/* What state a holds, as a number; -1: there is none. */
static int
state(const struct keep *k)
{
	char text[32] = "";
	int fd = keep_read(k, "a");

	if (fd == -1)
		return (-1);
	if (read(fd, text, sizeof(text) - 1) == -1)
		abort();
	close(fd);
	return (atoi(text));
}

/*
 * Begin a change of state a from one number to the next, with its record. id
 * may be NULL.
 */
static struct keep_change *
step(struct keep *k, int from, const char *id)
{
	struct record r = { .kind = RECORD_PROFILE };
	struct keep_change *c;
	struct draft *d;
	char text[64];
	int fd;

	uuid_v7(r.id);
	if (id != NULL)
		memcpy(r.id, id, sizeof(r.id));
	r.source = strdup("pull");
	r.received = strdup("2026-11-22T09:57:57Z");
	snprintf(text, sizeof(text), "%d", from + 1);
	fd = holding(text);
	snprintf(text, sizeof(text), "%d %d\n", from, from + 1);
	if ((c = keep_begin(k, r.id)) == NULL ||
	    (d = keep_record(c, &r)) == NULL ||
	    draft_write(d, text, strlen(text)) == -1 ||
	    keep_put(c, "a", fd) == -1)
		abort();
	close(fd);
	record_clear(&r);
	return (c);
}

static int
stays(const char *name, int64_t age, void *arg)
{
	return (strcmp(name, "a") != 0 || age < 0 || age > 60 || arg != NULL);
}

static void
check_commit(struct keep *k)
{
	struct keep_change *c;
	unsigned int finished, removed;

	ok(keep_read(k, "a") == -1 && errno == ENOENT, "there is no state");
	c = step(k, 0, NULL);
	ok(names("tmp/pull") == 1 && names("new") == 0 && state(k) == -1,
	    "a change is not seen");
	keep_discard(c);
	ok(names("tmp/pull") == 0, "discarded it is gone");
	ok(keep_commit(step(k, 0, NULL)) == 0 && names("tmp/pull") == 0 &&
	    names("keep/pull") == 1 && names("new") == 1 && state(k) == 1,
	    "committed, state and record are in their places");
	ok(keep_commit(step(k, 1, NULL)) == 0 && state(k) == 2 &&
	    names("keep/pull") == 1, "new state takes the old one's place");
	ok(keep_replay(k, &finished, &removed) == 0 && finished == 0 &&
	    removed == 0, "nothing is to be replayed");
	ok(keep_prune(k, stays, (void *)(uintptr_t)1, &removed) == 0 &&
	    removed == 0 && state(k) == 2, "state that is to stay stays");
	ok(keep_prune(k, stays, NULL, &removed) == 0 && removed == 1 &&
	    state(k) == -1, "other state goes");
	keep_discard(NULL);
}

/* A process that ends with a change begun, as a crash would leave it. */
static void
crash(struct keep *k, int from, const char *id)
{
	pid_t pid;

	if ((pid = fork()) == 0) {
		step(k, from, id);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

/* What a crash leaves on either side of the rename. */
static void
check_replay(struct keep *k)
{
	unsigned int finished, removed;
	char from[512], to[512], id[UUID_TEXT];

	uuid_v7(id);
	crash(k, 6, id);
	ok(names("tmp/pull") == 1 &&
	    keep_replay(k, &finished, &removed) == 0 && finished == 0 &&
	    removed == 1 && names("tmp/pull") == 0 && state(k) == -1,
	    "what was not committed is removed");
	crash(k, 6, id);
	snprintf(from, sizeof(from), "%s/tmp/pull/%s", root, id);
	snprintf(to, sizeof(to), "%s/keep/pull/%s", root, id);
	ok(rename(from, to) == 0 && keep_replay(k, &finished, &removed) == 0 &&
	    finished == 1 && removed == 0 && state(k) == 7 &&
	    names("keep/pull") == 1, "what was committed is ended");
	ok(keep_finish(k, id) == 0, "and can be ended again");
	snprintf(from, sizeof(from), "%s/keep/pull", root);
	snprintf(to, sizeof(to), "%s/keep/away", root);
	if (rename(from, to) == -1)
		abort();
	ok(keep_finish(k, id) == -1 && errno == ENOENT,
	    "none is ended while keep/pull is away");
	if (rename(to, from) == -1)
		abort();
}

/* A commit that cannot be ended, for new/ is away; it is back then. */
static int
unfinished(struct keep *k, int from, const char *id)
{
	char path[512], away[512];
	int result;

	snprintf(path, sizeof(path), "%s/new", root);
	snprintf(away, sizeof(away), "%s/away", root);
	if (rename(path, away) == -1)
		abort();
	result = keep_commit(step(k, from, id)) == 1 && errno == ENOENT &&
	    state(k) == from + 1 && names("keep/pull") == 2;
	if (rename(away, path) == -1)
		abort();
	return (result);
}

static void
check_unfinished(struct keep *k)
{
	char from[512], to[512], id[UUID_TEXT];
	int before = names("new");
	unsigned int n;

	ok(unfinished(k, 7, NULL), "a commit that cannot be ended says so");
	ok(names("new") == before, "its record is not there");
	ok(keep_replay(k, &n, &n) == 0 && names("new") == before + 1 &&
	    names("keep/pull") == 1, "and is, when it is ended");
	uuid_v7(id);
	if (!unfinished(k, 8, id))
		abort();
	snprintf(from, sizeof(from), "%s/keep/pull/%s/%s", root, id, id);
	snprintf(to, sizeof(to), "%s/new/%s", root, id);
	ok(link(from, to) == 0 && keep_finish(k, id) == 0 &&
	    names("new") == before + 2 && names("keep/pull") == 1,
	    "a record with both its names, too");
}

/* Steps from the state that is there, until it is killed. */
static void
run(void)
{
	struct spool *s = spool_open(root);
	struct keep *k = keep_open(s, "pull");
	unsigned int n;

	if (k == NULL || keep_replay(k, &n, &n) == -1)
		abort();
	for (;;)
		if (keep_commit(step(k, state(k) == -1 ? 0 : state(k),
		    NULL)) != 0)
			abort();
}

/* The steps that the records tell of: is each there once, up to n? */
static int
chain(int n)
{
	char path[512], *seen, text[64];
	struct record r;
	struct dirent *entry;
	const char *why;
	int fd, from, to, good = 1, i;
	DIR *d;

	seen = calloc((size_t)n + 1, 1);
	snprintf(path, sizeof(path), "%s/new", root);
	d = opendir(path);
	while ((entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		fd = openat(dirfd(d), entry->d_name, O_RDONLY);
		good &= record_read(&r, fd, &why) == 0 &&
		    record_check(&r, fd, &why) == 0;
		memset(text, 0, sizeof(text));
		if (pread(fd, text, sizeof(text) - 1, (off_t)r.head) == -1 ||
		    sscanf(text, "%d %d", &from, &to) != 2)
			abort();
		good &= from >= 0 && from < n && to == from + 1 && !seen[from];
		if (from >= 0 && from < n)
			seen[from] = 1;
		record_clear(&r);
		close(fd);
	}
	closedir(d);
	for (i = 0; i < n; i++)
		good &= seen[i];
	free(seen);
	return (good);
}

static void
check_kills(struct keep *k)
{
	char command[600], fact[64];
	unsigned int n;
	int i, status, died = 1;
	pid_t pid;

	snprintf(command, sizeof(command), "rm -rf %s/new/* %s/keep/pull/*",
	    root, root);
	if (system(command) != 0)
		abort();
	for (i = 0; i < KILLS; i++) {
		if ((pid = fork()) == 0)
			run();
		usleep((useconds_t)(2000 + rand() % 30000));
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		died &= WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	}
	ok(died && keep_replay(k, &n, &n) == 0, "the last kill is replayed");
	snprintf(fact, sizeof(fact), "%d kills in %d steps lose and double "
	    "none", KILLS, state(k));
	ok(state(k) > KILLS / 4 && chain(state(k)), fact);
	ok(names("tmp/pull") == 0 && names("keep/pull") == 1,
	    "nothing else is left");
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	char command[600];
	struct spool *s;
	struct keep *k;

	snprintf(root, sizeof(root), "%s/keep-%d", tmp != NULL ? tmp : "/tmp",
	    (int)getpid());
	if (spool_init(root, NULL, 0, NULL) == -1 || (s = spool_open(root)) == NULL ||
	    (k = keep_open(s, "pull")) == NULL)
		return (1);
	check_commit(k);
	check_replay(k);
	check_unfinished(k);
	check_kills(k);
	keep_close(k);
	keep_close(NULL);
	spool_close(s);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return (system(command) != 0 || failed);
}
