#include "conf_files.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "conf_build.h"
#include "conf_field.h"
#include "conf_owner.h"
#include "conf_table.h"

int
conf_files_look(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		errno = EISDIR;
	else if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0 ||
	    errno == EACCES)
		return (0);
	return (-1);
}

void
conf_files_check(struct conf_build *b, const struct conf_opening *o)
{
	const struct conf_key *k = o->section->keys;
	char **path;

	for (; k != NULL && k->name != NULL; k++) {
		if (!(k->flags & CONF_READ))
			continue;
		path = conf_field_at(k, conf_owner(b->c, o->section,
		    o->owner));
		if (*path != NULL && conf_files_look(*path) == -1)
			conf_build_warning(b, conf_build_line(o, k->name),
			    k->name, "found what cannot be read (%s), expected "
			    "a file", strerror(errno));
	}
}
