#ifndef OWNERS_H
#define OWNERS_H

#include <sys/types.h>

#include <stddef.h>

struct conf;

/*
 * Whose the parts of a spool are, if its programs run as separate users
 * (prof.7): by [users] of the configuration, or by users of the usual names
 * if all of them exist.
 */
struct owners;

#define OWNERS_WHY	256

/*
 * NULL: one user has it all, and why is empty; or there are to be separate
 * users, and why says which key names nobody. Reads the system's users.
 */
struct owners *owners_new(const struct conf *, char why[OWNERS_WHY]);
void	owners_free(struct owners *);

/*
 * The ids of a word of spool_parts. A user is a program: spool, recv, pull,
 * pyro, metrics or ship.NAME. A group is a program's own, or one of
 * producers, consumers and programs. Of what is not in the configuration -1,
 * which leaves it as it is.
 */
uid_t	owners_user(const struct owners *, const char *word);
gid_t	owners_group(const struct owners *, const char *word);

#endif
