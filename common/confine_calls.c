/*
 * System calls, by libseccomp. One that is not granted fails with ENOSYS: what
 * a library does on an older kernel it does then, and a program that was built
 * against another libc goes on. Killing it would cost those whose records it
 * has in hand, for what may be no more than a new way to ask the time; but it
 * is said, for at 3 a.m. nothing else would tell.
 */
#include "confine.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <ucontext.h>
#include <unistd.h>

#include <seccomp.h>

#include "confine_rules.h"

#define CALLS	512	/* numbers that have a name */

/* What the refused call returns is put in the register for it. */
#if defined(__x86_64__)
#define RESULT(uc)	((uc)->uc_mcontext.gregs[REG_RAX])
#elif defined(__aarch64__)
#define RESULT(uc)	((uc)->uc_mcontext.regs[0])
#endif

/* For the handler. */
static char *names[CALLS];
static atomic_char told[CALLS];
static void (*tell)(const char *);

static const char *const worker[] = {
	"brk", "clock_gettime", "close", "exit", "exit_group", "fstat",
	"futex", "getpid", "getrandom", "gettid", "gettimeofday", "lseek",
	"madvise", "mremap", "munmap", "newfstatat", "pread64", "prlimit64",
	"read", "readv", "recvmsg", "restart_syscall", "rt_sigaction",
	"rt_sigprocmask", "rt_sigreturn", "setitimer", "setrlimit",
	"sysinfo", "tgkill", "uname", "write", "writev", NULL
};

static const char *const base[] = {
	"access", "clock_getres", "clock_nanosleep", "close_range",
	"copy_file_range", "dup", "dup2", "dup3", "epoll_create1",
	"epoll_ctl", "epoll_pwait", "epoll_pwait2", "epoll_wait", "eventfd2",
	"faccessat", "faccessat2", "fadvise64", "fallocate", "fchmod",
	"fchmodat", "fcntl", "fdatasync", "flock", "fstatfs", "fsync",
	"ftruncate", "getcwd", "getdents64", "getegid", "geteuid", "getgid",
	"getppid", "getrlimit", "getrusage", "getuid", "ioctl", "lstat",
	"membarrier", "memfd_create", "mkdir", "mkdirat", "nanosleep", "open",
	"openat", "pipe2", "poll", "ppoll", "preadv", "pselect6", "pwrite64",
	"pwritev", "readlink", "readlinkat", "rename", "renameat",
	"renameat2", "rmdir", "rseq", "sched_getaffinity", "sched_yield",
	"select", "sendfile", "set_robust_list", "sigaltstack", "splice",
	"stat", "statfs", "statx", "sync_file_range", "time",
	"timerfd_create", "timerfd_settime", "umask", "unlink", "unlinkat",
	"utimensat", NULL
};

static const char *const spool[] = {
	"fchown", "fchownat", "link", "linkat", "mknod", "mknodat",
	NULL
};

static const char *const serve[] = {
	"accept", "accept4", "getpeername", "getsockname", "getsockopt",
	"recvfrom", "sendmsg", "sendto", "setsockopt", "shutdown", NULL
};

static const char *const reach[] = {
	"bind", "connect", "getpeername", "getsockname", "getsockopt",
	"recvfrom", "recvmmsg", "sendmmsg", "sendmsg", "sendto",
	"setsockopt", "shutdown", "socketpair", NULL
};

static const char *const start[] = {
	"arch_prctl", "clone", "execve", "fork", "kill",
	"landlock_add_rule", "landlock_create_ruleset",
	"landlock_restrict_self", "prctl", "seccomp", "sendmsg",
	"set_tid_address", "socketpair", "vfork", "wait4", "waitid", NULL
};

#ifdef RESULT
static void
on_sigsys(int sig, siginfo_t *why, void *context)
{
	ucontext_t *uc = context;
	unsigned int call = (unsigned int)why->si_syscall;
	int saved = errno;

	(void)sig;
	if (why->si_code != 1)		/* SYS_SECCOMP */
		return;
	if (call < CALLS && tell != NULL && !atomic_exchange(&told[call], 1))
		tell(names[call] != NULL ? names[call] : "unknown");
	RESULT(uc) = -ENOSYS;
	errno = saved;
}

