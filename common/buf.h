#ifndef BUF_H
#define BUF_H

#include <stddef.h>

/* A growing run of bytes. All zeros is an empty one. */
struct buf {
	char	*p;
	size_t	 len;
	size_t	 cap;
};

/* Make room for n more bytes. -1 with ENOMEM. */
int	buf_reserve(struct buf *, size_t n);

/* Append; each returns 0, or -1 with ENOMEM and the buffer as it was. */
int	buf_add(struct buf *, const void *p, size_t len);
int	buf_addc(struct buf *, char c);
int	buf_adds(struct buf *, const char *s);
int	buf_addf(struct buf *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* The bytes with a NUL behind them that len does not count; NULL: ENOMEM. */
char	*buf_str(struct buf *);

/* Forget the first n bytes (n <= len). */
void	buf_drop(struct buf *, size_t n);

/* Give the memory back; the buffer is empty and can be used again. */
void	buf_free(struct buf *);

#endif
