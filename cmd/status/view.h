#ifndef VIEW_H
#define VIEW_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

struct buf;
struct conf;
struct conf_destination;
struct figures;
struct locks;

/*
 * What there is to be seen of a spool at one moment, gathered from the
 * configuration, stat/, /proc/locks and, where prof-spool does not run, from
 * the directories. Times are unix seconds, 0: unknown or never.
 */
#define VIEW_NAME	48	/* room for PROG: ship.NAME, command.NAME */
#define VIEW_TEXT	300	/* room for a reason */

enum view_state { VIEW_UP, VIEW_DOWN, VIEW_SILENT, VIEW_UNKNOWN };

struct view_program {
	char		 name[VIEW_NAME];	/* PROG of prof.7 */
	enum view_state	 state;		/* silent: up, and its figures are old */
	pid_t		 pid;		/* 0: none, or not ours to see */
	double		 since;		/* up: its start; down: last seen */
	double		 figures_at;	/* when its figures are from */
	int		 starts;	/* ever; -1: unknown */
	int		 landlock;	/* its version, 0: none; -1: unknown */
	int		 seccomp;
	char		 says[VIEW_TEXT];	/* of itself */
};

enum view_flow { FLOW_OK, FLOW_DOWN, FLOW_SUSPENDED, FLOW_STUCK, FLOW_NOBODY };

struct view_queue {
	char		 name[VIEW_NAME];
	const char	*type;		/* "dataway", "file", "external",
					   "metrics"; "none": not configured */
	const char	*counted_by;	/* "stat" or "scan"; "": not at all */
	uint64_t	 ready, waiting, out, dead;
	uint64_t	 bytes;		/* on disk, dead ones too */
	double		 oldest;	/* when it came in */
	double		 in, out_rate;	/* a second; -1: unknown */
	double		 last_ok;
	double		 last_failure;
	char		 reason[VIEW_TEXT];	/* of that, or of the state */
	enum view_flow	 flow;
	double		 flow_since;
	double		 next_try;
	char		 sample[40];	/* an id that waits, if it is in
					   trouble */
	char		 dead_id[40];	/* the first that died, */
	char		 dead_why[VIEW_TEXT];
	double		 dead_since;
};

struct view_space {
	double		 used;		/* bytes; -1: unknown */
	double		 capacity;	/* 0: unknown */
	double		 free;		/* on the file system; -1: unknown */
	double		 min_free;
	double		 growth;	/* bytes a second */
	double		 full_in;	/* seconds; -1: not at this rate */
	int		 rejects;	/* when_full = reject; else it evicts */
	int		 refusing;	/* spool/full is fresh */
	double		 last_evicted;
	int		 admitting;	/* the disk lets records in */
	uint64_t	 fresh;		/* records in new/ */
	double		 fresh_oldest;
};

struct view_election {
	int		 enabled;	/* and there are targets */
	int		 elected;
	double		 since;
	char		 why[VIEW_TEXT];
	char		 leader[VIEW_TEXT];
	double		 leader_since;
	char		 trouble[VIEW_TEXT];
	uint64_t	 members;	/* that share; 0: one has all */
	uint64_t	 mine, targets;
};

/* What could not be read, and so is not told. */
struct view_unread {
	char		 path[64];
	int		 error;		/* errno */
};

struct view {
	const struct conf *conf;	/* NULL: wrong, or not for us to read */
	const char	*conf_error;	/* why; NULL: nothing is */
	const char	*options;	/* " -c FILE -s DIR" as they were given */
	double		 silent;	/* seconds: older figures are old */

	double		 now;
	const char	*path;		/* the spool */
	int		 root;		/* -1: it cannot be opened, */
	int		 error;		/* for this reason */
	int		 live;		/* prof-spool runs and tells */

	struct view_program *programs;
	size_t		 nprograms;
	struct view_queue *queues;
	size_t		 nqueues;
	struct view_space space;
	struct view_election election;
	struct view_unread *unread;
	size_t		 nunread;
};

/*
 * Gather it: conf, options, silent, path are set. -1: ENOMEM. What cannot be
 * read is in unread. view_clear frees what was gathered.
 */
int	view_gather(struct view *);
void	view_clear(struct view *);

/* Its parts, in view_*.c: each -1 with ENOMEM. */
int	view_programs(struct view *, const struct locks *);
int	view_queues(struct view *, const struct figures *spool);
int	view_space(struct view *, const struct figures *spool);
void	view_election(struct view *, const struct figures *pull);

/* Note what could not be read. */
int	view_note(struct view *, const char *path, int error);

/* Append a program or a queue. NULL: ENOMEM. */
struct view_program *view_add_program(struct view *, const char *name);
struct view_queue *view_add_queue(struct view *, const char *name,
	    const char *type);

/* NULL: there is none of that name. */
const struct view_program *view_program(const struct view *, const char *name);

/* The figures of PROG; NULL: none, which is noted unless it never ran. */
struct figures *view_figures(struct view *, const char *prog);

#endif
