#ifndef METERING_H
#define METERING_H

struct sheet;
struct sheet_file;

/*
 * The metrics.json of a Go program: an array of [name, number], which
 * dd-trace-go makes of the runtime's own counters. Adds prof_go_... fields.
 */
void	metering_add(struct sheet *, struct sheet_file *);

#endif
