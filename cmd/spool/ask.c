/*
 * prof-spool retry and rm: with the spool's lock the tool acts itself; beside
 * a daemon it asks by pipe/ctl, and waits until the directories show it.
 */
#include "hand.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fifo.h"
#include "log.h"
#include "manager.h"
#include "spool.h"
#include "stock.h"
#include "walk.h"
#include "when.h"

#define PATIENCE	(10 * WHEN_SECOND)	/* without anything happening */
#define PAUSE		20000			/* microseconds */
#define PROGRESS	(WHEN_SECOND / 4)

/* What is asked for: names of records, and where they are. */
struct wish {
	char		 queue[SPOOL_NAME_MAX + 1];
	char		 name[SPOOL_FILE_MAX];	/* as request_act has it */
	char		 path[256];		/* gone when it is done */
};

struct ask {
	struct spool	*spool;
	const char	*verb;
	const char	*prefix;	/* of the ids; "" for all */
	char		 first[UUID_TEXT];	/* id that fits the prefix */
	int		 several;	/* another fits, too */
	struct wish	*v;
	size_t		 n, cap, done;
	int64_t		 shown;		/* progress, by when_mono() */
};

static int
ask_place(const struct place *p, void *arg)
{
	struct ask *a = arg;
	size_t cap = a->cap == 0 ? 64 : 2 * a->cap;
	struct wish *v;

	if (strncmp(p->id, a->prefix, strlen(a->prefix)) != 0)
		return (0);
	if (a->first[0] == '\0')
		memcpy(a->first, p->id, UUID_TEXT);
	a->several |= strcmp(a->first, p->id) != 0;
	if (a->n == a->cap) {
		if ((v = realloc(a->v, cap * sizeof(*v))) == NULL)
			return (-1);
		a->v = v;
		a->cap = cap;
	}
	v = &a->v[a->n++];
	snprintf(v->queue, sizeof(v->queue), "%s", p->queue);
	snprintf(v->name, sizeof(v->name), "%s",
	    strcmp(p->queue, SPOOL_NONE) == 0 ? p->name : p->id);
	snprintf(v->path, sizeof(v->path), "%s", p->path);
	return (0);
}

/* Thousands take a while: on a terminal say how far it is. */
static void
ask_progress(struct ask *a)
{
	int64_t now = when_mono();

	if (!isatty(STDERR_FILENO) ||
	    (now - a->shown < PROGRESS && a->done < a->n))
		return;
	a->shown = now;
	fprintf(stderr, "\r%s: %zu of %zu%s", a->verb, a->done, a->n,
	    a->done == a->n ? "\n" : "");
}

static int
ask_done(const struct ask *a, const struct wish *w)
{
	return (faccessat(spool_dir(a->spool), w->path, F_OK,
	    AT_SYMLINK_NOFOLLOW) == -1);
}

/* No daemon runs, and none can start: do it. */
static int
ask_self(struct ask *a)
{
	struct manager m = { .spool = a->spool, .root = spool_dir(a->spool),
	    .path = spool_path(a->spool) };
	int worst = 0;
	size_t i;

	if ((m.stock = stock_new()) == NULL || load_none(&m) == -1 ||
	    load_left_over(&m) == -1)
		worst = hand_unreadable(a->spool);
	for (i = 0; worst == 0 && i < a->n; i++) {
		if (request_act(&m, a->verb, a->v[i].queue,
		    a->v[i].name) == -1)
			worst = 111;
		a->done++;
		ask_progress(a);
	}
	manager_clear(&m);
	return (worst);
}

/* Write one request; the daemon may be slow to make room. */
static int
ask_put(struct ask *a, int fd, const struct wish *w)
{
	int64_t until = when_mono() + PATIENCE;

	while (fifo_put(fd, "%s %s %s", a->verb, w->queue, w->name) == -1) {
		if (errno != EAGAIN || when_mono() > until)
			return (-1);
		usleep(PAUSE);
	}
	return (0);
}

/* Wait for all of them; as long as something happens, patiently. */
static int
ask_wait(struct ask *a)
{
	int64_t until = when_mono() + PATIENCE;

	while (a->done < a->n) {
		if (ask_done(a, &a->v[a->done])) {
			a->done++;
			until = when_mono() + PATIENCE;
			ask_progress(a);
		} else if (when_mono() > until) {
			log_err(NULL, "prof-spool did not do it in time",
			    "verb=%s queue=%s id=%s", a->verb,
			    a->v[a->done].queue, a->v[a->done].name);
			return (111);
		} else
			usleep(PAUSE);
	}
	return (0);
}

