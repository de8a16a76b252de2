#include "hand.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "log.h"
#include "spool.h"
#include "walk.h"

#define ROUNDS	10	/* looks at a spool that is at work */
#define PAUSE	200000	/* microseconds between two */

struct check {
	int		 root;
	struct suspects	 now, before;	/* of this round, and the last */
	int		 print;
};

static int
check_queue(const char *queue, void *arg)
{
	struct check *c = arg;
	struct account a;

	if (account_read(&a, c->root, queue, &c->now) == -1)
		return (-1);
	if (c->print)
		printf("%-20.20s %10llu %10llu %8llu %7llu %8llu %8llu\n",
		    queue, (unsigned long long)a.received,
		    (unsigned long long)a.ended[LEDGER_OK],
		    (unsigned long long)a.queued, (unsigned long long)a.dead,
		    (unsigned long long)a.ended[LEDGER_EVICTED],
		    (unsigned long long)a.ended[LEDGER_REMOVED]);
	return (0);
}

/* Every queue there is: dead/ has a directory for each, and none. */
static int
check_round(struct check *c)
{
	free(c->before.v);
	c->before = c->now;
	memset(&c->now, 0, sizeof(c->now));
	return (walk_queues(c->root, SPOOL_DEAD, check_queue, c));
}

static void
print_suspects(const struct suspects *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		printf("%s %s %s\n", s->v[i].queue, s->v[i].id, s->v[i].why);
}

static int
check_rounds(struct check *c)
{
	int round;

	for (round = 0; round < ROUNDS; round++) {
		if (round > 0)
			usleep(PAUSE);
		if (check_round(c) == -1)
			return (-1);
		if (round > 0)
			suspects_keep(&c->now, &c->before);
		if (c->now.n == 0)
			break;
	}
	return (0);
}

int
hand_check(struct spool *spool, int argc, char *argv[])
{
	struct check c = { .root = spool_dir(spool) };
	struct suspects found = { .n = 0 };
	int result = 111;

	(void)argv;
	if (argc != 1) {
		fprintf(stderr, "usage: prof-spool check\n");
		return (2);
	}
	if (check_rounds(&c) == -1)
		goto fail;
	found = c.now;
	memset(&c.now, 0, sizeof(c.now));
	printf("%-20s %10s %10s %8s %7s %8s %8s\n", "QUEUE", "RECEIVED",
	    "DELIVERED", "QUEUED", "DEAD", "EVICTED", "REMOVED");
	c.print = 1;
	if (check_round(&c) == -1)
		goto fail;
	print_suspects(&found);
	if (fflush(stdout) == 0)
		result = found.n > 0 ? 100 : 0;
	goto out;
fail:
	log_err(NULL, "cannot read the spool", "error=%s",
	    log_quote(strerror(errno)));
out:
	free(found.v);
	free(c.now.v);
	free(c.before.v);
	return (result);
}
