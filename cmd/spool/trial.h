#ifndef TRIAL_H
#define TRIAL_H

struct conf;
struct spool;

/*
 * Try what every record depends on, a link, a rename and an fsync, in each
 * directory, with a file of no name of a record. -1: one is refused, and it is
 * logged where and with what mode. A disk that is full or broken is no
 * refusal: that passes.
 */
int	trial(struct spool *, const struct conf *);

#endif
