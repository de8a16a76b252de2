#ifndef PROGRAM_H
#define PROGRAM_H

struct conf;

/*
 * What every program does first: the common options (prof.7), its own, and
 * the configuration. It speaks for the program, so it may log and print.
 */
struct program {
	const char	*name;		/* "prof-recv" */
	const char	*usage;		/* lines of text */
	const char	*letters;	/* its own options, as getopt has them */
	const char	*without;	/* letters of prof.7's that it has not */
	int		(*on_letter)(int letter, const char *value);
					/* one of them; -1: wrong */
	int		 anywhere;	/* behind arguments, too */
	const char *const *at_start;	/* keys that take a restart, patterns as
					   conf_print_exact takes them; or NULL */
	const char	*why;		/* on_letter may set it, with -1: a fixed
					   sentence */
	/* program_options fills these: */
	const char	*conf;		/* -c, or NULL */
	const char	*spool;		/* -s, or NULL */
	int		 ready;		/* -n: an open descriptor; -1: none */
	int		 test;		/* -t */
	int		 verbose;	/* -v */
	int		 output;	/* -o -, where letters are o: and there is
					   no on_letter: standard output; -1: not
					   given */
};

/*
 * Read the options; optind is then the first argument. -1: go on; else exit
 * with it (0 after -h and -V, 2 after what is no option).
 */
int	program_options(struct program *, int argc, char *argv[]);

/*
 * On standard error what is wrong with how it is used, "what: why", or why
 * alone without what; and how it is used. The answer is the exit code, 2.
 */
int	program_wrong(const struct program *, const char *what,
	    const char *why);

/*
 * The same of a daemon that takes no arguments, and its configuration. -1: go
 * on with *conf; else exit with it (also 0 after -t, 100 where the
 * configuration is wrong).
 */
int	program_begin(struct program *, int argc, char *argv[],
	    struct conf **conf);

/*
 * Load the configuration and log what is wrong with it, or with -t print it;
 * but for the first time, log which of at_start are not as they were then.
 * NULL with errno: exit with program_unread(errno), or keep the old one.
 */
struct conf *program_conf(const struct program *);

/*
 * The exit code for a configuration that gave errno: 100, the file is wrong; 111,
 * this may be over when it is read again.
 */
int	program_unread(int error);

/* A daemon is ready: tell who waits for it (ready.h), or log why not. */
void	program_ready(const struct program *);

#endif
