/*
 * inflate - inflate files as the programs do, or say how fast
 *
 * usage:  inflate FILE ...
 *         inflate -n N FILE ...
 *         To standard output; with -n instead each N times, which prints, on
 *         a line: bytes read and inflated, and for a buffer at once (whole),
 *         64 KiB at a time (pieces), and zlib's own inflate() into room of
 *         just the size (zlib; only where all are gzip or zlib of one member)
 *         seconds of user time and millions of bytes inflated a second.
 * exits:  0; 100 a file cannot be inflated; 111 no such file, no memory,
 *         output failed; 2 usage
 */
#include <sys/resource.h>

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "buf.h"
#include "file.h"
#include "inflate.h"

#define MOST	(1024 * 1024 * 1024)
#define PIECE	(64 * 1024)

static const struct inflate_limits limits = { MOST, 0 };

struct packed {
	const char	*path;
	struct buf	 bytes;
	size_t		 len;		/* inflated */
};

static double
user(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return ((double)u.ru_utime.tv_sec + (double)u.ru_utime.tv_usec / 1e6);
}

static int
on_piece(const char *p, size_t len, void *arg)
{
	(void)p;
	*(size_t *)arg += len;
	return (0);
}

static int
whole(const struct packed *f)
{
	struct buf out = { 0 };
	const char *why;

	if (inflate_whole(f->bytes.p, f->bytes.len, &limits, &out, &why) == -1)
		errx(100, "%s: %s", f->path, why);
	buf_free(&out);
	return (0);
}

static int
pieces(const struct packed *f)
{
	size_t len = 0, at, n;
	struct inflate *inf = inflate_new(&limits, on_piece, &len);
	const char *why;
	int r = 0;

	if (inf == NULL)
		err(111, NULL);
	for (at = 0; at < f->bytes.len && r == 0; at += n) {
		n = f->bytes.len - at < PIECE ? f->bytes.len - at : PIECE;
		r = inflate_feed(inf, f->bytes.p + at, n, &why);
	}
	if (r == -1 || inflate_end(inf, &why) == -1)
		errx(100, "%s: %s", f->path, why);
	inflate_free(inf);
	return (0);
}

/* -1: that is nothing for it. */
static int
alone(const struct packed *f)
{
	char *room = malloc(f->len + 1);
	z_stream z = { 0 };
	int r;

	/* 32: gzip or zlib, as it comes. */
	if (room == NULL || inflateInit2(&z, MAX_WBITS + 32) != Z_OK)
		err(111, NULL);
	z.next_in = (Bytef *)f->bytes.p;
	z.avail_in = (uInt)f->bytes.len;
	z.next_out = (Bytef *)room;
	z.avail_out = (uInt)f->len;
	r = inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == f->len;
	inflateEnd(&z);
	free(room);
	return (r ? 0 : -1);
}

static void
measure(const char *name, int (*way)(const struct packed *),
    const struct packed *files, size_t n, long times)
{
	double began = user(), took;
	uint64_t total = 0;
	size_t i;
	long t;

	for (t = 0; t < times; t++)
		for (i = 0; i < n; i++) {
			if (way(&files[i]) == -1)
				return;
			total += files[i].len;
		}
	took = user() - began;
	printf(" %s_user_s=%.3f %s_mb_per_second=%.0f", name, took, name,
	    took > 0 ? (double)total / took / 1e6 : 0);
}

/* Read a file, and find out how long it is. */
static void
load(struct packed *f, int print)
{
	struct buf out = { 0 };
	const char *why;

	if (file_slurp(AT_FDCWD, f->path, MOST, &f->bytes) == -1)
		err(111, "%s", f->path);
	if (inflate_whole(f->bytes.p, f->bytes.len, &limits, &out, &why) == -1)
		errx(100, "%s: %s", f->path, why);
	f->len = out.len;
	if (print && out.len != 0 && fwrite(out.p, out.len, 1, stdout) != 1)
		err(111, "output");
	buf_free(&out);
}

int
main(int argc, char **argv)
{
	struct packed *files;
	size_t n, i, bytes = 0, len = 0;
	long times = 0;
	int c;

	while ((c = getopt(argc, argv, "n:")) != -1)
		if (c != 'n' || (times = strtol(optarg, NULL, 10)) <= 0)
			return (2);
	n = (size_t)(argc - optind);
	if (n == 0 || (files = calloc(n, sizeof(*files))) == NULL)
		return (2);
	for (i = 0; i < n; i++) {
		files[i].path = argv[optind + (int)i];
		load(&files[i], times == 0);
		bytes += files[i].bytes.len;
		len += files[i].len;
	}
	if (times != 0) {
		printf("bytes=%zu inflated=%zu", bytes, len);
		measure("whole", whole, files, n, times);
		measure("pieces", pieces, files, n, times);
		measure("zlib", alone, files, n, times);
		putchar('\n');
	}
	for (i = 0; i < n; i++)
		buf_free(&files[i].bytes);
	free(files);
	return (fflush(stdout) == EOF ? 111 : 0);
}
