#include "order.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "record.h"

/* Room for one descriptor, aligned as a control message has to be. */
union order_control {
	char		 room[CMSG_SPACE(sizeof(int))];
	struct cmsghdr	 align;
};

void
order_configure(struct order *o, const struct conf *c)
{
	size_t i;

	memset(o, 0, sizeof(*o));
	o->confined = c->sandbox != CONF_SANDBOX_OFF;
	o->limits.cpu = c->metrics_cpu;
	o->limits.memory = c->metrics_memory;
	o->limits.inflated = c->metrics_inflated;
	o->limits.ratio = (unsigned int)c->metrics_ratio;
	o->limits.samples = c->metrics_samples;
	o->limits.depth = c->metrics_depth;
	o->limits.output = c->metrics_output;
	o->limits.parts = c->multipart_parts;
	o->limits.part_head = c->multipart_head;
	for (i = 0; c->generate_metrics && i < c->ndestinations; i++)
		o->kinds |= c->destinations[i].accept &
		    (RECORD_METRIC | RECORD_POINT);
}

int
order_send(int socket, const struct order *o, int fd)
{
	struct iovec iov = { (void *)(uintptr_t)o, sizeof(*o) };
	union order_control control;
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control.room) };
	struct cmsghdr *c;
	ssize_t n;

	memset(&control, 0, sizeof(control));
	c = CMSG_FIRSTHDR(&msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	do
		n = sendmsg(socket, &msg, MSG_NOSIGNAL);
	while (n == -1 && errno == EINTR);
	if (n == (ssize_t)sizeof(*o))
		return (0);
	if (n != -1)
		errno = EPIPE;
	return (-1);
}

int
order_receive(int socket, struct order *o, int *fd)
{
	struct iovec iov = { o, sizeof(*o) };
	union order_control control;
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
	    .msg_control = &control, .msg_controllen = sizeof(control.room) };
	struct cmsghdr *c;
	ssize_t n;

	do
		n = recvmsg(socket, &msg, MSG_CMSG_CLOEXEC | MSG_WAITALL);
	while (n == -1 && errno == EINTR);
	if (n <= 0)
		return ((int)n);
	c = CMSG_FIRSTHDR(&msg);
	if (n != (ssize_t)sizeof(*o) || c == NULL ||
	    c->cmsg_type != SCM_RIGHTS ||
	    c->cmsg_len != CMSG_LEN(sizeof(*fd))) {
		errno = EPROTO;
		return (-1);
	}
	memcpy(fd, CMSG_DATA(c), sizeof(*fd));
	return (1);
}
