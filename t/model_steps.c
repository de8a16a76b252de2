/*
 * What happens to prof-spool: producers, consumers, operators, the clock, the
 * disk. It is a life of the manager, which goes on until this says so.
 */
#include "model.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "fifo.h"
#include "record.h"
#include "spool.h"

#define DIED		137

static struct event_base *base;
struct spool *spool;

void
settle(void)
{
	int i;

	for (i = 0; i < 6; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
}

/* Leases that are over by now are so for the manager's next tick, too. */
static void
advance(int64_t ns)
{
	unsigned int i, j;
	struct cell *cell;

	world->mono += ns;
	world->wall += ns;
	settle();
	for (i = 0; i < world->nrecords; i++)
		for (j = 0; j < QUEUES; j++) {
			cell = &world->records[i].cells[j];
			if (cell->out && cell->lease <= world->mono)
				cell->out = 0;
		}
	check(0);
	hand_read();
}

static void
step_request(void)
{
	unsigned int queue = dice(QUEUES), retry = dice(2);
	struct record_made *made;
	struct cell *cell;
	int ctl;

	if (world->nrecords == 0)
		return;
	made = &world->records[dice(world->nrecords)];
	cell = &made->cells[queue];
	if (!retry && dice(3) != 0)
		return;
	world->real = 1;
	ctl = fifo_writer(spool_dir(spool), SPOOL_PIPE "/ctl");
	world->real = 0;
	fifo_put(ctl, "%s %s %s", retry ? "retry" : "rm", queue_names[queue],
	    made->id);
	close(ctl);
	if (retry && cell->state == DEAD) {
		cell->said |= ASKED_RETRY;
		cell->must |= ASKED_RETRY;
	} else if (!retry && (cell->state == QUEUED || cell->state == DEAD)) {
		cell->said |= ASKED_RM;
		cell->must |= ASKED_RM;
	}
	tell("%s %s %s", retry ? "retry" : "rm", queue_names[queue],
	    made->id + 24);
}

void
steps_configure(void)
{
	char path[OP_PATH];
	unsigned int i;
	FILE *f;

	snprintf(path, sizeof(path), "%s/conf", world->dir);
	if ((f = fopen(path, "we")) == NULL)
		broken("%s", path);
	/* What is beside the manager in its process is not confined. */
	fprintf(f, "[security]\nsandbox = off\n[profile]\ngenerate_metrics = false\n"
	    "[profile.io_config]\ncache_path = %s/spool\n"
	    "cache_capacity_mb = %u\nwhen_full = %s\nlease = %llds\n"
	    "retry_min = 10ms\nretry_max = 2s\n", world->dir, world->capacity,
	    world->reject ? "reject" : "evict", (long long)LEASE);
	for (i = 0; i < QUEUES; i++)
		if (world->queues & 1u << i)
			fprintf(f, "[destination.%s]\n%s\n"
			    "accept = %s%s%s\n", queue_names[i], i == 2 ?
			    "type = external\ncommand = true" :
			    "type = file\nurl = file:/nowhere",
			    queue_accepts[i] & RECORD_PROFILE ? "profile" : "",
			    queue_accepts[i] == 3 ? "," : "",
			    queue_accepts[i] & RECORD_METRIC ? "metric" : "");
	fclose(f);
}

/* A destination comes or goes, or the capacity changes. */
static void
step_configure(void)
{
	unsigned int i;

	for (i = 0; i < world->nrecords; i++)
		if (world->records[i].pending)
			return;
	if (dice(2) == 0)
		world->queues ^= 1u << (1 + dice(2));
	else
		world->reject = !world->reject;
	tell("configured: queues %x, %s", world->queues,
	    world->reject ? "reject" : "evict");
	steps_configure();
	raise(SIGHUP);
	settle();
	advance(3 * SECOND);
	for (i = 0; i < QUEUES; i++)
		if (hand_is_away(i) && (world->queues & 1u << i))
			hand_start(i);
}

static void
step_clock(void)
{
	int64_t jump = (int64_t)dice(200000) - 100000;

	world->wall += jump * SECOND;
	tell("clock jumps %lld s", (long long)jump);
}

static void
step_wait(void)
{
	int64_t ms = dice(3) == 0 ? dice(40000) : dice(1500);

	tell("wait %lld ms", (long long)ms);
	advance(ms * 1000000);
}

static void
step_any(void)
{
	static void (*const steps[])(void) = { put_step, put_step, put_step,
	    put_step, hand_verdict, hand_verdict, hand_verdict, hand_verdict,
	    hand_stray, step_request, step_wait, step_wait, hand_window,
	    put_again };

	steps[dice(sizeof(steps) / sizeof(steps[0]))]();
}

/* The disk refuses, and then works again: at once all is as it was. */
static void
step_refuse(void)
{
	static const int errors[] = { 28, 5, 122, 24 };	/* ENOSPC EIO EDQUOT
							   EMFILE */
	int n = 1 + (int)dice(4);

	world->share = 10 + dice(91);
	world->chance = dice(1u << 30);
	tell("the disk refuses %u of 100 calls", world->share);
	world->fail = errors[dice(4)];
	while (n-- > 0) {
		step_any();
		settle();
		check(0);
		hand_read();
	}
	world->fail = 0;
	advance(3 * SECOND);
	advance(2 * SECOND);
	tell("the disk works");
}

/* It dies at one of the next calls, or when they are over; the power goes. */
static void
step_kill(void)
{
	int n = 1 + (int)dice(4);

	world->will_cut = (int)dice(2);
	world->kill_in = 1 + (long)dice(dice(2) == 0 ? 12 : 60);
	tell("killed within %ld calls", world->kill_in);
	while (n-- > 0) {
		step_any();
		settle();
		check(0);
		hand_read();
	}
	_exit(DIED);
}

static void
step(void)
{
	unsigned int what = dice(40);

	if (what == 0)
		step_kill();
	else if (what == 1)
		step_refuse();
	else if (what == 2)
		step_configure();
	else if (what == 3)
		step_clock();
	else if (what == 4)
		hand_start(dice(QUEUES));
	else
		step_any();
}

/* Nothing more happens, and every queue runs empty. */
static void
finale(void)
{
	struct record_made *made;
	unsigned int i, round, left = 1;

	tell("the end");
	for (i = 0; i < QUEUES; i++)
		hand_start(i);
	for (round = 0; left > 0 && round < 300; round++) {
		advance(20 * SECOND);
		for (i = 0; i < QUEUES; i++)
			while ((made = hand_pick(i)) != NULL)
				hand_ok(i, made);
		settle();
		check(1);
		hand_read();
		for (i = left = 0; i < world->nrecords * QUEUES; i++)
			left += world->records[i / QUEUES].
			    cells[i % QUEUES].state == QUEUED &&
			    (world->queues & 1u << i % QUEUES) != 0;
	}
	if (left > 0)
		broken("%u are not delivered in the end", left);
	check(1);
	world->over = 1;
}

/* What the last life had in hand and in mind is nobody's. */
static void
begin(void)
{
	unsigned int i, j;
	struct cell *cell;

	/* Where it was armed to die later than it did, it may have died over
	 * its start. */
	world->kill_in = 0;
	world->fail = 0;
	world->lives++;
	for (i = 0; i < world->nrecords; i++)
		for (j = 0; j < QUEUES; j++) {
			cell = &world->records[i].cells[j];
			cell->out = 0;
			cell->until = 0;
			cell->must = cell->want = 0;
		}
	dice_begin(world->seed, 1000 + world->step);
	settle();
	check(0);
	for (i = 0; i < QUEUES; i++)
		hand_start(i);
	advance(SECOND);
	settle();
	check(1);
	hand_read();
}

void
steps_run(struct event_base *b, struct spool *s)
{
	base = b;
	spool = s;
	begin();
	while (world->step < world->steps) {
		dice_begin(world->seed, world->step);
		if (world->skip[world->step++])
			continue;
		step();
		settle();
		check(1);
		hand_read();
	}
	finale();
}
