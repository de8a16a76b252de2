#ifndef OUTDRAFT_H
#define OUTDRAFT_H

#include <stddef.h>
#include <stdint.h>

/*
 * What is being written in an outbox: a directory under its .tmp, flocked while
 * its writer lives, then moved whole (or one file of it) to where it belongs.
 */
struct outdraft;

/* root is the outbox's directory. NULL with errno. */
struct outdraft *outdraft_new(int root, const char *id);

/* The first len bytes that are (or will be) at off: as cargo_read. */
typedef int outdraft_read(void *arg, uint64_t off, void *p, size_t len);

/*
 * Write and fsync a file of len bytes, read from off on. -1 with errno; EEXIST:
 * it has one of that name.
 */
int	outdraft_file(struct outdraft *, const char *name, outdraft_read *,
	    void *arg, uint64_t off, uint64_t len);

/*
 * Move it, or of it the file named, to dir/name, durably. What is there already
 * stays, which is no error: it is the same record.
 */
int	outdraft_move(struct outdraft *, const char *file, int dir,
	    const char *name);

/* Bytes on disk that were moved by it: 0 where it was there already. */
uint64_t outdraft_moved(const struct outdraft *);

/* Remove what is left of it. */
void	outdraft_free(struct outdraft *);

/*
 * Remove the directory of files dir/name, whole: it is moved to .tmp first, and
 * swept there if we end on the way. -1 with errno; EWOULDBLOCK: another is at
 * it.
 */
int	outdraft_remove(int root, const char *id, int dir, const char *name);

/* Remove what writers that are gone left behind. */
void	outdraft_sweep(int root);

#endif
