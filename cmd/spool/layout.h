#ifndef LAYOUT_H
#define LAYOUT_H

struct spool;

/* Of separate users' spool: log each part that is not as init makes it. */
void	layout_look(struct spool *);

#endif
