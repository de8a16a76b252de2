/* What fsck finds of a spool's parts, said when prof-spool starts. */
#include "layout.h"

#include <stddef.h>

#include "fsck.h"
#include "log.h"
#include "spool.h"

void
layout_look(struct spool *spool)
{
	struct fsck f = { .spool = spool, .root = spool_dir(spool),
	    .lock = -1 };
	size_t i;

	if (spool_owners(spool) == NULL)
		return;
	fsck_queues(&f);
	fsck_parts(&f);
	fsck_queue_parts(&f);
	for (i = 0; i < f.now.n; i++)
		log_warn(NULL, "not as prof-spool init makes it", "path=%s "
		    "why=%s hint=\"prof-spool fsck -y as root mends it\"",
		    log_quote(f.now.v[i].path), log_quote(f.now.v[i].what));
	findings_clear(&f.now);
	fsck_forget(&f);
}
