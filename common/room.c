#include "room.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "spool.h"
#include "when.h"

struct room {
	struct spool	*spool;
	uint64_t	 min_free;
	int64_t		 looked;	/* when_mono of the last look, or 0 */
	uint64_t	 free;		/* then */
	int		 error;		/* errno of that look */
	uint64_t	 written;	/* since then */
	uint64_t	 promised;	/* and not written yet */
};

struct room *
room_new(struct spool *spool, uint64_t min_free)
{
	struct room *room;

	if ((room = calloc(1, sizeof(*room))) == NULL)
		return (NULL);
	room->spool = spool;
	room->min_free = min_free;
	return (room);
}

void
room_limit(struct room *room, uint64_t min_free)
{
	room->min_free = min_free;
}

void
room_free(struct room *room)
{
	free(room);
}

static void
room_look(struct room *room)
{
	int64_t now = when_mono();

	if (room->looked != 0 && now - room->looked < WHEN_SECOND)
		return;
	room->looked = now;
	room->written = 0;
	room->error = spool_free(room->spool, &room->free) == -1 ? errno : 0;
}

const char *
room_open(struct room *room)
{
	/* Each time: in a second much more could come than there is room. */
	return (room->spool != NULL && spool_is_full(room->spool) ?
	    "the spool is full" : NULL);
}

const char *
room_promise(struct room *room, uint64_t len)
{
	uint64_t wanted;

	if (room->spool == NULL)
		return (NULL);
	room_look(room);
	if (room->error != 0)
		return ("the spool cannot be read");
	wanted = room->min_free + room->written + room->promised + len;
	if (room->free < wanted)
		return ("the spool's file system is full");
	room->promised += len;
	return (NULL);
}

void
room_wrote(struct room *room, uint64_t len)
{
	if (room->spool == NULL)
		return;
	room->written += len;
	room->promised -= len;
}

void
room_release(struct room *room, uint64_t len)
{
	if (room->spool != NULL)
		room->promised -= len;
}
