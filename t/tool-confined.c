/*
 * confined - enter a program's sandbox, and try things in it
 *
 * usage:  confined PROG CONF ACT ...
 *         PROG is recv, spool, ship.NAME and so on, or worker
 *         ACT  read:PATH list:DIR write:PATH make:PATH remove:PATH mkdir:PATH
 *              link:FROM:TO rename:FROM:TO exec:PATH connect:PORT bind:PORT
 *              listen: socket:FAMILY resolve:HOST fork: thread: ptrace: code:
 *              kill:PID mount: chown:PATH core:
 * writes: a line an act: it and "done", or the error's name; the sandbox's own
 *         log lines on standard error
 * exits:  0 all were tried; 2 usage, or no such act
 */
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <netinet/in.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "conf.h"
#include "log.h"
#include "sandbox.h"

static int
closed(int fd)
{
	return (fd == -1 ? -1 : close(fd));
}

static int
try_read(char *path)
{
	return (closed(open(path, O_RDONLY | O_NONBLOCK)));
}

static int
try_list(char *path)
{
	return (closed(open(path, O_RDONLY | O_DIRECTORY)));
}

static int
try_write(char *path)
{
	int fd = open(path, O_WRONLY | O_NONBLOCK);

	/* A pipe that nobody reads. */
	return (fd == -1 && errno == ENXIO ? 0 : closed(fd));
}

static int
try_make(char *path)
{
	return (closed(open(path, O_WRONLY | O_CREAT | O_EXCL, 0600)));
}

static int
try_remove(char *path)
{
	return (unlink(path));
}

static int
try_mkdir(char *path)
{
	return (mkdir(path, 0700));
}

static int
try_link(char *paths)
{
	char *from = strsep(&paths, ":");

	return (link(from, paths));
}

static int
try_rename(char *paths)
{
	char *from = strsep(&paths, ":");

	return (rename(from, paths));
}

static int
try_chown(char *path)
{
	return (chown(path, getuid(), getgid()));
}

/* It would not come back: so a child does it, where there may be one. */
static int
try_exec(char *path)
{
	char *argv[] = { path, NULL };
	int status = 0, error;
	pid_t pid = fork();

	if (pid > 0 && waitpid(pid, &status, 0) == pid) {
		errno = WEXITSTATUS(status);
		return (errno == 0 ? 0 : -1);
	}
	execv(path, argv);
	error = errno;
	if (pid == 0)
		_exit(error);
	errno = error;
	return (-1);
}

static int
try_fork(char *arg)
{
	pid_t pid = fork();

	(void)arg;
	if (pid == 0)
		_exit(0);
	return (pid == -1 || waitpid(pid, NULL, 0) != pid ? -1 : 0);
}

static void *
nothing(void *arg)
{
	return (arg);
}

static int
try_thread(char *arg)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, nothing, arg);
	return (errno != 0 ? -1 : pthread_join(thread, NULL));
}

/* A port of this host: that nobody listens there is as good as an answer. */
static int
try_port(char *port, int (*act)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
	    .sin_port = htons((in_port_t)atoi(port)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), result;

	if (fd == -1)
		return (-1);
	result = act(fd, (struct sockaddr *)&sin, sizeof(sin));
	close(fd);
	return (result == -1 && errno == ECONNREFUSED ? 0 : result);
}

static int
try_connect(char *port)
{
	return (try_port(port, connect));
}

static int
try_bind(char *port)
{
	return (try_port(port, bind));
}

static int
try_listen(char *arg)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)arg;
	return (listen(fd, 1));
}

static int
try_socket(char *family)
{
	return (closed(socket(atoi(family), SOCK_DGRAM, 0)));
}

static int
try_resolve(char *host)
{
	struct addrinfo *found;

	errno = ENOENT;
	if (getaddrinfo(host, NULL, NULL, &found) != 0)
		return (-1);
	freeaddrinfo(found);
	return (0);
}

static int
try_ptrace(char *arg)
{
	(void)arg;
	return (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1 ? -1 : 0);
}

static int
try_code(char *arg)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)arg;
	return (p == MAP_FAILED ? -1 : munmap(p, 4096));
}

static int
try_kill(char *pid)
{
	return (kill(atoi(pid), 0));
}

static int
try_mount(char *arg)
{
	(void)arg;
	return (mount("none", "/mnt", "tmpfs", 0, NULL));
}

static int
try_core(char *arg)
{
	struct rlimit core;

	(void)arg;
	errno = EPERM;
	return (getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max > 0 ?
	    0 : -1);
}

static const struct {
	const char	*name;
	int		(*act)(char *);
} acts[] = {
	{ "read", try_read }, { "list", try_list }, { "write", try_write },
	{ "make", try_make }, { "remove", try_remove },
	{ "mkdir", try_mkdir }, { "link", try_link },
	{ "rename", try_rename }, { "chown", try_chown },
	{ "exec", try_exec }, { "fork", try_fork }, { "thread", try_thread },
	{ "connect", try_connect }, { "bind", try_bind },
	{ "listen", try_listen }, { "socket", try_socket },
	{ "resolve", try_resolve }, { "ptrace", try_ptrace },
	{ "code", try_code }, { "kill", try_kill }, { "mount", try_mount },
	{ "core", try_core },
};

static void
try(char *act)
{
	char line[512], *name = act, *rest;
	size_t i;
	int n;

	n = snprintf(line, sizeof(line), "%s ", act);
	rest = strchr(act, ':');
	if (rest == NULL)
		errx(2, "no act: %s", act);
	*rest++ = '\0';
	for (i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strcmp(acts[i].name, name) == 0) {
			snprintf(line + n, sizeof(line) - (size_t)n, "%s\n",
			    acts[i].act(rest) == 0 ? "done" :
			    strerrorname_np(errno));
			if (write(STDOUT_FILENO, line, strlen(line)) == -1)
				_exit(2);
			return;
		}
	errx(2, "no act: %s", name);
}

int
main(int argc, char *argv[])
{
	struct buf said = { 0 };
	struct conf *conf;
	int i;

	if (argc < 4) {
		fprintf(stderr, "usage: confined PROG CONF ACT ...\n");
		return (2);
	}
	log_open("confined", 0);
	if ((conf = conf_load(argv[2], NULL, &said)) == NULL)
		errx(2, "%s", buf_str(&said));
	if (strcmp(argv[1], "worker") == 0)
		sandbox_worker();
	else
		sandbox_enter(argv[1], conf, 1);
	for (i = 3; i < argc; i++)
		try(argv[i]);
	conf_free(conf);
	buf_free(&said);
	/* The worker's sandbox has no more than this. */
	_exit(0);
}
