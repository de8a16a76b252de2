#ifndef FSCK_H
#define FSCK_H

#include <sys/stat.h>
#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "uuid.h"

/*
 * prof-spool fsck: looks at a spool, each of which names what it finds, and
 * remedies for what was found. fsck.c has the order of it all.
 */
struct spool;

#define FSCK_PATH	600	/* of a path from the root: three names */

/* What -y does about a finding; fsck_mend.c has the table. */
enum remedy {
	REMEDY_NONE,		/* nothing: it needs a person */
	REMEDY_PROGRAM,		/* nothing: its program will */
	REMEDY_LOST,		/* move it to lost/ */
	REMEDY_LEFT,		/* the same; a daemon may be using it */
	REMEDY_MAKE,		/* make it; number is its mode and type */
	REMEDY_MODE,		/* number is what it should be */
	REMEDY_OWNER,		/* number is the uid it should have */
	REMEDY_GROUP,		/* number is the gid */
	REMEDY_DEAD,		/* a bad record; other is why */
	REMEDY_REASON,		/* a dead one; other goes in its .why */
	REMEDY_SECOND,		/* a redundant name; other is the first */
	REMEDY_ASIDE,		/* another record's id: to dead/none */
	REMEDY_ONE,		/* of other's bytes: make them one file */
	REMEDY_COUNT,		/* other is an id, number a ledger's word */
	REMEDY_LINES,		/* take lines out of a ledger */
	REMEDY_FULL,		/* remove `full` */
};

struct finding {
	enum remedy	 remedy;
	char		*path;		/* from the root */
	char		*what;		/* is wrong */
	char		*other;
	unsigned int	 number;
	int		 error;		/* why it could not be mended */
};

struct findings {
	struct finding	*v;
	size_t		 n, cap;
};

/* Where a record's name is; of two records with one id the first stands. */
enum standing { IN_QUEUE, IN_DEAD, IN_NEW, IN_NONE };

/* A file that has been read: good or bad, it stays so. */
struct proof {
	ino_t		 inode;
	off_t		 size;
	struct timespec	 written;
	char		 id[UUID_TEXT];	/* that it says it has */
	uint32_t	 crc;
	const char	*bad;		/* a fixed sentence; NULL: sound */
};

struct proofs {
	struct proof	*v;		/* by inode */
	size_t		 n, cap;
};

/* A record's name that was seen. */
struct sight {
	char		*path;
	char		 id[UUID_TEXT];
	enum standing	 standing;
	ino_t		 inode;
	off_t		 size;
	struct timespec	 written;
	uint32_t	 crc;
	const char	*bad;		/* a fixed sentence; NULL: sound */
};

struct fsck {
	struct spool	*spool;
	int		 root;
	int		 mend;		/* -y */
	int		 lock;		/* lock/spool; -1: it is not ours */
	int		 terminal;	/* show progress */
	int64_t		 shown;		/* progress, by when_mono() */
	int		 failed;	/* errno of what ended a look */
	uid_t		 uid;		/* prof-spool's: most parts' */
	gid_t		 gid;
	char		**queues;
	size_t		 nqueues;
	struct sight	*sights;
	size_t		 nsights, cap;
	struct proofs	 proofs;
	struct findings	 now, before;	/* of this round, and those before */
	size_t		 mended;
};

/*
 * fsck_finding.c. path as it is; the rest says what is wrong with it. What
 * cannot be remembered ends the look.
 */
void	fsck_found(struct fsck *, enum remedy, const char *path,
	    const char *other, unsigned int number, const char *fmt, ...)
	    __attribute__((format(printf, 6, 7)));

void	findings_clear(struct findings *);

/* Of s, those that other has too. other's order is lost. */
void	findings_keep(struct findings *s, struct findings *other);

/* path with control bytes and backslashes as \xNN. */
void	fsck_quote(char out[4 * FSCK_PATH], const char *path);

/* fsck_part.c: what spool_init makes: missing, of another type, mode, owner. */
void	fsck_parts(struct fsck *);
void	fsck_queue_parts(struct fsck *);

/* Nothing but a `new` is there, as in a Maildir: it is no spool. */
int	fsck_is_none(const struct fsck *);

/* fsck_tree.c: every name; queues and sights are collected on the way. */
void	fsck_queues(struct fsck *);
void	fsck_tree(struct fsck *);
void	fsck_forget(struct fsck *);

/*
 * Call judge for every name in a directory. What cannot be read is found
 * here.
 */
struct name {
	const char	*dir;		/* from the root */
	const char	*text;
	char		 path[FSCK_PATH];
	struct stat	 st;
};

void	fsck_names(struct fsck *, const char *dir,
	    void (*judge)(struct fsck *, const struct name *));

/* It is a record's name: remember it, judge its mode and owner. */
void	fsck_sight(struct fsck *, const struct name *, enum standing);

/* It has no business there. */
void	fsck_stray(struct fsck *, const struct name *);

/* fsck_record.c: the bytes of every record, each read once. */
void	fsck_records(struct fsck *);

/* fsck_id.c: names that claim one id. */
void	fsck_ids(struct fsck *);

/* fsck_dead.c: the dead and their reasons. */
void	fsck_dead(struct fsck *);

/* Does the .why of the dead record at path say so? */
int	fsck_dead_says(const struct fsck *, const char *path, const char *why);

/* fsck_draft.c: tmp and keep: drafts and commits that were cut short. */
void	fsck_drafts(struct fsck *);

/* fsck_ledger.c: lines that mean nothing, ids that do not add up. */
void	fsck_ledgers(struct fsck *);

/*
 * Is lock/PROG held? It is taken for an instant: a program that starts in it
 * is started again.
 */
int	fsck_held(const struct fsck *, const char *prog);

/*
 * fsck_mend.c: mend it; what has been done, in words. NULL: nothing, for a
 * reason that fsck_left tells.
 */
const char *fsck_mend(struct fsck *, struct finding *);

/* What -y would do about it, or why it did nothing: one of a few sentences. */
const char *fsck_left(const struct fsck *, const struct finding *);

/* fsck_move.c: the remedies that move records. */
int	fsck_move_lost(struct fsck *, const struct finding *);
int	fsck_move_dead(struct fsck *, const struct finding *);
int	fsck_move_aside(struct fsck *, const struct finding *);
int	fsck_move_one(struct fsck *, const struct finding *);
int	fsck_move_second(struct fsck *, const struct finding *);

/* The same to lost/ for a copy of what was found, which stands at from. */
int	fsck_lose(struct fsck *, const char *from, const struct finding *);

/* Add a line to a queue's ledger. -1: errno. */
int	fsck_count(struct fsck *, const char *queue, int word, const char *id);

/* What root has made is prof-spool's, and of its directory's group. */
void	fsck_give(const struct fsck *, const char *path);

#endif
