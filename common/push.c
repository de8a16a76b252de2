#include "push.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "labels.h"
#include "pprof_room.h"
#include "pprof_wire.h"

/* Field numbers of push.proto and types.proto. */
enum { REQUEST_SERIES = 1, SERIES_LABELS = 1, SERIES_SAMPLES = 2,
    SAMPLE_PROFILE = 1, SAMPLE_ID = 2, LABEL_NAME = 1, LABEL_VALUE = 2 };

struct labels *
push_series(struct push *push, const struct push_limits *limits,
    const char **why)
{
	struct labels *room;

	*why = "too many series";
	if (push->series == limits->series)
		return (NULL);
	room = pprof_room(push->labels, &push->labels_cap, push->series + 1,
	    sizeof(*room), SIZE_MAX, why);
	if (room == NULL)
		return (NULL);
	push->labels = room;
	memset(&room[push->series], 0, sizeof(*room));
	return (&room[push->series++]);
}

struct push_sample *
push_sample(struct push *push, const struct push_limits *limits,
    const char **why)
{
	struct push_sample *room;

	*why = "too many profiles";
	if (push->samples == limits->samples)
		return (NULL);
	room = pprof_room(push->sample, &push->sample_cap, push->samples + 1,
	    sizeof(*room), SIZE_MAX, why);
	if (room == NULL)
		return (NULL);
	push->sample = room;
	room = &room[push->samples++];
	*room = (struct push_sample){ push->series - 1, "", 0, "", 0 };
	return (room);
}

void
push_free(struct push *push)
{
	size_t i;

	for (i = 0; i < push->series; i++)
		labels_free(&push->labels[i]);
	free(push->labels);
	free(push->sample);
	free(push->bytes);
	memset(push, 0, sizeof(*push));
}

/* The two texts of a message, by their field numbers 1 and 2. */
static int
push_texts(struct pprof_wire w, struct pprof_wire text[2], const char **why)
{
	struct pprof_field f;
	int more;

	text[0] = text[1] = (struct pprof_wire){ NULL, NULL };
	while ((more = pprof_field(&w, &f, why)) == 1)
		if (f.number == 1 || f.number == 2) {
			if (pprof_bytes(&f, why) == -1)
				return (-1);
			text[f.number - 1] = f.in;
		}
	return (more);
}

static size_t
push_text(const struct pprof_wire *w, const char **p)
{
	*p = w->at != NULL ? (const char *)w->at : "";
	return (w->at != NULL ? (size_t)(w->end - w->at) : 0);
}

static int
push_proto_label(struct labels *labels, struct pprof_wire w, const char **why)
{
	struct pprof_wire text[2];
	const char *name, *value;
	size_t name_len, len;

	if (push_texts(w, text, why) == -1)
		return (-1);
	name_len = push_text(&text[LABEL_NAME - 1], &name);
	len = push_text(&text[LABEL_VALUE - 1], &value);
	return (labels_set(labels, name, name_len, value, len, why));
}

static int
push_proto_sample(struct push *push, const struct push_limits *limits,
    struct pprof_wire w, const char **why)
{
	struct push_sample *s = push_sample(push, limits, why);
	struct pprof_wire text[2];

	if (s == NULL || push_texts(w, text, why) == -1)
		return (-1);
	s->len = push_text(&text[SAMPLE_PROFILE - 1], &s->p);
	s->id_len = push_text(&text[SAMPLE_ID - 1], &s->id);
	return (0);
}

static int
push_proto_series(struct push *push, const struct push_limits *limits,
    struct pprof_wire w, const char **why)
{
	struct labels *labels = push_series(push, limits, why);
	struct pprof_field f;
	int more;

	if (labels == NULL)
		return (-1);
	while ((more = pprof_field(&w, &f, why)) == 1) {
		if (f.number != SERIES_LABELS && f.number != SERIES_SAMPLES)
			continue;
		if (pprof_bytes(&f, why) == -1 ||
		    (f.number == SERIES_LABELS ?
		    push_proto_label(labels, f.in, why) :
		    push_proto_sample(push, limits, f.in, why)) == -1)
			return (-1);
	}
	return (more);
}

int
push_proto(const char *p, size_t len, const struct push_limits *limits,
    struct push *push, const char **why)
{
	struct pprof_wire w = { (const unsigned char *)p, NULL };
	struct pprof_field f;
	int more;

	memset(push, 0, sizeof(*push));
	w.end = len != 0 ? w.at + len : w.at;
	while ((more = pprof_field(&w, &f, why)) == 1)
		if (f.number == REQUEST_SERIES &&
		    (pprof_bytes(&f, why) == -1 ||
		    push_proto_series(push, limits, f.in, why) == -1))
			return (-1);
	return (more);
}
