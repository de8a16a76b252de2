#ifndef GRANT_H
#define GRANT_H

struct conf;
struct confine;

/*
 * What each program needs once it has started (prof.7, "Who may touch what"),
 * by its name and the configuration: a table for the spool, and what the
 * configuration names. prog is recv, spool, ship.NAME and so on, or worker,
 * which has no configuration. spool is 0 where records go to standard output.
 * NULL: ENOMEM.
 */
struct confine *grant_of(const char *prog, const struct conf *, int spool);

#endif
