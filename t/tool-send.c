/*
 * send - send a file's bytes to a server as they are, print what it answers
 *
 * usage:  send [-hpqw] [-n bytes] [-m ms] [-r answers] [-t seconds]
 *             ADDRESS FILE...|-
 *         ADDRESS is HOST:PORT or unix:PATH; each file holds whole requests.
 *         -n  write in pieces of so many bytes, -m ms apart (0)
 *         -p  pipeline: send all files at once, not one after each answer
 *         -r  wait for so many answers to a file (1)
 *         -q  print a line per answer: status, file, first line of the body
 *         -w  shut down the sending side behind the last byte
 *         -t  give up when nothing moves for so long (10)
 * reads:  the files; the connection, also while it writes, so that an early
 *         answer is seen
 * exits:  by the worst answer: 0 all 2xx; 100 a 4xx; 111 a 5xx, something that
 *         is no HTTP, or no answer; 2 usage
 */
/* parts: t/client.o */
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "client.h"

struct send {
	const char	*address;
	size_t		 piece;
	int		 pause;		/* ms between pieces */
	int		 answers;	/* to a file */
	int		 patience;	/* ms */
	int		 pipeline;
	int		 quiet;
	int		 half_close;
	int		 fd;		/* -1: not connected */
	int		 worst;
};

static void
usage(void)
{
	fprintf(stderr, "usage: send [-hpqw] [-n bytes] [-m ms] [-r answers] "
	    "[-t seconds] ADDRESS FILE...|-\n");
	exit(2);
}

static int
slurp(const char *name, struct buf *b)
{
	int fd = strcmp(name, "-") == 0 ? STDIN_FILENO :
	    open(name, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd == -1)
		return (-1);
	do {
		if (buf_reserve(b, 65536) == -1)
			break;
		if ((n = read(fd, b->p + b->len, 65536)) > 0)
			b->len += (size_t)n;
	} while (n > 0);
	if (fd != STDIN_FILENO)
		close(fd);
	return (n == 0 ? 0 : -1);
}

static void
hang_up(struct send *s)
{
	if (s->fd != -1)
		close(s->fd);
	s->fd = -1;
}

static void
judge(struct send *s, int status)
{
	int code = status >= 200 && status < 400 ? 0 :
	    status >= 400 && status < 500 ? 100 : 111;

	if (code > s->worst)
		s->worst = code;
}

static void
show(const struct send *s, const char *name, const struct answer *a)
{
	size_t n = a->body.len;
	const char *nl;

	if (!s->quiet) {
		fwrite(a->head.p, 1, a->head.len, stdout);
		fwrite(a->body.p, 1, n, stdout);
		if (n != 0 && a->body.p[n - 1] != '\n')
			putchar('\n');
		return;
	}
	nl = n != 0 ? memchr(a->body.p, '\n', n) : NULL;
	printf("%d %s %.*s\n", a->status, name,
	    (int)(nl != NULL ? nl - a->body.p : (long)n), n ? a->body.p : "");
}

/* Write the next piece. -1: the server takes no more. */
static int
push(struct send *s, const struct buf *b, size_t *at)
{
	size_t n = b->len - *at;
	ssize_t w;

	if (s->piece != 0 && n > s->piece)
		n = s->piece;
	w = send(s->fd, b->p + *at, n, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (w == -1)
		return (errno == EAGAIN || errno == EINTR ? 0 : -1);
	*at += (size_t)w;
	if (*at == b->len && s->half_close)
		shutdown(s->fd, SHUT_WR);
	if (*at < b->len && s->pause != 0)
		nanosleep(&(struct timespec){ s->pause / 1000,
		    s->pause % 1000 * 1000000L }, NULL);
	return (0);
}

/* Read what is there; *owed falls with every answer. -1: hung up. */
static int
pull(struct send *s, const char *name, struct answer *a, int *owed)
{
	char p[65536];
	ssize_t n = recv(s->fd, p, sizeof(p), MSG_DONTWAIT);
	long used, at = 0;
	int last;

	if (n == -1)
		return (errno == EAGAIN || errno == EINTR ? 0 : -1);
	if (n == 0 && answer_eof(a) == -1)
		return (-1);
	do {
		used = answer_feed(a, p + at, (size_t)(n - at));
		if (used == -1)
			return (-1);
		at += used;
		if (!answer_done(a))
			return (0);
		show(s, name, a);
		judge(s, a->status);
		last = a->close || n == 0;
		answer_clear(a);
		(*owed)--;
		if (last)
			hang_up(s);
	} while (!last && *owed > 0 && at < n);
	return (0);
}

/* Send b and read owed answers. */
static void
exchange(struct send *s, const char *name, const struct buf *b, int owed)
{
	struct answer a = { 0 };
	struct pollfd pfd;
	size_t at = 0;

	if (s->fd == -1 && (s->fd = client_connect(s->address)) == -1) {
		fprintf(stderr, "send: %s: %s\n", s->address, strerror(errno));
		judge(s, 0);
		return;
	}
	while (owed > 0 && s->fd != -1) {
		pfd.fd = s->fd;
		pfd.events = at < b->len ? POLLIN | POLLOUT : POLLIN;
		if (poll(&pfd, 1, s->patience) <= 0) {
			fprintf(stderr, "send: %s: no answer\n", name);
			break;
		}
		/* A refusal may come, and the end, while we still write. */
		if (pfd.revents & (POLLIN | POLLHUP | POLLERR) &&
		    pull(s, name, &a, &owed) == -1) {
			fprintf(stderr, "send: %s: hung up\n", name);
			break;
		}
		if (pfd.revents & POLLOUT && s->fd != -1 &&
		    push(s, b, &at) == -1)
			at = b->len;
	}
	answer_clear(&a);
	if (owed > 0) {
		judge(s, 0);
		hang_up(s);
	}
}

int
main(int argc, char **argv)
{
	struct send s = { .answers = 1, .patience = 10000, .fd = -1 };
	struct buf b = { 0 };
	int c, i;

	while ((c = getopt(argc, argv, "hm:n:pqr:t:w")) != -1)
		switch (c) {
		case 'm': s.pause = atoi(optarg); break;
		case 'n': s.piece = strtoul(optarg, NULL, 10); break;
		case 'p': s.pipeline = 1; break;
		case 'q': s.quiet = 1; break;
		case 'r': s.answers = atoi(optarg); break;
		case 't': s.patience = 1000 * atoi(optarg); break;
		case 'w': s.half_close = 1; break;
		default: usage();
		}
	if (argc - optind < 2)
		usage();
	s.address = argv[optind++];
	for (i = optind; i < argc; i++) {
		if (slurp(argv[i], &b) == -1) {
			fprintf(stderr, "send: %s: %s\n", argv[i],
			    strerror(errno));
			s.worst = 111;
			break;
		}
		if (s.pipeline && i < argc - 1)
			continue;
		exchange(&s, argv[i], &b,
		    s.pipeline ? s.answers * (argc - optind) : s.answers);
		b.len = 0;
	}
	hang_up(&s);
	buf_free(&b);
	if (fflush(stdout) == EOF)
		s.worst = 111;
	return (s.worst);
}
