#include "hand.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "log.h"
#include "spool.h"
#include "walk.h"

struct search {
	const char	*prefix;
	size_t		 len;
	struct place	*found;
	char		 second[UUID_TEXT];	/* another that fits */
};

static int
search_place(const struct place *p, void *arg)
{
	struct search *s = arg;

	if (strncmp(p->id, s->prefix, s->len) != 0)
		return (0);
	if (s->found->id[0] == '\0')
		*s->found = *p;
	else if (strcmp(s->found->id, p->id) != 0)
		memcpy(s->second, p->id, UUID_TEXT);
	return (s->second[0] != '\0');
}

int
hand_unreadable(struct spool *spool)
{
	log_err(NULL, "cannot read the spool", "spool=%s error=%s%s",
	    log_quote(spool_path(spool)), log_quote(strerror(errno)),
	    errno == EACCES ? " hint=\"run it as prof-spool's user, or as "
	    "root\"" : "");
	return (111);
}

int
hand_no_queue(struct spool *spool, const char *queue)
{
	char path[sizeof(SPOOL_DEAD) + SPOOL_NAME_MAX + 1];

	if (queue == NULL)
		return (0);
	snprintf(path, sizeof(path), SPOOL_DEAD "/%s", queue);
	if (*queue != '\0' && strchr(queue, '/') == NULL &&
	    strlen(queue) <= SPOOL_NAME_MAX && (faccessat(spool_dir(spool),
	    path, F_OK, 0) == 0 || errno != ENOENT))
		return (0);
	log_err(NULL, "no such queue", "queue=%s hint=\"prof-spool stat lists "
	    "them\"", log_quote(queue));
	return (100);
}

int
hand_unwritten(void)
{
	log_err(NULL, "cannot write the output", "error=%s",
	    log_quote(strerror(errno)));
	return (111);
}

static int
hand_find(struct spool *spool, const char *prefix, struct place *p)
{
	struct search s = { .prefix = prefix, .len = strlen(prefix),
	    .found = p };

	memset(p, 0, sizeof(*p));
	if (walk(spool_dir(spool), NULL, NULL, search_place, &s) == -1)
		return (hand_unreadable(spool));
	if (s.second[0] != '\0') {
		log_err(NULL, "several records begin so",
		    "prefix=%s first=%s second=%s", log_quote(prefix), p->id,
		    s.second);
		return (100);
	}
	if (p->id[0] == '\0') {
		log_err(NULL, "no such record", "id=%s hint=\"prof trace may "
		    "tell what became of it\"", log_quote(prefix));
		return (100);
	}
	return (0);
}

int
hand_open(struct spool *spool, const char *prefix, struct place *p, int *fd)
{
	int tries, result;

	/* A daemon may move it between the finding and the opening: then it
	 * has another name. */
	for (tries = 0; tries < 3; tries++) {
		if ((result = hand_find(spool, prefix, p)) != 0)
			return (result);
		*fd = openat(spool_dir(spool), p->path,
		    O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		if (*fd != -1)
			return (0);
		if (errno != ENOENT)
			break;
	}
	log_err(p->id, "cannot open", "path=%s error=%s", log_quote(p->path),
	    log_quote(strerror(errno)));
	return (111);
}

static int
cat_record(struct spool *spool, const char *prefix)
{
	char piece[65536];
	struct place p;
	ssize_t n;
	int fd, result;

	if ((result = hand_open(spool, prefix, &p, &fd)) != 0)
		return (result);
	while ((n = read(fd, piece, sizeof(piece))) > 0)
		if (file_write(STDOUT_FILENO, piece, (size_t)n) == -1) {
			n = -1;
			break;
		}
	if (n == -1) {
		log_err(p.id, "cannot copy a record", "error=%s",
		    log_quote(strerror(errno)));
		result = 111;
	}
	close(fd);
	return (result);
}

int
hand_cat(struct spool *spool, int argc, char *argv[])
{
	int i, result, worst = 0;

	if (argc < 2) {
		fprintf(stderr, "prof-spool cat: of which record?\n"
		    "usage: prof-spool cat id ...\n");
		return (2);
	}
	for (i = 1; i < argc; i++)
		if ((result = cat_record(spool, argv[i])) > worst)
			worst = result;
	return (worst);
}
