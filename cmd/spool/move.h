#ifndef MOVE_H
#define MOVE_H

#include <stddef.h>

/*
 * Every system call that moves a committed record. Between two of them there
 * is always a name of it on stable storage; prof.7 says what a crash leaves
 * at each point. root is the spool's descriptor. -1 with errno; ENOENT: the
 * record is not there, ENOTDIR: nor is the directory that it was in.
 */

/* link new/ID queue/QUEUE/ID; EEXIST. Then move_sync, then move_admitted. */
int	move_link(int root, const char *id, const char *queue);

/* fsync queue/QUEUE. */
int	move_sync(int root, const char *queue);

/* unlink new/ID, that every queue it belongs to has and has synced. */
int	move_admitted(int root, const char *id);

/*
 * An at-function has failed on dir/name. Sets errno to ENOTDIR where it was
 * ENOENT and dir is away. -1.
 */
int	move_failed(int root, const char *path);

/* unlink queue/QUEUE/NAME: delivered. */
int	move_delivered(int root, const char *queue, const char *name);

/* rename queue/QUEUE/NAME spare/PROG/ID: delivered, its file kept. */
int	move_spared(int root, const char *queue, const char *name,
	    const char *prog, const char *id);

/* unlink spare/PROG/ID. */
int	move_unspared(int root, const char *prog, const char *id);

/* unlink STATE/QUEUE/NAME, and of a dead record the reason: evicted. */
int	move_removed(int root, const char *state, const char *queue,
	    const char *name);

/* rename dead/QUEUE/ID queue/QUEUE/ID; then its reason goes. */
int	move_revived(int root, const char *queue, const char *id);

/* rename dead/none/NAME new/ID, to be admitted again; its reason goes. */
int	move_readmitted(int root, const char *name);

/* rename in queue/QUEUE, never over another. */
int	move_renamed(int root, const char *queue, const char *from,
	    const char *to);

/*
 * Put dir/name (dir "new" or "queue/QUEUE") among the dead of queue as to,
 * with the text why in to.why. EEXIST: that name is taken.
 */
int	move_dead(int root, const char *dir, const char *name,
	    const char *queue, const char *to, const char *why, size_t len);

/*
 * The same for an id that another record holds: to dead/none/ID~N, with the
 * first N that is free.
 */
int	move_aside(int root, const char *dir, const char *name, const char *id,
	    const char *why, size_t len);

/*
 * Anything at all, by its path from the root, to lost/ID, with the text why in
 * ID.why. For prof-spool fsck.
 */
int	move_lost(int root, const char *path, const char *id, const char *why,
	    size_t len);

/*
 * Put a link to the record at from in the place of the one at to, by way of
 * tmp/spool/ID. For prof-spool fsck, where they have the same bytes.
 */
int	move_over(int root, const char *from, const char *to, const char *id);

#endif
