/*
 * Lines of pipe/NAME.done, as prof-spool reads them, and of pipe/ctl: a verdict
 * counts for a record that is there to be answered for, and nothing else does.
 */
/* parts: t/scratch.o cmd/spool/consumer.o cmd/spool/heap.o cmd/spool/ids.o */
/* parts: cmd/spool/queue.o cmd/spool/request.o cmd/spool/stock.o */
/* covers: cmd/spool/consumer.c:consumer_read */
/* covers: cmd/spool/consumer.c:consumer_verdict */
/* covers: cmd/spool/consumer.c:consumer_window cmd/spool/request.c */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "../cmd/spool/manager.h"
#include "../cmd/spool/move.h"
#include "../cmd/spool/queue.h"
#include "../cmd/spool/stock.h"
#include "fifo.h"
#include "file.h"
#include "ledger.h"
#include "must.h"
#include "scratch.h"
#include "spool.h"
#include "when.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define MOST	32768		/* bytes: a pipe takes them at once */
#define RECORDS	4

/* The rest of prof-spool, without a disk. */

void
verdict_ok(struct consumer *c, struct entry *e)
{
	must(e->state != ENTRY_DEAD);
	queue_remove(c->queue, e);
}

void
verdict_ok_again(struct consumer *c)
{
	(void)c;
}

void
verdict_retry(struct consumer *c, struct entry *e, int64_t delay,
    const char *reason)
{
	must(e->state == ENTRY_OUT && strlen(reason) < FIFO_LINE);
	must(delay >= 0 && delay <= 3600 * WHEN_SECOND);
	must(queue_wait(c->queue, e, 1) == 0);
}

void
verdict_back(struct consumer *c, struct entry *e)
{
	must(e->state == ENTRY_OUT);
	must(queue_wait(c->queue, e, 1) == 0);
}

void
verdict_dead(struct consumer *c, struct entry *e, const char *reason)
{
	must(e->state == ENTRY_OUT && strlen(reason) < FIFO_LINE);
	queue_dead(c->queue, e);
}

void
verdict_charge(struct consumer *c, struct entry *e, const char *reason)
{
	(void)reason;
	must(e->state == ENTRY_OUT);
	must(queue_wait(c->queue, e, 1) == 0);
}

/* What is moved is a name in a queue, and no path. */
static int
moved(const char *name)
{
	must(strlen(name) >= UUID_LEN && strchr(name, '/') == NULL);
	return (0);
}

int
move_revived(int root, const char *queue, const char *id)
{
	must(root != -1 && strcmp(queue, "q") == 0);
	return (moved(id));
}

int
move_readmitted(int root, const char *name)
{
	must(root != -1);
	return (moved(name));
}

int
move_removed(int root, const char *state, const char *queue, const char *name)
{
	must(root != -1 && (strcmp(queue, "q") == 0 ||
	    (strcmp(queue, "none") == 0 && strcmp(state, "dead") == 0)));
	return (moved(name));
}

static void
lines(struct manager *m, const uint8_t *in, size_t len)
{
	struct consumer *c = m->consumers[0];
	struct fifo requests = { .len = 0 };
	char *line;
	int done;

	done = fifo_both(m->root, SPOOL_PIPE "/q.done");
	must(done != -1 && file_write(done, in, len) == 0);
	c->done = done;
	consumer_read(c);
	must(c->window <= WINDOW);
	/* The same bytes as requests. */
	must(file_write(done, in, len) == 0);
	while ((line = fifo_line(&requests, done)) != NULL)
		request_line(m, line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	static const char id[] = "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a1%zu";
	struct spool *spool = scratch_spool();
	struct consumer *consumers[1];
	struct manager m = { .spool = spool, .root = spool_dir(spool),
	    .path = spool_path(spool), .consumers = consumers,
	    .nconsumers = 1, .stock = stock_new() };
	struct entry *e;
	char text[64];
	size_t i;

	m.base = event_base_new();
	must(m.stock != NULL && m.base != NULL &&
	    (consumers[0] = consumer_new(&m, "q")) != NULL);
	must((m.none = ledger_open(m.root, "none")) != NULL);
	consumers[0]->queue->accept = 1;
	for (i = 0; i < RECORDS; i++) {
		snprintf(text, sizeof(text), id, i);
		must((e = queue_add(consumers[0]->queue, text, i + 1, 0, 0,
		    0)) != NULL);
		if (i > 0)
			must(queue_out(consumers[0]->queue, e, 1) == 0);
		if (i == RECORDS - 1)
			queue_dead(consumers[0]->queue, e);
	}
	lines(&m, in, len < MOST ? len : MOST);
	ledger_close(m.none);
	consumer_free(consumers[0]);
	event_base_free(m.base);
	stock_free(m.stock);
	return (0);
}
