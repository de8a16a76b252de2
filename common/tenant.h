#ifndef TENANT_H
#define TENANT_H

struct spool;

/*
 * Open the spool at path for the daemon PROG, which is to work in it: what it
 * writes to must not be refused to this user. It speaks for the program, so it
 * logs. NULL: it is logged why.
 */
struct spool *tenant_open(const char *path, const char *prog);

#endif
