#ifndef HTTPD_SOCKET_H
#define HTTPD_SOCKET_H

#include <stddef.h>

struct passed;

/*
 * Sockets to listen on, from addresses as httpd_listen takes them; bound and
 * listening, not blocking, close on exec.
 */

#define HTTPD_SOCKETS	16	/* of one address at most */
#define HTTPD_BACKLOG	1024	/* clients the kernel lets wait */

/*
 * "unix:PATH", with path behind the prefix: what is stale there is replaced in
 * one step, what is alive stays. The descriptor; -1 with errno and *why.
 */
int	httpd_socket_unix(const char *path, const char **why);

/*
 * "HOST:PORT", perhaps behind "http://" or "https://", which is nothing to a
 * socket: a socket for every address that HOST has here, all on one port,
 * in fds. Those among passed (or NULL) that serve one are taken instead. How
 * many; -1 with errno and *why. bound gets HOST and the port.
 */
int	httpd_socket_tcp(const char *address, struct passed *passed,
	    int fds[HTTPD_SOCKETS], char *bound, size_t size,
	    const char **why);

/*
 * Those among passed that serve "unix:PATH", or are named after an address of
 * port 0, "listen.NUMBER"; as httpd_socket_tcp, and 0 when there are none.
 */
int	httpd_socket_passed(const char *address, unsigned int number,
	    struct passed *passed, int fds[HTTPD_SOCKETS], char *bound,
	    size_t size);

#endif
