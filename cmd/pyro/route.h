#ifndef ROUTE_H
#define ROUTE_H

struct httpd_request;

/* The head of a request has come: give it to what answers it. */
void	route(struct httpd_request *, void *pyro);

#endif
