#ifndef PPROF_FRAMES_H
#define PPROF_FRAMES_H

#include <stddef.h>
#include <stdint.h>

struct pprof_function;
struct pprof_line;
struct pprof_location;
struct pprof_mapping;
struct pprof_strings;
struct pprof_table;

/*
 * Mappings, functions and locations, each once: equal is what google/pprof's
 * profile/merge.go takes for equal.
 */
struct pprof_frames {
	struct pprof_mapping	*mapping;
	size_t			 mappings;
	size_t			 mapping_cap;
	struct pprof_table	*mapping_table;
	struct pprof_function	*function;
	size_t			 functions;
	size_t			 function_cap;
	uint32_t		 function_next;	/* behind the last found */
	struct pprof_table	*function_table;
	struct pprof_location	*location;	/* with their lines below */
	size_t			 locations;
	size_t			 location_cap;
	uint32_t		 location_next;
	struct pprof_table	*location_table;
	struct pprof_line	*line;
	size_t			 lines;
	size_t			 line_cap;
};

struct pprof_frames *pprof_frames_new(void);
void	pprof_frames_free(struct pprof_frames *);

/*
 * The number of each, from 0. UINT32_MAX: ENOMEM. Mappings are equal if their
 * build ids are, or their files where they have none, and their offset and
 * size in pages; where the first is elsewhere its start says so. Of functions
 * everything is compared; of locations the address and what they refer to,
 * the lines being line[0] to line[l->lines - 1].
 */
uint32_t pprof_frames_mapping(struct pprof_frames *,
	    const struct pprof_mapping *);
uint32_t pprof_frames_function(struct pprof_frames *,
	    const struct pprof_function *);
uint32_t pprof_frames_location(struct pprof_frames *,
	    const struct pprof_location *l, const struct pprof_line *line);

#endif
