#ifndef BARE_H
#define BARE_H

struct order;
struct report;

/*
 * The numbers of a profile that is no record: its times are its own, its
 * language is that of its sample types, or Java of a recording (JFR). It has
 * no tags. Or, if the order says so, what events a recording has.
 */
void	bare(int fd, const struct order *, struct report *);

#endif
