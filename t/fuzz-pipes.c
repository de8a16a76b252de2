/*
 * Lines of pipe/NAME.todo, as a consumer reads them: names of records, each
 * with a path, are taken once and answered once; all else is passed over.
 */
/* parts: t/scratch.o */
/* covers: common/fifo.c:fifo_line common/pipes.c:pipes_read */
/* covers: common/pipes.c:pipes_take */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "fifo.h"
#include "file.h"
#include "must.h"
#include "pipes.h"
#include "scratch.h"
#include "spool.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define MOST	32768		/* bytes: a pipe takes them at once */

struct seen {
	struct pipes	*pipes;
	unsigned int	 names;
	unsigned int	 odd;
};

static unsigned int
window(void *arg)
{
	(void)arg;
	return (PIPES_WINDOW);
}

static void
pump(void *arg)
{
	struct seen *s = arg;
	struct pipes_name *n;

	while ((n = pipes_first(s->pipes)) != NULL) {
		must(uuid_valid(n->id) && n->path[0] == '/');
		must(memchr(n->path, '\0', sizeof(n->path)) != NULL);
		must(n->attempts <= 1000000000);
		s->names++;
		pipes_answer(n, s->names % 2 ? "ok" : "retry 1 %s", n->path);
	}
}

static void
odd(const char *line, void *arg)
{
	struct seen *s = arg;

	must(strlen(line) < FIFO_LINE);
	s->odd++;
}

static void
never(void *arg)
{
	(void)arg;
	abort();
}

/* What it said: hello and windows, and one line a name. */
static void
said(int fd, unsigned int names)
{
	struct fifo lines = { .len = 0 };
	unsigned int answered = 0;
	char *line;

	while ((line = fifo_line(&lines, fd)) != NULL)
		if (strcmp(line, "hello") != 0 &&
		    strncmp(line, "window ", 7) != 0) {
			must(strlen(line) > UUID_LEN + 2 &&
			    line[UUID_LEN] == ' ');
			answered++;
		}
	must(answered == names);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	static const struct pipes_calls calls = { .window = window,
	    .pump = pump, .odd = odd, .broken = never };
	struct event_base *base = event_base_new();
	struct spool *spool = scratch_spool();
	struct fifo rest = { .len = 0 };
	struct seen s = { NULL, 0, 0 };
	int todo, done, i;

	if (len > MOST)
		len = MOST;
	todo = fifo_both(spool_dir(spool), SPOOL_PIPE "/q.todo");
	done = fifo_both(spool_dir(spool), SPOOL_PIPE "/q.done");
	must(todo != -1 && done != -1);
	s.pipes = pipes_new(base, spool, "q", &calls, &s);
	must(s.pipes != NULL && pipes_start(s.pipes) == 0);
	must(file_write(todo, "hello\n", 6) == 0 &&
	    file_write(todo, in, len) == 0);
	for (i = 0; i < 4; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
	said(done, s.names);
	pipes_free(s.pipes);
	event_base_free(base);
	while (fifo_line(&rest, todo) != NULL)
		;
	close(todo);
	close(done);
	return (0);
}
