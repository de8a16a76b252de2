#ifndef SPEEDSCOPE_PROFILE_H
#define SPEEDSCOPE_PROFILE_H

#include <stddef.h>
#include <stdint.h>

struct folded;
struct json_raw;
struct json_walk;

/* The frames of a file, and what they are called in one set of stacks. */
struct speedscope_frames {
	const struct json_raw	*frame;
	size_t			 n;
	uint32_t		*name;	/* in the stacks, plus 1; 0: not yet */
};

/* What a profile says of itself, and where its lists are; all zeros: nowhere. */
struct speedscope_profile {
	int			 evented;
	int			 digits;	/* of its values behind a point */
	int			 whole;		/* they must have none */
	const struct json_raw	*start;		/* startValue; NULL: 0 */
	const struct json_walk	*events;
	const struct json_walk	*samples;
	const struct json_walk	*weights;
};

/* Add its stacks. -1: *why. */
int	speedscope_profile(const struct speedscope_profile *,
	    const struct speedscope_frames *, struct folded *,
	    const char **why);

#endif
