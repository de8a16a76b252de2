#ifndef OUTBOX_H
#define OUTBOX_H

#include <stdint.h>

struct answer;
struct cargo;
struct counts;
struct outbox;
struct outroom;

/*
 * A directory as a destination: DATE/SERVICE/TIME-ID/ for a profile, with
 * event.json and the attachments as sent; DATE/metrics/ID.line and
 * DATE/points/ID.line for the other kinds. Each appears whole and durable, or
 * not at all. All of it blocks; for several threads.
 */

/*
 * Make it if need be and sweep what was left half done. capacity in bytes, 0:
 * any; name is the destination's; it and counts are borrowed. NULL with errno.
 */
struct outbox *outbox_open(const char *path, uint64_t capacity,
	    const char *name, struct counts *);
void	outbox_close(struct outbox *);

/* Store a record; a says how it went. */
void	outbox_store(struct outbox *, struct cargo *, struct answer *a);

/* What keeps it under its capacity, NULL: any. The outbox's own. */
struct outroom *outbox_room(const struct outbox *);

#endif
