#ifndef PPROF_TRACE_H
#define PPROF_TRACE_H

#include <stddef.h>
#include <stdint.h>

struct pprof;

/*
 * The traces that samples were taken in, as tracers say with labels: "trace
 * endpoint", "trace id", "span id", "local root span id" (Datadog's, as text
 * or number), or the same with "_" for " " (OpenTelemetry's for Pyroscope).
 */
enum pprof_trace_label { PPROF_TRACE_ENDPOINT, PPROF_TRACE_ID,
    PPROF_TRACE_SPAN, PPROF_TRACE_ROOT_SPAN, PPROF_TRACE_LABELS };

struct pprof_trace {
	struct pprof_trace_text {
		const char	*p;	/* in the profile or in digits: not
					   to be copied with the struct */
		size_t		 len;	/* 0: there is no such label */
		char		 digits[21];
	}		 label[PPROF_TRACE_LABELS];
	int64_t		 value;		/* of the first sample type, in all */
};

/*
 * Of all sets of these labels the one with most of the first sample type. Of
 * equal ones the first. Reads p's samples from the first to the last. 1; 0:
 * there is none; -1: *why, which may be "out of memory".
 */
int	pprof_trace(struct pprof *p, struct pprof_trace *, const char **why);

#endif
