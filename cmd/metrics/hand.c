#include "hand.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "buf.h"
#include "file.h"
#include "log.h"
#include "order.h"
#include "report.h"
#include "stream.h"
#include "worker.h"

#define KILLS	3	/* then a record is given up */
#define PIECE	65536

struct hand {
	struct order	*order;
	struct event_base *base;
	struct worker	*worker;
	const char	*file;		/* that is being read */
	int		 killed;	/* the worker was, over it; as why says */
	char		 why[128];
	int		 worst;
};

static void
hand_worse(struct hand *h, int code)
{
	if (code > h->worst)
		h->worst = code;
}

static void
hand_fault(struct hand *h, int code, const char *why, int error)
{
	log_err(NULL, "no metrics, ever", "file=%s reason=%s%s%s",
	    log_quote(h->file), log_quote(why), error != 0 ? " error=" : "",
	    error != 0 ? log_quote(strerror(error)) : "");
	hand_worse(h, code);
}

/* Nothing has no address, which fwrite wants. */
static int
hand_write(const struct buf *b)
{
	return (b->len == 0 || fwrite(b->p, 1, b->len, stdout) == b->len ? 0 :
	    -1);
}

static void
hand_print(struct hand *h, const struct report *r)
{
	const char *part, *why;
	size_t at = 0;

	while (report_next(r, &at, &part, &why))
		log_warn(NULL, "part not used", "file=%s part=%s reason=%s",
		    log_quote(h->file), log_quote(part), log_quote(why));
	if (r->state != REPORT_MADE)
		hand_fault(h, r->state == REPORT_BAD ? 100 : 111, r->why, 0);
	if (hand_write(&r->metric) == -1 || hand_write(&r->point) == -1 ||
	    fflush(stdout) == EOF)
		hand_fault(h, 111, "cannot write", errno);
}

static void
on_report(struct report *report, const char *why, void *arg)
{
	struct hand *h = arg;

	h->killed = report == NULL;
	if (report != NULL)
		hand_print(h, report);
	else
		snprintf(h->why, sizeof(h->why), "%s", why);
	event_base_loopbreak(h->base);
}

/* fd has one record, or a bare profile. */
static void
hand_one(struct hand *h, int fd)
{
	int tries;

	for (tries = 0; tries < KILLS; tries++) {
		if (worker_give(h->worker, h->order, fd) == -1) {
			hand_fault(h, 111, "the worker cannot be started",
			    errno);
			return;
		}
		event_base_dispatch(h->base);
		if (!h->killed)
			return;
	}
	hand_fault(h, 100, h->why, 0);
}

/* One record after the other. */
static void
hand_stream(struct hand *h, int fd)
{
	struct stream *stream;
	const char *why = "";
	int one, got = -1;

	if ((stream = stream_new(fd)) == NULL) {
		hand_fault(h, 111, "cannot read", errno);
		return;
	}
	while ((got = stream_next(stream, &one, &why)) == 1) {
		hand_one(h, one);
		close(one);
	}
	if (got == -1)
		hand_fault(h, errno == 0 ? 100 : 111, why, errno);
	stream_free(stream);
}

/* A whole stream in a file of its own. */
static int
hand_copy(int fd)
{
	char piece[PIECE];
	int copy = file_temp();
	ssize_t n = 0;

	while (copy != -1 && (n = read(fd, piece, sizeof(piece))) != 0)
		if ((n == -1 && errno != EINTR) ||
		    (n > 0 && file_write(copy, piece, (size_t)n) == -1)) {
			close(copy);
			return (-1);
		}
	return (copy);
}

static void
hand_pipe(struct hand *h, int fd)
{
	int copy;

	if ((copy = hand_copy(fd)) == -1) {
		hand_fault(h, 111, "cannot read", errno);
		return;
	}
	hand_one(h, copy);
	close(copy);
}

static void
hand_file(struct hand *h, const char *file)
{
	const char *name = strrchr(file, '/');
	struct stat st;
	int fd;

	h->file = file;
	snprintf(h->order->name, sizeof(h->order->name), "%s",
	    name != NULL ? name + 1 : file);
	fd = strcmp(file, "-") == 0 ? STDIN_FILENO :
	    open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd == -1 || fstat(fd, &st) == -1)
		hand_fault(h, errno == ENOENT ? 100 : 111, "cannot open",
		    errno);
	else if (S_ISREG(st.st_mode) && fd != STDIN_FILENO)
		hand_one(h, fd);
	else if (h->order->bare)
		hand_pipe(h, fd);
	else
		hand_stream(h, fd);
	if (fd != -1 && fd != STDIN_FILENO)
		close(fd);
}

int
hand(struct order *order, char **files, size_t n)
{
	struct hand h = { .order = order };
	size_t i;

	if ((h.base = event_base_new()) == NULL ||
	    (h.worker = worker_new(h.base, on_report, &h)) == NULL) {
		log_err(NULL, "out of memory", "");
		h.worst = 111;
	}
	for (i = 0; h.worker != NULL && i < n; i++)
		hand_file(&h, files[i]);
	worker_free(h.worker);
	if (h.base != NULL)
		event_base_free(h.base);
	return (h.worst);
}
