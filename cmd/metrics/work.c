#include "work.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>

#include <malloc.h>
#include <stdint.h>
#include <unistd.h>

#include "buf.h"
#include "file.h"
#include "log.h"
#include "order.h"
#include "reckon.h"
#include "report.h"
#include "sandbox.h"
#include "when.h"

#define KEEP	(8 * 1024 * 1024)	/* bytes of heap kept between orders */

/* Sanitizers map terabytes, and start a process at the end. */
#if defined(__SANITIZE_ADDRESS__)
#define BOUNDED	0
#else
#define BOUNDED	1
#endif

/*
 * From here on there is nothing that what is parsed could reach: no descriptor
 * but the socket and standard error, no further process, no core.
 */
static void
become(int confined)
{
	static const struct rlimit none = { 0, 0 };
	static const struct rlimit descriptors = { 16, 16 };

	/* What ps and pkill know it by; of 15 bytes at most. */
	prctl(PR_SET_NAME, "metrics-worker", 0, 0, 0);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_NOFILE, &descriptors);
	setrlimit(RLIMIT_FSIZE, &none);
	if (BOUNDED)
		setrlimit(RLIMIT_NPROC, &none);
	if (confined)
		sandbox_worker();
}

/*
 * The processor time of this record: past it SIGPROF ends the process. 0: any.
 * And its memory, as far as it is not exceeded already.
 */
static void
limit(const struct limits *l, int64_t cpu)
{
	struct itimerval timer = { .it_value = when_timeval(cpu) };
	struct rlimit memory = { l->memory, RLIM_INFINITY };

	if (BOUNDED)
		setrlimit(RLIMIT_AS, &memory);
	setitimer(ITIMER_PROF, &timer, NULL);
}

static int
work_one(const struct order *order, int fd)
{
	struct report report = { 0 };
	struct buf out = { 0 };
	int result = -1;

	limit(&order->limits, order->limits.cpu);
	reckon(fd, order, &report);
	limit(&order->limits, 0);
	if (report_encode(&report, &out) == 0)
		result = file_write(STDIN_FILENO, out.p, out.len);
	report_clear(&report);
	buf_free(&out);
	return (result);
}

int
work(int confined)
{
	struct order order;
	int fd, result;

	log_open("prof-metrics", 0);
	become(confined);
	/* Large blocks go back at once; what is small is used again. */
	mallopt(M_TRIM_THRESHOLD, KEEP);
	if (file_write(STDIN_FILENO, "\n", 1) == -1)
		return (111);
	while ((result = order_receive(STDIN_FILENO, &order, &fd)) == 1) {
		result = work_one(&order, fd);
		close(fd);
		if (result == -1)
			break;
	}
	return (result == 0 ? 0 : 111);
}
