#include "hand.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "answer.h"
#include "conf.h"
#include "delivery.h"
#include "destination.h"
#include "log.h"
#include "pool.h"
#include "stream.h"

struct hand {
	struct destination *to;
	const char	*shown;
	char		**files;
	size_t		 n;
	size_t		 next;		/* of files */
	struct event	*more;

	struct stream	*stream;	/* the file being read as one */
	int		 stream_fd;
	int		 reading;	/* a thread is, for one record more */
	int		 got;		/* what it got, as stream_next says */
	int		 got_fd;
	int		 got_errno;
	const char	*why;

	unsigned int	 active;
	size_t		 sent;
	size_t		 failed;
	int		 terminal;
	int		 broken;	/* standard output */
	int		 worst;
};

/* One record, and the file it stands in. */
struct errand {
	struct hand	*hand;
	const char	*file;
};

static const char *
hand_file(const struct hand *h)
{
	return (h->files[h->next - 1]);
}

/* A line of what became of a record, and its part of the exit code. */
static void
hand_report(struct hand *h, const char *name, enum answer_kind kind,
    const char *reason)
{
	int code = kind == ANSWER_OK ? 0 : kind == ANSWER_DEAD ? 100 : 111;

	if (kind == ANSWER_OK)
		h->sent++;
	else
		h->failed++;
	if (code > h->worst)
		h->worst = code;
	if (h->terminal)
		fputs("\r\033[K", stderr);
	if (printf("%s %s %s %s\n", name, h->shown, answer_word(kind),
	    reason) < 0 || fflush(stdout) == EOF) {
		if (!h->broken)
			log_err(NULL, "cannot write the output", "error=%s",
			    log_quote(strerror(errno)));
		h->broken = 1;
	}
	if (h->terminal)
		fprintf(stderr, "%zu sent, %zu not, %zu files to go",
		    h->sent, h->failed, h->n - h->next);
}

static void
hand_fault(struct hand *h, int error, const char *why)
{
	char reason[ANSWER_REASON];

	snprintf(reason, sizeof(reason), "%s%s%s", why,
	    error != 0 ? ": " : "", error != 0 ? strerror(error) : "");
	hand_report(h, hand_file(h), error != 0 ? ANSWER_RETRY : ANSWER_DEAD,
	    reason);
}

static void
on_delivered(struct delivery *d, void *arg)
{
	const struct answer *a = delivery_answer(d);
	const char *id = delivery_id(d), *warning = delivery_warning(d);
	struct errand *e = arg;
	struct hand *h = e->hand;

	if (warning != NULL)
		log_warn(id, "odd record", "warning=%s", log_quote(warning));
	hand_report(h, id != NULL ? id : e->file, a->kind, a->reason);
	h->active--;
	delivery_free(d);
	free(e);
	event_active(h->more, EV_TIMEOUT, 0);
}

/* fd has one record. */
static void
hand_begin(struct hand *h, int fd)
{
	struct errand *e = malloc(sizeof(*e));
	struct delivery *d;

	if (e == NULL) {
		close(fd);
		hand_fault(h, ENOMEM, "cannot begin");
		return;
	}
	e->hand = h;
	e->file = hand_file(h);
	d = delivery_new(h->to, NULL, fd, NULL, 0, on_delivered, e);
	if (d == NULL) {
		free(e);
		hand_fault(h, ENOMEM, "cannot begin");
		return;
	}
	h->active++;
	delivery_start(d);
}

static void
hand_stream_end(struct hand *h)
{
	stream_free(h->stream);
	h->stream = NULL;
	if (h->stream_fd != STDIN_FILENO)
		close(h->stream_fd);
}

/* In a thread. */
static void
next(void *arg)
{
	struct hand *h = arg;

	h->got = stream_next(h->stream, &h->got_fd, &h->why);
	h->got_errno = errno;
}

static void
on_next(void *arg)
{
	struct hand *h = arg;

	h->reading = 0;
	if (h->got == 1)
		hand_begin(h, h->got_fd);
	else {
		if (h->got == -1)
			hand_fault(h, h->got_errno, h->why);
		hand_stream_end(h);
	}
	event_active(h->more, EV_TIMEOUT, 0);
}

/* A plain file is one record; standard input, or a pipe, a stream of them. */
static void
hand_open(struct hand *h)
{
	const char *file = h->files[h->next++];
	struct stat st;
	int fd;

	fd = strcmp(file, "-") == 0 ? STDIN_FILENO :
	    open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd == -1 || fstat(fd, &st) == -1) {
		hand_fault(h, errno, "cannot open");
		if (fd != -1)
			close(fd);
	} else if (S_ISREG(st.st_mode) && fd != STDIN_FILENO)
		hand_begin(h, fd);
	else {
		h->stream_fd = fd;
		if ((h->stream = stream_new(fd)) == NULL)
			hand_fault(h, ENOMEM, "cannot read");
	}
}

static void
on_more(evutil_socket_t fd, short what, void *arg)
{
	struct hand *h = arg;

	(void)fd;
	(void)what;
	while (!h->broken && !h->reading &&
	    h->active < h->to->d->workers) {
		if (h->stream != NULL) {
			h->reading = 1;
			if (pool_run(h->to->pool, next, on_next, h) == -1) {
				h->reading = 0;
				hand_fault(h, ENOMEM, "cannot read");
				hand_stream_end(h);
			}
		} else if (h->next < h->n)
			hand_open(h);
		else
			break;
	}
	if (h->active == 0 && !h->reading)
		event_base_loopbreak(h->to->base);
}

int
hand_send(struct destination *to, const char *shown, char **files, size_t n)
{
	struct hand h = { .to = to, .shown = shown, .files = files, .n = n };

	h.terminal = isatty(STDERR_FILENO);
	h.more = event_new(to->base, -1, 0, on_more, &h);
	if (h.more == NULL)
		return (111);
	event_active(h.more, EV_TIMEOUT, 0);
	if (event_base_loop(to->base, EVLOOP_NO_EXIT_ON_EMPTY) == -1)
		h.worst = 111;
	event_free(h.more);
	if (h.stream != NULL)
		hand_stream_end(&h);
	if (h.terminal)
		fputs("\n", stderr);
	return (h.broken ? 111 : h.worst);
}
