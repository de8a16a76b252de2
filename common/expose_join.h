#ifndef EXPOSE_JOIN_H
#define EXPOSE_JOIN_H

#include <stddef.h>

struct buf;

/*
 * Several texts of figures made one, as a scrape wants it: each family has its
 * HELP and TYPE once, and all its samples stand behind them, whoever wrote
 * them. Families come in the order of their names, samples in that of the
 * texts.
 */
struct expose_join;

struct expose_join *expose_join_new(void);
void	expose_join_free(struct expose_join *);

/*
 * Take a text: of each family HELP, TYPE, and samples. It is borrowed until
 * the end. Left out are families of which words are a label ("reason" of an
 * _info): they would be another series each time. -1: ENOMEM, or EINVAL: a
 * line is none, or the last one is cut off, and nothing of the text is taken.
 */
int	expose_join_add(struct expose_join *, const char *p, size_t len);

/* Append the one text. -1: ENOMEM. */
int	expose_join_print(struct expose_join *, struct buf *);

#endif
