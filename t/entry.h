#ifndef ENTRY_H
#define ENTRY_H

#include <stddef.h>
#include <stdint.h>

#define ENTRY_ID_MAX	64

/* What the sink keeps of one request: two files and a line of its log. */
struct entry {
	char		 id[ENTRY_ID_MAX + 1];	/* X-Prof-Id, or "none" */
	char		 line[1024];	/* METHOD TARGET */
	int64_t		 came;		/* wall clock, ns */
	unsigned int	 nth;		/* of that id; 0: no files */
	int		 fd;		/* of the body's file; -1: none */
	uint64_t	 bytes;		/* of the body so far */
	uint32_t	 crc;
};

/*
 * Begin with a complete head, a string of len bytes; dir NULL: keep no files.
 * Each returns -1 with errno.
 */
int	entry_open(struct entry *, const char *dir, const char *head,
	    size_t len);
int	entry_write(struct entry *, const void *p, size_t len);
int	entry_log(const struct entry *, int fd, const char *status,
	    unsigned int open);
void	entry_close(struct entry *);

/* Copy the value of a header field, cut to size. -1: there is none. */
int	entry_field(const char *head, const char *name, char *value,
	    size_t size);

#endif
