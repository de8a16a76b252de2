#ifndef SAMPLETYPE_H
#define SAMPLETYPE_H

#include <stddef.h>
#include <stdint.h>

/*
 * What the values of a profile count, in pprof's words. Pyroscope's clients
 * that send no pprof say it in the suffix of their name (demo.cpu), in units=
 * and in sampleRate=. The words are those of grafana/pyroscope, pkg/ingester/
 * pyroscope/ingest_adapter.go (convertMetadata) and storage/metadata.
 */
struct sampletype {
	const char	*type;		/* "samples" */
	const char	*unit;		/* "count" */
	const char	*period_type;	/* "cpu", "wall"; NULL: no period */
	int64_t		 period;	/* ns from one sample to the next */
};

/*
 * The suffix that an application's name has, behind its last dot, if it is one
 * that says what is counted; *base is the length without dot and suffix. NULL:
 * it has none, *base is all of it.
 */
const char *sampletype_suffix(const char *app, size_t *base);

/*
 * suffix: NULL: none. units, as it came: NULL and "": not said; it wins over
 * a suffix of another unit, unless it is "samples", which clients say of
 * everything. rate: samples a second; 0: not known. t->unit may be units.
 */
void	sampletype_of(const char *suffix, const char *units, uint32_t rate,
	    struct sampletype *t);

/*
 * The file that a profile of Go's SDK is to be called, by its part
 * sample_type_config (grafana/pyroscope-go, upstream/remote): a JSON object
 * with an object for each sample type, of which display-name tells a mutex
 * profile from a block profile. cpu.pprof, goroutines.pprof, delta-heap.pprof,
 * delta-mutex.pprof, delta-block.pprof; auto.pprof, where it is none of them.
 * Without such a part (p is NULL) it is cpu.pprof. NULL: malformed, or out of
 * memory, *why.
 */
const char *sampletype_file(const char *p, size_t len, const char **why);

#endif
