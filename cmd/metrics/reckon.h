#ifndef RECKON_H
#define RECKON_H

struct order;
struct report;

/*
 * Work out what an order asks for from the file of a record, or of a bare
 * profile, which is held whole. What is wrong with a part of it is noted and
 * costs that part's numbers only.
 */
void	reckon(int fd, const struct order *, struct report *);

#endif
