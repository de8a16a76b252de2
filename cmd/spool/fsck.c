/*
 * prof-spool fsck: name every inconsistency of a spool; with -y mend what can
 * be, deleting nothing that is the last name of bytes a client sent.
 *
 * Others are at work meanwhile, so that a finding must be there in every one
 * of several looks before it is named. With -y the spool's lock is taken if it
 * is free. Beside a daemon only that is mended which the daemon leaves alone.
 * A mend can lay open another fault, so that after it comes another pass.
 */
#include "hand.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fsck.h"
#include "log.h"
#include "spool.h"

#define ROUNDS_BUSY	10	/* looks at a spool that is at work */
#define ROUNDS		2
#define PAUSE		200000	/* microseconds between two */
#define PASSES		10	/* of mending */

/* One look at everything. -1: errno. */
static int
look(struct fsck *f)
{
	findings_clear(&f->now);
	fsck_forget(f);
	f->failed = 0;
	fsck_queues(f);
	fsck_parts(f);
	fsck_queue_parts(f);
	fsck_tree(f);
	fsck_dead(f);
	fsck_records(f);
	fsck_ids(f);
	fsck_drafts(f);
	fsck_ledgers(f);
	errno = f->failed;
	return (f->failed == 0 ? 0 : -1);
}

/* Look until what is found is no passing thing. */
static int
look_twice(struct fsck *f)
{
	int rounds, round;

	rounds = f->lock == -1 && fsck_held(f, "spool") ? ROUNDS_BUSY : ROUNDS;
	for (round = 0; round < rounds; round++) {
		if (round > 0)
			usleep(PAUSE);
		findings_clear(&f->before);
		f->before = f->now;
		memset(&f->now, 0, sizeof(f->now));
		if (look(f) == -1)
			return (-1);
		if (round > 0)
			findings_keep(&f->now, &f->before);
		if (f->now.n == 0)
			break;
	}
	return (0);
}

static void
say(const struct finding *it, const char *remedy)
{
	char shown[4 * FSCK_PATH];

	fsck_quote(shown, it->path);
	printf("%s: %s: %s%s\n", shown, it->what,
	    it->error != 0 ? "not mended: " : "", remedy);
}

/* Mend what can be of what was found: sums, or all else. How many. */
static size_t
mend_some(struct fsck *f, int sums)
{
	struct finding *it;
	const char *did;
	size_t i, mended = 0;

	for (i = 0; i < f->now.n; i++) {
		it = &f->now.v[i];
		if ((it->remedy == REMEDY_COUNT) == sums &&
		    (did = fsck_mend(f, it)) != NULL) {
			say(it, did);
			mended++;
		}
	}
	return (mended);
}

/* The sums only when there is nothing else, for everything changes them. */
static size_t
mend_all(struct fsck *f)
{
	size_t mended = mend_some(f, 0);

	return (mended > 0 ? mended : mend_some(f, 1));
}

/* Not held yet: the first pass may have had to make its directory. */
static int
take_lock(struct fsck *f)
{
	if (!f->mend || f->lock != -1)
		return (0);
	f->lock = spool_lock(f->spool, "spool");
	if (f->lock == -1 && errno != EWOULDBLOCK && errno != ENOENT &&
	    errno != ENOTDIR)
		return (-1);
	return (0);
}

/* Look and mend until nothing more can be; f->now is then what is left. */
static int
pass_all(struct fsck *f)
{
	size_t mended;
	int pass;

	for (pass = 0;; pass++) {
		if (take_lock(f) == -1 || look_twice(f) == -1)
			return (-1);
		/* Now it is known whose the spool is. */
		if (f->lock != -1)
			fsck_give(f, SPOOL_LOCK "/spool");
		if (!f->mend || pass == PASSES || (mended = mend_all(f)) == 0)
			return (0);
		f->mended += mended;
	}
}

/* An exit code. */
static int
run(struct fsck *f)
{
	size_t i;

	if (pass_all(f) == -1) {
		log_err(NULL, "cannot check the spool", "error=%s",
		    log_quote(strerror(errno)));
		return (111);
	}
	for (i = 0; i < f->now.n; i++)
		say(&f->now.v[i], fsck_left(f, &f->now.v[i]));
	if (isatty(STDOUT_FILENO))
		printf("%zu names of records, %zu findings, %zu mended\n",
		    f->nsights, f->now.n + f->mended, f->mended);
	if (fflush(stdout) == EOF)
		return (111);
	return (f->now.n > 0 ? 100 : 0);
}

int
hand_fsck(struct spool *spool, int argc, char *argv[])
{
	struct fsck f = { .spool = spool, .root = spool_dir(spool),
	    .lock = -1 };
	int c, result;

	optind = 1;
	while ((c = getopt(argc, argv, "+y")) != -1 && c == 'y')
		f.mend = 1;
	if (c != -1 || optind < argc) {
		fprintf(stderr, "prof-spool fsck: -y is all it takes\n"
		    "usage: prof-spool fsck [-y]\n");
		return (2);
	}
	if (fsck_is_none(&f)) {
		log_err(NULL, "this is no spool",
		    "spool=%s hint=\"prof-spool init makes what is missing\"",
		    log_quote(spool_path(spool)));
		return (111);
	}
	f.terminal = isatty(STDERR_FILENO);
	result = run(&f);
	if (f.lock != -1)
		close(f.lock);
	fsck_forget(&f);
	findings_clear(&f.now);
	findings_clear(&f.before);
	free(f.proofs.v);
	return (result);
}
