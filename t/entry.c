#include "entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "crc32c.h"
#include "file.h"
#include "when.h"

int
entry_field(const char *head, const char *name, char *value, size_t size)
{
	const char *p = head;
	size_t len = strlen(name);

	while ((p = strstr(p, "\r\n")) != NULL) {
		p += 2;
		if (strncasecmp(p, name, len) != 0 || p[len] != ':')
			continue;
		p += len + 1;
		p += strspn(p, " \t");
		snprintf(value, size, "%.*s", (int)strcspn(p, "\r"), p);
		return (0);
	}
	return (-1);
}

/* Only what is safe in a path. */
static void
entry_name(struct entry *e, const char *head)
{
	static const char safe[] = "0123456789abcdefghijklmnopqrstuvwxyz-";
	char *version;

	if (entry_field(head, "X-Prof-Id", e->id, sizeof(e->id)) == -1 ||
	    e->id[0] == '\0' || e->id[strspn(e->id, safe)] != '\0')
		memcpy(e->id, "none", 5);
	snprintf(e->line, sizeof(e->line), "%.*s", (int)strcspn(head, "\r"),
	    head);
	if ((version = strstr(e->line, " HTTP/")) != NULL)
		*version = '\0';
}

int
entry_open(struct entry *e, const char *dir, const char *head, size_t len)
{
	char path[4096];
	int fd, r;

	memset(e, 0, sizeof(*e));
	e->fd = -1;
	e->came = when_now();
	entry_name(e, head);
	if (dir == NULL)
		return (0);
	do {
		snprintf(path, sizeof(path), "%s/%s.%u.head", dir, e->id,
		    ++e->nth);
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	} while (fd == -1 && errno == EEXIST);
	if (fd == -1)
		return (-1);
	r = file_write(fd, head, len);
	if (close(fd) == -1 || r == -1)
		return (-1);
	snprintf(path, sizeof(path), "%s/%s.%u.body", dir, e->id, e->nth);
	e->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	return (e->fd == -1 ? -1 : 0);
}

int
entry_write(struct entry *e, const void *p, size_t len)
{
	e->crc = crc32c(e->crc, p, len);
	e->bytes += len;
	return (e->fd == -1 ? 0 : file_write(e->fd, p, len));
}

int
entry_log(const struct entry *e, int fd, const char *status, unsigned int open)
{
	char line[2048];
	int n;

	n = snprintf(line, sizeof(line), "%lld.%06lld %s %s %u %u %llu %08x "
	    "%s\n", (long long)(e->came / WHEN_SECOND),
	    (long long)(e->came % WHEN_SECOND / 1000), status, e->id, e->nth,
	    open, (unsigned long long)e->bytes, e->crc, e->line);
	return (file_write(fd, line, (size_t)n));
}

void
entry_close(struct entry *e)
{
	if (e->fd != -1)
		close(e->fd);
	e->fd = -1;
}
