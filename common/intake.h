#ifndef INTAKE_H
#define INTAKE_H

#include <stdint.h>

struct committer;
struct conf;
struct event_base;
struct httpd_request;
struct intake_tally;
struct intake_trouble;
struct room;
struct spool;

/*
 * What all uploads meet in a program that takes profiles over HTTP. It speaks
 * for the program, so it logs.
 */
struct intake {
	const char	*prog;		/* "recv" */
	struct conf	*conf;		/* in force */
	struct spool	*spool;		/* NULL: records go to the output */
	int		 output;	/* a descriptor; -1: the spool */
	struct room	*room;
	struct committer *committer;
	struct intake_tally *tally;
	struct intake_trouble *trouble;
	int		 broken;	/* the output is: the program ends */
};

/*
 * Open the spool and take its lock, unless there is an output; begin what the
 * configuration, which the intake frees, says; ignore SIGPIPE and SIGXFSZ.
 * -1: it is logged why.
 */
int	intake_open(struct intake *, struct event_base *, const char *prog,
	    struct conf *, int output);
void	intake_close(struct intake *);

/* Another configuration, for uploads that begin from now on. */
void	intake_change(struct intake *, struct conf *);

/*
 * An upload is not taken because of what was sent, at this byte of its body
 * (INTAKE_NOWHERE: none); or because of the spool, cause being an errno or 0.
 * Counted and logged; the answer is the caller's.
 */
void	intake_refused(struct intake *, const struct httpd_request *,
	    int status, const char *why, uint64_t at);
void	intake_put_off(struct intake *, const struct httpd_request *,
	    const char *why, int cause);

/* What to tell a client of an errno. */
const char *intake_cause(const struct intake *, int error);

/*
 * A commit begins, and waits from now on; it took so many ns, error being 0 or
 * errno, length the body's.
 */
void	intake_committing(struct intake *);
void	intake_committed(struct intake *, int error, int64_t took,
	    uint64_t length);

#endif
