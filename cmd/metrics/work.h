#ifndef WORK_H
#define WORK_H

/*
 * What the worker process does: says a byte that it is there, takes orders
 * from the socket that is its standard input, one at a time, and sends a report
 * back for each. Ends when the other end does; returns the exit code.
 * confined: by the sandbox, too.
 */
int	work(int confined);

#endif
