#include "speedscope_profile.h"

#include <stdlib.h>

#include "buf.h"
#include "folded.h"
#include "json.h"
#include "json_walk.h"

static const char no_memory[] = "out of memory";

struct speedscope_stack {
	const struct speedscope_profile	*profile;
	const struct speedscope_frames	*frames;
	struct folded			*folded;
	const char			**why;
	/* Of an evented profile: the frames that are open, and their nodes. */
	struct speedscope_open {
		size_t		frame;
		uint32_t	node;
	}				*open;
	uint32_t			 depth;
};

/* A weight or a time, in its profile's smallest unit. */
static int
speedscope_value(const struct speedscope_profile *p,
    const struct json_raw *raw, int64_t *v, const char **why)
{
	switch (json_raw_scaled(raw, p->digits, v)) {
	case 0:
		return (0);
	case 1:
		*why = "a value without a unit, or in bytes, is not whole";
		return (p->whole ? -1 : 0);
	}
	*why = "a value is over 63 bits";
	return (-1);
}

/* The number at hand. */
static int
speedscope_number(struct json_walk *w, struct json_raw *raw, const char **why)
{
	char type = json_walk_type(w);

	if (type != '0' && type != '-') {
		*why = "a number was expected";
		return (-1);
	}
	json_walk_raw(w, raw);
	return (0);
}

static int
speedscope_frame(const struct speedscope_stack *s, const struct json_raw *raw,
    size_t *frame)
{
	int64_t v;

	if (json_raw_scaled(raw, 0, &v) != 0 || v < 0 ||
	    (uint64_t)v >= s->frames->n) {
		*s->why = "no such frame";
		return (-1);
	}
	*frame = (size_t)v;
	return (0);
}

/* The node of a frame below another. */
static int
speedscope_child(const struct speedscope_stack *s, size_t frame, uint32_t node,
    uint32_t *child)
{
	const struct json_raw *raw = &s->frames->frame[frame];
	uint32_t *name = &s->frames->name[frame];
	struct buf text = { 0 };
	int result;

	if (*name == 0) {
		*s->why = no_memory;
		result = json_unescape(&text, raw->p, raw->len) == -1 ? -1 :
		    folded_name(s->folded, text.p, text.len, name, s->why);
		buf_free(&text);
		if (result == -1)
			return (-1);
		(*name)++;
	}
	return (folded_child(s->folded, node, *name - 1, child, s->why));
}

/* One stack, root first, of which w is at the list. */
static int
speedscope_sample(const struct speedscope_stack *s, struct json_walk *w,
    int64_t weight)
{
	uint32_t node = FOLDED_ROOT;
	struct json_raw raw;
	size_t frame;

	if (json_walk_type(w) != '[') {
		*s->why = "a sample is no list";
		return (-1);
	}
	json_walk_enter(w);
	while (json_walk_item(w))
		if (speedscope_number(w, &raw, s->why) == -1 ||
		    speedscope_frame(s, &raw, &frame) == -1 ||
		    speedscope_child(s, frame, node, &node) == -1)
			return (-1);
	return (folded_add(s->folded, node, weight, s->why));
}

static int
speedscope_sampled(const struct speedscope_stack *s)
{
	const struct speedscope_profile *p = s->profile;
	struct json_walk samples = *p->samples, weights = *p->weights;
	struct json_raw raw;
	int64_t weight;

	json_walk_enter(&samples);
	json_walk_enter(&weights);
	while (json_walk_item(&samples)) {
		*s->why = "there are fewer weights than samples";
		if (!json_walk_item(&weights) ||
		    speedscope_number(&weights, &raw, s->why) == -1 ||
		    speedscope_value(p, &raw, &weight, s->why) == -1)
			return (-1);
		if (weight < 0) {
			*s->why = "a weight is below 0";
			return (-1);
		}
		if (speedscope_sample(s, &samples, weight) == -1)
			return (-1);
	}
	*s->why = "there are more weights than samples";
	return (json_walk_item(&weights) ? -1 : 0);
}

