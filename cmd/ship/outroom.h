#ifndef OUTROOM_H
#define OUTROOM_H

#include <stdint.h>

struct counts;

/*
 * The room that an outbox may take: what it holds is summed up as it comes and
 * looked up at start and now and then, for others may write to it too. Over its
 * capacity whole profiles and lines go, oldest first, down to 95 % where that
 * needs no big one more; never what is being written, nor what is not its own.
 * Two at one outbox do no harm: each looks before it removes.
 */
struct outroom;

/*
 * root, the outbox's directory, and name, the destination's, are borrowed, as
 * is counts. capacity in bytes. NULL: ENOMEM.
 */
struct outroom *outroom_new(int root, const char *name, uint64_t capacity,
	    struct counts *);
void	outroom_free(struct outroom *);

/* So many bytes came. From any thread. */
void	outroom_add(struct outroom *, uint64_t bytes);

/* What it holds, as far as is known. From any thread. */
uint64_t outroom_bytes(struct outroom *);

/* Is it time to trim? now is when_mono's. Not while it is being trimmed. */
int	outroom_due(struct outroom *, int64_t now);

/* Look what is there and remove what is too much. Blocks; one at a time. */
void	outroom_trim(struct outroom *);

/* Before the end: what came since the last look makes it due. */
void	outroom_settle(struct outroom *);

/* From any thread: a trim under way is to end soon. */
void	outroom_stop(struct outroom *);

#endif
