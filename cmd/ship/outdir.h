#ifndef OUTDIR_H
#define OUTDIR_H

/*
 * Directories that must survive a power cut before what is put in them counts:
 * made, and their parents fsynced. Those known to be durable are remembered, so
 * that a busy one costs no fsync of its parent. For several threads.
 */
struct outdir;

/* Make path and what is missing above it. NULL with errno. */
struct outdir *outdir_open(const char *path);
void	outdir_close(struct outdir *);

/* A descriptor of path itself. */
int	outdir_root(const struct outdir *);

/*
 * If path was removed, make it again, behind the same descriptor. -1 with
 * errno.
 */
int	outdir_renew(struct outdir *);

/*
 * Open path/first/second, made durable if need be. A descriptor to be closed;
 * -1 with errno; ENOENT: it was removed meanwhile.
 */
int	outdir_make(struct outdir *, const char *first, const char *second);

#endif
