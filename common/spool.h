#ifndef SPOOL_H
#define SPOOL_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

#include "uuid.h"

struct owners;
struct record;

/*
 * The spool: directories that are states, and single system calls that move a
 * record between them. This module alone knows the paths; prof.7 has the
 * contract. Functions return -1 with errno.
 */
struct spool;

/* The names of the directories and files under a spool's root. */
#define SPOOL_NEW	"new"
#define SPOOL_TMP	"tmp"
#define SPOOL_QUEUE	"queue"
#define SPOOL_DEAD	"dead"
#define SPOOL_KEEP	"keep"
#define SPOOL_LEDGER	"ledger"
#define SPOOL_STAT	"stat"
#define SPOOL_LOCK	"lock"
#define SPOOL_PIPE	"pipe"
#define SPOOL_SPARE	"spare"
#define SPOOL_FULL	"full"
#define SPOOL_LOST	"lost"	/* what prof-spool fsck found no place for */
#define SPOOL_NONE	"none"	/* the queue of what no queue accepts */

#define SPOOL_NAME_MAX	32	/* bytes of a queue's name */
#define SPOOL_FILE_MAX	80	/* room for a record's name in a queue */

/*
 * Make what is missing of a spool at path, for the queues named; what is there
 * stays, but is given to its owners, unless these are NULL. spool_init_queue
 * adds one to the spool whose root is open as root; 1: it is there, but cannot
 * be given to whom it should be.
 */
int	spool_init(const char *path, const char *const *queues, size_t n,
	    const struct owners *);
int	spool_init_queue(int root, const char *queue, const struct owners *);

/*
 * What they make, parents first. A mode has its type too: S_IFDIR or S_IFIFO.
 * A queue's part is called name, QUEUE, suffix. Users and groups are words of
 * owners.h; a group "" is that of the queue's consumer.
 */
struct spool_part {
	const char	*name;
	const char	*suffix;
	mode_t		 mode;
	const char	*user;
	const char	*group;
};

/* The word of the consumer of a queue: metrics, or ship.NAME. */
#define SPOOL_CONSUMER	(SPOOL_NAME_MAX + 8)	/* bytes of it */
void	spool_consumer(char out[SPOOL_CONSUMER], const char *queue);

#define SPOOL_MODE		0751	/* of the root, if they make it */
#define SPOOL_RECORD_MODE	0664
#define SPOOL_PARTS		28
#define SPOOL_QUEUE_PARTS	4

extern const struct spool_part spool_parts[SPOOL_PARTS];
extern const struct spool_part spool_queue_parts[SPOOL_QUEUE_PARTS];

/* Make one of them, unless there is something of that name. */
int	spool_init_part(int root, const char *name, mode_t mode);

/*
 * Give what is called name to a user and a group (-1: as it is), with these
 * permissions. No symbolic link on the way is followed, and no file that has
 * other names is given: whoever runs it may be root, where others write.
 */
int	spool_own(int root, const char *name, uid_t, gid_t, mode_t bits);

/* Open a spool; NULL: ENOENT where spool_init has not been. */
struct spool *spool_open(const char *path);
void	spool_close(struct spool *);

/* Its absolute path, and a descriptor of its root for the at-functions. */
const char *spool_path(const struct spool *);
int	spool_dir(const struct spool *);

/*
 * Whose its parts are: what spool_set_owners, which takes them over, was
 * given, if the spool is theirs. NULL: one user's.
 */
void	spool_set_owners(struct spool *, struct owners *);
const struct owners *spool_owners(const struct spool *);

/*
 * Take lock/PROG: held until the descriptor returned is closed, or the process
 * ends. EWOULDBLOCK: another holds it.
 */
int	spool_lock(struct spool *, const char *prog);

/*
 * Is any of the parts that PROG writes to refused to this user? why says which,
 * what it has and what it wants: SPOOL_WHY bytes.
 */
#define SPOOL_WHY	256
int	spool_refuses(const struct spool *, const char *prog,
	    char why[SPOOL_WHY]);

