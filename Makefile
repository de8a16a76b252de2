# prof: a profile collector made of small Unix tools.
# `make demo` shows it, `make check` proves it; README has the rest.

PREFIX	?= /usr/local
CC	= cc
CFLAGS	= -O2 -g
PKGS	= libevent_core libevent_pthreads libevent_openssl openssl jansson \
	  libcurl inih zlib libzstd liblz4 libdeflate libseccomp
CPPFLAGS = -D_GNU_SOURCE -Icommon
WARN	= -Wall -Wextra -Werror -Wno-format-zero-length
COMPILE	= $(CC) -std=c11 -pthread $(WARN) $(CPPFLAGS) $(CFLAGS) -MMD -MP
LINK	= $(COMPILE) -MF $@.d -o $@ $(filter-out %.h,$^) $(LIBS)
SANE	= -fsanitize=address,undefined -fno-sanitize-recover=all
T	= 60s

COMMON	= $(patsubst %.c,%.o,$(wildcard common/*.c))
PROGS	= $(patsubst %.c,%,$(wildcard cmd/prof-*.c))
UNITS	= $(patsubst t/%.c,t/bin/%,$(wildcard t/unit-*.c))
TOOLS	= $(patsubst t/tool-%.c,t/bin/%,$(wildcard t/tool-*.c))
REPLAYS	= $(patsubst t/fuzz-%.c,t/bin/replay-%,$(wildcard t/fuzz-*.c))
FUZZERS	= $(patsubst t/fuzz-%.c,t/bin/fuzz-%,$(wildcard t/fuzz-$(or $F,*).c))
SOURCES	= $(wildcard cmd/*.c cmd/*/*.c common/*.c t/*.c)
FRONT	= cmd/prof cmd/prof-demo
MANUALS	= $(wildcard cmd/*.[1578])
SCRIPTS	= $(FRONT) t/bench t/check t/coverage t/deb t/debian t/deps t/fuzz \
	  t/lint t/soak \
	  .ci/run $(wildcard t/*.bash t/*.bats t/live/*.bats) \
	  $(wildcard etc/*/*/run etc/*/*/*/run etc/*/*/finish etc/*/*/*/finish)
LIBS	= -Wl,--as-needed $(shell pkg-config --libs $(PKGS))
parts	= $(patsubst %.c,%.o,$(wildcard cmd/$(1)/*.c))

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

# A test or a tool may need parts of a program, or parts that tests share: a
# line "/* parts: cmd/ship/parcel.o */" in its source names them. cmd/ship/%.o
# stands for all of them, whether they are made yet or not.
named	= $(foreach p,$(shell sed -n 's,^/\* parts: \(.*\) \*/$$,\1,p' $(1)), \
	  $(if $(findstring /%.o,$p),$(call parts,$(notdir $(subst /%.o,,$p))),$p))

t/bin/unit-%: t/unit-%.c $$(call named,t/unit-$$*.c) common/common.a | t/bin
	$(LINK)

t/bin/%: t/tool-%.c $$(call named,t/tool-$$*.c) common/common.a | t/bin
	$(LINK)

# A fuzz target with a main that only replays files.
t/bin/replay-%: t/fuzz-%.c t/replay.o $$(call named,t/fuzz-$$*.c) \
    common/common.a | t/bin
	$(LINK)

# libFuzzer wants everything compiled its way, so nothing is shared.
t/bin/fuzz-%: t/fuzz-%.c $$(patsubst %.o,%.c,$$(call named,t/fuzz-$$*.c)) \
    $(wildcard common/*.c common/*.h) | t/bin
	clang -std=c11 -pthread $(WARN) $(CPPFLAGS) -O1 -g \
	    -fsanitize=fuzzer $(SANE) -o $@ $(filter-out %.h,$^) $(LIBS)

# Bats wants its tests written out: one for each unit test and each corpus.
t/bin/unit.bats: $(UNITS) $(REPLAYS) $(wildcard t/data/corpus/*) | t/bin
	{ echo 'load ../lib'; \
	for n in $(notdir $(UNITS)); do \
		printf '@test "%s" {\n\tcd "$$TOP" && %s\n}\n' "$$n" "$$n"; \
	done; \
	for n in $(notdir $(REPLAYS)); do \
		printf '@test "%s: the corpus" {\n\t%s "$$DATA/corpus/%s"\n}\n' \
		    "$$n" "$$n" "$${n#replay-}"; \
	done; } >$@

tests: all $(UNITS) $(TOOLS) $(REPLAYS) t/bin/unit.bats

# From here on nothing is taken for granted but git and make. What is to be
# built after t/deps is built by another make, which sees what there is then.
deps:
	t/deps build check lint live

demo:
	@t/deps build
	@$(MAKE) -s all t/bin/send
	@cmd/prof demo t/data/requests/*.http

deps-check:
	@t/deps build check
	@$(MAKE) -s tests

check: deps-check
	@t/check -j 4 t/bin/unit.bats t/*.bats

check-live: deps-check
	@t/deps live
	@t/check t/live/*.bats

# A copy of the tree without what was built.
copy	= rm -rf $(1) && mkdir -p $(1) && git ls-files -co --exclude-standard -z | \
	  tar -c --null --ignore-failed-read -T - | tar -x -C $(1)

# Everything again in a copy of the tree, so that no object is of two minds.
# Under sanitizers gcc no longer sees what bounds a string.
asan:
	@t/deps build check
	@$(call copy,.asan)
	@$(MAKE) -s -C .asan CFLAGS='-O1 -g -fno-omit-frame-pointer \
	    -Wno-format-truncation $(SANE)' tests
	@cd .asan && PATH=$$PATH:$(CURDIR)/t/bin PROF_ASAN=1 t/check -j 2 t/bin/unit.bats t/*.bats

lint:
	@t/deps build lint
	@t/lint '$(WARN) $(CPPFLAGS)' $(SOURCES) -- $(SCRIPTS) -- $(MANUALS)

# make fuzz T=20m [F=multipart]: what is found stays in t/bin/found.
fuzz:
	@t/deps build lint
	@$(MAKE) -s $(FUZZERS)
	@t/fuzz $T $(patsubst t/bin/fuzz-%,%,$(FUZZERS))

# How many of its parser's lines the corpus of each target reaches.
fuzz-coverage:
	@t/deps build check
	@$(call copy,t/bin/coverage)
	@$(MAKE) -s -C t/bin/coverage CFLAGS='-O0 --coverage' $(REPLAYS)
	@cd t/bin/coverage && t/coverage $(patsubst t/bin/replay-%,%,$(REPLAYS))

# The Debian package, in .deb/; V=1.2 is another version.
deb:
	@t/deps build deb
	@t/deb $(if $V,-v $V) .deb

# make soak T=8h: kills and load, over and over; N=2000: so many kills; DEB=1:
# the package installed, upgraded and purged in a Debian of its own; W=crash,
# fault, cut, model, overload or planted [N=...]: the long version of that.
soak: deps-check
	@$(if $(DEB),t/deps deb && t/soak -d,t/soak $(if $W,-w $W $N,$(if $N,-n $N,$T)))

# make bench [QUICK=1] [BIG=1] [BENCH='-j FILE']. nginx is to compare with:
# where it cannot be had, its columns are empty.
bench: deps-check
	-@t/deps bench
	@t/bench $(BENCH)

install: all
	mkdir -p $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/prof
	install -m 755 $(FRONT) $(PROGS) $(DESTDIR)$(PREFIX)/bin
	cp -R etc/. $(DESTDIR)$(PREFIX)/share/prof
	for m in $(MANUALS); do \
		install -D -m 644 -t \
		    $(DESTDIR)$(PREFIX)/share/man/man$${m##*.} $$m || exit 1; \
	done

clean:
	rm -rf .asan .deb t/bin t/*.[do] common/*.[ado] cmd/*.[do] cmd/*/*.[do] \
	    $(PROGS)

-include $(wildcard common/*.d cmd/*.d cmd/*/*.d t/*.d t/bin/*.d)
.PHONY: all tests deps deps-check demo check check-live asan lint fuzz \
	fuzz-coverage deb soak bench install clean
