/* Figures written, read and joined; histograms. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "expose.h"
#include "expose_join.h"
#include "expose_read.h"
#include "histogram.h"
#include "when.h"

static void
fact(int holds, const char *name)
{
	printf("%s - %s\n", holds ? "ok" : "not ok", name);
	if (!holds)
		exit(1);
}

/* Is it what a label's value becomes? */
static int
label_is(const char *value, const char *want)
{
	struct buf b = { 0 };
	int same;

	same = expose_label(&b, value) == 0 && b.len == strlen(want) &&
	    (b.len == 0 || memcmp(b.p, want, b.len) == 0);
	buf_free(&b);
	return (same);
}

static void
labels(void)
{
	static const char *const broken[] = { "\x80", "\xc0\xaf", "\xc3",
	    "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
	    "\xf4\x90\x80\x80", "\xff" };
	char want[8];
	size_t i;
	int holds = 1;

	fact(label_is("a\"b\\c\nd", "a\\\"b\\\\c\\nd"), "what ends a label's "
	    "value is escaped");
	fact(label_is("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
	    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), "UTF-8 stays");
	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		memset(want, '?', strlen(broken[i]));
		want[strlen(broken[i])] = '\0';
		holds &= label_is(broken[i], want);
	}
	fact(holds, "what is no UTF-8 is one ? a byte");
}

static int
reads(const char *line, double value)
{
	struct expose_sample s;

	return (expose_sample_read(line, strlen(line), &s) == 0 &&
	    s.value == value && expose_sample_is(&s, "a_b"));
}

static void
samples(void)
{
	static const char *const wrong[] = { "", "a_b", "a_b ", "a_b{ 1",
	    "a_b{} 1", "a_b{x=y} 1", "a_b{x=\"y} 1", "a_b{x=\"y\"}1",
	    "a_b{x=\"\\y\"} 1", "a_b{x=\"y\",} 1", "a_b{\"y\"} 1", "a_b 1 2",
	    "a_b  1", "a_b one", "1a 1", "a-b 1", " a_b 1" };
	static const char several[] =
	    "a_b{x=\"1\",xy=\"\\\\\\n\\\"\",z=\"123456789\"} 1";
	struct expose_sample s;
	char out[8];
	size_t i;
	int holds = 1;

	fact(reads("a_b 1", 1) && reads("a_b{x=\"y\"} -2.5e3", -2500) &&
	    reads("a_b{x=\"}\\\"\",y=\"\"} 7", 7), "samples are read");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		holds &= expose_sample_read(wrong[i], strlen(wrong[i]),
		    &s) == -1;
	fact(holds, "what is no sample is none");
	fact(expose_sample_read("a_b\0 1", 6, &s) == -1, "nor with a NUL");
	fact(expose_sample_read(several, strlen(several), &s) == 0,
	    "labels are read");
	fact(expose_sample_label(&s, "xy", out, sizeof(out)) == 0 &&
	    strcmp(out, "\\\n\"") == 0, "and unescaped");
	fact(expose_sample_label(&s, "z", out, sizeof(out)) == 0 &&
	    strcmp(out, "1234567") == 0, "cut off where there is no room");
	fact(expose_sample_label(&s, "y", out, sizeof(out)) == -1 &&
	    out[0] == '\0', "and one that is not there is empty");
}

#define HEAD(name, type)	"# HELP " name " It.\n# TYPE " name " " type "\n"

