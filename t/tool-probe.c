/*
 * probe - how many records a second this file system keeps
 *
 * usage:  probe [-ahlpru] [-d depth] [-n threads] [-s bytes] [-t seconds]
 *             [-x files] DIR
 *         Each thread does, again and again, what a draft goes through and
 *         nothing else: create in DIR/tmp, write, fsync, rename to DIR/new,
 *         an fsync of DIR/new that the threads share (common/dirsync.h).
 *         -a  reserve the space first, as drafts do
 *         -d  and remove what a thread has committed so many records before
 *         -l  take each body through a TCP connection to itself first: what
 *             a client and a server cannot do without, on the same processors
 *         -n  threads (16)
 *         -p  plain: create, write, fsync; for large files
 *         -r  with -d: the file removed is used for the next draft; it goes
 *             by way of DIR/old, as it would between two programs
 *         -s  bytes of a file (45000)
 *         -t  seconds (2)
 *         -u  unsynced: no fsync at all
 *         -x  create and remove so many files first
 * writes: DIR, which it makes and leaves there; standard output: a summary
 *         as load's, and the processor's time
 * exits:  0; 111 the disk refuses; 2 usage
 */
/* parts: t/tally.o */
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "dirsync.h"
#include "file.h"
#include "tally.h"
#include "when.h"

#define PIECE	(UINT64_C(1) << 20)
#define NAME	64

struct probe {
	int		 dir;
	int		 reserve;
	int		 carry;
	int		 plain;
	int		 reuse;
	int		 unsynced;
	unsigned int	 depth;
	uint64_t	 size;
	int64_t		 until;
	char		*piece;
	struct dirsync	*new;
	pthread_mutex_t	 lock;		/* of tally */
	struct tally	 tally;
};

/* A thread; its n-th file is called NUMBER.N. */
struct worker {
	struct probe	*probe;
	pthread_t	 thread;
	unsigned int	 number;
	unsigned int	 n;		/* of the file being written */
	int		 client;	/* with carry: two ends of a connection, */
	int		 server;
	char		*carried;	/* and what came out */
};

static void
name(char out[NAME], const char *in, const struct worker *w, unsigned int n)
{
	snprintf(out, NAME, "%s/%u.%u", in, w->number, n);
}

static void
move(const struct worker *w, const char *from, unsigned int m, const char *to,
    unsigned int n)
{
	char old[NAME], new[NAME];
	int dir = w->probe->dir;

	name(old, from, w, m);
	name(new, to, w, n);
	if (renameat2(dir, old, dir, new, RENAME_NOREPLACE) == -1)
		err(111, "%s", new);
}

static int
worker_open(const struct worker *w, int reuse)
{
	const struct probe *p = w->probe;
	char path[NAME];
	int fd, flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;

	name(path, "tmp", w, w->n);
	if (reuse) {
		move(w, "new", w->n - p->depth, "old", w->n);
		move(w, "old", w->n, "tmp", w->n);
		flags = O_RDWR | O_CLOEXEC;
	}
	if ((fd = openat(p->dir, path, flags, 0664)) == -1)
		err(111, "%s", path);
	return (fd);
}

static void
worker_connect(struct worker *w)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	w->client = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(fd, (struct sockaddr *)&sin, len) == -1 ||
	    listen(fd, 1) == -1 ||
	    getsockname(fd, (struct sockaddr *)&sin, &len) == -1 ||
	    connect(w->client, (struct sockaddr *)&sin, len) == -1 ||
	    (w->server = accept(fd, NULL, NULL)) == -1 ||
	    (w->carried = malloc(PIECE)) == NULL)
		err(111, "connection");
	close(fd);
}

/* n bytes, from a piece to carried. */
static void
worker_carry(const struct worker *w, size_t n)
{
	size_t sent = 0, came = 0;
	ssize_t now;

	while (came < n) {
		if (sent < n && (now = send(w->client, w->probe->piece + sent,
		    n - sent, MSG_DONTWAIT)) > 0)
			sent += (size_t)now;
		if (came == sent)
			continue;
		now = recv(w->server, w->carried + came, n - came, 0);
		if (now <= 0)
			err(111, "connection");
		came += (size_t)now;
	}
}

static void
worker_write(const struct worker *w, int fd)
{
	const struct probe *p = w->probe;
	const char *from = p->carry ? w->carried : p->piece;
	uint64_t off, n;

	for (off = 0; off < p->size; off += n) {
		n = p->size - off < PIECE ? p->size - off : PIECE;
		if (p->carry)
			worker_carry(w, (size_t)n);
		if ((p->reserve && fallocate(fd, FALLOC_FL_KEEP_SIZE,
		    (off_t)off, (off_t)n) == -1) ||
		    file_pwrite(fd, from, (size_t)n, off) == -1)
			err(111, "write");
	}
	if ((!p->unsynced && fsync(fd) == -1) || close(fd) == -1)
		err(111, "fsync");
}

