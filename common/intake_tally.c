#include "intake_tally.h"

#include <stdio.h>

#include "buf.h"
#include "expose.h"
#include "httpd.h"

#define NAME	64		/* room for a figure's */

static const char *const reasons[INTAKE_WHYS] = { "refused", "disk", "gone" };

/* What is being written, for whom. */
struct intake_page {
	const struct intake_tally *tally;
	const char	*prog;
	struct buf	*b;
};

void
intake_tally_answer(struct intake_tally *t, int status, int64_t took)
{
	if (took != -1)
		histogram_time(&t->request, took);
	if (status >= 0 && status < INTAKE_STATUS)
		t->answers[status]++;
}

static int
page_type(const struct intake_page *p, const char *figure, const char *type,
    const char *help)
{
	char name[NAME];

	snprintf(name, sizeof(name), "prof_%s_%s", p->prog, figure);
	return (expose_type(p->b, name, type, help));
}

static int
page_one(const struct intake_page *p, const char *figure, const char *type,
    const char *help, uint64_t value)
{
	char name[NAME];

	snprintf(name, sizeof(name), "prof_%s_%s", p->prog, figure);
	return (expose_one(p->b, name, type, help, value));
}

static int
page_answers(const struct intake_page *p)
{
	int status;

	if (page_type(p, "requests_total", "counter",
	    "Requests answered, by status.") == -1)
		return (-1);
	for (status = 0; status < INTAKE_STATUS; status++)
		if (p->tally->answers[status] != 0 && buf_addf(p->b,
		    "prof_%s_requests_total{code=\"%d\"} %llu\n", p->prog,
		    status,
		    (unsigned long long)p->tally->answers[status]) == -1)
			return (-1);
	return (0);
}

static int
page_discarded(const struct intake_page *p)
{
	int i;

	if (page_type(p, "drafts_discarded_total", "counter",
	    "Uploads begun that did not become records.") == -1)
		return (-1);
	for (i = 0; i < INTAKE_WHYS; i++)
		if (buf_addf(p->b, "prof_%s_drafts_discarded_total"
		    "{reason=\"%s\"} %llu\n", p->prog, reasons[i],
		    (unsigned long long)p->tally->discarded[i]) == -1)
			return (-1);
	return (0);
}

static int
page_addresses(const struct intake_page *p, char *const *addresses,
    unsigned int n)
{
	unsigned int i;

	if (page_type(p, "listen_info", "gauge",
	    "The addresses listened on.") == -1)
		return (-1);
	for (i = 0; i < n; i++)
		if (buf_addf(p->b, "prof_%s_listen_info{address=\"",
		    p->prog) == -1 ||
		    expose_label(p->b, addresses[i]) == -1 ||
		    buf_adds(p->b, "\"} 1\n") == -1)
			return (-1);
	return (0);
}

static int
page_histograms(const struct intake_page *p)
{
	const struct intake_tally *t = p->tally;
	char name[NAME];

	snprintf(name, sizeof(name), "prof_%s_request_seconds", p->prog);
	if (histogram_print_times(&t->request, p->b, name, "",
	    "From a request's head to its answer.") == -1)
		return (-1);
	snprintf(name, sizeof(name), "prof_%s_commit_seconds", p->prog);
	if (histogram_print_times(&t->commit, p->b, name, "",
	    "From a body's end to its record on stable storage.") == -1)
		return (-1);
	snprintf(name, sizeof(name), "prof_%s_record_bytes", p->prog);
	return (histogram_print_sizes(&t->size, p->b, name, "",
	    "Size of the bodies of records committed."));
}

int
intake_tally_print(const struct intake_tally *t, const char *prog,
    const struct httpd_stats *http, char *const *addresses, unsigned int n,
    struct buf *b)
{
	struct intake_page p = { t, prog, b };

	if (page_addresses(&p, addresses, n) == -1 ||
	    page_one(&p, "connections_total", "counter",
	    "Connections accepted.", http->connections) == -1 ||
	    page_one(&p, "open_connections", "gauge", "Connections now.",
	    http->open) == -1 ||
	    page_answers(&p) == -1 ||
	    page_one(&p, "body_bytes_total", "counter",
	    "Bytes of request bodies.", http->bytes) == -1 ||
	    page_one(&p, "records_total", "counter", "Records committed.",
	    t->records) == -1 ||
	    page_one(&p, "uploads", "gauge", "Uploads under way.",
	    t->uploads) == -1 ||
	    page_discarded(&p) == -1 ||
	    page_histograms(&p) == -1)
		return (-1);
	return (page_one(&p, "commits_waiting", "gauge",
	    "Commits waiting or under way.", t->waiting));
}
