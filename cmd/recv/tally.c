#include "tally.h"

#include <stdio.h>

#include "buf.h"
#include "httpd.h"
#include "version.h"
#include "when.h"

static const char *const reasons[TALLY_WHYS] = { "refused", "disk", "gone" };

void
tally_answer(struct tally *t, int status)
{
	if (status >= 0 && status < TALLY_STATUS)
		t->answers[status]++;
}

static int
tally_head(struct buf *b, const char *name, const char *type,
    const char *help)
{
	return (buf_addf(b, "# HELP prof_recv_%s %s\n# TYPE prof_recv_%s %s\n",
	    name, help, name, type));
}

static int
tally_one(struct buf *b, const char *name, const char *type, const char *help,
    uint64_t value)
{
	if (tally_head(b, name, type, help) == -1)
		return (-1);
	return (buf_addf(b, "prof_recv_%s %llu\n", name,
	    (unsigned long long)value));
}

static int
tally_answers(const struct tally *t, struct buf *b)
{
	int status;

	if (tally_head(b, "requests_total", "counter",
	    "Requests answered, by status.") == -1)
		return (-1);
	for (status = 0; status < TALLY_STATUS; status++)
		if (t->answers[status] != 0 && buf_addf(b,
		    "prof_recv_requests_total{code=\"%d\"} %llu\n", status,
		    (unsigned long long)t->answers[status]) == -1)
			return (-1);
	return (0);
}

static int
tally_discarded(const struct tally *t, struct buf *b)
{
	int i;

	if (tally_head(b, "drafts_discarded_total", "counter",
	    "Uploads begun that did not become records.") == -1)
		return (-1);
	for (i = 0; i < TALLY_WHYS; i++)
		if (buf_addf(b,
		    "prof_recv_drafts_discarded_total{reason=\"%s\"} %llu\n",
		    reasons[i], (unsigned long long)t->discarded[i]) == -1)
			return (-1);
	return (0);
}

/* A label's value: backslash, quote and newline escaped. */
static int
tally_label(struct buf *b, const char *value)
{
	for (; *value != '\0'; value++)
		if (*value == '\n' ? buf_adds(b, "\\n") == -1 :
		    ((*value == '"' || *value == '\\') &&
		    buf_addc(b, '\\') == -1) || buf_addc(b, *value) == -1)
			return (-1);
	return (0);
}

static int
tally_addresses(char *const *addresses, unsigned int n, struct buf *b)
{
	unsigned int i;

	if (tally_head(b, "listen_info", "gauge",
	    "The addresses listened on.") == -1)
		return (-1);
	for (i = 0; i < n; i++)
		if (buf_adds(b, "prof_recv_listen_info{address=\"") == -1 ||
		    tally_label(b, addresses[i]) == -1 ||
		    buf_adds(b, "\"} 1\n") == -1)
			return (-1);
	return (0);
}

static int
tally_commits(const struct tally *t, struct buf *b)
{
	if (tally_head(b, "commit_seconds", "summary",
	    "From a body's end to its record on stable storage.") == -1)
		return (-1);
	return (buf_addf(b, "prof_recv_commit_seconds_sum %.9f\n"
	    "prof_recv_commit_seconds_count %llu\n",
	    (double)t->commit_time / (double)WHEN_SECOND,
	    (unsigned long long)t->commits));
}

int
tally_print(const struct tally *t, const struct httpd_stats *http,
    char *const *addresses, unsigned int n, struct buf *b)
{
	if (tally_head(b, "build_info", "gauge", "The version.") == -1 ||
	    buf_adds(b, "prof_recv_build_info{version=\"" VERSION
	    "\"} 1\n") == -1 ||
	    tally_addresses(addresses, n, b) == -1 ||
	    tally_one(b, "connections_total", "counter",
	    "Connections accepted.", http->connections) == -1 ||
	    tally_one(b, "connections", "gauge", "Connections now.",
	    http->open) == -1 ||
	    tally_answers(t, b) == -1 ||
	    tally_one(b, "body_bytes_total", "counter",
	    "Bytes of request bodies.", http->bytes) == -1 ||
	    tally_one(b, "records_total", "counter", "Records committed.",
	    t->records) == -1 ||
	    tally_one(b, "record_bytes_total", "counter",
	    "Bytes of their bodies.", t->bytes) == -1 ||
	    tally_one(b, "uploads", "gauge", "Uploads under way.",
	    t->uploads) == -1 ||
	    tally_discarded(t, b) == -1 ||
	    tally_commits(t, b) == -1)
		return (-1);
	return (tally_one(b, "commits_waiting", "gauge",
	    "Commits waiting or under way.", t->waiting));
}
