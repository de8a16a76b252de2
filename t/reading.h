#ifndef READING_H
#define READING_H

struct buf;
struct conf;

/* For tests: a configuration is read from text, as the file "f". */

/* text is given back empty; what was said of it is left in said, a string. */
struct conf *reading(struct buf *text, struct buf *said);

/* Is text taken (or refused), with that in what is said? */
int	reading_takes(const char *text, int taken, const char *in);

/* The value of a line of conf_print, or NULL; to be freed. */
char	*reading_printed(const struct conf *, const char *name);

/* Does text come out of conf_print with that value of that name? */
int	reading_gives(const char *text, const char *name, const char *value);

#endif
