#include "conf.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"

/*
 * conf - show a configuration
 *
 * usage:  conf -T                 the table of all keys
 *         conf [-s spool] [file]  the configuration in force; "-": of stdin
 * writes: it to standard output, errors and warnings to standard error
 * exits:  0; 2 usage; 100 bad configuration; 111 no memory, output failed
 */

static int
put(struct buf *b, FILE *f)
{
	int bad = fwrite(b->p, 1, b->len, f) != b->len || fflush(f) == EOF;

	buf_free(b);
	return (bad);
}

int
main(int argc, char **argv)
{
	struct buf out = { 0 }, said = { 0 };
	const char *spool = NULL, *file;
	struct conf *c;
	int opt, res = 0, table = 0;

	while ((opt = getopt(argc, argv, "s:T")) != -1)
		switch (opt) {
		case 's':
			spool = optarg;
			break;
		case 'T':
			table = 1;
			break;
		default:
			return (2);
		}
	file = optind < argc ? argv[optind] : NULL;
	if (table)
		return (conf_print_table(&out) == -1 || put(&out, stdout) ?
		    111 : 0);
	c = file != NULL && strcmp(file, "-") == 0 ?
	    conf_parse(stdin, "stdin", spool, &said) :
	    conf_load(file, spool, &said);
	if (said.len != 0 && put(&said, stderr))
		res = 111;
	if (c == NULL)
		return (100);
	if (conf_print(c, &out) == -1 || put(&out, stdout))
		res = 111;
	conf_free(c);
	return (res);
}
