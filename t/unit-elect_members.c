/* elect_members: whose work is what, and what moves when one comes or goes. */
#include "elect_members.h"

#include <stdio.h>
#include <stdlib.h>

#include "ok.h"

#define PIECES	10000

/* n members, the one numbered without left out; the first is ourselves. */
static struct elect_members *
members(size_t n, size_t without)
{
	struct elect_members *m = elect_members_new(n);
	char name[32];
	size_t i;

	if (m == NULL)
		abort();
	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "host-%zu /var/spool/prof", i);
		if (i != without)
			elect_members_add(m, name, i + 1,
			    (int64_t)(i + 1) * 1000, i == 0);
	}
	return (m);
}

/* The hashes of urls are mixed; so are these. */
static uint64_t
piece(size_t i)
{
	return ((uint64_t)i * UINT64_C(0x9e3779b97f4a7c15));
}

static uint64_t
owner(const struct elect_members *m, size_t i)
{
	const struct elect_member *one = elect_members_owner(m, piece(i));

	return (one != NULL ? one->order : 0);
}

static void
check_moves(void)
{
	struct elect_members *all = members(5, 5), *less = members(5, 2);
	size_t i, of[6] = { 0 }, moved = 0, wrong = 0;

	for (i = 0; i < PIECES; i++) {
		of[owner(all, i)]++;
		moved += owner(all, i) != owner(less, i);
		/* Only what was its own. */
		wrong += owner(all, i) != owner(less, i) &&
		    owner(all, i) != 3;
	}
	ok(of[0] == 0, "each piece is somebody's");
	for (i = 1; i <= 5; i++)
		ok(of[i] > PIECES / 6 && of[i] < PIECES / 4,
		    "a member has its share");
	ok(wrong == 0 && moved == of[3],
	    "when one goes or comes only its own pieces move");
	free(all);
	free(less);
}

static void
check_names(void)
{
	struct elect_members *m = elect_members_new(3);
	size_t i, older = 0;

	if (m == NULL)
		abort();
	ok(elect_members_owner(m, 1) == NULL, "nobody has what none shares");
	elect_members_add(m, "a", 7, 100, 0);
	elect_members_add(m, "b", 8, 100, 0);
	elect_members_add(m, "a", 9, 100, 0);
	for (i = 0; i < PIECES; i++)
		older += owner(m, i) == 7;
	ok(older == 0, "of two of a name the later one has it");
	free(m);
}

static void
check_leases(void)
{
	struct elect_members *a = members(3, 3), *b = members(3, 3),
	    *alone = members(1, 1);

	ok(elect_members_lease(a) == 3000,
	    "the longest lease of the others counts");
	ok(elect_members_lease(alone) == 0, "one's own does not");
	ok(elect_members_same(a, b) && !elect_members_same(a, alone),
	    "the same members are the same");
	b->v[1].order = 99;
	ok(!elect_members_same(a, b), "one that was made again is another");
	free(a);
	free(b);
	free(alone);
}

int
main(void)
{
	check_moves();
	check_names();
	check_leases();
	return (failed);
}
