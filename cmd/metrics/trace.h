#ifndef TRACE_H
#define TRACE_H

struct sheet;

#define TRACE_TEXT	256	/* room for a value; longer ones are cut */

/* The request that most of a profile was spent on; "": not known. */
struct trace {
	char	endpoint[TRACE_TEXT];
	char	id[TRACE_TEXT];
	char	span[TRACE_TEXT];
};

/*
 * By the labels of the samples (pprof_trace.h), of the first pprof file that
 * has any; without a span the root span stands for it.
 */
void	trace_find(struct sheet *, struct trace *);

/* What endpoint, resource (the same), trace_id and span_id are, or NULL. */
const char *trace_value(const struct trace *, const char *key);

#endif
