#include "speedscope.h"

#include <stdlib.h>
#include <string.h>

#include "folded.h"
#include "json_walk.h"
#include "pprof_room.h"
#include "speedscope_profile.h"

#define DEPTH	32	/* levels of a file; the format has 5 */

static const char schema[] =
    "https://www.speedscope.app/file-format-schema.json";
static const char no_memory[] = "out of memory";

/* Where the parts of the file are; NULL: nowhere. Of two the last counts. */
struct speedscope_file {
	struct json_walk	 frames;
	struct json_walk	 profiles;
	struct json_raw		*frame;
	size_t			 n;
	size_t			 cap;
	uint32_t		*name[SPEEDSCOPE_UNITS];
	const struct folded_limits *limits;
	struct speedscope	*to;
	const char		**why;
};

static const struct speedscope_word {
	const char		*word;
	enum speedscope_unit	 unit;
	int			 digits;	/* to nanoseconds */
} units[] = {
	{ "none", SPEEDSCOPE_NONE, 0 },
	{ "nanoseconds", SPEEDSCOPE_NANOSECONDS, 0 },
	{ "microseconds", SPEEDSCOPE_NANOSECONDS, 3 },
	{ "milliseconds", SPEEDSCOPE_NANOSECONDS, 6 },
	{ "seconds", SPEEDSCOPE_NANOSECONDS, 9 },
	{ "bytes", SPEEDSCOPE_BYTES, 0 },
};

/* The list under a key; null is none. */
static int
speedscope_list(struct json_walk *w, struct json_walk *list, const char **why)
{
	char type = json_walk_type(w);

	if (type != '[' && type != 'n') {
		*why = "a list was expected";
		return (-1);
	}
	memset(list, 0, sizeof(*list));
	if (type == '[')
		*list = *w;
	json_walk_skip(w);
	return (0);
}

/* A frame's name, as it is written. */
static int
speedscope_frame(struct json_walk *w, struct json_raw *name, const char **why)
{
	struct json_raw key;

	*why = "a frame has no name";
	name->p = NULL;
	if (json_walk_type(w) != '{')
		return (-1);
	json_walk_enter(w);
	while (json_walk_key(w, &key))
		if (json_raw_is(&key, "name") && json_walk_type(w) == '"')
			json_walk_raw(w, name);
		else
			json_walk_skip(w);
	return (name->p != NULL ? 0 : -1);
}

static int
speedscope_frames(struct speedscope_file *file)
{
	struct json_walk w = file->frames;
	struct json_raw name, *grown;

	json_walk_enter(&w);
	while (json_walk_item(&w)) {
		if (speedscope_frame(&w, &name, file->why) == -1)
			return (-1);
		grown = pprof_room(file->frame, &file->cap, file->n + 1,
		    sizeof(*grown), UINT32_MAX - 1, file->why);
		if (grown == NULL)
			return (-1);
		file->frame = grown;
		file->frame[file->n++] = name;
	}
	return (0);
}

/* The frames under "shared". */
static int
speedscope_shared(struct json_walk *w, struct json_walk *frames,
    const char **why)
{
	struct json_raw key;

	*why = "shared is no object";
	if (json_walk_type(w) != '{')
		return (-1);
	json_walk_enter(w);
	while (json_walk_key(w, &key))
		if (!json_raw_is(&key, "frames"))
			json_walk_skip(w);
		else if (speedscope_list(w, frames, why) == -1)
			return (-1);
	return (0);
}

static int
speedscope_parts(struct speedscope_file *file, struct json_walk w)
{
	struct json_raw key, raw;
	int known = 0;

	json_walk_enter(&w);
	while (json_walk_key(&w, &key)) {
		if (json_raw_is(&key, "$schema") &&
		    json_walk_type(&w) == '"') {
			json_walk_raw(&w, &raw);
			known = json_raw_is(&raw, schema);
		} else if (json_raw_is(&key, "shared")) {
			if (speedscope_shared(&w, &file->frames,
			    file->why) == -1)
				return (-1);
		} else if (json_raw_is(&key, "profiles")) {
			if (speedscope_list(&w, &file->profiles,
			    file->why) == -1)
				return (-1);
		} else
			json_walk_skip(&w);
	}
	*file->why = "its $schema is not speedscope's";
	return (known ? 0 : -1);
}