static int
ask_daemon(struct ask *a)
{
	int fd = fifo_writer(spool_dir(a->spool), SPOOL_PIPE "/ctl");
	int result = 0;
	size_t i;

	for (i = 0; fd != -1 && result == 0 && i < a->n; i++)
		result = ask_put(a, fd, &a->v[i]);
	if (fd == -1 || result == -1) {
		log_err(NULL, "cannot ask prof-spool", "spool=%s error=%s "
		    "hint=\"run it as prof-spool's user, or as root\"",
		    log_quote(spool_path(a->spool)),
		    log_quote(strerror(errno)));
		result = 111;
	} else
		result = ask_wait(a);
	if (fd != -1)
		close(fd);
	return (result);
}

static int
ask_run(struct ask *a)
{
	int lock = spool_lock(a->spool, "spool"), result;

	if (lock == -1 && errno != EWOULDBLOCK) {
		log_err(NULL, "cannot lock the spool", "spool=%s error=%s "
		    "hint=\"run it as prof-spool's user, or as root\"",
		    log_quote(spool_path(a->spool)),
		    log_quote(strerror(errno)));
		return (111);
	}
	result = lock != -1 ? ask_self(a) : ask_daemon(a);
	if (lock != -1)
		close(lock);
	if (result == 0)
		printf("%zu\n", a->n);
	return (result);
}

/* -a, or one id, and -q. -1: wrong. */
static int
ask_options(int argc, char *argv[], int *all, const char **queue,
    const char **prefix)
{
	int c;

	optind = 1;
	while ((c = getopt(argc, argv, "+aq:")) != -1)
		if (c == 'a')
			*all = 1;
		else if (c == 'q')
			*queue = optarg;
		else
			return (-1);
	if (optind < argc)
		*prefix = argv[optind++];
	return (optind == argc ? 0 : -1);
}

/* Collect the wishes and see that they are what was meant. 0, or exit code. */
static int
ask_collect(struct ask *a, const char *state, const char *queue)
{
	int root = spool_dir(a->spool);

	if (walk(root, state, queue, ask_place, a) == -1)
		return (hand_unreadable(a->spool));
	if (*a->prefix == '\0')
		return (0);
	if (a->n == 0 || a->several) {
		log_err(NULL, a->n == 0 ? "no such record" :
		    "several records begin so", "id=%s hint=\"prof-spool ls "
		    "%s lists them\"", log_quote(a->prefix),
		    strcmp(a->verb, "retry") == 0 ? SPOOL_DEAD : "-l");
		return (100);
	}
	return (0);
}

int
hand_retry(struct spool *spool, int argc, char *argv[])
{
	struct ask a = { .spool = spool, .verb = "retry", .prefix = "" };
	const char *queue = NULL;
	int all = 0, result;

	if (ask_options(argc, argv, &all, &queue, &a.prefix) == -1 ||
	    all != (*a.prefix == '\0')) {
		fprintf(stderr, "prof-spool retry: one id, or -a for all\n"
		    "usage: prof-spool retry [-q queue] id | -a\n");
		return (2);
	}
	if (hand_no_queue(spool, queue) != 0)
		return (100);
	result = ask_collect(&a, SPOOL_DEAD, queue);
	if (result == 0)
		result = ask_run(&a);
	free(a.v);
	return (result);
}

int
hand_rm(struct spool *spool, int argc, char *argv[])
{
	struct ask a = { .spool = spool, .verb = "rm", .prefix = "" };
	const char *queue = NULL;
	int all = 0, result;

	if (ask_options(argc, argv, &all, &queue, &a.prefix) == -1 || all ||
	    (*a.prefix == '\0' && queue == NULL)) {
		fprintf(stderr, "prof-spool rm: one id, or -q for all of a "
		    "queue\nusage: prof-spool rm [-q queue] id | -q queue\n");
		return (2);
	}
	if (hand_no_queue(spool, queue) != 0)
		return (100);
	result = ask_collect(&a, SPOOL_QUEUE, queue);
	if (result != 111)
		result = ask_collect(&a, SPOOL_DEAD, queue);
	if (result == 0)
		result = ask_run(&a);
	free(a.v);
	return (result);
}
