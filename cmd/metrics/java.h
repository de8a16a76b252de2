#ifndef JAVA_H
#define JAVA_H

#include <stddef.h>
#include <stdint.h>

struct jfr_limits;
struct jfr_report;

/*
 * What a profile's recordings (JFR) say about a Java program, as numbers, the
 * same as DataKit's (internal/plugins/inputs/profile/metrics/jfr.go).
 */
struct java;

struct java_metric {
	const char	*name;
	int		 is_real;
	int64_t		 integer;
	double		 real;
};

#define JAVA_METRICS	40	/* at most */

struct java *java_new(void);

/*
 * Add a recording to the sums. -1: EINVAL, and *why says what is wrong with
 * it, or ENOMEM; the sums are as they were. report, as of jfr_read: a note in
 * it says that the recording is incomplete.
 */
int	java_add(struct java *, const char *p, size_t len,
	    const struct jfr_limits *, struct jfr_report *, const char **why);

/*
 * The metrics of a profile that lasted from start to end (ns since 1970), by
 * name. Returns how many: all but the uptime are always there, and without a
 * duration those that are divided by it.
 */
size_t	java_metrics(const struct java *, int64_t start, int64_t end,
	    struct java_metric metrics[JAVA_METRICS]);

void	java_free(struct java *);

#endif
