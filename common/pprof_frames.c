#include "pprof_frames.h"

#include <stdlib.h>
#include <string.h>

#include "pprof.h"
#include "pprof_room.h"
#include "pprof_table.h"

#define ENTRIES	(UINT32_MAX - 1)	/* of a table, at most */
#define PAGE	UINT64_C(4096)

struct pprof_frames *
pprof_frames_new(void)
{
	struct pprof_frames *f;

	if ((f = calloc(1, sizeof(*f))) == NULL)
		return (NULL);
	f->mapping_table = pprof_table_new();
	f->function_table = pprof_table_new();
	f->location_table = pprof_table_new();
	if (f->mapping_table == NULL || f->function_table == NULL ||
	    f->location_table == NULL) {
		pprof_frames_free(f);
		return (NULL);
	}
	return (f);
}

void
pprof_frames_free(struct pprof_frames *f)
{
	if (f == NULL)
		return;
	pprof_table_free(f->mapping_table);
	pprof_table_free(f->function_table);
	pprof_table_free(f->location_table);
	free(f->mapping);
	free(f->function);
	free(f->location);
	free(f->line);
	free(f);
}

static uint32_t
pprof_frames_hash(const struct pprof_table *t, const uint64_t *word, size_t n)
{
	struct pprof_hash h;

	pprof_hash_begin(&h, t);
	pprof_hash_bytes(&h, word, n * sizeof(*word));
	return (pprof_hash_end(&h));
}

/* Of these three. Sizes are rounded, as merge.go does, to whole pages. */
static void
pprof_frames_mapping_key(const struct pprof_mapping *m, uint64_t *key)
{
	key[0] = (m->limit - m->start + PAGE - 1) / PAGE;
	key[1] = m->offset;
	key[2] = m->build_id != 0 ? m->build_id : m->file;
}

uint32_t
pprof_frames_mapping(struct pprof_frames *f, const struct pprof_mapping *m)
{
	uint64_t key[3], other[3];
	struct pprof_mapping *room;
	const char *why;
	uint32_t hash, i;
	size_t at;

	pprof_frames_mapping_key(m, key);
	at = hash = pprof_frames_hash(f->mapping_table, key, 3);
	while ((i = pprof_table_next(f->mapping_table, hash, &at)) !=
	    UINT32_MAX) {
		pprof_frames_mapping_key(&f->mapping[i], other);
		if (memcmp(key, other, sizeof(key)) == 0)
			return (i);
	}
	room = pprof_room(f->mapping, &f->mapping_cap, f->mappings + 1,
	    sizeof(*room), ENTRIES, &why);
	if (room == NULL)
		return (UINT32_MAX);
	f->mapping = room;
	if (pprof_table_add(f->mapping_table, hash, (uint32_t)f->mappings)
	    == -1)
		return (UINT32_MAX);
	room[f->mappings] = *m;
	return ((uint32_t)f->mappings++);
}

static int
pprof_frames_function_is(const struct pprof_function *a,
    const struct pprof_function *b)
{
	return (a->name == b->name && a->system_name == b->system_name &&
	    a->filename == b->filename && a->start_line == b->start_line);
}

uint32_t
pprof_frames_function(struct pprof_frames *f, const struct pprof_function *fn)
{
	const uint64_t key[3] = { fn->name | (uint64_t)fn->system_name << 32,
	    fn->filename, (uint64_t)fn->start_line };
	struct pprof_function *room;
	const char *why;
	uint32_t hash, i = f->function_next;
	size_t at;

	if (i < f->functions && pprof_frames_function_is(&f->function[i], fn))
		return (f->function_next++);
	at = hash = pprof_frames_hash(f->function_table, key, 3);
	while ((i = pprof_table_next(f->function_table, hash, &at)) !=
	    UINT32_MAX)
		if (pprof_frames_function_is(&f->function[i], fn)) {
			f->function_next = i + 1;
			return (i);
		}
	room = pprof_room(f->function, &f->function_cap, f->functions + 1,
	    sizeof(*room), ENTRIES, &why);
	if (room == NULL)
		return (UINT32_MAX);
	f->function = room;
	if (pprof_table_add(f->function_table, hash, (uint32_t)f->functions)
	    == -1)
		return (UINT32_MAX);
	room[f->functions] = *fn;
	return ((uint32_t)f->functions++);
}

static int
pprof_frames_location_is(const struct pprof_frames *f,
    const struct pprof_location *a, const struct pprof_location *b,
    const struct pprof_line *line)
{
	const struct pprof_line *own;
	uint32_t i;

	if (a->address != b->address || a->mapping != b->mapping ||
	    a->folded != b->folded || a->lines != b->lines)
		return (0);
	for (i = 0; i < a->lines; i++) {
		own = &f->line[a->line + i];
		if (own->function != line[i].function ||
		    own->line != line[i].line ||
		    own->column != line[i].column)
			return (0);
	}
	return (1);
}

static uint32_t
pprof_frames_location_hash(const struct pprof_frames *f,
    const struct pprof_location *l, const struct pprof_line *line)
{
	struct pprof_hash h;
	uint32_t i;

	pprof_hash_begin(&h, f->location_table);
	pprof_hash_word(&h, l->address);
	pprof_hash_word(&h, l->mapping | (uint64_t)l->folded << 32);
	for (i = 0; i < l->lines; i++) {
		pprof_hash_word(&h, line[i].function);
		pprof_hash_word(&h, (uint64_t)line[i].line);
		pprof_hash_word(&h, (uint64_t)line[i].column);
	}
	return (pprof_hash_end(&h));
}

uint32_t
pprof_frames_location(struct pprof_frames *f, const struct pprof_location *l,
    const struct pprof_line *line)
{
	struct pprof_location *room;
	struct pprof_line *lines;
	const char *why;
	uint32_t hash, i = f->location_next;
	size_t at;

	if (i < f->locations &&
	    pprof_frames_location_is(f, &f->location[i], l, line))
		return (f->location_next++);
	at = hash = pprof_frames_location_hash(f, l, line);
	while ((i = pprof_table_next(f->location_table, hash, &at)) !=
	    UINT32_MAX)
		if (pprof_frames_location_is(f, &f->location[i], l, line)) {
			f->location_next = i + 1;
			return (i);
		}
	room = pprof_room(f->location, &f->location_cap, f->locations + 1,
	    sizeof(*room), ENTRIES, &why);
	if (room == NULL)
		return (UINT32_MAX);
	f->location = room;
	lines = pprof_room(f->line, &f->line_cap, f->lines + l->lines,
	    sizeof(*lines), ENTRIES, &why);
	if (lines == NULL)
		return (UINT32_MAX);
	f->line = lines;
	if (pprof_table_add(f->location_table, hash, (uint32_t)f->locations)
	    == -1)
		return (UINT32_MAX);
	room[f->locations] = *l;
	room[f->locations].line = (uint32_t)f->lines;
	if (l->lines != 0)
		memcpy(lines + f->lines, line, l->lines * sizeof(*lines));
	f->lines += l->lines;
	return ((uint32_t)f->locations++);
}
