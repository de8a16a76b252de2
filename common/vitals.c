#include "vitals.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "expose.h"
#include "file.h"
#include "sandbox.h"
#include "spool.h"
#include "version.h"
#include "when.h"

#define STARTS	"prof_starts_total"
#define OLD_MAX	((size_t)16 << 20)	/* bytes of a predecessor's file */

/* What the predecessor wrote; 0: there was none, or it cannot be read. */
static uint64_t
starts_before(const struct spool *s, const char *prog)
{
	char name[sizeof(SPOOL_STAT) + 64];
	struct buf old = { 0 };
	const char *p = NULL;
	uint64_t starts = 0;

	snprintf(name, sizeof(name), SPOOL_STAT "/%s", prog);
	if (file_slurp(spool_dir(s), name, OLD_MAX, &old) == 0 &&
	    buf_str(&old) != NULL)
		p = strstr(old.p, "\n" STARTS "{");
	if (p != NULL && (p = strstr(p, "\"} ")) != NULL)
		starts = strtoull(p + 3, NULL, 10);
	buf_free(&old);
	return (starts);
}

/* A figure that is told from another program's by its label only. */
static int
vitals_figure(struct buf *b, const char *name, const char *type,
    const char *help, const char *prog)
{
	return (expose_type(b, name, type, help) == -1 ? -1 :
	    buf_addf(b, "%s{program=\"%s\"", name, prog));
}

static int
vitals_print(const struct vitals *v, const char *prog, struct buf *b)
{
	if (vitals_figure(b, "prof_build_info", "gauge",
	    "The program's version.", prog) == -1 ||
	    buf_adds(b, ",version=\"" VERSION "\"} 1\n") == -1 ||
	    vitals_figure(b, "prof_start_time_seconds", "gauge",
	    "When the program was ready, in unix time.", prog) == -1 ||
	    buf_addf(b, "} %.3f\n", (double)v->started / WHEN_SECOND) == -1 ||
	    vitals_figure(b, STARTS, "counter",
	    "Times that the program was started.", prog) == -1 ||
	    buf_addf(b, "} %" PRIu64 "\n", v->starts) == -1)
		return (-1);
	return (vitals_figure(b, "prof_stat_timestamp_seconds", "gauge",
	    "When the program wrote its figures, in unix time.", prog) == -1 ?
	    -1 : buf_addf(b, "} %.3f\n", (double)when_now() / WHEN_SECOND));
}

int
vitals_write(struct vitals *v, struct spool *s, const char *prog,
    struct buf *text)
{
	if (v->starts == 0) {
		v->started = when_now();
		v->starts = starts_before(s, prog) + 1;
	}
	if (vitals_print(v, prog, text) == -1 ||
	    sandbox_print(text, prog) == -1)
		return (-1);
	return (spool_stat(s, prog, text->p, text->len));
}
