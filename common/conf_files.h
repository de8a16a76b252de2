#ifndef CONF_FILES_H
#define CONF_FILES_H

struct conf_build;
struct conf_opening;

/*
 * -1 with errno: there is no such file. One that is not for this user is: it
 * need not be for every program's.
 */
int	conf_files_look(const char *path);

/*
 * Warn of the files with CONF_READ that a section names and that are not there.
 * That is no error: only one program reads them, and it says what it misses.
 * Private to conf.
 */
void	conf_files_check(struct conf_build *, const struct conf_opening *);

#endif
