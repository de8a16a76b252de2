#include "route.h"

#include <string.h>

#include "answer.h"
#include "conf.h"
#include "httpd.h"
#include "intake.h"
#include "intake_answer.h"
#include "log.h"
#include "upload.h"

#define INFO	"/info"

static int
route_takes(const struct conf_list *endpoints, const char *path)
{
	size_t i;

	for (i = 0; i < endpoints->n; i++)
		if (strcmp(endpoints->v[i], path) == 0)
			return (1);
	return (0);
}

void
route(struct httpd_request *request, void *arg)
{
	struct intake *in = arg;
	const char *path = httpd_path(request);
	const char *method = httpd_method(request);

	if (route_takes(&in->conf->endpoints, path)) {
		if (strcmp(method, "POST") == 0)
			upload_begin(in, request);
		else
			intake_answer_method(request, in->tally, "POST");
	} else if (strcmp(path, INFO) == 0) {
		if (strcmp(method, "GET") == 0)
			answer_info(request, in->tally, &in->conf->endpoints);
		else
			intake_answer_method(request, in->tally, "GET");
	} else {
		/* Tracers send traces and telemetry to the same address. */
		log_debug(NULL, "not found", "remote=%s path=%s",
		    httpd_remote(request), log_quote(path));
		intake_answer_error(request, in->tally, 404, "not found",
		    INTAKE_NOWHERE);
	}
}
