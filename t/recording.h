#ifndef RECORDING_H
#define RECORDING_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"

/*
 * A JFR recording made for a test, chunk by chunk, small enough to be read by
 * eye. All zeros is one without a chunk. Memory that is not there aborts.
 */
#define RECORDING_NAMES	200

struct recording {
	struct buf	 out;
	size_t		 chunk;		/* where it begins */
	size_t		 event;		/* where it begins */
	int		 plain;		/* integers are not compressed */
	int64_t		 metadata;	/* its offset in the chunk */
	int64_t		 checkpoint;	/* that of the last one */
	char		*names[RECORDING_NAMES];
	size_t		 nnames;
};

#define RECORDING_START	INT64_C(1795342140000000000)	/* ns since 1970 */

/* The next chunk; its clock begins at 1000 ticks. */
void	recording_begin(struct recording *, int64_t ticks_per_second,
	    int plain);

/*
 * The metadata event. Lines of text, what stands in [] may be left out:
 *
 *   type ID NAME
 *   event ID NAME
 *    field NAME TYPE [pooled] [array] [@ANNOTATION[=VALUE] ...]
 *
 * with types by their ids.
 */
void	recording_types(struct recording *, const char *text);

/* An event: its type, then whatever is put, until recording_over. */
void	recording_event(struct recording *, int64_t type);
void	recording_over(struct recording *);

/*
 * A checkpoint, and a pool of n constants in it; each is a long, the key, and
 * what is put. pools of them must follow.
 */
void	recording_checkpoint(struct recording *, int32_t pools);
void	recording_pool(struct recording *, int64_t type, int32_t n);

void	recording_byte(struct recording *, int);
void	recording_short(struct recording *, int);
void	recording_int(struct recording *, int32_t);
void	recording_long(struct recording *, int64_t);
void	recording_real(struct recording *, double, int width);

/* form as enum jfr_form: JFR_CHARS takes text as Latin-1. */
void	recording_text(struct recording *, int form, const char *text);

/* The chunk is complete: sizes and offsets are filled in. */
void	recording_end(struct recording *);

/* Set a long of the header of the chunk that was begun last. */
void	recording_set(struct recording *, size_t at, int64_t value);

void	recording_free(struct recording *);

#endif