static void
joins(void)
{
	static const char first[] = HEAD("b", "gauge") "b{x=\"1\"} 1\n"
	    HEAD("a_seconds", "histogram") "a_seconds_bucket{le=\"+Inf\"} 1\n"
	    "a_seconds_sum 1\na_seconds_count 1\n"
	    HEAD("c_info", "gauge") "c_info{reason=\"why\"} 1\n"
	    HEAD("d_info", "gauge") "d_info{name=\"n\"} 1\n";
	static const char second[] = HEAD("ab", "counter") "ab 1\n"
	    HEAD("b", "gauge") "b{x=\"2\"} 2\n";
	static const char want[] = HEAD("a_seconds", "histogram")
	    "a_seconds_bucket{le=\"+Inf\"} 1\n"
	    "a_seconds_sum 1\na_seconds_count 1\n"
	    HEAD("ab", "counter") "ab 1\n"
	    HEAD("b", "gauge") "b{x=\"1\"} 1\nb{x=\"2\"} 2\n"
	    HEAD("d_info", "gauge") "d_info{name=\"n\"} 1\n";
	static const char *const wrong[] = { "b 1\n", HEAD("b", "gauge") "c 1\n",
	    HEAD("b", "gauge") "b 1", HEAD("b", "gauge") "\n",
	    HEAD("b", "gauge") "b 1\n# b\n", HEAD("b", "strange") "b 1\n",
	    "# HELP b It.\n# TYPE c gauge\n", "# HELP b\\x It.\n# TYPE b\\x "
	    "gauge\n", HEAD("b", "gauge") "b_total 1\n",
	    HEAD("b", "gauge") "b{x=\"\xff\"} 1\n" };
	struct expose_join *j = expose_join_new();
	struct buf b = { 0 };
	size_t i;
	int holds = 1;

	fact(j != NULL && expose_join_add(j, first, strlen(first)) == 0 &&
	    expose_join_add(j, second, strlen(second)) == 0 &&
	    expose_join_add(j, "", 0) == 0, "texts are taken");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		holds &= expose_join_add(j, wrong[i], strlen(wrong[i])) ==
		    -1 && errno == EINVAL;
	fact(holds, "what is torn or strange is not");
	fact(expose_join_print(j, &b) == 0 && b.len == strlen(want) &&
	    memcmp(b.p, want, b.len) == 0, "a family is once, without words, "
	    "with all samples");
	buf_free(&b);
	expose_join_free(j);
	expose_join_free(NULL);
}

static int
has(struct buf *b, const char *line)
{
	const char *at = buf_str(b) != NULL ? strstr(b->p, line) : NULL;

	return (at != NULL && at[strlen(line)] == '\n');
}

static void
histograms(void)
{
	struct histogram h = { .sum = 0 };
	struct buf b = { 0 };

	histogram_time(&h, 0);
	histogram_time(&h, WHEN_SECOND / 1000);
	histogram_time(&h, WHEN_SECOND / 1000 + 1);
	histogram_time(&h, 61 * WHEN_SECOND);
	histogram_time(&h, -5);
	fact(histogram_print_times(&h, &b, "t_seconds", "q=\"x\"", "T.") == 0 &&
	    has(&b, "# TYPE t_seconds histogram"), "times are printed");
	fact(has(&b, "t_seconds_bucket{q=\"x\",le=\"0.001\"} 3") &&
	    has(&b, "t_seconds_bucket{q=\"x\",le=\"0.0025\"} 4") &&
	    has(&b, "t_seconds_bucket{q=\"x\",le=\"60\"} 4") &&
	    has(&b, "t_seconds_bucket{q=\"x\",le=\"+Inf\"} 5"),
	    "a bucket holds its bound and all below");
	fact(has(&b, "t_seconds_count{q=\"x\"} 5") &&
	    has(&b, "t_seconds_sum{q=\"x\"} 61.002000001"),
	    "sum and count are those of all");
	buf_free(&b);
	memset(&h, 0, sizeof(h));
	histogram_size(&h, 1024);
	histogram_size(&h, 1025);
	histogram_size(&h, UINT64_C(1) << 40);
	fact(histogram_print_sizes(&h, &b, "s_bytes", "", "S.") == 0 &&
	    has(&b, "s_bytes_bucket{le=\"1024\"} 1") &&
	    has(&b, "s_bytes_bucket{le=\"4096\"} 2") &&
	    has(&b, "s_bytes_bucket{le=\"268435456\"} 2") &&
	    has(&b, "s_bytes_bucket{le=\"+Inf\"} 3") &&
	    has(&b, "s_bytes_sum 1099511629825") && has(&b, "s_bytes_count 3"),
	    "sizes are printed");
	buf_free(&b);
}

int
main(void)
{
	labels();
	samples();
	joins();
	histograms();
	return (0);
}