static uint32_t
refusal(void (*on_refused)(const char *))
{
	struct sigaction act = { .sa_sigaction = on_sigsys,
	    .sa_flags = SA_SIGINFO | SA_RESTART };
	int i;

	tell = on_refused;
	for (i = 0; i < CALLS; i++)
		if (names[i] == NULL)
			names[i] = seccomp_syscall_resolve_num_arch(
			    SCMP_ARCH_NATIVE, i);
	sigemptyset(&act.sa_mask);
	return (sigaction(SIGSYS, &act, NULL) == 0 ? SCMP_ACT_TRAP :
	    SCMP_ACT_ERRNO(ENOSYS));
}
#else
static uint32_t
refusal(void (*on_refused)(const char *))
{
	(void)on_refused;
	return (SCMP_ACT_ERRNO(ENOSYS));
}
#endif

/* What this machine does not have needs no rule. */
static int
allow(scmp_filter_ctx f, const char *const *calls)
{
	int number, result = 0;

	for (; result == 0 && *calls != NULL; calls++) {
		number = seccomp_syscall_resolve_name(*calls);
		if (number == __NR_SCMP_ERROR)
			continue;
		result = seccomp_rule_add(f, SCMP_ACT_ALLOW, number, 0);
		if (result == -EDOM || result == -EEXIST)
			result = 0;
	}
	return (result);
}

/* Memory that is run as code only where libraries are loaded. */
static int
allow_memory(scmp_filter_ctx f, int code)
{
	unsigned int n = code ? 0 : 1;

	if (seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), n,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) < 0)
		return (-1);
	return (seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), n,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)));
}

/*
 * clone3 hides its flags in memory, and libc knows how to go on without. While
 * threads are made signals are blocked, so that a trap would kill.
 */
static int
allow_threads(scmp_filter_ctx f, unsigned int calls)
{
	if (seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3),
	    0) < 0)
		return (-1);
	if (calls & CONFINE_START)
		return (allow(f, start));
	if (!(calls & CONFINE_THREADS))
		return (seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS),
		    SCMP_SYS(clone), 0));
	if (seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
	    SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) < 0)
		return (-1);
	return (seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
	    SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME, 0)));
}

/* Netlink is how getaddrinfo(3) asks for this host's addresses. */
static int
allow_sockets(scmp_filter_ctx f)
{
	static const int families[] = { AF_UNIX, AF_INET, AF_INET6,
	    AF_NETLINK };
	size_t i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
		    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i], 0)) < 0)
			return (-1);
	return (0);
}

static int
allow_groups(scmp_filter_ctx f, unsigned int calls)
{
	int code = (calls & (CONFINE_CONNECT | CONFINE_START)) != 0;

	if (allow(f, worker) < 0 || allow_memory(f, code) < 0 ||
	    allow_threads(f, calls) < 0)
		return (-1);
	if (calls & CONFINE_WORKER)
		return (0);
	if (allow(f, base) < 0 || ((calls & CONFINE_SPOOL) &&
	    allow(f, spool) < 0) || ((calls & CONFINE_SERVE) &&
	    allow(f, serve) < 0))
		return (-1);
	return (calls & CONFINE_CONNECT && (allow(f, reach) < 0 ||
	    allow_sockets(f) < 0) ? -1 : 0);
}

/* A sanitizer's own threads and calls are not ours to list. */
#if defined(__SANITIZE_ADDRESS__)
#define WANTED	0
#else
#define WANTED	1
#endif

int
confine_rule_calls(const struct confine *c, void (*on_refused)(const char *))
{
	scmp_filter_ctx f;
	int result = 0;

	if (!WANTED || (f = seccomp_init(refusal(on_refused))) == NULL)
		return (0);
	/* A tracer skips a call by making it number -1. */
	if (seccomp_attr_set(f, SCMP_FLTATR_API_TSKIP, 1) == 0 &&
	    seccomp_rule_add(f, SCMP_ACT_ALLOW, -1, 0) == 0 &&
	    seccomp_attr_set(f, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
	    seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2) == 0 &&
	    allow_groups(f, c->calls) >= 0 && seccomp_load(f) == 0)
		result = 1;
	seccomp_release(f);
	return (result);
}
