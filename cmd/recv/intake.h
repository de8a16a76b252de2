#ifndef INTAKE_H
#define INTAKE_H

struct committer;
struct conf;
struct httpd_calls;
struct room;
struct spool;
struct tally;
struct trouble;

/* What every request meets: made by main, which also replaces conf. */
struct intake {
	const struct conf *conf;
	struct spool	*spool;		/* NULL: records go to the output */
	struct room	*room;
	struct committer *committer;
	struct tally	*tally;
	struct trouble	*trouble;
	int		 broken;	/* the output is: see on_broken */
	void		(*on_broken)(void);
};

/* Give each request to what answers it; arg of the calls is the intake. */
extern const struct httpd_calls intake_calls;

#endif
