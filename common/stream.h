#ifndef STREAM_H
#define STREAM_H

/* Records one behind the other in a pipe or a file. */
struct stream;

/* fd is borrowed. NULL: ENOMEM. */
struct stream *stream_new(int fd);
void	stream_free(struct stream *);

/*
 * Copy the next record to a nameless file of its own, whose descriptor is *fd.
 * 1; 0: the stream has ended; -1: *why, with errno 0 where the stream is at
 * fault. Blocks. After -1 there is no telling where the next one begins.
 */
int	stream_next(struct stream *, int *fd, const char **why);

#endif
