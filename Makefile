# SPDX-License-Identifier: GPL-3.0-or-later
# marsad: GNU Make.  `make help` lists the targets.  CFLAGS, LDFLAGS, CC, prefix, DESTDIR are yours.

MODE    ?= release
CC      ?= cc
prefix  ?= /usr/local
bindir  ?= $(prefix)/bin
datadir ?= $(prefix)/share
mandir  ?= $(datadir)/man
docdir  ?= $(datadir)/doc/marsad
compdir ?= $(datadir)/bash-completion/completions
PKGS     = gsl zlib jansson xlsxwriter libutf8proc nettle
VERSION := $(shell cat VERSION)

comma := ,
try = $(shell printf 'int main(void){return 0;}' | $(CC) $(1) -Werror -x c -o /dev/null - 2>/dev/null && echo '$(1)')

WARN = -Wall -Wextra -Wpedantic -Wno-overlength-strings -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
       -Wmissing-prototypes -Wwrite-strings -Wcast-qual -Wformat=2 -Wundef -Wvla \
       -Wdouble-promotion -Wimplicit-fallthrough
HARD := $(call try,-fstack-protector-strong) $(call try,-fstack-clash-protection) \
        $(call try,-fcf-protection) $(call try,-ftrivial-auto-var-init=zero)
HARD_LD := $(call try,-pie) $(call try,-Wl$(comma)-z$(comma)relro$(comma)-z$(comma)now$(comma)-z$(comma)noexecstack$(comma)--as-needed)
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

# One build folder a mode and compiler: release, asan, debug; clang-asan; clang-fuzz.
CLANG := $(findstring clang,$(notdir $(firstword $(CC))))
B     := build/$(CLANG:%=%-)$(MODE)
ifeq ($(MODE),release)
CFLAGS ?= -O2 -g
MODE_FLAGS = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 $(HARD)
else ifeq ($(MODE),asan)
CFLAGS ?= -O1 -g
MODE_FLAGS = $(SANITIZE)
else ifeq ($(MODE),fuzz)
CFLAGS ?= -O1 -g
MODE_FLAGS = $(SANITIZE) -fsanitize=fuzzer-no-link
else
CFLAGS ?= -O0 -g
endif
ifeq ($(CI),true)
WERROR = -Werror
endif

