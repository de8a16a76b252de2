#include "jfr_room.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void *
room_fail(struct jfr_room *room, int error)
{
	room->why = error == ENOMEM ? "out of memory" :
	    "its tables would take more memory than is allowed";
	errno = error;
	return (NULL);
}

void *
jfr_table_reserve(struct jfr_table *t, struct jfr_room *room, size_t n,
    size_t each)
{
	size_t cap = t->cap != 0 ? t->cap : 16, more;
	void *p;

	/* Of nothing, too, there is a place. */
	if (t->p != NULL && n <= t->cap - t->n)
		return ((char *)t->p + t->n * each);
	if (n > room->left / each)
		return (room_fail(room, EINVAL));
	while (cap < t->n + n)
		cap *= 2;
	if ((more = (cap - t->cap) * each) > room->left)
		return (room_fail(room, EINVAL));
	if ((p = realloc(t->p, cap * each)) == NULL)
		return (room_fail(room, ENOMEM));
	room->left -= more;
	t->p = p;
	t->cap = cap;
	t->each = each;
	return ((char *)t->p + t->n * each);
}

void *
jfr_table_add(struct jfr_table *t, struct jfr_room *room, size_t each)
{
	void *p;

	if ((p = jfr_table_reserve(t, room, 1, each)) == NULL)
		return (NULL);
	t->n++;
	return (memset(p, 0, each));
}

void
jfr_table_free(struct jfr_table *t, struct jfr_room *room)
{
	free(t->p);
	room->left += t->cap * t->each;
	memset(t, 0, sizeof(*t));
}
