#include "digest.h"

#include <sys/stat.h>

#include <string.h>

#include "buf.h"
#include "deflate.h"
#include "delta.h"
#include "file.h"
#include "inflate.h"
#include "kind.h"
#include "pprof.h"
#include "pulled.h"
#include "scratch.h"

#define RATIO	100	/* of inflating; real profiles have some 3 to 10 */
#define LEVEL	6	/* of deflating, as google/pprof's */
#define MICROSECOND	1000

static const struct pprof_limits limits = PPROF_LIMITS;

static const char no_memory[] = "out of memory";
static const char unreadable[] = "it cannot be read back";

/* All of a file, inflated. */
static int
load(int fd, uint64_t limit, struct buf *out, const char **why)
{
	struct inflate_limits most = {
		.bytes = DIGEST_INFLATES * limit,
		.ratio = RATIO,
	};
	struct buf raw = { 0 };
	struct stat st;
	int result = -1;

	*why = unreadable;
	if (fstat(fd, &st) == -1)
		return (-1);
	if ((uint64_t)st.st_size > limit)
		*why = "over body_size_limit_mb";
	else if (buf_reserve(&raw, (size_t)st.st_size + 1) == -1)
		*why = no_memory;
	else if (file_pread(fd, raw.p, (size_t)st.st_size, 0) == 0)
		result = inflate_whole(raw.p, (size_t)st.st_size, &most, out,
		    why);
	buf_free(&raw);
	return (result);
}

static int
has_type(const struct pprof_head *h, const struct pprof_type *t)
{
	size_t i;

	for (i = 0; i < h->types; i++)
		if (pprof_text_is(&h->type[i].type, t->type.p) &&
		    pprof_text_is(&h->type[i].unit, t->unit.p))
			return (1);
	return (0);
}

/* Is it a profile, and of the kind that was asked for? */
static int
verify(size_t kind, const struct buf *b, struct pprof_sums *sums,
    const char **why)
{
	size_t i;

	if (pprof_sums(b->p, b->len, &limits, sums, why) == -1)
		return (-1);
	*why = "no sample types in it, so it is no pprof";
	if (sums->head.types == 0)
		return (-1);
	*why = "not the sample types of its kind";
	for (i = 0; i < kinds[kind].ngrowing; i++)
		if (!has_type(&sums->head, &kinds[kind].growing[i]))
			return (-1);
	*why = "a delta, not cumulative";
	if (kind_grows(kind) && (sums->negative || sums->head.duration != 0))
		return (-1);
	*why = NULL;
	return (0);
}

/* Is it our own fault? */
static int
ours(const char *why)
{
	return (why == unreadable || strcmp(why, no_memory) == 0);
}

/* What came, inflated, if it is a profile; else its fate. */
static int
look(struct pulled *p, uint64_t limit, struct buf *b, struct pprof_sums *sums)
{
	p->why = NULL;
	if (load(p->fd, limit, b, &p->why) == 0 &&
	    verify(p->kind, b, sums, &p->why) == 0)
		return (0);
	p->fate = ours(p->why) ? PULLED_BROKEN : PULLED_FAILED;
	return (-1);
}

void
digest_plain(struct pulled *p, uint64_t limit)
{
	struct pprof_sums sums;
	struct buf b = { 0 };

	if (look(p, limit, &b, &sums) == 0)
		p->fate = PULLED_SENT;
	buf_free(&b);
}

/* Put the delta into its file, compressed. */
static enum pulled_fate
store(struct pulled *p, const struct buf *delta, const struct spool *spool)
{
	struct buf gz = { 0 };
	enum pulled_fate fate = PULLED_BROKEN;

	p->why = no_memory;
	if (deflate_gzip(delta->p, delta->len, LEVEL, &gz) == 0) {
		p->why = "the delta cannot be written";
		if (scratch_write(p->delta, spool, 0, gz.p, gz.len) == 0) {
			p->why = NULL;
			p->length = gz.len;
			fate = PULLED_SENT;
		}
	}
	buf_free(&gz);
	return (fate);
}

/* Is what was kept the reason that no delta can be made? */
static int
blames(const struct kind *k, const struct buf *prev)
{
	struct buf out = { 0 };
	const char *why;
	enum delta_verdict v;

	v = delta_make(prev->p, prev->len, prev->p, prev->len, k->growing,
	    k->ngrowing, &limits, &out, &why);
	buf_free(&out);
	return (v == DELTA_FAILED);
}

static enum pulled_fate
compare(struct pulled *p, const struct buf *prev, const struct buf *cur,
    const struct spool *spool)
{
	const struct kind *k = &kinds[p->kind];
	enum pulled_fate fate = PULLED_FAILED;
	struct buf out = { 0 };

	switch (delta_make(prev->p, prev->len, cur->p, cur->len, k->growing,
	    k->ngrowing, &limits, &out, &p->why)) {
	case DELTA_MADE:
		fate = store(p, &out, spool);
		break;
	case DELTA_RESTARTED:
		fate = PULLED_RESTARTED;
		break;
	case DELTA_ALREADY:
		/* What came is not, for it was looked at before. */
		fate = PULLED_FIRST;
		break;
	case DELTA_FAILED:
		if (ours(p->why))
			fate = PULLED_BROKEN;
		else if (blames(k, prev))
			fate = PULLED_FIRST;
		break;
	}
	buf_free(&out);
	return (fate);
}

static int64_t
whole_us(int64_t ns)
{
	return (ns - ns % MICROSECOND);
}

void
digest_grown(struct pulled *p, int prev, uint64_t limit,
    const struct spool *spool)
{
	struct pprof_sums was, is;
	struct buf old = { 0 }, cur = { 0 };

	if (look(p, limit, &cur, &is) == -1)
		goto out;
	p->fate = PULLED_FIRST;
	if (prev == -1)
		goto out;
	if (load(prev, limit, &old, &p->why) == -1 ||
	    verify(p->kind, &old, &was, &p->why) == -1) {
		/* What is wrong itself will not be right next time. */
		if (ours(p->why))
			p->fate = PULLED_BROKEN;
		goto out;
	}
	p->start = whole_us(was.head.time);
	p->end = whole_us(is.head.time);
	p->fate = compare(p, &old, &cur, spool);
out:
	buf_free(&old);
	buf_free(&cur);
}
