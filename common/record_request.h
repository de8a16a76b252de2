#ifndef RECORD_REQUEST_H
#define RECORD_REQUEST_H

struct conf;
struct httpd_request;
struct record;

/*
 * Fill r, all zeros, with what a request says about itself and what the
 * configuration adds: who sent it, the request line and the end-to-end headers
 * (prof-recv(8) lists what is left out), [profile.tags], [global_host_tags].
 * source is the record's; without, ended by NULL, are further headers to leave
 * out, in lower case, or it is NULL. A control byte in a value becomes a blank.
 * -1: ENOMEM; r may be half filled.
 */
int	record_request(struct record *r, const struct httpd_request *,
	    const struct conf *, const char *source,
	    const char *const *without);

#endif