static void
worker_commit(const struct worker *w)
{
	const struct probe *p = w->probe;
	char path[NAME];

	if (p->plain)
		return;
	move(w, "tmp", w->n, "new", w->n);
	if (!p->unsynced && dirsync_wait(p->new) == -1)
		err(111, "new");
	if (p->depth != 0 && !p->reuse && w->n >= p->depth) {
		name(path, "new", w, w->n - p->depth);
		if (unlinkat(p->dir, path, 0) == -1)
			err(111, "%s", path);
	}
}

static void *
worker_run(void *arg)
{
	struct worker *w = arg;
	struct probe *p = w->probe;
	int64_t began;

	if (p->carry)
		worker_connect(w);
	while ((began = when_mono()) < p->until) {
		worker_write(w, worker_open(w, p->reuse &&
		    w->n >= p->depth));
		worker_commit(w);
		w->n++;
		pthread_mutex_lock(&p->lock);
		p->tally.begun++;
		p->tally.bytes += p->size;
		if (tally_answer(&p->tally, 200, when_mono() - began) == -1)
			err(111, "tally");
		pthread_mutex_unlock(&p->lock);
	}
	free(w->carried);
	return (NULL);
}

static double
seconds(struct timeval tv)
{
	return ((double)tv.tv_sec + (double)tv.tv_usec / 1e6);
}

static void
probe_run(struct probe *p, unsigned int threads, int64_t ns)
{
	struct worker *w = calloc(threads, sizeof(*w));
	struct rusage before, after;
	int64_t began = when_mono();
	unsigned int i;

	if (w == NULL)
		err(111, "threads");
	getrusage(RUSAGE_SELF, &before);
	p->until = began + ns;
	for (i = 0; i < threads; i++) {
		w[i].probe = p;
		w[i].number = i;
		if ((errno = pthread_create(&w[i].thread, NULL, worker_run,
		    &w[i])) != 0)
			err(111, "threads");
	}
	for (i = 0; i < threads; i++)
		pthread_join(w[i].thread, NULL);
	ns = when_mono() - began;
	getrusage(RUSAGE_SELF, &after);
	tally_print(&p->tally, ns);
	printf("user_s=%.3f system_s=%.3f\n",
	    seconds(after.ru_utime) - seconds(before.ru_utime),
	    seconds(after.ru_stime) - seconds(before.ru_stime));
	free(w);
}

static void
probe_open(struct probe *p, const char *path)
{
	static const char *const dirs[] = { "tmp", "new", "old" };
	uint64_t i;

	if (mkdir(path, 0755) == -1 && errno != EEXIST)
		err(111, "%s", path);
	if ((p->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		err(111, "%s", path);
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (mkdirat(p->dir, dirs[i], 0755) == -1)
			err(111, "%s/%s", path, dirs[i]);
	pthread_mutex_init(&p->lock, NULL);
	if ((p->new = dirsync_new(p->dir, "new")) == NULL ||
	    (p->piece = malloc(PIECE)) == NULL)
		err(111, "probe");
	for (i = 0; i < PIECE; i++)
		p->piece[i] = (char)random();
}

/* Files as a record's are: the blocks and the inode must be given back. */
static void
probe_delete(struct probe *p, unsigned int n)
{
	struct worker w = { .probe = p, .number = UINT32_MAX };
	char path[NAME];
	int fd;

	for (w.n = 0; w.n < n; w.n++) {
		fd = worker_open(&w, 0);
		if (file_pwrite(fd, p->piece, p->size < PIECE ?
		    (size_t)p->size : PIECE, 0) == -1 || close(fd) == -1)
			err(111, "write");
	}
	while (w.n-- > 0) {
		name(path, "tmp", &w, w.n);
		if (unlinkat(p->dir, path, 0) == -1)
			err(111, "%s", path);
	}
}

static void
usage(void)
{
	fprintf(stderr, "usage: probe [-ahlpru] [-d depth] [-n threads] "
	    "[-s bytes] [-t seconds]\n"
	    "             [-x files] DIR\n");
	exit(2);
}

int
main(int argc, char **argv)
{
	struct probe p = { .size = 45000 };
	unsigned int threads = 16, deleted = 0;
	int64_t ns = 2 * WHEN_SECOND;
	int c;

	while ((c = getopt(argc, argv, "ad:hln:prs:t:ux:")) != -1)
		switch (c) {
		case 'a': p.reserve = 1; break;
		case 'd': p.depth = (unsigned int)atoi(optarg); break;
		case 'l': p.carry = 1; break;
		case 'n': threads = (unsigned int)atoi(optarg); break;
		case 'p': p.plain = 1; break;
		case 'r': p.reuse = 1; break;
		case 's': p.size = strtoull(optarg, NULL, 10); break;
		case 't': ns = (int64_t)(atof(optarg) * 1e9); break;
		case 'u': p.unsynced = 1; break;
		case 'x': deleted = (unsigned int)atoi(optarg); break;
		default: usage();
		}
	if (argc - optind != 1 || threads == 0 || p.size == 0 ||
	    (p.reuse && p.depth == 0))
		usage();
	probe_open(&p, argv[optind]);
	probe_delete(&p, deleted);
	probe_run(&p, threads, ns);
	dirsync_free(p.new);
	free(p.piece);
	close(p.dir);
	return (0);
}
