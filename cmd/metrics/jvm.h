#ifndef JVM_H
#define JVM_H

struct sheet;

/*
 * When the recordings (JFR) of a sheet began and ended, for want of a profile
 * that says so: the first's start, and as long as all their chunks last. -1:
 * none can be read, which is noted.
 */
int	jvm_times(struct sheet *);

#endif
