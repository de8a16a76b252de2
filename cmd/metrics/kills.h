#ifndef KILLS_H
#define KILLS_H

/*
 * How often which record has ended the worker. Records that are forgotten, the
 * oldest first, begin anew.
 */
#define KILLS_MAX	256	/* remembered */

struct kills;

struct kills *kills_new(void);
void	kills_free(struct kills *);

/* Once more: how often now. */
unsigned int kills_add(struct kills *, const char *id);

/* It has come to an end. */
void	kills_forget(struct kills *, const char *id);

#endif
