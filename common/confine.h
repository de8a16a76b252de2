#ifndef CONFINE_H
#define CONFINE_H

#include <stdint.h>

/*
 * What a process may still do once it has opened what it needs: files and TCP
 * ports by Landlock (landlock(7)), system calls by seccomp(2). It is collected
 * first and entered once; there is no way back. What the kernel does not know
 * is left out: confine_landlock and confine_seccomp say what is in force.
 */
struct confine;

/* Rights to a path, and to all below it if it is a directory. */
#define CONFINE_READ	1	/* read files and directories */
#define CONFINE_LIST	2	/* directories alone: what an fsync needs */
#define CONFINE_WRITE	4	/* write to files that are there */
#define CONFINE_MAKE	8	/* make files, move them here */
#define CONFINE_REMOVE	16	/* remove files, move them away */
#define CONFINE_TREE	32	/* make and remove directories and FIFOs */
#define CONFINE_EXEC	64
#define CONFINE_ALL	(CONFINE_READ | CONFINE_WRITE | CONFINE_MAKE | \
			CONFINE_REMOVE | CONFINE_TREE)

/* Groups of system calls, beside those that every program needs. */
#define CONFINE_SPOOL	1	/* link, make FIFOs, change owners */
#define CONFINE_SERVE	2	/* accept connections and use them */
#define CONFINE_CONNECT	4	/* make them; load what resolves names */
#define CONFINE_START	8	/* start processes, which confine themselves */
#define CONFINE_WORKER	16	/* alone: no files, no sockets */
#define CONFINE_THREADS	32

/* NULL: ENOMEM. */
struct confine *confine_new(void);
void	confine_free(struct confine *);

/*
 * Each adds to what may be done. -1: ENOMEM. A path that is not there is
 * remembered, and nothing more.
 */
int	confine_path(struct confine *, const char *path, unsigned int rights);
int	confine_port(struct confine *, unsigned int port);
void	confine_any_port(struct confine *);
void	confine_calls(struct confine *, unsigned int groups);

/*
 * The directory that a file is in, and the one it is in behind symbolic links,
 * for reading: what is replaced by a rename can be read again.
 */
int	confine_file(struct confine *, const char *path);

/*
 * A path that is granted as it is now: when another takes its place, that one
 * is not. confine_stale finds those, and those that have come since.
 * confine_link is for a file to read, which may be behind a symbolic link: then
 * the directory there is granted, and it counts when the link leads elsewhere.
 */
int	confine_watch(struct confine *, const char *path,
	    unsigned int rights);
int	confine_link(struct confine *, const char *path);
const char *confine_stale(const struct confine *);

/*
 * From now on. on_refused is told the name of each system call that is refused,
 * once; it runs in a signal handler, and must bear that. NULL: nobody is told.
 * Before threads are made: Landlock holds for this one and those it makes.
 */
void	confine_enter(struct confine *, void (*on_refused)(const char *call));

/* The version of Landlock in force, 0: none; is seccomp. */
int	confine_landlock(const struct confine *);
int	confine_seccomp(const struct confine *);

/* Is all that c needs granted by the one that was entered? NULL, or what is
 * not, as text: a path or "port N". */
const char *confine_lacks(const struct confine *entered,
	    struct confine *c);

#endif
