#ifndef KEEP_H
#define KEEP_H

#include <stdint.h>

struct draft;
struct record;
struct spool;

/*
 * State in keep/PROG that commits with a record (prof.7): what a record was
 * made of, and what takes its place, change with it by one rename of a
 * directory, tmp/PROG/ID/ to keep/PROG/ID/. It holds the record, called ID,
 * and the new state under the names that it has in keep/PROG. Everything here
 * blocks, and may run in several threads at once, for different ids and names.
 */
struct keep;

/* The program's; it holds lock/PROG. NULL with errno. */
struct keep *keep_open(struct spool *, const char *prog);
void	keep_close(struct keep *);

/*
 * Before anything new is begun: end what was committed, remove what was not.
 * finished and removed are how many there were. -1 with errno.
 */
int	keep_replay(struct keep *, unsigned int *finished,
	    unsigned int *removed);

/*
 * Open a file of state to read. -1 with errno; ENOENT alone says that there is
 * none.
 */
int	keep_read(const struct keep *, const char *name);

/*
 * A draft of the program's becomes new state of that name: it is on stable
 * storage, with its directory, on return. Frees the draft, also on -1 with
 * errno. EEXIST: there is such state.
 */
int	keep_place(struct keep *, struct draft *, const char *name);

/*
 * Remove the files of state that need not stay: stays is asked for each, with
 * the seconds since it was written. removed is how many there were. -1 with
 * errno.
 */
int	keep_prune(struct keep *,
	    int (*stays)(const char *name, int64_t age, void *arg), void *arg,
	    unsigned int *removed);

/* A change to come. */
struct keep_change;

struct keep_change *keep_begin(struct keep *, const char *id);

/* New state: a copy of all of the file from, on stable storage. -1: errno. */
int	keep_put(struct keep_change *, const char *name, int from);

/* Old state that goes when this is committed. -1: errno. */
int	keep_drop(struct keep_change *, const char *name);

/* Its record, at most one, with r->id its id. keep_commit ends the draft. */
struct draft *keep_record(struct keep_change *, struct record *r);

/*
 * Commit; frees the change. -1: nothing of it is left. 1: it is committed, but
 * could not be ended (errno): say keep_finish before its state is read again,
 * or the program starts anew.
 */
int	keep_commit(struct keep_change *);

/* Forget it. keep_discard(NULL) is harmless. */
void	keep_discard(struct keep_change *);

/* End a commit, as often as it takes. 0 also where there is none of that id. */
int	keep_finish(struct keep *, const char *id);

#endif
