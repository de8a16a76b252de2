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

/* A record of that id got a name in a queue; bytes count with its first. */
int	stock_add(struct stock *, const char *id, uint64_t bytes);

/* It lost one; with its last its bytes no longer count. */
void	stock_drop(struct stock *, const char *id);

/* The bytes a record counts. */
uint64_t stock_bytes_of(const struct stock *, const char *id);

/* All of them. */
uint64_t stock_bytes(const struct stock *);

#endif
