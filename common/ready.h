#ifndef READY_H
#define READY_H

/*
 * Tell the supervisor that the program is ready to serve: a newline to fd,
 * which is closed then (s6's notification-fd), unless fd is -1; and READY=1 to
 * $NOTIFY_SOCKET where that is set (sd_notify(3)). -1 with errno.
 */
int	ready_notify(int fd);

#endif
