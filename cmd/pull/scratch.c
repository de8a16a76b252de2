#include "scratch.h"

#include <fcntl.h>

#include "file.h"
#include "spool.h"

int
scratch_open(const struct spool *s)
{
	if (s == NULL)
		return (file_temp());
	return (openat(spool_dir(s), SPOOL_TMP "/pull",
	    O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}
