/*
 * model - prof-spool's manager against a small model of it, at random
 *
 * usage:  model [-v] [-n sequences] [-r seed] [-s steps]
 *         -n  so many sequences (300), with seeds from -r (the time's) on
 *         -s  of so many steps each, at most 256 (80)
 *         -v  tell each step
 * writes: in a directory of its own in TMPDIR: a spool; standard output: what
 *         was tried, and of a failure its seed and the steps that it takes
 * exits:  0 nothing is wrong; 1 something is; 2 usage; 111
 *
 * A sequence is steps of producers, consumers, operators, the clock and the
 * disk; t/model_steps.c has them. The manager is the real one, linked in; its
 * event loop is ours, and so are the clock and the calls that change a
 * directory (t/model_disk.c). It lives in a child, which is killed at one of
 * those calls, and the parent forgets what a power cut forgets.
 */
/* parts: t/model_check.o t/model_disk.o t/model_hand.o t/model_put.o t/model_sight.o t/model_steps.o cmd/spool/%.o */
#include "model.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <err.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stddef.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conf.h"
#include "program.h"
#include "record.h"
#include "spool.h"
#include "../cmd/spool/manager.h"

#define DIED		137
#define BROKEN		1
#define PATIENCE	30	/* s of a life */

struct world *world;
const char *const queue_names[QUEUES] = { "a", "b", "c" };
const unsigned int queue_accepts[QUEUES] = { RECORD_PROFILE | RECORD_METRIC,
    RECORD_PROFILE, RECORD_METRIC };

static uint64_t chance;

void
dice_begin(uint64_t seed, unsigned int step)
{
	chance = (seed * 1000003 + step) * 0x9e3779b97f4a7c15u + 1;
	dice(2);
	dice(2);
}

unsigned int
dice(unsigned int n)
{
	chance ^= chance >> 12;
	chance ^= chance << 25;
	chance ^= chance >> 27;
	return ((unsigned int)((chance * 0x2545f4914f6cdd1du) >> 33) % n);
}

void
tell(const char *fmt, ...)
{
	va_list ap;

	if (!world->verbose)
		return;
	fprintf(stderr, "%u: ", world->step);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void
broken(const char *fmt, ...)
{
	va_list ap;
	int len;

	len = snprintf(world->failure, sizeof(world->failure), "step %u: ",
	    world->step);
	va_start(ap, fmt);
	vsnprintf(world->failure + len, sizeof(world->failure) - (size_t)len,
	    fmt, ap);
	va_end(ap);
	_exit(BROKEN);
}

/* Libevent's, for the manager. */
int
event_base_dispatch(struct event_base *base)
{
	steps_run(base, spool);
	return (0);
}

static int
gone(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return (remove(path));
}

static void
sweep(const char *name)
{
	char path[OP_PATH];

	snprintf(path, sizeof(path), "%s/%s", world->dir, name);
	nftw(path, gone, 16, FTW_DEPTH | FTW_PHYS);
}

/* One life of the manager; never returns. */
static void
live(void)
{
	char conf_path[OP_PATH], log[OP_PATH];
	struct program program = { .name = "prof-spool", .ready = -1 };
	struct conf *conf;
	int fd, result;

	snprintf(conf_path, sizeof(conf_path), "%s/conf", world->dir);
	program.conf = conf_path;
	snprintf(log, sizeof(log), "%s/log", world->dir);
	if (!world->verbose) {
		fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0644);
		if (fd == -1 || dup2(fd, STDERR_FILENO) == -1)
			broken("%s", log);
	}
	alarm(PATIENCE);
	signal(SIGPIPE, SIG_IGN);
	if ((conf = program_conf(&program)) == NULL ||
	    (spool = spool_open(conf->cache_path)) == NULL)
		broken("no configuration, or no spool");
	world->real = 0;
	result = manager_run(spool, &conf, &program);
	if (result != 0)
		broken("it ended with %d", result);
	_exit(0);
}

