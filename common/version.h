#ifndef VERSION_H
#define VERSION_H

/* Of all programs, which are built and installed together. */
#define VERSION	"0.1.0"

#endif
