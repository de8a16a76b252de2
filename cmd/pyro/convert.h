#ifndef CONVERT_H
#define CONVERT_H

#include <stddef.h>
#include <stdint.h>

struct origin;
struct pprof;
struct product;

/*
 * A profile as a client sent it, in memory, made into what a dataway knows:
 * what is pprof or JFR is looked through and stays as it is, stacks become
 * pprof, or text where they are an eBPF agent's. All of it blocks, and may run
 * in several threads.
 */
struct convert {
	const struct origin *origin;
	int		 input;		/* enum input: see input.h */
	const char	*type;		/* Content-Type, or NULL */
	const char	*encoding;	/* Content-Encoding, or NULL */
	const char	*file;		/* what a pprof is called; NULL: by its
					   sample_type_config, or auto.pprof */
	uint64_t	 limit;		/* bytes, inflated or made */
	size_t		 parts;		/* of a form */
};

/* Why a profile is not taken. */
struct convert_refusal {
	int		 status;	/* 413, 415, 422; 503: no memory */
	const char	*why;		/* a fixed sentence */
};

/*
 * p, len bytes, to a product, all zeros, which may borrow of them. A product
 * without files is nothing to keep. -1: refused, as no says.
 */
int	convert(const struct convert *, const char *p, size_t len,
	    struct product *, struct convert_refusal *no);

/* Is a Content-Encoding one that is taken? 0, or -1. */
int	convert_encoding(const char *encoding);

/* What convert does with each input, once the body is decoded. */
int	convert_pprof(const struct convert *, const char *p, size_t len,
	    struct product *, const char **why);
int	convert_form(const struct convert *, const char *p, size_t len,
	    struct product *, const char **why);
int	convert_jfr(const struct convert *, const char *p, size_t len,
	    struct product *, const char **why);
int	convert_stacks(const struct convert *, const char *p, size_t len,
	    struct product *, const char **why);


/*
 * A checked profile of Pyroscope's Node.js client, p as it came, made into the
 * reference's files, with the labels that the reference loses: a CPU profile
 * is cpu.pprof, one of the heap inuse_objects.pprof and inuse_space.pprof; what
 * is both stays auto.pprof.
 */
int	convert_node(const struct convert *, struct pprof *, const char *p,
	    size_t len, struct product *, const char **why);

#endif
