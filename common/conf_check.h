#ifndef CONF_CHECK_H
#define CONF_CHECK_H

struct conf_build;

/*
 * What can be done only when all of a file is read: fill in the defaults and
 * what falls back to another section, and see whether it fits together. spool
 * overrides cache_path, unless it is NULL.
 */
void	conf_check(struct conf_build *, const char *spool);

#endif
