#include "worker.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "buf.h"
#include "order.h"
#include "report.h"
#include "when.h"

#define PIECE	65536
#define HELLO	10000	/* milliseconds */
#define CLOCK	8	/* how much longer than its processor time it may
			   take by the clock, which others share */

struct worker {
	struct event_base *base;
	worker_done	*done;
	void		*arg;
	pid_t		 pid;		/* -1: none runs */
	int		 socket;
	struct event	*answer;
	struct event	*late;
	int		 busy;
	size_t		 max;		/* bytes of lines, by the order */
	struct buf	 report;	/* as far as it has come */
	unsigned long	 starts;
	char		 why[64];
};

static void	on_answer(evutil_socket_t, short, void *);

/* Become the worker, with the socket as standard input. */
static void __attribute__((noreturn))
worker_exec(int socket, pid_t parent, int confined)
{
	static char name[] = WORKER_NAME, free[] = WORKER_FREE;
	char *argv[] = { name, confined ? NULL : free, NULL };
	int null = open("/dev/null", O_WRONLY);

	/* It ends with its parent, also in the midst of a profile. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || null == -1 || dup2(null, 1) == -1 ||
	    dup2(socket, 0) == -1)
		_exit(111);
	close_range(3, ~0U, 0);
	execv("/proc/self/exe", argv);
	_exit(111);
}

/* Wait for its first byte: what cannot begin is no fault of an order. */
static int
worker_hello(struct worker *w)
{
	struct pollfd p = { .fd = w->socket, .events = POLLIN };
	char byte;

	return (poll(&p, 1, HELLO) == 1 &&
	    read(w->socket, &byte, 1) == 1 ? 0 : -1);
}

static int
worker_start(struct worker *w, int confined)
{
	pid_t parent = getpid();
	int pair[2], saved;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
		return (-1);
	if ((w->pid = fork()) == 0)
		worker_exec(pair[1], parent, confined);
	saved = errno;
	close(pair[1]);
	w->socket = pair[0];
	if (w->pid == -1 || worker_hello(w) == -1) {
		errno = w->pid == -1 ? saved : ECHILD;
		return (-1);
	}
	if (evutil_make_socket_nonblocking(pair[0]) == 0)
		w->answer = event_new(w->base, pair[0], EV_READ | EV_PERSIST,
		    on_answer, w);
	if (w->answer != NULL && event_add(w->answer, NULL) == 0) {
		w->starts++;
		return (0);
	}
	errno = ENOMEM;
	return (-1);
}

/* How it ended, for whom it may concern. */
static void
worker_why(struct worker *w, int status)
{
	if (!WIFSIGNALED(status))
		snprintf(w->why, sizeof(w->why), "exit status %d",
		    WEXITSTATUS(status));
	else
		snprintf(w->why, sizeof(w->why), "signal %d%s",
		    WTERMSIG(status), WTERMSIG(status) == SIGPROF ?
		    ", over its cpu time" : "");
}

/* Its end of the socket is closed: it is about to end, or has to be helped. */
static void
worker_reap(struct worker *w)
{
	int status = 0, tries;

	for (tries = 0; tries < 10; tries++) {
		if (waitpid(w->pid, &status, WNOHANG) != 0)
			break;
		usleep(1000);
	}
	if (tries == 10) {
		kill(w->pid, SIGKILL);
		waitpid(w->pid, &status, 0);
	}
	worker_why(w, status);
	w->pid = -1;
}

static void
worker_end(struct worker *w)
{
	if (w->answer != NULL)
		event_free(w->answer);
	w->answer = NULL;
	if (w->socket != -1)
		close(w->socket);
	w->socket = -1;
	if (w->pid != -1)
		worker_reap(w);
	w->report.len = 0;
}

/* The order is over, with a report or with why there is none. */
static void
worker_over(struct worker *w, struct report *report, const char *why)
{
	w->busy = 0;
	evtimer_del(w->late);
	w->done(report, why, w->arg);
}

static void
worker_lost(struct worker *w, const char *why)
{
	int busy = w->busy;

	worker_end(w);
	if (busy)
		worker_over(w, NULL, why != NULL ? why : w->why);
}

static void
on_late(evutil_socket_t fd, short what, void *arg)
{
	struct worker *w = arg;

	(void)fd;
	(void)what;
	kill(w->pid, SIGKILL);
	worker_lost(w, "it took too long");
}

/* The bytes so far may be a report. */
static void
worker_read(struct worker *w)
{
	struct report report = { 0 };
	int result;

	result = w->busy ? report_decode(&report, w->report.p, w->report.len,
	    w->max) : -1;
	if (result == -1) {
		kill(w->pid, SIGKILL);
		worker_lost(w, "its report makes no sense");
	} else if (result == 1) {
		w->report.len = 0;
		worker_over(w, &report, NULL);
	}
	report_clear(&report);
}

static void
on_answer(evutil_socket_t fd, short what, void *arg)
{
	struct worker *w = arg;
	ssize_t n;

	(void)what;
	if (buf_reserve(&w->report, PIECE) == -1) {
		kill(w->pid, SIGKILL);
		worker_lost(w, "out of memory");
		return;
	}
	n = read(fd, w->report.p + w->report.len, PIECE);
	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		worker_lost(w, NULL);
		return;
	}
	w->report.len += (size_t)n;
	worker_read(w);
}

struct worker *
worker_new(struct event_base *base, worker_done *done, void *arg)
{
	struct worker *w;

	if ((w = calloc(1, sizeof(*w))) == NULL)
		return (NULL);
	w->base = base;
	w->done = done;
	w->arg = arg;
	w->pid = -1;
	w->socket = -1;
	if ((w->late = evtimer_new(base, on_late, w)) == NULL) {
		free(w);
		errno = ENOMEM;
		return (NULL);
	}
	return (w);
}

void
worker_free(struct worker *w)
{
	if (w == NULL)
		return;
	if (w->busy)
		kill(w->pid, SIGKILL);
	worker_end(w);
	event_free(w->late);
	buf_free(&w->report);
	free(w);
}

void
worker_stop(struct worker *w)
{
	if (w->pid != -1)
		kill(w->pid, SIGKILL);
	worker_lost(w, "stopped");
}

int
worker_busy(const struct worker *w)
{
	return (w->busy);
}

unsigned long
worker_starts(const struct worker *w)
{
	return (w->starts);
}

int
worker_give(struct worker *w, const struct order *order, int fd)
{
	struct timeval late = when_timeval(CLOCK * order->limits.cpu);
	int tries = 0;

	/* One that has ended since the last order is no fault of this one. */
	while (w->socket == -1 || order_send(w->socket, order, fd) == -1) {
		worker_end(w);
		if (tries++ == 2 || worker_start(w, order->confined) == -1) {
			worker_end(w);
			return (-1);
		}
	}
	w->busy = 1;
	w->max = order->limits.output;
	evtimer_add(w->late, &late);
	return (0);
}
