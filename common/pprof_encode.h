#ifndef PPROF_ENCODE_H
#define PPROF_ENCODE_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct pprof_frames;
struct pprof_kept;
struct pprof_strings;

/* Numbers that the head has of strings. */
struct pprof_encode_head {
	uint32_t	type[2 * 32];	/* of each sample type: type, unit */
	uint32_t	period_type;
	uint32_t	period_unit;
	uint32_t	default_type;
	uint32_t	drop_frames;
	uint32_t	keep_frames;
	uint32_t	doc_url;
	int64_t		time;
	int64_t		duration;
	int64_t		period;
};

struct pprof_encode {
	struct pprof_encode_head head;
	const struct pprof_strings *strings;
	const struct pprof_frames *frames;
	const struct pprof_kept	*kept;
	const uint32_t		*comment;	/* strings */
	size_t			 comments;
	int			 zeros;	/* write samples that are all 0, too */
};

/* Append the profile: see pprof_write_end. -1: ENOMEM, and out as it was. */
int	pprof_encode(const struct pprof_encode *, struct buf *out);

#endif