struct speedscope_event {
	int		 opens;
	int64_t		 at;
	size_t		 frame;
};

/* The event at hand. */
static int
speedscope_event(const struct speedscope_stack *s, struct json_walk *w,
    struct speedscope_event *e)
{
	struct json_raw key, raw;
	int has_type = 0, has_at = 0, has_frame = 0;

	*s->why = "an event is no object";
	if (json_walk_type(w) != '{')
		return (-1);
	json_walk_enter(w);
	while (json_walk_key(w, &key)) {
		*s->why = "an event neither opens nor closes";
		if (json_raw_is(&key, "type") && json_walk_type(w) == '"') {
			json_walk_raw(w, &raw);
			e->opens = json_raw_is(&raw, "O");
			if (!e->opens && !json_raw_is(&raw, "C"))
				return (-1);
			has_type = 1;
		} else if (json_raw_is(&key, "at")) {
			if (speedscope_number(w, &raw, s->why) == -1 ||
			    speedscope_value(s->profile, &raw, &e->at,
			    s->why) == -1)
				return (-1);
			has_at = 1;
		} else if (json_raw_is(&key, "frame")) {
			if (speedscope_number(w, &raw, s->why) == -1 ||
			    speedscope_frame(s, &raw, &e->frame) == -1)
				return (-1);
			has_frame = 1;
		} else
			json_walk_skip(w);
	}
	*s->why = "an event lacks its type, time or frame";
	return (has_type && has_at && has_frame ? 0 : -1);
}

/* The time since the event before is that of the frame on top. */
static int
speedscope_apply(struct speedscope_stack *s, const struct speedscope_event *e,
    int64_t last)
{
	uint32_t node = s->depth > 0 ? s->open[s->depth - 1].node :
	    FOLDED_ROOT;
	int64_t passed;

	*s->why = "events are out of order";
	if (e->at < last)
		return (-1);
	*s->why = "a value is over 63 bits";
	if (__builtin_sub_overflow(e->at, last, &passed) || (s->depth > 0 &&
	    folded_add(s->folded, node, passed, s->why) == -1))
		return (-1);
	if (!e->opens) {
		*s->why = "a frame is closed that was not opened last";
		if (s->depth == 0 || s->open[s->depth - 1].frame != e->frame)
			return (-1);
		s->depth--;
		return (0);
	}
	/* No stack is deeper than open has room for. */
	if (speedscope_child(s, e->frame, node, &node) == -1)
		return (-1);
	s->open[s->depth].frame = e->frame;
	s->open[s->depth++].node = node;
	return (0);
}

static int
speedscope_evented(struct speedscope_stack *s)
{
	struct json_walk w = *s->profile->events;
	struct speedscope_event e = { 0 };
	int64_t last = 0;

	if (s->profile->start != NULL && speedscope_value(s->profile,
	    s->profile->start, &last, s->why) == -1)
		return (-1);
	json_walk_enter(&w);
	while (json_walk_item(&w)) {
		if (speedscope_event(s, &w, &e) == -1 ||
		    speedscope_apply(s, &e, last) == -1)
			return (-1);
		last = e.at;
	}
	*s->why = "a frame is never closed";
	return (s->depth > 0 ? -1 : 0);
}

int
speedscope_profile(const struct speedscope_profile *p,
    const struct speedscope_frames *frames, struct folded *f,
    const char **why)
{
	struct speedscope_stack s = { .profile = p, .frames = frames,
	    .folded = f, .why = why };
	int result;

	if (!p->evented)
		return (speedscope_sampled(&s));
	s.open = calloc((size_t)folded_depth(f) + 1, sizeof(*s.open));
	if (s.open == NULL) {
		*why = no_memory;
		return (-1);
	}
	result = speedscope_evented(&s);
	free(s.open);
	return (result);
}
