#ifndef OUTBOX_H
#define OUTBOX_H

struct answer;
struct cargo;
struct outbox;

/*
 * A directory as a destination: DATE/SERVICE/TIME-ID/ for a profile, with
 * event.json and the attachments as sent; DATE/metrics/ID.line and
 * DATE/points/ID.line for the other kinds. Each appears whole and durable, or
 * not at all. All of it blocks; for several threads.
 */

/* Make it if need be and sweep what was left half done. NULL with errno. */
struct outbox *outbox_open(const char *path);
void	outbox_close(struct outbox *);

/* Store a record; a says how it went. */
void	outbox_store(struct outbox *, struct cargo *, struct answer *a);

#endif
