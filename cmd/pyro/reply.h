#ifndef REPLY_H
#define REPLY_H

struct httpd_request;
struct intake_tally;

/*
 * Answers to both kinds of requests, each as its client reads it: POST /ingest
 * (ORDER_INGEST) with a status alone or an error in JSON, Push as Connect or
 * gRPC-Web have it, under the request's own content type.
 */

/* What Push sends by its content type: enum order_kind; -1: nothing we take. */
int	reply_kind(const char *content_type);

/* Everything is durable. */
void	reply_done(struct httpd_request *, struct intake_tally *, int kind);

/* It is not taken; the status is that of /ingest. */
void	reply_error(struct httpd_request *, struct intake_tally *, int kind,
	    int status, const char *why);

/* 415, to Push of a content type that is none of ours. */
void	reply_type(struct httpd_request *, struct intake_tally *);

#endif
