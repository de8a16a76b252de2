#ifndef VERDICT_H
#define VERDICT_H

struct counts;
struct pipes_name;

/*
 * Answer a name, which is freed, count it and say it in the log. error is an
 * errno or 0.
 */
void	verdict_ok(struct pipes_name *, struct counts *);
void	verdict_back(struct pipes_name *, struct counts *, const char *reason);
void	verdict_dead(struct pipes_name *, struct counts *, const char *reason);

/* To be done again, the later the more often it failed. */
void	verdict_retry(struct pipes_name *, struct counts *,
	    const char *reason, int error);

#endif
