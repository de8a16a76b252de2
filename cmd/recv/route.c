#include "route.h"

#include <string.h>

#include "answer.h"
#include "conf.h"
#include "health.h"
#include "httpd.h"
#include "intake.h"
#include "intake_answer.h"
#include "log.h"
#include "scrape.h"
#include "upload.h"

#define INFO	"/info"
#define METRICS	"/metrics"
#define HEALTHZ	"/healthz"

static int
route_takes(const struct conf_list *endpoints, const char *path)
{
	size_t i;

	for (i = 0; i < endpoints->n; i++)
		if (strcmp(endpoints->v[i], path) == 0)
			return (1);
	return (0);
}

/* GET or HEAD; else the answer is given. */
static int
route_reads(struct httpd_request *request, struct intake_tally *tally)
{
	const char *method = httpd_method(request);

	if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
		return (1);
	intake_answer_method(request, tally, "GET, HEAD");
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
	} else if (strcmp(path, METRICS) == 0 && in->conf->metrics &&
	    in->spool != NULL) {
		if (route_reads(request, in->tally))
			scrape(in, request);
	} else if (strcmp(path, HEALTHZ) == 0) {
		if (route_reads(request, in->tally))
			health(in, request);
	} else {
		/* Tracers send traces and telemetry to the same address. */
		log_debug(NULL, "not found", "remote=%s path=%s",
		    httpd_remote(request), log_quote(path));
		intake_answer_error(request, in->tally, 404,
		    "not found: GET /info lists the paths that take profiles",
		    INTAKE_NOWHERE);
	}
}