/* Stacks of that unit, and what their frames are called. */
static int
speedscope_stacks(struct speedscope_file *file, enum speedscope_unit unit)
{
	struct speedscope *to = file->to;

	*file->why = no_memory;
	if (to->folded[unit] == NULL &&
	    (to->folded[unit] = folded_new(file->limits)) == NULL)
		return (-1);
	if (file->name[unit] == NULL)
		file->name[unit] = calloc(file->n + 1, sizeof(uint32_t));
	return (file->name[unit] != NULL ? 0 : -1);
}

static const struct speedscope_word *
speedscope_unit(const struct json_raw *raw)
{
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (json_raw_is(raw, units[i].word))
			return (&units[i]);
	return (NULL);
}

/* What a profile holds, by key. */
struct speedscope_members {
	struct json_raw		type;
	struct json_raw		unit;
	struct json_raw		start;
	struct json_walk	events;
	struct json_walk	samples;
	struct json_walk	weights;
};

static int
speedscope_members(struct json_walk *w, struct speedscope_members *m,
    const char **why)
{
	struct json_raw key, *raw;
	struct json_walk *list;

	memset(m, 0, sizeof(*m));
	while (json_walk_key(w, &key)) {
		raw = json_raw_is(&key, "type") ? &m->type :
		    json_raw_is(&key, "unit") ? &m->unit : NULL;
		list = json_raw_is(&key, "events") ? &m->events :
		    json_raw_is(&key, "samples") ? &m->samples :
		    json_raw_is(&key, "weights") ? &m->weights : NULL;
		if (list != NULL) {
			if (speedscope_list(w, list, why) == -1)
				return (-1);
		} else if (raw != NULL && json_walk_type(w) == '"')
			json_walk_raw(w, raw);
		else if (json_raw_is(&key, "startValue") &&
		    strchr("0-", json_walk_type(w)) != NULL)
			json_walk_raw(w, &m->start);
		else
			json_walk_skip(w);
	}
	return (0);
}

/* The profile at hand. */
static int
speedscope_one(struct speedscope_file *file, struct json_walk *w)
{
	struct speedscope_members m;
	struct speedscope_profile p = { 0 };
	struct speedscope_frames frames = { file->frame, file->n, NULL };
	const struct speedscope_word *unit;

	*file->why = "a profile is no object";
	if (json_walk_type(w) != '{')
		return (-1);
	json_walk_enter(w);
	if (speedscope_members(w, &m, file->why) == -1)
		return (-1);
	p.evented = json_raw_is(&m.type, "evented");
	*file->why = "a profile is neither evented nor sampled";
	if (!p.evented && !json_raw_is(&m.type, "sampled"))
		return (-1);
	*file->why = "a profile has no unit that is known";
	if ((unit = speedscope_unit(&m.unit)) == NULL)
		return (-1);
	p.digits = unit->digits;
	p.whole = unit->unit != SPEEDSCOPE_NANOSECONDS;
	p.start = m.start.p != NULL ? &m.start : NULL;
	p.events = &m.events;
	p.samples = &m.samples;
	p.weights = &m.weights;
	if (speedscope_stacks(file, unit->unit) == -1)
		return (-1);
	frames.name = file->name[unit->unit];
	return (speedscope_profile(&p, &frames, file->to->folded[unit->unit],
	    file->why));
}

int
speedscope_read(const char *p, size_t len, const struct folded_limits *limits,
    struct speedscope *to, const char **why)
{
	struct speedscope_file file = { .limits = limits, .to = to,
	    .why = why };
	struct json_walk w;
	size_t i, profiles = 0;
	int result = -1;

	memset(to, 0, sizeof(*to));
	if (json_check(p, len, DEPTH, why) == -1)
		return (-1);
	w = (struct json_walk){ p, p + len };
	if (speedscope_parts(&file, w) == -1 || speedscope_frames(&file) == -1)
		goto out;
	w = file.profiles;
	json_walk_enter(&w);
	for (; json_walk_item(&w); profiles++)
		if (speedscope_one(&file, &w) == -1)
			goto out;
	*why = "there is no profile in it";
	result = profiles > 0 ? 0 : -1;
out:
	free(file.frame);
	for (i = 0; i < SPEEDSCOPE_UNITS; i++)
		free(file.name[i]);
	return (result);
}

void
speedscope_free(struct speedscope *s)
{
	size_t i;

	for (i = 0; i < SPEEDSCOPE_UNITS; i++)
		folded_free(s->folded[i]);
	memset(s, 0, sizeof(*s));
}
