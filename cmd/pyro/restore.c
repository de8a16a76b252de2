#include "restore.h"

#include <errno.h>
#include <string.h>

#include "joint.h"
#include "keep.h"
#include "listener.h"
#include "part.h"
#include "sets.h"
#include "uuid.h"

struct restore {
	struct keep	*keep;
	struct sets	*sets;
	const struct listeners *listeners;
	void		(*on_bad)(const char *, const char *, void *);
	void		*arg;
	int		 error;
};

/* ID.N, which join_name made. */
static int
name_id(const char *name, char id[UUID_TEXT])
{
	if (strlen(name) != UUID_LEN + 2 || name[UUID_LEN] != '.')
		return (-1);
	memcpy(id, name, UUID_LEN);
	id[UUID_LEN] = '\0';
	return (uuid_valid(id) ? 0 : -1);
}

/* 0; -1: *why, and errno is 0 if the part is none. */
static int
restore_part(struct restore *r, const char *name, const char **why)
{
	const struct joint *joint;
	char id[UUID_TEXT];
	struct part *part;
	unsigned int bits;
	int result = -1;

	errno = 0;
	*why = "its name is no part's";
	if (name_id(name, id) == -1)
		return (-1);
	if ((part = part_open(r->keep, name, why)) == NULL)
		return (-1);
	*why = "it is of no set that is known";
	if ((joint = joint_find(part->spy)) != NULL &&
	    (bits = part_bits(part, joint)) != 0)
		result = sets_restore(r->sets, joint, part->key, id, bits,
		    listeners_wait(r->listeners, part->key));
	part_close(part);
	return (result);
}

/* All state stays; what it is is looked at. */
static int
on_state(const char *name, int64_t age, void *arg)
{
	struct restore *r = arg;
	const char *why;

	(void)age;
	if (r->error == 0 && restore_part(r, name, &why) == -1) {
		r->error = errno;
		if (r->error == 0)
			r->on_bad(name, why, r->arg);
	}
	return (1);
}

int
restore(struct keep *keep, struct sets *sets,
    const struct listeners *listeners,
    void (*on_bad)(const char *, const char *, void *), void *arg)
{
	struct restore r = { keep, sets, listeners, on_bad, arg, 0 };
	unsigned int finished, removed;

	if (keep_replay(keep, &finished, &removed) == -1 ||
	    keep_prune(keep, on_state, &r, &removed) == -1)
		return (-1);
	errno = r.error;
	return (r.error == 0 ? 0 : -1);
}
