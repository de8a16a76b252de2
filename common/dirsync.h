#ifndef DIRSYNC_H
#define DIRSYNC_H

/*
 * One directory's fsync, shared by the threads that wait for it: each is
 * released by an fsync that began after it asked.
 */
struct dirsync;

/* dir/name is opened anew for each fsync, so that it may be replaced. */
struct dirsync *dirsync_new(int dir, const char *name);
void	dirsync_free(struct dirsync *);

/* Wait for an fsync that begins after this call. -1 with its errno. */
int	dirsync_wait(struct dirsync *);

#endif
