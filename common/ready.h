#ifndef READY_H
#define READY_H

/*
 * Tell the supervisor that the program is ready to serve: a newline to fd,
 * which is closed then (s6's notification-fd), unless fd is -1; and READY=1 to
 * $NOTIFY_SOCKET where that is set (sd_notify(3)). -1 with errno.
 */
int	ready_notify(int fd);

/*
 * Connect to $NOTIFY_SOCKET, if it is set, for who may not do so any more when
 * it is ready. What fails is for ready_notify to say.
 */
void	ready_prepare(void);

#endif
