/*
 * replay - run a fuzz target over files, without libFuzzer
 *
 * usage:  replay-NAME FILE|DIRECTORY...
 * exits:  0; 111 when a file cannot be read; a target that finds something
 *         dies of it
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int	LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

/* A copy of just its length, so that a sanitizer sees a read behind it. */
static int
replay_file(const char *path)
{
	FILE *f;
	uint8_t *p = NULL;
	long len;
	int result = -1;

	if ((f = fopen(path, "rb")) == NULL)
		return (-1);
	if (fseek(f, 0, SEEK_END) == -1 || (len = ftell(f)) == -1 ||
	    fseek(f, 0, SEEK_SET) == -1)
		goto out;
	if ((p = malloc(len > 0 ? (size_t)len : 1)) == NULL ||
	    fread(p, 1, (size_t)len, f) != (size_t)len)
		goto out;
	printf("%s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(p, (size_t)len);
	result = 0;
out:
	free(p);
	fclose(f);
	return (result);
}

static int
replay_dir(const char *path, DIR *dir)
{
	char name[4096];
	const struct dirent *e;
	int result = 0;

	while ((e = readdir(dir)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		if (replay_file(name) == -1)
			result = -1;
	}
	return (result);
}

int
main(int argc, char **argv)
{
	DIR *dir;
	int i, bad = 0;

	for (i = 1; i < argc; i++) {
		if ((dir = opendir(argv[i])) == NULL)
			bad |= replay_file(argv[i]);
		else {
			bad |= replay_dir(argv[i], dir);
			closedir(dir);
		}
		if (bad != 0)
			perror(argv[i]);
	}
	return (bad != 0 ? 111 : 0);
}