/* Bytes free to us on its file system. */
int	spool_free(const struct spool *, uint64_t *bytes);

/* Was `full` touched in the last minute? */
int	spool_is_full(const struct spool *);

/* Tell prof-spool that id is in new/. A lost ring does no harm. */
void	spool_ring(struct spool *, const char *id);

/* Wait for an fsync of new/ that begins now or later, shared by threads. */
int	spool_sync_new(struct spool *);

/*
 * A spare file of the program's (spare.h), renamed to the path `to`; -1: there
 * is none. For several threads.
 */
int	spool_spare(struct spool *, const char *prog, const char *to);

/* Put Prometheus text in stat/PROG. */
int	spool_stat(struct spool *, const char *prog, const char *text,
	    size_t len);

/*
 * A draft: a record being written in tmp/PROG, invisible until committed. Up
 * to 64 KiB of body, 4 MiB of all drafts of the process, stay in memory until
 * there is more, or until the commit: then its file is made. Drafts of one
 * spool may be committed by several threads at once; those in flight together
 * share one fsync of new/.
 */
struct draft;

/*
 * Begin a record: r's header is written with a new id (into r->id, unless it
 * has one). prog stays the caller's. With spool NULL the draft is a nameless
 * file in $TMPDIR and draft_copy, not draft_commit, ends it.
 */
struct draft *draft_new(struct spool *, const char *prog, struct record *r);

/* Append to the body. -1: discard it. */
int	draft_write(struct draft *, const void *p, size_t len);

/*
 * len more bytes of body are to come: reserve their space in steps of 1 MiB
 * ahead of them, the first now, unless they stay in memory. -1: ENOSPC and the
 * like; discard it.
 */
int	draft_reserve(struct draft *, uint64_t len);

/*
 * Whenever 4 MiB of body have come since the last time: a descriptor of its
 * file, the caller's, for a thread to begin to write them, that not all is
 * left to the fsync of the commit. -1: not now.
 */
int	draft_behind(struct draft *);

/*
 * Make it durable, move it to new/, ring prof-spool: fsync, rename, fsync of
 * new/. Blocks; may run in any thread. Frees the draft, also on -1: then
 * nothing is in new/, unless the directory's fsync was what failed. EEXIST: a
 * record of that id is there already.
 */
int	draft_commit(struct draft *);

/*
 * The first half of that, without the fsync of new/ and the bell: it is
 * committed by a spool_sync_new that begins later.
 */
int	draft_move(struct draft *);

/*
 * The same to the path `to` in the spool: keep.h fsyncs its directory. EEXIST:
 * something is there.
 */
int	draft_keep(struct draft *, const char *to);

/*
 * Begin a record that commits with state (keep.h): in tmp/PROG/ID/, which is
 * there, r->id being ID. draft_seal, not draft_commit, ends it: it is durable
 * then, and its directory is what moves. Frees the draft, also on -1, when it
 * is gone.
 */
struct draft *draft_new_within(struct spool *, const char *prog,
	    struct record *r);
int	draft_seal(struct draft *);

/* Write the whole record to fd (a pipe). Frees the draft, also on -1. */
int	draft_copy(struct draft *, int fd);

/* Exactly len bytes at off of the body so far. -1 with errno. */
int	draft_read(const struct draft *, void *p, size_t len, uint64_t off);

/* Forget it. draft_discard(NULL) is harmless. */
void	draft_discard(struct draft *);

/* The bytes of body so far; its id, until it ends. */
uint64_t draft_length(const struct draft *);
const char *draft_id(const struct draft *);

/*
 * A name in a queue: ID, or after a failed attempt ID~ATTEMPTS~DUE with DUE in
 * unix seconds. -1: the name is neither.
 */
int	spool_name_parse(const char *name, char id[UUID_TEXT],
	    unsigned int *attempts, int64_t *due);
void	spool_name(char out[SPOOL_FILE_MAX], const char *id,
	    unsigned int attempts, int64_t due);

#endif