# libxlsxwriter and libnettle are loaded when they are needed, by the names that they have here.
named = $(shell readelf -d "$$($(CC) -print-file-name=$(1))" 2>/dev/null | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
XLSXWRITER := $(call named,libxlsxwriter.so)
NETTLE     := $(call named,libnettle.so)

# ISA-L too, where its header is here: Debian has it for some machines only.
ISAL := $(shell pkg-config --exists libisal 2>/dev/null && echo -DISAL)

ALL_CFLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L -DVERSION='"$(VERSION)"' -DXLSXWRITER='"$(XLSXWRITER)"' \
              -DNETTLE='"$(NETTLE)"' $(ISAL) -Isrc -fPIE -ffp-contract=off $(call try,-fno-merge-constants) \
              $(WARN) $(WERROR) $(MODE_FLAGS) $(shell pkg-config --cflags $(PKGS)) $(CFLAGS)
# _fini(), which comes with the C library and does nothing, lies behind all of the program: where nobody
# calls it (no such name), the page that it lies in is not touched.
ALL_LDFLAGS = $(MODE_FLAGS) $(HARD_LD) $(call try,-Wl$(comma)-fini=no_fini) $(LDFLAGS)
# A library that has an archive is linked from it, so that starting costs no look-ups (STATIC= for none).
STATIC  ?= csv minizip jansson z utf8proc gsl gslcblas
ARCHIVES := $(foreach l,$(STATIC),$(if $(findstring /,$(shell $(CC) -print-file-name=lib$(l).a)),$(l)))
# The mathematical library is loaded by its first call (src/base/late_math.c), where it is one of glibc's;
# the C library, named before it, has the few functions that both have.  The sanitizers link it themselves.
# gettimeofday() is ours (src/base/late_clock.c).
MATH = acos acosh asin atan atan2 atanh ceil cos cosh exp expm1 floor fmax fmin fmod hypot llround log log1p \
       pow round sin sincos sinh sqrt tan tanh
ifneq ($(filter release debug,$(MODE)),)
LATE := $(if $(findstring /,$(shell $(CC) -print-file-name=libm.so.6)),$(call try,-Wl$(comma)--wrap=log))
endif
WRAP := $(if $(LATE),$(patsubst %,-Wl$(comma)--wrap=%,$(MATH) gettimeofday) -Wl$(comma)-u$(comma)__wrap_gettimeofday)
LIBS := $(WRAP) $(if $(ARCHIVES),-Wl$(comma)-Bstatic $(ARCHIVES:%=-l%) -Wl$(comma)-Bdynamic) \
        -lcsv -lminizip $(filter-out -lxlsxwriter -lnettle -lm,$(shell pkg-config --libs $(PKGS))) -lpthread -lc -lm

LIBS_FIRST := $(if $(filter csv,$(ARCHIVES)),-Wl$(comma)-Bstatic -lcsv -Wl$(comma)-Bdynamic)
LIBGCC     := $(wildcard $(shell $(CC) -print-libgcc-file-name))

SOURCES   := $(sort $(wildcard src/*/*.c))
OBJECTS   := $(SOURCES:%.c=$(B)/%.o)
LISTS     := $(sort $(wildcard data/reference/*.csv))
# Those that have codes, to be made into codelists with their aliases (scripts/freeze.c).
CODED     := $(filter-out %-alias,$(basename $(notdir $(shell grep -l '^code,' $(LISTS)))))
TESTS     := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/*/*_test.c)))
FUZZERS   := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/fuzz/*_fuzz.c)))
GENERATOR := $(patsubst %.c,$(B)/%.o,$(sort $(wildcard scripts/gen-sample/*.c)))
RUNNERS   := $(sort $(wildcard tests/*/run))
STAGES    := $(shell sed -n 's/^ *STAGE(\([a-z_]*\)).*/\1/p' src/stages/stages.list)
MAN       := build/man/man1/marsad.1 $(STAGES:%=build/man/man1/marsad-%.1) \
             $(patsubst docs/%.md,build/man/man7/marsad-%.7,$(wildcard docs/expressions.md docs/rules.md))
