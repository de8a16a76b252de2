/*
 * prof-listen - open what a program listens on, and become another program
 *
 * usage:  prof-listen [-hktvV] [-c conf] recv|pyro command [argument ...]
 * reads:  [http_api] listen, or the url of each [profile.pyroscope]
 * writes: nothing; command gets the sockets from descriptor 3 on, with
 *         LISTEN_FDS, LISTEN_FDNAMES, and LISTEN_PID if it takes them itself
 * killed: there is nothing to kill: it has become command, and the sockets are
 *         open as long as that or a child of it holds them
 * exits:  as command does; 0 after -t; 2 usage; 100 bad configuration; 111 an
 *         address cannot be listened on (-k: goes on without it), or no command
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "conf.h"
#include "httpd_socket.h"
#include "log.h"
#include "program.h"

#define FIRST	3		/* SD_LISTEN_FDS_START */
#define MOST	256		/* sockets */

static int on_letter(int letter, const char *value);

static struct program program = {
	.name = "prof-listen",
	.usage = "usage: prof-listen [-hktvV] [-c conf] recv|pyro command "
	    "[argument ...]\n",
	.letters = "k",
	.without = "ns",
	.on_letter = on_letter,
};

static int keep_on;		/* -k */

static int fds[MOST];
static int nfds;
static struct buf names;	/* LISTEN_FDNAMES */

static int
on_letter(int letter, const char *value)
{
	(void)letter;
	(void)value;
	keep_on = 1;
	return (0);
}

/* How many sockets an address has. -1 with errno and *why. */
static int
sockets_open(const char *address, int some[HTTPD_SOCKETS], char *bound,
    size_t size, const char **why)
{
	if (nfds + HTTPD_SOCKETS > MOST) {
		*why = "there are too many addresses";
		errno = E2BIG;
		return (-1);
	}
	if (strncmp(address, "unix:", 5) != 0)
		return (httpd_socket_tcp(address, NULL, some, bound, size,
		    why));
	snprintf(bound, size, "%s", address);
	some[0] = httpd_socket_unix(address + 5, why);
	return (some[0] == -1 ? -1 : 1);
}

/* All sockets of the number-th address. */
static int
address_open(const char *address, size_t number)
{
	int some[HTTPD_SOCKETS], n, i;
	const char *why = "";
	char bound[128];

	if ((n = sockets_open(address, some, bound, sizeof(bound),
	    &why)) == -1) {
		log_err(NULL, "cannot listen", "address=%s error=%s why=%s "
		    "hint=\"make it free, or configure another\"",
		    log_quote(address), log_quote(strerror(errno)),
		    log_quote(why));
		return (keep_on ? 0 : -1);
	}
	for (i = 0; i < n; i++) {
		fds[nfds++] = some[i];
		if (buf_addf(&names, "%slisten.%zu", nfds > 1 ? ":" : "",
		    number) == -1)
			return (-1);
	}
	log_info(NULL, "listening", "address=%s", bound);
	return (0);
}

static int
addresses_open(const struct conf *conf, int pyro)
{
	size_t i, n = pyro ? conf->npyroscopes : conf->listen.n;

	for (i = 0; i < n; i++)
		if (address_open(pyro ? conf->pyroscopes[i].url :
		    conf->listen.v[i], i + 1) == -1)
			return (-1);
	return (0);
}

/* Up and out of the way first, for they may stand where others belong. */
static int
place(void)
{
	int i;

	for (i = 0; i < nfds; i++)
		if ((fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC,
		    FIRST + nfds)) == -1)
			return (-1);
	for (i = 0; i < nfds; i++)
		if (dup2(fds[i], FIRST + i) == -1)
			return (-1);
	return (0);
}

/* Returns only when it fails. */
static void
become(char *command[])
{
	char pid[16], n[16];

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	snprintf(n, sizeof(n), "%d", nfds);
	if (place() == 0 && setenv("LISTEN_PID", pid, 1) == 0 &&
	    setenv("LISTEN_FDS", n, 1) == 0 && setenv("LISTEN_FDNAMES",
	    nfds > 0 ? buf_str(&names) : "", 1) == 0)
		execvp(command[0], command);
	log_err(NULL, "cannot run", "command=%s error=%s",
	    log_quote(command[0]), log_quote(strerror(errno)));
}

int
main(int argc, char *argv[])
{
	struct conf *conf;
	int status, pyro;

	if ((status = program_options(&program, argc, argv)) != -1)
		return (status);
	argv += optind;
	argc -= optind;
	pyro = argc > 0 && strcmp(argv[0], "pyro") == 0;
	if (!program.test && argc > 0 && !pyro && strcmp(argv[0], "recv") != 0)
		return (program_wrong(&program, argv[0],
		    "neither recv nor pyro"));
	if (!program.test && argc < 2)
		return (program_wrong(&program, NULL, "no command to run"));
	if ((conf = program_conf(&program)) == NULL)
		return (program_unread(errno));
	if (!program.test && addresses_open(conf, pyro) == 0)
		become(argv + 1);
	conf_free(conf);
	buf_free(&names);
	return (program.test ? 0 : 111);
}
