/* keep: drafts that become state, and state that goes with a record. */
#include "keep.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ok.h"
#include "record.h"
#include "spool.h"

#define LONG	200000		/* bytes that no draft holds in memory */

static char root[256];
static struct spool *spool;

/* Is there something at root/DIR/NAME? */
static int
there(const char *dir, const char *name)
{
	char path[512];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s/%s", root, dir, name);
	return (stat(path, &st) == 0);
}

static void
head(struct record *r)
{
	r->kind = RECORD_PROFILE;
	r->source = strdup("pyro");
	r->received = strdup("2026-11-22T09:57:57Z");
}

static struct draft *
draft(const char *text)
{
	struct record r = { .kind = RECORD_PROFILE };
	struct draft *d;

	head(&r);
	if ((d = draft_new(spool, "pyro", &r)) == NULL ||
	    draft_write(d, text, strlen(text)) == -1)
		abort();
	record_clear(&r);
	return (d);
}

/* A change that drops these two and has a record of that id. */
static struct keep_change *
change(struct keep *k, const char *id)
{
	struct record r = { .kind = RECORD_PROFILE };
	struct keep_change *c;
	struct draft *d;

	head(&r);
	memcpy(r.id, id, sizeof(r.id));
	if ((c = keep_begin(k, id)) == NULL ||
	    (d = keep_record(c, &r)) == NULL ||
	    draft_write(d, "ab", 2) == -1 || keep_drop(c, "a") == -1 ||
	    keep_drop(c, "b") == -1)
		abort();
	record_clear(&r);
	return (c);
}

static void
check_place(struct keep *k)
{
	struct record r = { 0 };
	const char *why;
	int fd;

	ok(keep_place(k, draft("one"), "a") == 0 && there("keep/pyro", "a"),
	    "a draft becomes state");
	fd = keep_read(k, "a");
	ok(fd != -1 && record_read(&r, fd, &why) == 0 &&
	    record_check(&r, fd, &why) == 0 && r.length == 3,
	    "which is a record");
	record_clear(&r);
	close(fd);
	ok(keep_place(k, draft("two"), "a") == -1 && errno == EEXIST,
	    "it takes no other's place");
	ok(keep_place(k, draft("two"), "b") == 0 && there("keep/pyro", "b"),
	    "another name is another state");
}

static void
check_drop(struct keep *k)
{
	char id[UUID_TEXT], from[512], to[512];
	unsigned int finished, removed;

	uuid_v7(id);
	keep_discard(change(k, id));
	ok(there("keep/pyro", "a") && there("keep/pyro", "b"),
	    "a change that is discarded drops nothing");
	ok(keep_commit(change(k, id)) == 0 && !there("keep/pyro", "a") &&
	    !there("keep/pyro", "b") && there("new", id) &&
	    !there("keep/pyro", id), "one that is committed does");
	/* Committed, and one of them still there, when the machine stopped. */
	uuid_v7(id);
	snprintf(from, sizeof(from), "%s/new", root);
	snprintf(to, sizeof(to), "%s/away", root);
	ok(rename(from, to) == 0 && keep_commit(change(k, id)) == 1 &&
	    rename(to, from) == 0 && there("keep/pyro", id) &&
	    keep_place(k, draft("two"), "b") == 0 &&
	    keep_replay(k, &finished, &removed) == 0 && finished == 1 &&
	    !there("keep/pyro", "b") && !there("keep/pyro", id) &&
	    there("new", id), "what a crash left is dropped at the start");
}

/* What was written can be read again, wherever it is. */
static void
check_read(void)
{
	struct draft *d = draft("some");
	char text[5] = "", *large = calloc(1, LONG);

	ok(draft_read(d, text, 4, 0) == 0 && strcmp(text, "some") == 0 &&
	    draft_read(d, text, 2, 2) == 0 && strcmp(text, "meme") == 0,
	    "a short draft is read in memory");
	ok(draft_read(d, text, 2, 3) == -1 && errno == EIO,
	    "but not beyond its end");
	memset(large, 'x', LONG);
	ok(draft_write(d, large, LONG) == 0 &&
	    draft_read(d, text, 4, 2) == 0 && strcmp(text, "mexx") == 0 &&
	    draft_read(d, text, 4, LONG) == 0 && strcmp(text, "xxxx") == 0,
	    "a long one in its file");
	ok(draft_read(d, text, 4, LONG + 1) == -1 && errno == EIO,
	    "nor there beyond its end");
	draft_discard(d);
	free(large);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	char command[600];
	struct keep *k;

	snprintf(root, sizeof(root), "%s/place-%d",
	    tmp != NULL ? tmp : "/tmp", (int)getpid());
	if (spool_init(root, NULL, 0, NULL) == -1 ||
	    (spool = spool_open(root)) == NULL ||
	    (k = keep_open(spool, "pyro")) == NULL)
		return (1);
	check_place(k);
	check_drop(k);
	check_read();
	keep_close(k);
	spool_close(spool);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return (system(command) != 0 || failed);
}
