#include "hand.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spool.h"
#include "walk.h"
#include "when.h"

#define HUMAN	32	/* room for a number a person reads */

/* What stands in one queue, or in new/. */
struct sum {
	char		 name[SPOOL_NAME_MAX + 1];
	unsigned long	 queued, waiting, dead;
	uint64_t	 bytes;		/* of disk, of its own names */
	int64_t		 oldest;	/* unix milliseconds, 0: none */
};

struct sums {
	struct spool	*spool;
	struct sum	*v;
	size_t		 n;
	int64_t		 now;		/* unix seconds */
};

static struct sum *
sum_of(struct sums *s, const char *queue)
{
	struct sum *v;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->v[i].name, queue) == 0)
			return (&s->v[i]);
	if ((v = realloc(s->v, (s->n + 1) * sizeof(*v))) == NULL)
		return (NULL);
	s->v = v;
	memset(&v[s->n], 0, sizeof(*v));
	snprintf(v[s->n].name, sizeof(v->name), "%s", queue);
	return (&v[s->n++]);
}

static int
sum_place(const struct place *p, void *arg)
{
	struct sums *s = arg;
	struct sum *sum = sum_of(s, p->queue);
	struct stat st;

	if (sum == NULL)
		return (-1);
	if (fstatat(spool_dir(s->spool), p->path, &st,
	    AT_SYMLINK_NOFOLLOW) == -1)
		return (0);	/* moved on meanwhile */
	sum->bytes += (uint64_t)st.st_blocks * 512;
	if (strcmp(p->state, SPOOL_DEAD) == 0) {
		sum->dead++;
		return (0);
	}
	if (p->due > s->now)
		sum->waiting++;
	else
		sum->queued++;
	if (sum->oldest == 0 || uuid_time(p->id) < sum->oldest)
		sum->oldest = uuid_time(p->id);
	return (0);
}

static int
sum_queue(const char *queue, void *arg)
{
	return (sum_of(arg, queue) == NULL ? -1 : 0);
}

static int
by_name(const void *a, const void *b)
{
	const struct sum *x = a, *y = b;

	return (strcmp(x->name, y->name));
}

/* 12, 3.4M, 5.6G: at most six characters. */
static const char *
human_bytes(char out[HUMAN], uint64_t bytes)
{
	static const char units[] = "BKMGTPE";
	double v = (double)bytes;
	size_t i = 0;

	for (; v >= 1000 && units[i + 1] != '\0'; i++)
		v /= 1024;
	snprintf(out, HUMAN, i == 0 || v >= 10 ? "%.0f%c" : "%.1f%c", v,
	    units[i]);
	return (out);
}

/* 45s, 12m, 3h, 9d. */
static const char *
human_age(char out[HUMAN], int64_t seconds)
{
	if (seconds < 0)
		seconds = 0;
	if (seconds < 120)
		snprintf(out, HUMAN, "%llds", (long long)seconds);
	else if (seconds < 7200)
		snprintf(out, HUMAN, "%lldm", (long long)seconds / 60);
	else if (seconds < 172800)
		snprintf(out, HUMAN, "%lldh", (long long)seconds / 3600);
	else
		snprintf(out, HUMAN, "%lldd", (long long)seconds / 86400);
	return (out);
}

static void
print_sums(const struct sums *s)
{
	char bytes[HUMAN], age[HUMAN];
	uint64_t left;
	size_t i;

	printf("%-32s %8s %8s %8s %7s %7s\n", "QUEUE", "READY", "WAITING",
	    "DEAD", "BYTES", "OLDEST");
	for (i = 0; i < s->n; i++)
		printf("%-32s %8lu %8lu %8lu %7s %7s\n",
		    s->v[i].name[0] != '\0' ? s->v[i].name : "(new)",
		    s->v[i].queued, s->v[i].waiting, s->v[i].dead,
		    human_bytes(bytes, s->v[i].bytes), s->v[i].oldest == 0 ?
		    "-" : human_age(age, s->now - s->v[i].oldest / 1000));
	if (spool_free(s->spool, &left) == 0)
		printf("free on disk: %s%s\n", human_bytes(bytes, left),
		    spool_is_full(s->spool) ? " (the spool is full)" : "");
}

int
hand_stat(struct spool *spool, int argc, char *argv[])
{
	struct sums s = { .spool = spool, .now = when_now() / WHEN_SECOND };
	int result = 0;

	if (argc != 1) {
		fprintf(stderr, "prof-spool stat: it takes no arguments: "
		    "%s\n", argv[1]);
		return (2);
	}
	if (sum_of(&s, "") == NULL ||
	    walk_queues(spool_dir(spool), SPOOL_QUEUE, sum_queue, &s) == -1 ||
	    walk(spool_dir(spool), NULL, NULL, sum_place, &s) == -1)
		result = hand_unreadable(spool);
	else {
		qsort(s.v, s.n, sizeof(*s.v), by_name);
		print_sums(&s);
		if (fflush(stdout) != 0)
			result = hand_unwritten();
	}
	free(s.v);
	return (result);
}
