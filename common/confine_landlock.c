/*
 * Landlock: the kernel's Documentation/userspace-api/landlock.rst. Headers may
 * be older than the kernel, so what came after Debian 12's stands here.
 */
#include "confine.h"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <linux/landlock.h>

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "confine_rules.h"

/* The version each came with. */
#define REFER		2	/* moves between directories; none before */
#define TRUNCATE	3
#define NET		4
#define IOCTL		5
#define SCOPE		6

#define FS_BASE		((UINT64_C(1) << 14) - 1)
#define FS_TRUNCATE	(UINT64_C(1) << 14)
#define FS_IOCTL_DEV	(UINT64_C(1) << 15)
#define NET_BIND	(UINT64_C(1) << 0)
#define NET_CONNECT	(UINT64_C(1) << 1)
#define SCOPE_ABSTRACT	(UINT64_C(1) << 0)
#define SCOPE_SIGNAL	(UINT64_C(1) << 1)
#define RULE_PORT	2
#define FS_OF_FILES	(LANDLOCK_ACCESS_FS_EXECUTE | \
			LANDLOCK_ACCESS_FS_WRITE_FILE | \
			LANDLOCK_ACCESS_FS_READ_FILE | FS_TRUNCATE)

struct ruleset {
	uint64_t	 fs, net, scoped;
};

struct port_rule {
	uint64_t	 allowed, port;
};

static uint64_t
access_of(unsigned int rights)
{
	static const struct {
		unsigned int	 right;
		uint64_t	 access;
	} table[] = {
		{ CONFINE_READ, LANDLOCK_ACCESS_FS_READ_FILE |
		    LANDLOCK_ACCESS_FS_READ_DIR },
		{ CONFINE_LIST, LANDLOCK_ACCESS_FS_READ_DIR },
		{ CONFINE_WRITE, LANDLOCK_ACCESS_FS_WRITE_FILE |
		    FS_TRUNCATE },
		{ CONFINE_MAKE, LANDLOCK_ACCESS_FS_MAKE_REG |
		    LANDLOCK_ACCESS_FS_REFER },
		{ CONFINE_REMOVE, LANDLOCK_ACCESS_FS_REMOVE_FILE |
		    LANDLOCK_ACCESS_FS_REFER },
		{ CONFINE_TREE, LANDLOCK_ACCESS_FS_MAKE_DIR |
		    LANDLOCK_ACCESS_FS_REMOVE_DIR |
		    LANDLOCK_ACCESS_FS_MAKE_FIFO },
		{ CONFINE_EXEC, LANDLOCK_ACCESS_FS_EXECUTE },
	};
	uint64_t all = 0;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (rights & table[i].right)
			all |= table[i].access;
	return (all);
}

/*
 * What is not there, or not to be seen, cannot be used either. What cannot be
 * opened now may be needed later: rather no rules than that one missing.
 */
static int
allow_path(int ruleset, const struct confine_rule *r, uint64_t handled)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = access_of(r->rights) & handled };
	struct stat st;
	int result = 0;

	rule.parent_fd = open(r->path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd == -1)
		return (errno == ENOENT || errno == ENOTDIR ||
		    errno == EACCES || errno == ELOOP ? 0 : -1);
	if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed_access &= FS_OF_FILES;
	if (rule.allowed_access != 0)
		result = (int)syscall(SYS_landlock_add_rule, ruleset,
		    LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
	return (result);
}

static int
allow_all(int ruleset, const struct confine *c, uint64_t handled, int version)
{
	struct port_rule port = { .allowed = NET_CONNECT };
	size_t i;

	for (i = 0; i < c->npaths; i++)
		if (allow_path(ruleset, &c->paths[i], handled) == -1)
			return (-1);
	for (i = 0; i < c->nports && version >= NET && !c->any_port; i++) {
		port.port = c->ports[i];
		if (syscall(SYS_landlock_add_rule, ruleset, RULE_PORT, &port,
		    0) == -1)
			return (-1);
	}
	return (0);
}

int
confine_rule_files(const struct confine *c)
{
	struct ruleset set = { .fs = FS_BASE };
	size_t size = sizeof(set.fs);
	int fd, version, result = 0;

	version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
	    LANDLOCK_CREATE_RULESET_VERSION);
	if (version < REFER)
		return (0);
	if (version >= TRUNCATE)
		set.fs |= FS_TRUNCATE;
	if (version >= IOCTL)
		set.fs |= FS_IOCTL_DEV;
	if (version >= NET) {
		set.net = NET_BIND | (c->any_port ? 0 : NET_CONNECT);
		size = sizeof(set.fs) + sizeof(set.net);
	}
	if (version >= SCOPE) {
		set.scoped = SCOPE_ABSTRACT | SCOPE_SIGNAL;
		size = sizeof(set);
	}
	fd = (int)syscall(SYS_landlock_create_ruleset, &set, size, 0);
	if (fd == -1)
		return (0);
	if (allow_all(fd, c, set.fs, version) == 0 &&
	    syscall(SYS_landlock_restrict_self, fd, 0) == 0)
		result = version;
	close(fd);
	return (result);
}
