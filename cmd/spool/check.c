#include "hand.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "spool.h"
#include "walk.h"

struct check {
	int		 root;
	struct suspects	 now;
};

static int
check_queue(const char *queue, void *arg)
{
	struct check *c = arg;
	struct account a;

	if (account_read(&a, c->root, queue, &c->now) == -1)
		return (-1);
	printf("%-20.20s %10llu %10llu %8llu %7llu %8llu %8llu\n",
	    queue, (unsigned long long)a.received,
	    (unsigned long long)a.ended[LEDGER_OK],
	    (unsigned long long)a.queued, (unsigned long long)a.dead,
	    (unsigned long long)a.ended[LEDGER_EVICTED],
	    (unsigned long long)a.ended[LEDGER_REMOVED]);
	return (0);
}

static void
print_suspects(const struct suspects *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		printf("%s %s %s\n", s->v[i].queue, s->v[i].id, s->v[i].why);
}

int
hand_check(struct spool *spool, int argc, char *argv[])
{
	struct check c = { .root = spool_dir(spool) };
	struct suspects found = { .n = 0 };
	int result;

	if (argc != 1) {
		fprintf(stderr, "prof-spool check: it takes no arguments: "
		    "%s\n", argv[1]);
		return (2);
	}
	if (account_check(c.root, &found) == -1)
		goto fail;
	printf("%-20s %10s %10s %8s %7s %8s %8s\n", "QUEUE", "RECEIVED",
	    "DELIVERED", "QUEUED", "DEAD", "EVICTED", "REMOVED");
	/* Every queue there is: dead/ has a directory for each, and none. */
	if (walk_queues(c.root, SPOOL_DEAD, check_queue, &c) == -1)
		goto fail;
	print_suspects(&found);
	result = fflush(stdout) != 0 ? hand_unwritten() :
	    found.n > 0 ? 100 : 0;
	goto out;
fail:
	result = hand_unreadable(spool);
out:
	free(found.v);
	free(c.now.v);
	return (result);
}
