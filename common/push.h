#ifndef PUSH_H
#define PUSH_H

#include <stddef.h>

struct labels;

/*
 * A PushRequest of Pyroscope's push API (grafana/pyroscope, api/push/v1/
 * push.proto): series, each with labels and profiles. Annotations are skipped,
 * as the reference does, and so are fields that are not known.
 */
struct push_limits {
	size_t	series;
	size_t	samples;	/* of all series */
};

/* Bytes point into the request, or into push. */
struct push_sample {
	size_t		 series;
	const char	*p;		/* raw_profile: pprof, perhaps
					   compressed */
	size_t		 len;
	const char	*id;		/* a UUID; perhaps empty, no NUL */
	size_t		 id_len;
};

struct push {
	struct labels		*labels;	/* of each series; of two of a
						   name the last */
	size_t			 series;
	struct push_sample	*sample;
	size_t			 samples;
	size_t			 labels_cap, sample_cap;
	char			*bytes;		/* of a JSON request: decoded */
};

/*
 * The protobuf message, or its JSON form (rawProfile in base64 of either
 * alphabet, with padding or without; names of fields as in JSON or as in the
 * .proto). The bytes must stay. -1: malformed, over a limit, a label as
 * labels_set refuses it, or "out of memory": *why. To be freed in any case.
 */
int	push_proto(const char *p, size_t len, const struct push_limits *,
	    struct push *, const char **why);
int	push_json(const char *p, size_t len, const struct push_limits *,
	    struct push *, const char **why);

void	push_free(struct push *);

/* For the two: another series without labels; another sample of the last. */
struct labels *push_series(struct push *, const struct push_limits *,
	    const char **why);
struct push_sample *push_sample(struct push *, const struct push_limits *,
	    const char **why);

#endif