DOCS      := $(sort $(wildcard README.md CHANGELOG.md LICENSE docs/*.md))
C_FILES   := $(sort $(wildcard src/*.c src/*/*.[ch] tests/*/*.[ch] scripts/*.c scripts/rivals/*.c scripts/gen-sample/*.[ch]))
SCRIPTS    = $(shell grep -l '^\#!/bin/sh' scripts/* tests/run tests/*/run .ci/run pipelines/* 2>/dev/null)

.PHONY: all tests check check-asan check-clang check-clang-build check-unit check-stages \
        check-programs check-tree check-locale fuzz hostile lint format bench bench-domains bench-gzip bench-sort bench-start bench-survey man help install uninstall \
        dist distcheck samples clean

all: $(B)/marsad $(B)/links ## build the program and the links of its stages

# What every run goes through (FIRST, and libcsv) lies together, and behind it what the commonest stages need
# (COMMON), so that starting touches few pages of the program; and it is copied once, since memory holds a file that was written from
# front to end in larger pieces.
FIRST = $(addprefix base/,memory arena text option number) \
        $(addprefix chain/,stages plan chain step step_use files order progress lanes) \
        $(addprefix table/,schema batch reader writer) \
        $(addprefix io/,pipe input output csv_block csv_read csv_fast csv_scan csv_judge csv_plain utf8)
COMMON = stages/select stages/aggregate table/group table/group_runs table/measure table/measure_spill table/quantile_log table/sort \
        $(addprefix base/,sum_rows sum wide quotient real digits radix) io/spill chain/make \
        stages/harmonise stages/harmonise_parts stages/harmonise_others \
        $(addprefix table/,reference embedded codelist_built_in codelist codelist_make grammar forms fold phrase dictionary spelling) \
        $(addprefix stages/,filter derive sort) table/row_sort table/packed_row table/kept_rows

$(B)/marsad: $(B)/src/main.o $(FIRST:%=$(B)/src/%.o) $(COMMON:%=$(B)/src/%.o) $(B)/libmarsad.a
	$(CC) $(ALL_LDFLAGS) -o $@.linked $(B)/src/main.o $(FIRST:%=$(B)/src/%.o) $(LIBS_FIRST) $(LIBGCC) \
	    $(COMMON:%=$(B)/src/%.o) $(LIBGCC) $(B)/libmarsad.a $(LIBS)
	cp $@.linked $@.copied
	mv $@.copied $@
	rm $@.linked

$(B)/libmarsad.a: $(OBJECTS) $(B)/lists.o
	rm -f $@
	$(AR) rcsD $@ $^

$(B)/links: $(B)/marsad src/stages/stages.list
	mkdir -p $(B)/bin
	cd $(B)/bin && ln -sf ../marsad marsad && for s in $(STAGES); do ln -sf ../marsad marsad-$$s; done
	touch $@

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The lists of data/reference, compiled in as they are, and as the codelists made from them: first for the
# program that makes these, then both.
$(B)/reference.S: $(LISTS) scripts/embed Makefile
	@mkdir -p $(@D)
	sh scripts/embed reference_list $(LISTS) > $@

$(B)/libfreeze.a: $(OBJECTS) $(B)/reference.o
	rm -f $@
	$(AR) rcsDT $@ $^

$(B)/freeze: $(B)/scripts/freeze.o $(B)/libfreeze.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/lists.S: $(B)/freeze $(LISTS) scripts/embed
	@mkdir -p $(B)/frozen
	$(B)/freeze $(B)/frozen $(CODED)
	sh scripts/embed reference_list $(LISTS) -- frozen_lists $(CODED:%=$(B)/frozen/%.frozen) > $@

$(B)/reference.o $(B)/lists.o: %.o: %.S
	$(CC) -c -o $@ $<

# The compiler and its flags as last used: another word in them, and all is compiled anew.
ifneq ($(file <$(B)/flags),$(CC) $(ALL_CFLAGS))
.PHONY: $(B)/flags
endif
$(B)/flags:
	@$(shell mkdir -p $(@D))$(file >$@,$(CC) $(ALL_CFLAGS)):

# ---- programs that test ----

$(B)/tests/%_test: $(B)/tests/%_test.o $(B)/libmarsad.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

$(B)/tests/%_fuzz: $(B)/tests/%_fuzz.o $(B)/libmarsad.a
	$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

$(B)/gen-sample: $(GENERATOR)
	$(CC) $(ALL_LDFLAGS) -o $@ $^

.SECONDARY: $(TESTS:=.o) $(FUZZERS:=.o)

tests: $(TESTS) $(B)/gen-sample ## build the programs that test

# ---- checks ----

# What the checks of the tree run; each word is a command, its spaces written as %.
TREE = scripts/check-layers scripts/check-lengths scripts/data-checksums%--check \
       scripts/check-reference scripts/samples%$(B)/gen-sample%data/samples%--check \
       scripts/check-examples scripts/check-contributing scripts/check-readme
IN_B = MARSAD_BIN='$(CURDIR)/$(B)/bin' MARSAD_BUILD='$(B)'

check: check-unit check-stages check-programs check-tree ## build and run all tests (MODE=release)

check-unit: all $(TESTS) ## run the unit tests
	@bad=0; for t in $(TESTS); do echo "-- $$t"; $(IN_B) $$t 2>&1 || bad=1; done; exit $$bad

check-stages: all ## run the cases of tests/stages
	@echo "-- tests/run"; $(IN_B) tests/run

check-programs: all $(B)/gen-sample ## run the test programs tests/*/run
	@bad=0; for t in $(RUNNERS); do echo "-- $$t"; $(IN_B) $$t 2>&1 || bad=1; done; exit $$bad

check-tree: all $(B)/gen-sample ## check layers, lengths, data, samples, examples, CONTRIBUTING
	@$(IN_B) scripts/each $(foreach t,$(TREE),'$(subst %, ,$(t))')

check-asan: ## the tests under the sanitizers of gcc
	@$(MAKE) --no-print-directory MODE=asan check-unit check-stages check-programs

check-clang-build:
	@$(MAKE) --no-print-directory CC=clang MODE=asan all tests

check-clang: ## the tests in a clang build, under its sanitizers
	@$(MAKE) --no-print-directory CC=clang MODE=asan check-unit check-stages

check-locale: all ## the cases once more in French and Turkish, with locales made under build/
	@for l in fr_FR tr_TR; do \
	    mkdir -p build/locale; \
	    test -d build/locale/$$l.UTF-8 || localedef -i $$l -f UTF-8 build/locale/$$l.UTF-8 || exit 1; \
	    echo "-- tests/run in $$l.UTF-8"; \
	    LOCPATH='$(CURDIR)/build/locale' LC_ALL=$$l.UTF-8 $(IN_B) tests/run || exit 1; done

FUZZ_SECONDS ?= 30
fuzz: ## fuzz each reader and parser for FUZZ_SECONDS (30), with clang; then the hostile million
ifneq ($(MODE),fuzz)
	@$(MAKE) --no-print-directory CC=clang MODE=fuzz fuzz
	@$(MAKE) --no-print-directory $(B)/tests/io/csv_fuzz_test
	FUZZ_SECONDS=$(FUZZ_SECONDS) $(B)/tests/io/csv_fuzz_test
	@$(MAKE) --no-print-directory hostile
else
fuzz: $(FUZZERS)
	@for f in $(FUZZERS); do mkdir -p $$f.corpus; echo "-- $$f"; dict=$${f#$(B)/}; \
	    dict=$${dict%_fuzz}.dict; test -f $$dict || dict=tests/fuzz/csv.dict; \
	    $$f -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 -verbosity=0 -timeout=60 \
	        -dict=$$dict -artifact_prefix=$(B)/ $$f.corpus || exit 1; done
endif

hostile: all $(B)/gen-sample ## a million hostile records, on every path, by 1 to 8 threads, as file, pipe, gzip
	@$(IN_B) HOSTILE_ROWS=1000000 tests/lanes/run hostile

lint: $(MAN) ## clang-format, clang-tidy, cppcheck, gcc -fanalyzer, shellcheck, man pages
	@CFLAGS_OF_LINT="-std=c11 -D_POSIX_C_SOURCE=200809L -DVERSION='\"$(VERSION)\"' -DXLSXWRITER='\"$(XLSXWRITER)\"' -DNETTLE='\"$(NETTLE)\"' -Isrc" \
	    scripts/lint '$(C_FILES)' '$(SCRIPTS)' '$(MAN)'

format: ## rewrite the C files in the house style
	clang-format -i $(C_FILES)

bench: all $(B)/gen-sample $(B)/inflate ## time marsad against its rivals on ROWS rows, into docs/performance.md
	scripts/bench-page $(B) $(or $(ROWS),1000000) job rivals groups cells pipeline stages sort gzip start rows columns keys threads

bench-sort: all $(B)/gen-sample ## time sorting, beside rivals
	scripts/bench-sort '$(CURDIR)/$(B)/bin' $(B)/gen-sample $(or $(ROWS),1000000)

bench-gzip: all $(B)/gen-sample $(B)/inflate ## time gzip input against inflating alone, and rivals
	scripts/bench-gzip '$(CURDIR)/$(B)/bin' $(B)/inflate $(B)/gen-sample $(or $(ROWS),1000000)

bench-start: all $(B)/gen-sample ## time starting on 100 rows against a program that copies
	scripts/bench-start '$(CURDIR)/$(B)/bin' $(B)/gen-sample

$(B)/inflate: $(B)/scripts/rivals/inflate.o $(B)/libmarsad.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

bench-domains: all $(B)/gen-sample ## time estimates in many domains against the plain aggregate
	scripts/bench-page $(B) $(or $(ROWS),1000000) domains

bench-survey: all ## time survey estimates against R's survey, into docs/performance.md
	scripts/bench-page $(B) 0 survey

samples: $(B)/gen-sample ## make data/samples anew
	scripts/samples $(B)/gen-sample data/samples

# ---- manual, installation, distribution ----

man: $(MAN) build/completion ## make the man pages and the completion

build/man/man1/marsad.1: $(B)/marsad
	@mkdir -p $(@D)
	$(B)/marsad help --man > $@

build/man/man1/marsad-%.1: $(B)/marsad
	@mkdir -p $(@D)
	$(B)/marsad help --man $* > $@

build/man/man7/marsad-%.7: docs/%.md scripts/md-to-man.awk VERSION
	@mkdir -p $(@D)
	awk -v version=$(VERSION) -f scripts/md-to-man.awk $< > $@

build/completion: $(B)/marsad
	$(B)/marsad help --completion > $@

install: all man ## install under prefix (/usr/local), below DESTDIR
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(mandir)/man1 $(DESTDIR)$(mandir)/man7 \
	    $(DESTDIR)$(compdir) $(DESTDIR)$(docdir)
	install $(B)/marsad $(DESTDIR)$(bindir)/marsad
	for s in $(STAGES); do ln -sf marsad $(DESTDIR)$(bindir)/marsad-$$s || exit 1; done
	for m in $(MAN:build/man/%=%); do \
	    install -m 644 build/man/$$m $(DESTDIR)$(mandir)/$$m || exit 1; done
	install -m 644 build/completion $(DESTDIR)$(compdir)/marsad
	install -m 644 $(DOCS) $(DESTDIR)$(docdir)

uninstall: ## take away what install put there
	rm -f $(DESTDIR)$(bindir)/marsad $(STAGES:%=$(DESTDIR)$(bindir)/marsad-%)
	rm -f $(MAN:build/man/%=$(DESTDIR)$(mandir)/%) $(DESTDIR)$(compdir)/marsad
	rm -rf $(DESTDIR)$(docdir)

DIST = marsad-$(VERSION)
dist: ## make build/marsad-VERSION.tar.gz, the same bytes from the same files
	scripts/dist $(DIST) build/$(DIST).tar.gz

distcheck: dist ## build and test from that archive, and make the same archive from it
	rm -rf build/distcheck
	mkdir -p build/distcheck
	tar -xzf build/$(DIST).tar.gz -C build/distcheck
	+cd build/distcheck/$(DIST) && MARSAD_SHARED=$${MARSAD_SHARED:-$(CURDIR)/../shared} \
	    $(MAKE) --no-print-directory all check-stages dist
	cmp build/$(DIST).tar.gz build/distcheck/$(DIST)/build/$(DIST).tar.gz

clean: ## remove build/
	rm -rf build

help: ## list the targets
	@echo 'Targets (MODE=release|asan|debug, CC, CFLAGS, LDFLAGS, prefix, DESTDIR may be given):'
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1 \2/p' Makefile | \
	    while read -r name text; do printf '  %-15s %s\n' "$$name" "$$text"; done

-include $(OBJECTS:.o=.d) $(B)/src/main.d $(B)/scripts/freeze.d $(TESTS:=.d) $(FUZZERS:=.d) $(GENERATOR:.o=.d)
