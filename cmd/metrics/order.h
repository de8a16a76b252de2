#ifndef ORDER_H
#define ORDER_H

#include <stddef.h>
#include <stdint.h>

/* What one profile may cost ([metrics] of prof.conf(5)). */
struct limits {
	int64_t		 cpu;		/* ns */
	uint64_t	 memory;	/* bytes: of the worker */
	uint64_t	 inflated;	/* bytes: of all attachments */
	unsigned int	 ratio;
	size_t		 samples;
	size_t		 depth;
	size_t		 output;	/* bytes */
	size_t		 parts;		/* of a form, and bytes of a part's */
	size_t		 part_head;	/* head: as [http_api] has them */
};

/* What the worker is to do with a file. */
struct order {
	struct limits	 limits;
	int		 confined;	/* the worker is to be, when it starts */
	unsigned int	 kinds;		/* of record that are wanted: bits */
	int		 bare;		/* no record, but a profile alone */
	int		 events;	/* of that: list what is in it */
	char		 name[256];	/* of that: its file's */
};

struct conf;

/*
 * The limits of a configuration, and the kinds that its destinations accept,
 * none if generate_metrics is false.
 */
void	order_configure(struct order *, const struct conf *);

/* Send it with a file's descriptor over a socket. -1 with errno. */
int	order_send(int socket, const struct order *, int fd);

/* Wait for the next. 1; 0: the other end has gone; -1 with errno. */
int	order_receive(int socket, struct order *, int *fd);

#endif
