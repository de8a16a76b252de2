#ifndef HEALTH_H
#define HEALTH_H

struct httpd_request;
struct intake;

/*
 * Answer whether records are taken, and moved on once they are: 200, or 503
 * with why not, in a line. A destination that is away is no reason: what it
 * does not take is safe in its queue.
 */
void	health(struct intake *, struct httpd_request *);

#endif
