#include "page.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "problem.h"
#include "show.h"
#include "view.h"

#define GREEN	"\033[32m"
#define RED	"\033[31m"
#define BOLD	"\033[1m"
#define PLAIN	"\033[0m"

#define TITLE	20	/* columns of a program's name */
#define SAYS	24	/* columns that it has to say something */
#define NAME	27	/* columns of a queue's name */

/* What is being written, and how. */
struct page {
	struct buf	*b;
	const struct view *v;
	int		 colour;
};

static int
page_coloured(const struct page *p, const char *colour, const char *text)
{
	return (p->colour ? buf_addf(p->b, "%s%s" PLAIN, colour, text) :
	    buf_adds(p->b, text));
}

/* "2026-11-22T18:00:00Z (12m)", or "-". */
static const char *
when_ago(char out[2 * SHOW_TEXT], const struct view *v, double at)
{
	char time[SHOW_TEXT], span[SHOW_TEXT];

	if (at <= 0)
		return (strcpy(out, "-"));
	snprintf(out, 2 * SHOW_TEXT, "%s (%s)", show_time(time, at),
	    show_span(span, v->now - at));
	return (out);
}

/* A name too long for its column has a line of its own. */
static int
page_name(const struct page *p, const char *name, int width)
{
	if (strlen(name) <= (size_t)width)
		return (buf_addf(p->b, "%-*s", width, name));
	return (show_line(p->b, name) == -1 ? -1 :
	    buf_addf(p->b, "\n%-*s", width, ""));
}

static int
page_program(const struct page *p, const struct view_program *pr)
{
	static const char *const words[] = { "up", "down", "silent",
	    "unknown" };
	char title[VIEW_NAME + 8], since[SHOW_TEXT] = "-", word[16];
	char pid[16] = "-", restarts[16] = "-";
	int down = pr->state == VIEW_DOWN;

	if (pr->since > 0)
		show_span(since, p->v->now - pr->since);
	if (pr->pid > 0)
		snprintf(pid, sizeof(pid), "%d", (int)pr->pid);
	if (pr->starts > 0)
		snprintf(restarts, sizeof(restarts), "%d", pr->starts - 1);
	snprintf(word, sizeof(word), " %-7s", words[pr->state]);
	if (page_name(p, show_title(title, sizeof(title), pr->name),
	    TITLE) == -1 || page_coloured(p, pr->state == VIEW_UP ? GREEN :
	    RED, word) == -1 || buf_addf(p->b, " %8s %6s %8s", pid, since,
	    restarts) == -1)
		return (-1);
	if (down || pr->says[0] == '\0')
		return (buf_addc(p->b, '\n'));
	if (strlen(pr->says) <= SAYS)
		return (buf_adds(p->b, "  ") == -1 ||
		    show_line(p->b, pr->says) == -1 ? -1 :
		    buf_addc(p->b, '\n'));
	return (buf_addc(p->b, '\n') == -1 ? -1 : show_wrapped(p->b, "    ",
	    "    ", pr->says, PAGE_WIDTH));
}

static int
page_programs(const struct page *p)
{
	size_t i;

	if (buf_addf(p->b, "%-*s %-7s %8s %6s %8s  %s\n", TITLE, "PROGRAM",
	    "STATE", "PID", "SINCE", "RESTARTS", "SAYS") == -1)
		return (-1);
	for (i = 0; i < p->v->nprograms; i++)
		if (page_program(p, &p->v->programs[i]) == -1)
			return (-1);
	return (buf_addc(p->b, '\n'));
}

/* What its figures alone do not tell, in words. */
static int
page_queue_words(const struct page *p, const struct view_queue *q)
{
	static const char *const words[] = { "", "away", "suspended",
	    "held up by the disk", "served by nobody" };
	char text[2 * VIEW_TEXT] = "", at[2 * SHOW_TEXT], in[SHOW_TEXT];
	size_t n = 0, size = sizeof(text);

	if (strcmp(q->type, "none") == 0 && strcmp(q->name, "none") != 0)
		n += (size_t)snprintf(text, size, "no longer configured");
	else if (q->flow != FLOW_OK)
		n += (size_t)snprintf(text, size, "%s%s%s", words[q->flow],
		    q->flow_since > 0 ? " since " : "", q->flow_since > 0 ?
		    when_ago(at, p->v, q->flow_since) : "");
	if (q->waiting > 0 && n < size)
		n += (size_t)snprintf(text + n, size - n,
		    "%s%llu wait for their time", n > 0 ? "; " : "",
		    (unsigned long long)q->waiting);
	if (q->next_try > p->v->now && n < size)
		n += (size_t)snprintf(text + n, size - n,
		    "%snext try in %s", n > 0 ? "; " : "",
		    show_span(in, q->next_try - p->v->now));
	if (n > 0 && n < size && show_wrapped(p->b, "    ", "      ", text,
	    PAGE_WIDTH) == -1)
		return (-1);
	if (q->reason[0] == '\0' || (q->flow == FLOW_OK &&
	    p->v->now - q->last_failure > 3600))
		return (0);
	snprintf(text, size, "last error %s%s%s", q->last_failure > 0 ?
	    when_ago(at, p->v, q->last_failure) : "",
	    q->last_failure > 0 ? ": " : "", q->reason);
	return (show_wrapped(p->b, "    ", "      ", text, PAGE_WIDTH));
}

