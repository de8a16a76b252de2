#ifndef HEALTH_H
#define HEALTH_H

#include <stdint.h>

struct answer;

/*
 * How a destination does, learnt from its answers, and who may try it. While
 * it is well anybody may. Once an attempt failed and none succeeded meanwhile
 * it is down: one delivery, the probe, goes on, and when that gives up there is
 * a pause that grows. Suspended: it refuses us (401, 403, 404), and took none
 * meanwhile; one probe each probe_interval. Any answer that a record was taken,
 * or that the record is at fault, makes it well. Times are when_mono's. No I/O,
 * no clock.
 */
enum health_state { HEALTH_WELL, HEALTH_DOWN, HEALTH_SUSPENDED };

struct health {
	int64_t		 pause_min;	/* between probes of one that is down */
	int64_t		 pause_max;
	int64_t		 probe_interval;
	enum health_state state;
	const void	*probe;		/* who is trying */
	int64_t		 until;		/* no probe before */
	unsigned int	 fails;		/* probes that gave up in a row */
	int64_t		 last_ok;
};

/* May another try now? And who does: where it is not well, as the probe. */
int	health_may(const struct health *, int64_t now);
void	health_take(struct health *, const void *who);

/*
 * An attempt of who, begun at began, was answered. 0: the answer counts for its
 * record; 1: it is known already that the destination fails: give the record
 * back.
 */
int	health_answer(struct health *, const void *who, const struct answer *,
	    int64_t began, int64_t now);

/* who gave up after ANSWER_RETRY; after: what the answer asked for. */
void	health_failed(struct health *, const void *who, int64_t after,
	    int64_t now);

/* who is no longer trying, for whatever reason. */
void	health_leave(struct health *, const void *who);

/* How many records may be out at a time, where full may be if it is well. */
unsigned int health_window(const struct health *, unsigned int full,
	    int64_t now);

/* When the window opens by itself; 0: it does not. */
int64_t	health_opens(const struct health *);

/* "ok", "down", "suspended". */
const char *health_word(enum health_state);

#endif
