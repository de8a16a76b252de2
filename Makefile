# prof: a profile collector made of small Unix tools.
# `make demo` shows it, `make check` proves it; README has the rest.

PREFIX	?= /usr/local
CC	= cc
CFLAGS	= -O2 -g
PKGS	= libevent_core libevent_pthreads jansson libcurl inih
CPPFLAGS = -D_GNU_SOURCE -Icommon
WARN	= -Wall -Wextra -Werror
COMPILE	= $(CC) -std=c11 -pthread $(WARN) $(CPPFLAGS) $(CFLAGS) -MMD -MP

COMMON	= $(patsubst %.c,%.o,$(wildcard common/*.c))
PROGS	= $(patsubst %.c,%,$(wildcard cmd/prof-*.c))
UNITS	= $(patsubst t/%.c,t/bin/%,$(wildcard t/unit-*.c))
TOOLS	= $(patsubst t/tool-%.c,t/bin/%,$(wildcard t/tool-*.c))
REPLAYS	= $(patsubst t/fuzz-%.c,t/bin/replay-%,$(wildcard t/fuzz-*.c))
FUZZERS	= $(patsubst t/fuzz-%.c,t/bin/fuzz-%,$(wildcard t/fuzz-*.c))
parts	= $(patsubst %.c,%.o,$(wildcard cmd/$(1)/*.c))
LIBS	= $(shell pkg-config --libs $(PKGS))

all: $(PROGS)

# A program: its main, the parts in its folder (cmd/ship for cmd/prof-ship,
# since a folder cannot have a program's own name), and common/.
.SECONDEXPANSION:
$(PROGS): cmd/prof-%: cmd/prof-%.o $$(call parts,$$*) common/common.a
	$(CC) -pthread $(CFLAGS) -o $@ $^ $(LIBS)

common/common.a: $(COMMON)
	rm -f $@ && $(AR) rcs $@ $^

%.o: %.c
	$(COMPILE) -c -o $@ $<

t/bin:
	mkdir -p $@

# Tests may reach into the parts of a program; those of unit-parcel are named
# by a line "/* parts: cmd/ship/parcel.o */" in its source.
named	= $(shell sed -n 's,^/\* parts: \(.*\) \*/$$,\1,p' $(1))

t/bin/unit-%: t/unit-%.c $$(call named,t/unit-%.c) common/common.a | t/bin
	$(COMPILE) -MF $@.d -o $@ $(filter-out %.h,$^) $(LIBS)

t/bin/%: t/tool-%.c $$(call named,t/tool-%.c) common/common.a | t/bin
	$(COMPILE) -MF $@.d -o $@ $(filter-out %.h,$^) $(LIBS)

# A fuzz target with a main that only replays files.
t/bin/replay-%: t/fuzz-%.c t/replay.c common/common.a | t/bin
	$(COMPILE) -MF $@.d -o $@ $(filter-out %.h,$^) $(LIBS)

# libFuzzer wants everything compiled its way, so nothing is shared.
t/bin/fuzz-%: t/fuzz-%.c $(wildcard common/*.c common/*.h) | t/bin
	clang -std=c11 -pthread $(WARN) $(CPPFLAGS) -O1 -g \
	    -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	    -o $@ $(filter-out %.h,$^) $(LIBS)

tests: all $(UNITS) $(TOOLS) $(REPLAYS)

check: tests
	bats t

clean:
	rm -rf t/bin t/*.[do] common/*.[ado] cmd/*.[do] cmd/*/*.[do] $(PROGS)

-include $(wildcard t/*.d common/*.d cmd/*.d cmd/*/*.d t/bin/*.d)
.PHONY: all tests check clean