static int
page_queue(const struct page *p, const struct view_queue *q)
{
	char depth[SHOW_TEXT], out[SHOW_TEXT], dead[SHOW_TEXT], in[SHOW_TEXT];
	char bytes[SHOW_TEXT], rate[SHOW_TEXT];
	char oldest[SHOW_TEXT] = "-", last[SHOW_TEXT] = "-";

	if (q->oldest > 0)
		show_span(oldest, p->v->now - q->oldest);
	if (q->last_ok > 0)
		show_span(last, p->v->now - q->last_ok);
	show_count(dead, q->dead);
	if (page_name(p, q->name, NAME) == -1)
		return (-1);
	if (q->counted_by[0] == '\0')
		return (buf_adds(p->b, " cannot be read\n") == -1 ? -1 :
		    page_queue_words(p, q));
	if (buf_addf(p->b, " %7s %4s ", show_count(depth,
	    q->ready + q->waiting + q->out), show_count(out, q->out)) == -1 ||
	    buf_addf(p->b, "%*s", (int)(5 - strlen(dead)), "") == -1 ||
	    (q->dead > 0 ? page_coloured(p, RED, dead) :
	    buf_adds(p->b, dead)) == -1 ||
	    buf_addf(p->b, " %5s %6s %5s %5s %7s\n",
	    show_bytes(bytes, (double)q->bytes), oldest,
	    show_rate(in, q->in), show_rate(rate, q->out_rate), last) == -1)
		return (-1);
	return (page_queue_words(p, q));
}

static int
page_queues(const struct page *p)
{
	size_t i;

	if (buf_addf(p->b, "%-*s %7s %4s %5s %5s %6s %5s %5s %7s\n", NAME,
	    "QUEUE", "DEPTH", "OUT", "DEAD", "BYTES", "OLDEST", "IN/s",
	    "OUT/s", "LAST OK") == -1)
		return (-1);
	for (i = 0; i < p->v->nqueues; i++)
		if (page_queue(p, &p->v->queues[i]) == -1)
			return (-1);
	return (buf_addc(p->b, '\n'));
}

static int
page_space(const struct page *p)
{
	const struct view_space *s = &p->v->space;
	char a[SHOW_TEXT], b[SHOW_TEXT], c[SHOW_TEXT], d[SHOW_TEXT];
	char text[VIEW_TEXT] = "";
	size_t n = 0;

	if (s->used >= 0)
		n += (size_t)snprintf(text, sizeof(text), "%s used",
		    show_bytes(a, s->used));
	else
		n += (size_t)snprintf(text, sizeof(text), "used: unknown");
	if (s->capacity > 0)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " of %s "
		    "(%.0f %%, then it %s)", show_bytes(b, s->capacity),
		    s->used > 0 ? 100 * s->used / s->capacity : 0,
		    s->rejects ? "refuses" : "evicts");
	if (s->free >= 0)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "; %s free on disk, of which %s stay free",
		    show_bytes(c, s->free), show_bytes(d, s->min_free));
	if (s->full_in >= 0)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "; at this rate full in %s", show_span(a, s->full_in));
	else if (p->v->live)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "; it does not grow");
	if (s->fresh > 0)
		snprintf(text + n, sizeof(text) - n,
		    "; %llu in new/, not admitted yet",
		    (unsigned long long)s->fresh);
	return (show_wrapped(p->b, "spool: ", "       ", text, PAGE_WIDTH));
}

static int
page_election(const struct page *p)
{
	const struct view_election *e = &p->v->election;
	char text[3 * VIEW_TEXT + 400], at[2 * SHOW_TEXT], led[2 * SHOW_TEXT];
	size_t n;

	if (!e->enabled)
		return (0);
	n = (size_t)snprintf(text, sizeof(text), "this host %s since %s: %s",
	    e->elected ? "pulls" : "does not pull",
	    when_ago(at, p->v, e->since), e->why);
	if (e->leader[0] != '\0')
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "; %.200s leads since %s", e->leader,
		    when_ago(led, p->v, e->leader_since));
	if (e->members > 0)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "; %llu "
		    "hosts share the targets",
		    (unsigned long long)e->members);
	snprintf(text + n, sizeof(text) - n, "; %llu of %llu targets are "
	    "pulled here%s%s", (unsigned long long)e->mine,
	    (unsigned long long)e->targets, e->trouble[0] != '\0' ?
	    "; in doubt: " : "", e->trouble);
	return (show_wrapped(p->b, "election: ", "       ", text,
	    PAGE_WIDTH));
}

