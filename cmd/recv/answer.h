#ifndef ANSWER_H
#define ANSWER_H

struct conf_list;
struct httpd_request;
struct intake_tally;

/* 200: a record is safe (the answer that DataKit's clients know). */
void	answer_id(struct httpd_request *, struct intake_tally *,
	    const char *id);

/* 200: what tracers ask an agent for. */
void	answer_info(struct httpd_request *, struct intake_tally *,
	    const struct conf_list *endpoints);

#endif
