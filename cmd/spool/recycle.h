#ifndef RECYCLE_H
#define RECYCLE_H

struct consumer;
struct entry;
struct manager;

/*
 * What becomes of a delivered record's file: with its last name it is kept as
 * a spare (common/spare.h) where its producer takes such, else unlinked.
 */

/* The kind of producer a record's source names, 0: one that takes no spares. */
unsigned char recycle_source(const char *source);

/* A record was delivered: take its name out of the queue. -1: errno. */
int	recycle_delivered(struct consumer *, const struct entry *,
	    const char *name);

/* The queue was fsynced: what went out of it before may be written over. */
void	recycle_publish(struct consumer *);

/* A producer that was not there may be there now. */
void	recycle_look_again(struct manager *);

/* Remove what an earlier life left. */
void	recycle_sweep(struct manager *);

#endif
