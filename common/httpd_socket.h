#ifndef HTTPD_SOCKET_H
#define HTTPD_SOCKET_H

#include <stddef.h>

/*
 * Sockets to listen on, from addresses as httpd_listen takes them; bound and
 * listening, not blocking. Private to httpd.
 */

#define HTTPD_SOCKETS	16	/* of one address at most */

/*
 * "unix:PATH", with path behind the prefix: what is stale there is replaced in
 * one step, what is alive stays. The descriptor; -1 with errno and *why.
 */
int	httpd_socket_unix(const char *path, const char **why);

/*
 * "HOST:PORT": a socket for every address that HOST has here, all on one port,
 * in fds. How many; -1 with errno and *why. bound gets HOST and the port.
 */
int	httpd_socket_tcp(const char *address, int fds[HTTPD_SOCKETS],
	    char *bound, size_t size, const char **why);

#endif
