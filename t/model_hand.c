/* prof-spool's consumers, and what they say of what they are handed. */
#include "model.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fifo.h"
#include "spool.h"

/* The other ends of the pipes. */
struct hand {
	int		 todo, done;
	unsigned int	 window;
	struct fifo	 lines;
};

static struct hand hands[QUEUES] = { { .todo = -1, .done = -1 },
    { .todo = -1, .done = -1 }, { .todo = -1, .done = -1 } };
static struct cell *
cell_of(const char *id, unsigned int queue)
{
	unsigned int i;

	for (i = 0; i < world->nrecords; i++)
		if (strcmp(world->records[i].id, id) == 0)
			return (&world->records[i].cells[queue]);
	broken("%s is handed out, and is nobody's", id);
}

static unsigned int
how_many_out(unsigned int queue)
{
	unsigned int i, n = 0;

	for (i = 0; i < world->nrecords; i++)
		n += (unsigned int)world->records[i].cells[queue].out;
	return (n);
}

static void
all_in(unsigned int queue)
{
	unsigned int i;

	for (i = 0; i < world->nrecords; i++)
		world->records[i].cells[queue].out = 0;
}

/* "ID ATTEMPTS PATH" */
static void
handed(unsigned int queue, char *line)
{
	char *id = strsep(&line, " "), *attempts = strsep(&line, " ");
	struct cell *cell = cell_of(id, queue);

	if (attempts == NULL || line == NULL)
		broken("a line that means nothing: %s", id);
	/* It has gone since, for somebody else's reason. */
	if (cell->state != QUEUED && (cell->said != 0 || world->pressure))
		return;
	if (cell->state != QUEUED)
		broken("%s is handed out of %s, and is not there", id,
		    queue_names[queue]);
	if (cell->out)
		broken("%s is handed out of %s twice", id, queue_names[queue]);
	if (world->mono < cell->until)
		broken("%s is handed out of %s too early", id,
		    queue_names[queue]);
	if ((unsigned int)atoi(attempts) != cell->attempts)
		broken("%s of %s has %u attempts, handed out with %s", id,
		    queue_names[queue], cell->attempts, attempts);
	if (access(line, R_OK) == -1)
		broken("%s is handed out, and is not there", line);
	if (how_many_out(queue) >= hands[queue].window)
		broken("%s is handed out of %s beyond the window", id,
		    queue_names[queue]);
	cell->out = 1;
	cell->lease = world->mono + LEASE * SECOND;
	tell("  %s out of %s", id + 24, queue_names[queue]);
}

static void
read_lines(unsigned int queue)
{
	char *line;

	if (hands[queue].todo == -1)
		return;
	while ((line = fifo_line(&hands[queue].lines, hands[queue].todo)) !=
	    NULL)
		if (strcmp(line, "hello") != 0)
			handed(queue, line);
}

void
hand_read(void)
{
	unsigned int i;

	for (i = 0; i < QUEUES; i++)
		read_lines(i);
}

static int
open_pipe(unsigned int queue, const char *suffix)
{
	char name[64];
	int fd;

	snprintf(name, sizeof(name), SPOOL_PIPE "/%s.%s", queue_names[queue],
	    suffix);
	if ((fd = fifo_both(spool_dir(spool), name)) == -1 &&
	    (world->queues & 1u << queue) != 0)
		broken("no %s", name);
	return (fd);
}

/* The consumer of a queue starts, where one runs it has ended before. */
void
hand_start(unsigned int queue)
{
	struct hand *h = &hands[queue];

	if (h->todo != -1)
		close(h->todo);
	if (h->done != -1)
		close(h->done);
	h->todo = h->done = -1;
	settle();
	all_in(queue);
	memset(&h->lines, 0, sizeof(h->lines));
	world->real = 1;
	h->todo = open_pipe(queue, "todo");
	h->done = open_pipe(queue, "done");
	world->real = 0;
	if (h->todo == -1)
		return;
	/* A script says nothing; its window is 1. */
	h->window = 1;
	if (queue < 2) {
		h->window = 0;
		fifo_put(h->done, "hello");
		settle();
		h->window = 1 + dice(6);
		fifo_put(h->done, "window %u", h->window);
	}
	settle();
	read_lines(queue);
}

/* One of those that are in hand; NULL: none is. */
struct record_made *
hand_pick(unsigned int queue)
{
	unsigned int i, n = how_many_out(queue);

	if (n == 0 || hands[queue].done == -1)
		return (NULL);
	n = dice(n);
	for (i = 0; i < world->nrecords; i++)
		if (world->records[i].cells[queue].out && n-- == 0)
			break;
	return (&world->records[i]);
}

/* All bits: is it configured, and so its pipe read? */
static unsigned int
heard(unsigned int queue)
{
	return (world->queues & 1u << queue ? ~0u : 0);
}

void
hand_ok(unsigned int queue, struct record_made *made)
{
	struct cell *cell = &made->cells[queue];

	fifo_put(hands[queue].done, "%s ok", made->id);
	cell->said |= SAID_OK;
	cell->must |= SAID_OK & heard(queue);
	cell->out = 0;
	world->verdicts++;
	tell("ok %s of %s", made->id + 24, queue_names[queue]);
}

void
hand_verdict(void)
{
	unsigned int queue = dice(QUEUES), way = dice(10), seconds = dice(6);
	struct record_made *made = hand_pick(queue);
	struct cell *cell;

	if (made == NULL)
		return;
	if (way < 6) {
		hand_ok(queue, made);
		return;
	}
	cell = &made->cells[queue];
	cell->out = 0;
	world->verdicts++;
	if (way == 6) {
		fifo_put(hands[queue].done, "%s back", made->id);
		cell->until = world->mono + SECOND;
	} else if (way == 7) {
		fifo_put(hands[queue].done, "%s dead because", made->id);
		cell->said |= SAID_DEAD;
		cell->must |= SAID_DEAD & heard(queue);
	} else {
		fifo_put(hands[queue].done, "%s retry %u busy", made->id,
		    seconds);
		cell->until = world->mono + (int64_t)seconds * SECOND;
		cell->want = heard(queue) ? cell->attempts + 1 : 0;
	}
	/* A delay that cannot be written down is another one. */
	if (world->fail != 0)
		cell->until = 0;
	tell("verdict %u %s of %s", way, made->id + 24, queue_names[queue]);
}

/* What counts of a record that is not in hand is ok alone. */
void
hand_stray(void)
{
	static const char *const words[] = { "dead so", "retry 1 so", "back",
	    "what", "ok" };
	unsigned int queue = dice(QUEUES), word = dice(5);
	struct record_made *made;
	struct cell *cell;

	if (world->nrecords == 0 || hands[queue].done == -1)
		return;
	made = &world->records[dice(world->nrecords)];
	cell = &made->cells[queue];
	if (cell->out)
		return;
	fifo_put(hands[queue].done, "%s %s", made->id, words[word]);
	if (word == 4) {
		cell->said |= SAID_OK;
		if (cell->state == QUEUED)
			cell->must |= SAID_OK & heard(queue);
	}
	tell("stray %s %s of %s", made->id + 24, words[word],
	    queue_names[queue]);
}

void
hand_window(void)
{
	unsigned int queue = dice(2), n = dice(9);

	if (hands[queue].done == -1)
		return;
	hands[queue].window = n;
	fifo_put(hands[queue].done, "window %u", n);
	tell("window %u of %s", n, queue_names[queue]);
}

int
hand_is_away(unsigned int queue)
{
	return (hands[queue].todo == -1);
}
