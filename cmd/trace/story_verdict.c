/* The last sentence: where it is, and what happens next. */
#include "story.h"

#include <stdio.h>
#include <string.h>

#include "when.h"

/* "in 34s", "at once". */
static void
due_words(char *out, size_t size, int64_t due)
{
	int64_t ahead = due - when_now() / WHEN_SECOND;

	if (due == 0 || ahead <= 0)
		snprintf(out, size, "as soon as its consumer takes it");
	else
		snprintf(out, size, "in %lld s", (long long)ahead);
}

static void
say_fate(const struct story *s, const struct fate *f, const char *options)
{
	char due[64];

	switch (f->end) {
	case FATE_QUEUED:
		due_words(due, sizeof(due), f->due);
		printf("it waits for %s, ", f->queue);
		if (f->attempts == 0)
			printf("was not tried yet, and is tried %s", due);
		else
			printf("%u attempt%s failed, and is tried again %s",
			    f->attempts, f->attempts == 1 ? "" : "s", due);
		break;
	case FATE_DEAD:
		printf("it is dead in %s (%s), until prof-spool%s retry -q %s "
		    "%s", f->queue, f->why, options, f->queue, s->id);
		break;
	case FATE_OK:
		printf("%s %s it", f->queue, strcmp(f->queue, "metrics") ==
		    0 ? "is done with" : "has");
		break;
	case FATE_EVICTED:
		printf("it was evicted from %s before it was delivered: the "
		    "spool was full", f->queue);
		break;
	case FATE_REMOVED:
		printf("somebody removed it from %s", f->queue);
		break;
	case FATE_MISSING:
		printf("%s has counted it and it is nowhere: prof-spool%s "
		    "check", f->queue, options);
		break;
	default:
		printf("what became of it in %s is not known", f->queue);
		break;
	}
}

/* Does anything still have to happen? */
static int
is_over(const struct story *s)
{
	size_t i;

	for (i = 0; i < s->nfates; i++)
		if (s->fates[i].end == FATE_QUEUED ||
		    s->fates[i].end == FATE_DEAD ||
		    s->fates[i].end == FATE_MISSING ||
		    s->fates[i].end == FATE_UNKNOWN)
			return (0);
	return (s->nfates > 0 && !s->committed && !s->lost);
}

void
story_verdict(const struct story *s, const char *options)
{
	size_t i;

	printf("%s: ", s->id);
	if (s->committed)
		printf("it is committed, and prof-spool%s admits it to its "
		    "queues within 2 s if it runs", options);
	if (s->lost)
		printf("prof-spool fsck put it into lost/, where nobody looks "
		    "for it");
	for (i = 0; i < s->nfates; i++) {
		if (i > 0 || s->committed || s->lost)
			printf("; ");
		say_fate(s, &s->fates[i], options);
	}
	if (s->nfates == 0 && !s->committed && !s->lost)
		printf("it is in no queue and no ledger any more; the lines "
		    "above are all that is known");
	printf("%s.\n", is_over(s) ? "; nothing more happens" : "");
}
