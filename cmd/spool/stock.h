#ifndef STOCK_H
#define STOCK_H

#include <stdint.h>

/*
 * What the records in the queues, dead ones too, occupy on disk, each counted
 * once however many queues it stands in.
 */
struct stock;

struct stock *stock_new(void);
void	stock_free(struct stock *);

/*
 * A record of that id got a name in a queue; bytes and source (a number of
 * recycle.h's) are taken with its first.
 */
int	stock_add(struct stock *, const char *id, uint64_t bytes,
	    unsigned char source);

/* It lost one; with its last its bytes no longer count. */
void	stock_drop(struct stock *, const char *id);

/* How many names a record has, where it came from, the bytes it counts. */
unsigned int stock_names(const struct stock *, const char *id);
unsigned char stock_source(const struct stock *, const char *id);
uint64_t stock_bytes_of(const struct stock *, const char *id);

/* All of them. */
uint64_t stock_bytes(const struct stock *);

#endif
