#ifndef MODEL_H
#define MODEL_H

#include <sys/types.h>

#include <stdint.h>

#include "uuid.h"

struct event_base;
struct spool;

/*
 * The parts of t/tool-model.c: prof-spool's manager, in a process of its own
 * for each of its lives, beside a small model of what it should do. What
 * outlives the process is in memory that they share.
 */
#define QUEUES	3		/* a, b, and c, whose consumer is a script */
#define RECORDS	64		/* that a sequence may make */
#define OPS	8192		/* not on the disk yet, at most */
#define OP_PATH	224
#define LEASE	INT64_C(30)	/* s, as steps_configure has it */
#define SECOND	INT64_C(1000000000)

/* What the disk has been told and may forget when the power is cut. */
struct op {
	enum { OP_MADE, OP_LINKED, OP_UNLINKED, OP_RENAMED } what;
	char		 path[OP_PATH];
	char		 to[OP_PATH];	/* of a rename */
	int		 grave;		/* where what went is kept; 0: nowhere */
	ino_t		 inodes[3];	/* the file, and the directories */
};

enum state { NEVER, QUEUED, DEAD, GONE };

/* What was said or asked about a record of a queue, and may so have happened. */
#define SAID_OK		1
#define SAID_DEAD	2
#define ASKED_RM	4
#define ASKED_RETRY	8

/* A record in a queue. */
struct cell {
	enum state	 state;
	unsigned int	 said;
	unsigned int	 must;		/* of those: before this step's end */
	int		 out;		/* in the consumer's hand */
	int64_t		 lease;		/* of that, by the model's clock */
	int64_t		 until;		/* not to be handed out before; 0: - */
	unsigned int	 attempts;
	unsigned int	 want;		/* attempts at this step's end; 0: any */
};

struct record_made {
	char		 id[UUID_TEXT];
	unsigned int	 kind;
	int		 bad;		/* no record at all: for dead/none */
	int		 again;		/* its id was used twice */
	int		 none;		/* it is in dead/none */
	int		 answered;	/* its commit has returned 0 */
	int		 pending;	/* not seen to have left new/ */
	struct cell	 cells[QUEUES];
};

struct world {
	char		 dir[128];
	unsigned int	 steps;		/* of a sequence */
	unsigned char	 skip[256];	/* of the steps, those left out */
	int		 verbose;

	char		 failure[512];	/* from here on it is of a sequence */
	uint64_t	 seed;
	unsigned int	 step;		/* the next one */
	int		 over;		/* the last life has ended as it should */
	int64_t		 mono, wall;	/* the clocks, ns */
	int		 real;		/* calls are the harness's own */
	long		 kill_in;	/* calls from now; 0: no */
	int		 will_cut;	/* that death is a power cut */
	int		 cut;		/* it was, and nobody has looked yet */
	int		 has_cut;	/* there was one */
	int		 fail;		/* what the disk says; 0: it works */
	unsigned int	 share;		/* to so many of 100 calls */
	uint64_t	 chance;	/* of those */
	unsigned long	 calls;
	struct op	 ops[OPS];
	unsigned int	 nops;
	int		 graves;

	unsigned int	 queues;	/* configured, bits */
	unsigned int	 capacity;	/* MiB */
	int		 reject;
	int		 pressure;	/* something may be evicted */
	struct record_made records[RECORDS];
	unsigned int	 nrecords;
	unsigned int	 lives, kills, cuts, puts, verdicts, evictions;
};

extern struct world *world;
extern const char *const queue_names[QUEUES];
extern const unsigned int queue_accepts[QUEUES];

/* A number below n, the same for the same seed, step and calls before it. */
unsigned int dice(unsigned int n);
void	dice_begin(uint64_t seed, unsigned int step);

/* Say what is wrong and end the life. */
void	broken(const char *fmt, ...) __attribute__((format(printf, 1, 2)))
	    __attribute__((noreturn));
void	tell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A record's names, as they are found. */
struct sight {
	int		 is_new, is_none;
	int		 queued[QUEUES], dead[QUEUES], why[QUEUES];
	unsigned int	 attempts[QUEUES];
	ino_t		 inode;
	uint64_t	 bytes;
};

extern struct sight sights[RECORDS];

/*
 * model_disk.c: takes the place of the calls that change directories, and of
 * the clock. In the parent after a cut: forget what may be forgotten, as ext4
 * and xfs do: in order, the last first.
 */
void	disk_cut(void);

/* model_sight.c: look at all there is, into sights; bytes on disk. */
uint64_t sight_all(void);

/*
 * model_check.c: look at the disk, and hold it against the model, which then
 * is as the disk is. must: everything that was said has been done by now.
 */
void	check(int must);
int	check_accepts(unsigned int queue, unsigned int kind);

/* model_put.c: a producer makes a record, or one once more. */
void	put_step(void);
void	put_again(void);

/*
 * model_hand.c: the consumer of a queue starts; all read what they are handed;
 * one that has something in hand answers, or one that has not.
 */
void	hand_start(unsigned int queue);
int	hand_is_away(unsigned int queue);
void	hand_read(void);
struct record_made *hand_pick(unsigned int queue);
void	hand_ok(unsigned int queue, struct record_made *);
void	hand_verdict(void);
void	hand_stray(void);
void	hand_window(void);

/* model_steps.c: the manager has done all that it can do now. */
void	settle(void);
extern struct spool *spool;

/* The life of the manager, in the place of its event loop. */
void	steps_run(struct event_base *, struct spool *);
void	steps_configure(void);

#endif
