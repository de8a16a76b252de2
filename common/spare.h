#ifndef SPARE_H
#define SPARE_H

/*
 * Spares: files of delivered records, which a producer writes over instead of
 * making new ones. Files made and unlinked in masses are slow on some file
 * systems: on ext4 without a journal a create looks past every inode deleted
 * in the last minute (t/bin/probe -r measures it: 1.8 times as many drafts a
 * second, five times right after mass deletes). prof-spool moves them to
 * spare/PROG and, when that is durable, writes their names to pipe/PROG.spare;
 * whoever reads a name owns the file. A name that is lost costs a file that
 * prof-spool removes when it starts.
 */
struct spare;

/* root is the spool's. NULL: this program gets no spares. */
struct spare *spare_open(int root, const char *prog);
void	spare_close(struct spare *);

/*
 * Rename one to the path `to`, open it for reading and writing, and flock it;
 * it holds an old record. Only a file that has no other name and that nobody
 * has open. -1: there is none now.
 */
int	spare_take(struct spare *, const char *to);

#endif
