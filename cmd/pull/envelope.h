#ifndef ENVELOPE_H
#define ENVELOPE_H

#include <stddef.h>
#include <stdint.h>

struct draft;
struct order;
struct pulled;
struct record;

/*
 * The record of pulled profiles, in the form that a tracer's upload has: a part
 * for each profile, then the event. The reference's pushProfileData has the
 * order of parts and the keys; in start and end the event has the first
 * profile's, as there.
 */

/*
 * Fill r, whose id stands, with its header; at is the when_now of its
 * making. -1: ENOMEM.
 */
int	envelope_head(struct record *r, const struct order *,
	    const struct pulled *, int64_t at);

/*
 * Write the body of those n profiles to the draft. -1: errno; the draft is
 * not discarded.
 */
int	envelope_body(struct draft *, const char *id, const struct order *,
	    const struct pulled *, size_t n);

#endif
