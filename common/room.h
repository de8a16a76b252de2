#ifndef ROOM_H
#define ROOM_H

#include <stdint.h>

struct spool;

/*
 * Is there room for another upload? The file system is looked at once a second
 * at most; between two looks what was written since then counts, and always
 * what uploads under way may still write.
 */
struct room;

/* spool NULL: there is always room. NULL with errno. */
struct room *room_new(struct spool *, uint64_t min_free);
void	room_limit(struct room *, uint64_t min_free);
void	room_free(struct room *);

/* May an upload begin at all? NULL: yes; else a fixed sentence why not. */
const char *room_open(struct room *);

/* Promise room for len more bytes. NULL: done; else why there is none. */
const char *room_promise(struct room *, uint64_t len);

/* len bytes of what was promised are written; will not be written. */
void	room_wrote(struct room *, uint64_t len);
void	room_release(struct room *, uint64_t len);

#endif