/* All lives of a sequence. -1: world->failure says why. */
static int
lives(void)
{
	int status;
	pid_t pid;

	while (!world->over) {
		fflush(NULL);
		if ((pid = fork()) == -1)
			err(111, "fork");
		if (pid == 0)
			live();
		if (waitpid(pid, &status, 0) == -1)
			err(111, "wait");
		world->real = 1;
		if (WIFSIGNALED(status))
			snprintf(world->failure, sizeof(world->failure),
			    "step %u: signal %d", world->step,
			    WTERMSIG(status));
		if (world->failure[0] != '\0')
			return (-1);
		if (WEXITSTATUS(status) != DIED)
			continue;
		world->kills++;
		if (world->will_cut) {
			world->cuts++;
			world->will_cut = 0;
			world->cut = 1;
			world->has_cut = 1;
			dice_begin(world->seed, 2000 + world->step);
			disk_cut();
		}
	}
	return (0);
}

/* One sequence from its beginning. -1: it fails. */
static int
sequence(uint64_t seed)
{
	char path[OP_PATH];

	memset(world->failure, 0, sizeof(*world) -
	    offsetof(struct world, failure));
	world->seed = seed;
	world->mono = INT64_C(1000000000000);
	world->wall = INT64_C(1795600000) * 1000000000;
	world->real = 1;
	sweep("spool");
	sweep("graves");
	sweep("log");
	snprintf(path, sizeof(path), "%s/graves", world->dir);
	mkdir(path, 0700);
	dice_begin(seed, 3000);
	world->queues = 1 | dice(4) << 1;
	world->capacity = dice(2) == 0 ? 1 : 1000;
	world->reject = dice(4) == 0;
	steps_configure();
	snprintf(path, sizeof(path), "%s/spool", world->dir);
	if (spool_init(path, queue_names, QUEUES, NULL) == -1)
		err(111, "%s", path);
	return (lives());
}

/* Leave out what can be left out. */
static void
shrink(uint64_t seed)
{
	unsigned int i;

	for (i = world->steps; i-- > 0;) {
		world->skip[i] = 1;
		if (sequence(seed) == 0)
			world->skip[i] = 0;
	}
	world->verbose = 1;
	sequence(seed);
	printf("not ok - seed %llu: %s\n", (unsigned long long)seed,
	    world->failure);
}

static int
run(uint64_t seed, unsigned long n)
{
	unsigned long lived = 0, kills = 0, cuts = 0, puts = 0, verdicts = 0;
	unsigned long evictions = 0, calls = 0, i;

	for (i = 0; i < n; i++) {
		if (sequence(seed + i) == -1) {
			printf("sequence %lu, seed %llu: %s\n", i,
			    (unsigned long long)(seed + i), world->failure);
			shrink(seed + i);
			return (-1);
		}
		lived += world->lives;
		kills += world->kills;
		cuts += world->cuts;
		puts += world->puts;
		verdicts += world->verdicts;
		evictions += world->evictions;
		calls += world->calls;
	}
	printf("ok - %lu sequences from seed %llu: %lu lives, %lu kills of "
	    "which %lu power cuts, %lu records, %lu verdicts, %lu evictions, "
	    "%lu calls\n", n, (unsigned long long)seed, lived, kills, cuts,
	    puts, verdicts, evictions, calls);
	return (0);
}

int
main(int argc, char *argv[])
{
	const char *tmp = getenv("TMPDIR");
	uint64_t seed = (uint64_t)getpid();
	unsigned long n = 300;
	int c, result;

	world = NULL;
	seed += (uint64_t)time(NULL);
	world = mmap(NULL, sizeof(*world), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (world == MAP_FAILED)
		err(111, "mmap");
	world->real = 1;
	world->steps = 80;
	while ((c = getopt(argc, argv, "n:r:s:v")) != -1)
		switch (c) {
		case 'n':
			n = strtoul(optarg, NULL, 10);
			break;
		case 'r':
			seed = strtoull(optarg, NULL, 10);
			break;
		case 's':
			world->steps = (unsigned int)strtoul(optarg, NULL, 10);
			break;
		case 'v':
			world->verbose = 1;
			break;
		default:
			optind = argc + 1;
		}
	if (optind != argc || world->steps > sizeof(world->skip)) {
		fprintf(stderr, "usage: model [-v] [-n sequences] [-r seed] "
		    "[-s steps]\n");
		return (2);
	}
	snprintf(world->dir, sizeof(world->dir), "%s/model.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(world->dir) == NULL)
		err(111, "%s", world->dir);
	result = run(seed, n);
	sweep("");
	return (result == -1 ? 1 : 0);
}
