#include "pprof_split.h"

#include "buf.h"
#include "pprof.h"
#include "pprof_copy.h"
#include "pprof_write.h"

static const char no_memory[] = "out of memory";

/* The head of the part, and where its types are in the whole. */
static int
pprof_split_head(const struct pprof_head *whole, const char *const *types,
    size_t n, struct pprof_head *part, size_t *from, const char **why)
{
	int has_default = 0;
	size_t i, j;

	*part = *whole;
	part->types = n;
	for (i = 0; i < n; i++) {
		from[i] = pprof_find(whole, types[i]);
		*why = "a sample type that is wanted is missing";
		if (from[i] == whole->types)
			return (-1);
		*why = "a sample type is wanted twice";
		for (j = 0; j < i; j++)
			if (from[j] == from[i])
				return (-1);
		part->type[i] = whole->type[from[i]];
		has_default |= pprof_text_is(&whole->default_type, types[i]);
	}
	if (!has_default)
		part->default_type.len = 0;
	return (0);
}

static int
pprof_split_samples(struct pprof *pp, struct pprof_copy *copy,
    const size_t *from, size_t n, const char **why)
{
	int64_t value[PPROF_TYPES];
	struct pprof_sample s;
	int more, any;
	size_t i;

	while ((more = pprof_next(pp, &s, why)) == 1) {
		for (any = 0, i = 0; i < n; i++) {
			value[i] = s.value[from[i]];
			any |= value[i] != 0;
		}
		if (any && pprof_copy_sample(copy, &s, value) == -1) {
			*why = no_memory;
			return (-1);
		}
	}
	return (more);
}

int
pprof_split(struct pprof *pp, const char *const *types, size_t n,
    struct buf *out, const char **why)
{
	size_t from[PPROF_TYPES];
	struct pprof_copy *copy = NULL;
	struct pprof_write *to;
	struct pprof_head head;
	int result = -1;

	/* No type can stand there more than once. */
	*why = "a sample type is wanted twice";
	if (n > pp->head.types ||
	    pprof_split_head(&pp->head, types, n, &head, from, why) == -1)
		return (-1);
	*why = no_memory;
	if ((to = pprof_write_new(&head, 0)) == NULL ||
	    (copy = pprof_copy_new(to, pp)) == NULL ||
	    pprof_split_samples(pp, copy, from, n, why) == -1)
		goto out;
	pprof_copy_comments(copy);
	*why = no_memory;
	result = pprof_write_end(to, out);
out:
	pprof_copy_free(copy);
	pprof_write_free(to);
	return (result);
}
