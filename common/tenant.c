#include "tenant.h"

#include <errno.h>
#include <string.h>

#include "log.h"
#include "spool.h"

struct spool *
tenant_open(const char *path, const char *prog)
{
	char why[SPOOL_WHY];
	struct spool *spool;

	if ((spool = spool_open(path)) == NULL) {
		log_err(NULL, "cannot open the spool", "spool=%s error=%s "
		    "hint=%s", log_quote(path), log_quote(strerror(errno)),
		    errno == EACCES ? "\"run it as its owner, or as root\"" :
		    "\"prof-spool init makes one\"");
		return (NULL);
	}
	if (!spool_refuses(spool, prog, why))
		return (spool);
	log_err(NULL, "not for this user", "path=%s why=%s hint="
	    "\"run it as that owner; or name its user in [users], and "
	    "prof-spool init as root makes it so\"", log_quote(path),
	    log_quote(why));
	spool_close(spool);
	return (NULL);
}