/* What holds the programs that run: prof.7, "The sandbox". */
static int
page_sandbox(const struct page *p)
{
	const struct view_program *pr, *open = NULL;
	char text[VIEW_NAME + 120], title[VIEW_NAME + 8];
	int least = INT_MAX;
	size_t i, n = 0;

	for (i = 0; i < p->v->nprograms; i++) {
		pr = &p->v->programs[i];
		if (pr->landlock < 0)
			continue;
		if (pr->landlock < least)
			least = pr->landlock;
		if ((pr->landlock == 0 || pr->seccomp <= 0) && n++ == 0)
			open = pr;
	}
	if (least == INT_MAX)
		return (0);
	if (n == 0)
		snprintf(text, sizeof(text), "Landlock %d and seccomp, for "
		    "all that run", least);
	else
		snprintf(text, sizeof(text), "not whole for %zu that run, as "
		    "%s: Landlock %d, seccomp %d", n,
		    show_title(title, sizeof(title), open->name),
		    open->landlock, open->seccomp);
	return (show_wrapped(p->b, "sandbox: ", "       ", text, PAGE_WIDTH));
}

static int
page_unread(const struct page *p)
{
	char line[VIEW_TEXT];
	size_t i;

	for (i = 0; i < p->v->nunread; i++) {
		snprintf(line, sizeof(line), "%s: %s", p->v->unread[i].path,
		    strerror(p->v->unread[i].error));
		if (show_wrapped(p->b, "not read: ", "    ", line,
		    PAGE_WIDTH) == -1)
			return (-1);
	}
	return (0);
}

/* A line: what, since when: why. */
static int
problem_words(struct buf *b, const struct view *v, const struct problem *p)
{
	char at[2 * SHOW_TEXT];

	if (buf_adds(b, p->what) == -1)
		return (-1);
	if (p->since > 0 && buf_addf(b, ", since %s",
	    when_ago(at, v, p->since)) == -1)
		return (-1);
	return (p->why[0] != '\0' ? buf_addf(b, ": %s", p->why) : 0);
}

int
page_problem(struct buf *b, const struct view *v, const struct problems *all,
    unsigned int which)
{
	struct buf words = { 0 };
	int result = -1;

	if (problem_words(&words, v, &all->v[which]) == 0 &&
	    buf_str(&words) != NULL && show_line(b, words.p) == 0 &&
	    buf_adds(b, "; next: ") == 0 &&
	    show_line(b, all->v[which].next) == 0)
		result = buf_addc(b, '\n');
	buf_free(&words);
	return (result);
}

/* The worst of them are told; nobody reads more at once. */
static int
page_problems(const struct page *p, const struct problems *all)
{
	struct buf words = { 0 };
	size_t i, shown = all->n < 20 ? all->n : 20;
	char head[16];
	int result = 0;

	if (all->n == 0)
		return (page_coloured(p, GREEN, "no problem is seen\n"));
	for (i = 0; result == 0 && i < shown; i++) {
		words.len = 0;
		snprintf(head, sizeof(head), "%zu. ", i + 1);
		if (problem_words(&words, p->v, &all->v[i]) == -1 ||
		    buf_str(&words) == NULL ||
		    (p->colour && buf_adds(p->b, RED) == -1) ||
		    show_wrapped(p->b, head, "   ", words.p,
		    PAGE_WIDTH) == -1 ||
		    (p->colour && buf_adds(p->b, PLAIN) == -1) ||
		    show_wrapped(p->b, "   next: ", "     ", all->v[i].next,
		    PAGE_WIDTH) == -1)
			result = -1;
	}
	buf_free(&words);
	if (result == 0 && shown < all->n)
		result = buf_addf(p->b, "and %zu more, which -j has\n",
		    all->n - shown);
	return (result);
}

int
page_text(struct buf *b, const struct view *v, const struct problems *all,
    int colour)
{
	struct page p = { b, v, colour };
	char head[512], time[SHOW_TEXT];

	snprintf(head, sizeof(head), "%s  %.400s", show_time(time, v->now),
	    v->path);
	if ((colour && buf_adds(b, BOLD) == -1) ||
	    show_wrapped(b, "", "  ", head, PAGE_WIDTH) == -1 ||
	    (colour && buf_adds(b, PLAIN) == -1) ||
	    buf_addc(b, '\n') == -1)
		return (-1);
	if (v->error == 0 && (page_programs(&p) == -1 ||
	    page_queues(&p) == -1 || page_space(&p) == -1 ||
	    page_election(&p) == -1 || page_sandbox(&p) == -1 ||
	    page_unread(&p) == -1 || buf_addc(b, '\n') == -1))
		return (-1);
	return (page_problems(&p, all));
}
