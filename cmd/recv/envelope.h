#ifndef ENVELOPE_H
#define ENVELOPE_H

struct conf;
struct httpd_request;
struct record;

/*
 * Fill r, all zeros, with what a request says about itself and what the
 * configuration adds: who sent it, the request line and the end-to-end headers
 * (prof-recv(8) lists what is left out), [profile.tags], [global_host_tags]. A
 * control byte in a value becomes a blank. -1: ENOMEM; r may be half filled.
 */
int	envelope_fill(struct record *r, const struct httpd_request *,
	    const struct conf *);

#endif
