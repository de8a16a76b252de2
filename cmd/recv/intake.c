#include "intake.h"

#include <string.h>

#include "answer.h"
#include "conf.h"
#include "httpd.h"
#include "log.h"
#include "tally.h"
#include "upload.h"

#define INFO	"/info"

static int
intake_takes(const struct conf_list *endpoints, const char *path)
{
	size_t i;

	for (i = 0; i < endpoints->n; i++)
		if (strcmp(endpoints->v[i], path) == 0)
			return (1);
	return (0);
}

static void
on_head(struct httpd_request *request, void *arg)
{
	struct intake *in = arg;
	const char *path = httpd_path(request);
	const char *method = httpd_method(request);

	if (intake_takes(&in->conf->endpoints, path)) {
		if (strcmp(method, "POST") == 0)
			upload_begin(in, request);
		else
			answer_method(request, in->tally, "POST");
	} else if (strcmp(path, INFO) == 0) {
		if (strcmp(method, "GET") == 0)
			answer_info(request, in->tally, &in->conf->endpoints);
		else
			answer_method(request, in->tally, "GET");
	} else {
		/* Tracers send traces and telemetry to the same address. */
		log_debug(NULL, "not found", "remote=%s path=%s",
		    httpd_remote(request), log_quote(path));
		answer_error(request, in->tally, 404, "not found",
		    ANSWER_NOWHERE);
	}
}

static void
on_body(struct httpd_request *request, const char *p, size_t len, void *arg)
{
	(void)arg;
	upload_feed(httpd_own(request), p, len);
}

static void
on_end(struct httpd_request *request, void *arg)
{
	(void)arg;
	upload_end(httpd_own(request));
}

static void
on_gone(struct httpd_request *request, void *arg)
{
	(void)arg;
	upload_gone(httpd_own(request));
}

static void
on_refused(const char *remote, int status, const char *why, void *arg)
{
	struct intake *in = arg;

	tally_answer(in->tally, status);
	log_warn(NULL, "request refused", "remote=%s status=%d reason=%s",
	    remote, status, log_quote(why));
}

const struct httpd_calls intake_calls = {
	on_head, on_body, on_end, on_gone, on_refused
};
