#ifndef SPEEDSCOPE_H
#define SPEEDSCOPE_H

#include <stddef.h>

struct folded;
struct folded_limits;

/*
 * Files of https://www.speedscope.app/file-format-schema.json: frames, and
 * profiles of them, sampled (stacks with weights) or evented (frames that are
 * opened and closed at times). Names of frames are all that is taken of them.
 *
 * Profiles of one sort of unit (the threads of one program, say) are added up.
 * Other than grafana/pyroscope's pkg/og/convert/speedscope:
 *
 *   - it makes whole numbers of weights and of times between two events before
 *     it multiplies them by 100, so that 0.01 s is nothing; here all units of
 *     time become nanoseconds, to the nearest
 *   - it does not multiply what passes before a frame is opened
 *   - weights and times without a unit, or in bytes, must be whole
 *   - a frame that is never closed, a file without profiles, and a frame number
 *     that is no integer or just beyond the last are refused
 */
enum speedscope_unit { SPEEDSCOPE_NONE, SPEEDSCOPE_NANOSECONDS,
    SPEEDSCOPE_BYTES };

#define SPEEDSCOPE_UNITS	3

struct speedscope {
	/* By unit, each within the limits; NULL: no profile has it. */
	struct folded	*folded[SPEEDSCOPE_UNITS];
};

/*
 * Takes memory besides of about 30 bytes for each frame of the file. -1: *why;
 * to be freed in any case.
 */
int	speedscope_read(const char *p, size_t len,
	    const struct folded_limits *, struct speedscope *,
	    const char **why);

void	speedscope_free(struct speedscope *);

#endif
