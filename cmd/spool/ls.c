#include "hand.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "file.h"
#include "log.h"
#include "record.h"
#include "spool.h"
#include "walk.h"
#include "when.h"

#define WHY_MAX	65536

struct listing {
	struct spool	*spool;
	int		 is_long;
};

/* The reason in a dead record's .why, or "-". */
static void
dead_reason(int root, const struct place *p, struct buf *b)
{
	char name[300], *line, *end;

	b->len = 0;
	snprintf(name, sizeof(name), "%s.why", p->path);
	if (strcmp(p->state, SPOOL_DEAD) != 0 ||
	    file_slurp(root, name, WHY_MAX, b) == -1 ||
	    (line = strstr(buf_str(b), "reason: ")) == NULL) {
		b->len = 0;
		buf_adds(b, "-");
		buf_str(b);
		return;
	}
	if ((end = strchr(line, '\n')) != NULL)
		*end = '\0';
	b->len = strlen(line) - 8;
	memmove(b->p, line + 8, b->len + 1);
}

/* ID STATE QUEUE KIND BYTES RECEIVED ATTEMPTS DUE REASON */
static int
ls_long(struct listing *l, const struct place *p)
{
	int root = spool_dir(l->spool), fd;
	struct record r = { .nlines = 0 };
	char due[WHEN_TEXT] = "-";
	struct buf reason = { 0 };
	const char *why;
	struct stat st;

	fd = openat(root, p->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return (errno == ENOENT ? 0 : -1);	/* moved on meanwhile */
	if (fstat(fd, &st) == -1)
		st.st_size = 0;
	if (record_read(&r, fd, &why) == -1)
		log_warn(p->id, "unreadable record", "path=%s why=%s",
		    log_quote(p->path), log_quote(why));
	close(fd);
	if (p->due != 0)
		when_format(due, p->due * WHEN_SECOND, 0);
	dead_reason(root, p, &reason);
	printf("%s %s %s %s %lld %s %u %s %s\n", p->id, p->state,
	    *p->queue != '\0' ? p->queue : "-",
	    r.kind != 0 ? record_kind_name(r.kind) : "-",
	    (long long)st.st_size, r.received != NULL ? r.received : "-",
	    p->attempts, due, reason.p);
	buf_free(&reason);
	record_clear(&r);
	return (0);
}

static int
ls_place(const struct place *p, void *arg)
{
	struct listing *l = arg;

	if (l->is_long)
		return (ls_long(l, p));
	printf("%s %s %s\n", p->id, p->state,
	    *p->queue != '\0' ? p->queue : "-");
	return (0);
}

static int
known_state(const char *state)
{
	return (strcmp(state, SPOOL_NEW) == 0 ||
	    strcmp(state, SPOOL_QUEUE) == 0 || strcmp(state, SPOOL_DEAD) == 0);
}

static int
ls_wrong(const char *what, const char *why)
{
	fprintf(stderr, "prof-spool ls: %s%s\n"
	    "usage: prof-spool ls [-l] [-q queue] [new|queue|dead]\n", why,
	    what);
	return (2);
}

int
hand_ls(struct spool *spool, int argc, char *argv[])
{
	struct listing l = { .spool = spool };
	const char *queue = NULL, *state = NULL;
	int c;

	optind = 1;
	while ((c = getopt(argc, argv, "+lq:")) != -1)
		if (c == 'l')
			l.is_long = 1;
		else if (c == 'q')
			queue = optarg;
		else
			return (ls_wrong("", "not an option of its own"));
	if (optind < argc)
		state = argv[optind++];
	if (optind < argc)
		return (ls_wrong(argv[optind], "one argument too many: "));
	if (state != NULL && !known_state(state))
		return (ls_wrong(state, "no such state: "));
	if (hand_no_queue(spool, queue) != 0)
		return (100);
	if (walk(spool_dir(spool), state, queue, ls_place, &l) == -1)
		return (hand_unreadable(spool));
	return (fflush(stdout) == 0 ? 0 : hand_unwritten());
}
