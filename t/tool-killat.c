/*
 * killat - kill a program at its N-th system call
 *
 * usage:  killat [-aw] [-n N] [-o file] command [argument ...]
 *         -a  count every call, not only those that change something (below)
 *         -n  kill it as it is about to make that one; 0: only count (0)
 *         -o  where to say how many it came to
 *         -w  of the children that it starts, not of itself
 * writes: -o: "COUNT CALL", at the end: how many were counted, and the last
 * exits:  as the command does, whose process this one becomes; 2 usage; 111
 *
 * Calls are counted over all threads of a process, which strace's inject does
 * not do: it counts each name in each thread.
 */
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ptrace.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OPTIONS	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | \
	PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC)

/* What changes a file, a directory, or what another process sees. */
static const struct {
	unsigned long	 number;
	const char	*name;
} changes[] = {
	{ SYS_write, "write" }, { SYS_pwrite64, "pwrite64" },
	{ SYS_writev, "writev" }, { SYS_sendto, "sendto" },
	{ SYS_sendmsg, "sendmsg" }, { SYS_fsync, "fsync" },
	{ SYS_fdatasync, "fdatasync" }, { SYS_fallocate, "fallocate" },
	{ SYS_ftruncate, "ftruncate" }, { SYS_fchmod, "fchmod" },
	{ SYS_flock, "flock" }, { SYS_openat, "openat" },
	{ SYS_mkdirat, "mkdirat" }, { SYS_linkat, "linkat" },
	{ SYS_unlinkat, "unlinkat" }, { SYS_renameat2, "renameat2" },
#ifdef SYS_renameat
	{ SYS_renameat, "renameat" },
#endif
#ifdef SYS_rename
	{ SYS_rename, "rename" }, { SYS_unlink, "unlink" },
	{ SYS_mkdir, "mkdir" }, { SYS_rmdir, "rmdir" }, { SYS_link, "link" },
	{ SYS_open, "open" },
#endif
};

#define NCHANGES	(sizeof(changes) / sizeof(changes[0]))

struct killat {
	pid_t		 command;
	int		 all;
	int		 children;
	unsigned long	 at;		/* 0: never */
	unsigned long	 count;
	char		 last[32];	/* name of the last one counted */
	int		 out;		/* descriptor, or -1 */
};

/* The process of a thread. */
static pid_t
process_of(pid_t thread)
{
	char name[64], line[128];
	pid_t process = thread;
	FILE *f;

	snprintf(name, sizeof(name), "/proc/%d/status", (int)thread);
	if ((f = fopen(name, "re")) == NULL)
		return (thread);
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "Tgid:", 5) == 0)
			process = (pid_t)strtol(line + 5, NULL, 10);
	fclose(f);
	return (process);
}

/* Its name if it is to be counted, or NULL. */
static const char *
change_name(const struct ptrace_syscall_info *call)
{
	unsigned long number = call->entry.nr;
	size_t i;

	for (i = 0; i < NCHANGES; i++)
		if (changes[i].number == number)
			break;
	if (i == NCHANGES)
		return (NULL);
	if (number == SYS_openat &&
	    (call->entry.args[2] & (O_CREAT | O_TMPFILE | O_TRUNC)) == 0)
		return (NULL);
	/* A log line changes nothing. */
	if (number == SYS_write && call->entry.args[0] == STDERR_FILENO)
		return (NULL);
	return (changes[i].name);
}

static void
on_call(struct killat *k, pid_t thread)
{
	struct ptrace_syscall_info call;
	const char *name;
	pid_t process;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof(call), &call) <= 0 ||
	    call.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	name = change_name(&call);
	if (name == NULL && !k->all)
		return;
	process = process_of(thread);
	if ((process != k->command) != k->children)
		return;
	k->count++;
	if (k->at != 0 && k->count > k->at)
		return;
	if (name != NULL)
		snprintf(k->last, sizeof(k->last), "%s", name);
	else
		snprintf(k->last, sizeof(k->last), "call-%llu",
		    (unsigned long long)call.entry.nr);
	if (k->count == k->at)
		kill(process, SIGKILL);
}

static int
is_group_stop(int sig)
{
	return (sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN ||
	    sig == SIGTTOU);
}

static void
on_stop(struct killat *k, pid_t thread, int status)
{
	int sig = WSTOPSIG(status), event = status >> 16, pass = 0;
	int how = PTRACE_SYSCALL;

	if (sig == (SIGTRAP | 0x80))
		on_call(k, thread);
	else if (event == PTRACE_EVENT_STOP && is_group_stop(sig))
		how = PTRACE_LISTEN;
	else if (event == 0)
		pass = sig;
	ptrace(how, thread, 0, pass);
}

/* Until nobody is left. */
static void
trace(struct killat *k, int go)
{
	int status;
	pid_t thread;

	signal(SIGPIPE, SIG_IGN);
	if (ptrace(PTRACE_SEIZE, k->command, 0, OPTIONS) == -1)
		err(111, "ptrace");
	if (write(go, "\n", 1) != 1)
		err(111, "pipe");
	close(go);
	while ((thread = waitpid(-1, &status, __WALL)) != -1 || errno == EINTR)
		if (thread != -1 && WIFSTOPPED(status))
			on_stop(k, thread, status);
	if (k->out != -1 && dprintf(k->out, "%lu %s\n", k->count,
	    k->count > 0 ? k->last : "-") < 0)
		err(111, "output");
}

/* Have a grandchild trace us, which the command has not to wait for. */
static void
be_traced(struct killat *k)
{
	int go[2];
	pid_t child;
	char c;

	k->command = getpid();
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	if (pipe2(go, O_CLOEXEC) == -1 || (child = fork()) == -1)
		err(111, "fork");
	if (child == 0) {
		close(go[0]);
		if (fork() == 0)
			trace(k, go[1]);
		_exit(0);
	}
	close(go[1]);
	waitpid(child, NULL, 0);
	if (read(go[0], &c, 1) != 1)
		errx(111, "cannot be traced");
	close(go[0]);
	if (k->out != -1)
		close(k->out);
}

int
main(int argc, char *argv[])
{
	struct killat k = { .out = -1 };
	int c;

	while ((c = getopt(argc, argv, "+an:o:w")) != -1)
		switch (c) {
		case 'a':
			k.all = 1;
			break;
		case 'n':
			k.at = strtoul(optarg, NULL, 10);
			break;
		case 'o':
			k.out = open(optarg, O_WRONLY | O_CREAT | O_TRUNC |
			    O_CLOEXEC, 0644);
			if (k.out == -1)
				err(111, "%s", optarg);
			break;
		case 'w':
			k.children = 1;
			break;
		default:
			optind = argc;
		}
	if (optind == argc) {
		fprintf(stderr, "usage: killat [-aw] [-n N] [-o file] "
		    "command [argument ...]\n");
		return (2);
	}
	be_traced(&k);
	execvp(argv[optind], argv + optind);
	err(111, "%s", argv[optind]);
}
