#include "pprof_strings.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "pprof.h"
#include "pprof_room.h"
#include "pprof_table.h"

struct pprof_strings {
	struct buf	 bytes;		/* of all */
	size_t		*end;		/* of each in bytes */
	size_t		 cap;
	size_t		 n;
	uint32_t	 next;		/* behind the last one found */
	struct pprof_table *table;
};

struct pprof_strings *
pprof_strings_new(void)
{
	struct pprof_strings *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	if ((s->table = pprof_table_new()) == NULL ||
	    pprof_strings_add(s, "", 0) == UINT32_MAX) {
		pprof_strings_free(s);
		return (NULL);
	}
	return (s);
}

void
pprof_strings_free(struct pprof_strings *s)
{
	if (s == NULL)
		return;
	buf_free(&s->bytes);
	free(s->end);
	pprof_table_free(s->table);
	free(s);
}

size_t
pprof_strings_count(const struct pprof_strings *s)
{
	return (s->n);
}

struct pprof_text
pprof_strings_text(const struct pprof_strings *s, uint32_t i)
{
	size_t start = i != 0 ? s->end[i - 1] : 0;
	struct pprof_text t = { "", s->end[i] - start };

	if (t.len != 0)
		t.p = s->bytes.p + start;
	return (t);
}

static int
pprof_strings_is(const struct pprof_strings *s, uint32_t i, const char *p,
    size_t len)
{
	struct pprof_text t = pprof_strings_text(s, i);

	return (t.len == len && memcmp(t.p, p, len) == 0);
}

/* A second profile mostly brings the same ones in the same order. */
uint32_t
pprof_strings_add(struct pprof_strings *s, const char *p, size_t len)
{
	struct pprof_hash h;
	const char *why;
	size_t at, *end;
	uint32_t hash, i;

	if (len == 0 && s->n != 0)
		return (0);
	if (s->next < s->n && pprof_strings_is(s, s->next, p, len))
		return (s->next++);
	pprof_hash_begin(&h, s->table);
	pprof_hash_bytes(&h, p, len);
	at = hash = pprof_hash_end(&h);
	while ((i = pprof_table_next(s->table, hash, &at)) < s->n)
		if (pprof_strings_is(s, i, p, len)) {
			s->next = i + 1;
			return (i);
		}
	end = pprof_room(s->end, &s->cap, s->n + 1, sizeof(*end),
	    UINT32_MAX - 1, &why);
	if (end == NULL)
		return (UINT32_MAX);
	s->end = end;
	if (buf_reserve(&s->bytes, len) == -1 ||
	    pprof_table_add(s->table, hash, (uint32_t)s->n) == -1 ||
	    buf_add(&s->bytes, p, len) == -1)
		return (UINT32_MAX);
	end[s->n] = s->bytes.len;
	return ((uint32_t)s->n++);
}
