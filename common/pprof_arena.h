#ifndef PPROF_ARENA_H
#define PPROF_ARENA_H

#include <stddef.h>

/* Memory that is taken in small pieces and given back all at once. */
struct pprof_arena;

struct pprof_arena *pprof_arena_new(void);
void	pprof_arena_free(struct pprof_arena *);

/* So many bytes, for any type. NULL: ENOMEM. */
void	*pprof_arena_take(struct pprof_arena *, size_t bytes);

/* Give back what was taken last. */
void	pprof_arena_return(struct pprof_arena *);

#endif
